package facilitator

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// AnswerNoScript prepares for an answer one did not hope for: cards with what the other may do, each with
// a time to try an answer of one's own, and after that answers that respect it and leave a door open. Then
// comes what one does for oneself tonight.
type AnswerNoScript struct {
	Minutes int            `json:"minutes" yaml:"minutes" schema:"min=1,max=60" about:"How long people try an answer, for each card."`
	Cards   []AnswerNoCard `json:"cards" yaml:"cards" schema:"min=1,max=8"`
	Tonight Text           `json:"tonight" yaml:"tonight" about:"Asks what one does for oneself tonight."`
	Ideas   []Text         `json:"ideas,omitempty" yaml:"ideas" schema:"max=8" about:"Ideas for tonight, to choose from."`
}

// AnswerNoCard is one response of the other, and answers to it.
type AnswerNoCard struct {
	Response string `json:"response" yaml:"response" schema:"enum=anger|silence|refusal|owe|tears" about:"What the other does: shows anger, says nothing, refuses, says “you owe me more”, or weeps."`
	Words    Text   `json:"words" yaml:"words" about:"What they say or do, as it may happen."`
	Answers  []Text `json:"answers" yaml:"answers" schema:"min=1,max=5" about:"Answers that respect it and leave a door open."`

	Family SayingNo `json:"family,omitzero,omitempty" yaml:"family" about:"The same card for a family seat: it is they who are asked, and may say no."`
}

// SayingNo is a card from the side of who is asked: what it is like, and ways to say it that are kind and firm.
type SayingNo struct {
	Words   Text   `json:"words" yaml:"words" about:"What it is like to be asked, and to answer so."`
	Answers []Text `json:"answers" yaml:"answers" schema:"min=1,max=5" about:"Ways to say it, kind and firm."`
}

func (sc AnswerNoScript) check() error {
	if len(sc.Cards) < 1 || len(sc.Cards) > 8 {
		return errors.New("cards needs between 1 and 8 of them")
	}
	for i, c := range sc.Cards {
		switch c.Response {
		case "anger", "silence", "refusal", "owe", "tears":
		default:
			return fmt.Errorf("cards: the response of card %d is anger, silence, refusal, owe or tears", i+1)
		}
		if len(c.Answers) < 1 || len(c.Answers) > 5 {
			return fmt.Errorf("cards: card %d needs between 1 and 5 answers", i+1)
		}
		if len(c.Family.Words) > 0 && (len(c.Family.Answers) < 1 || len(c.Family.Answers) > 5) {
			return fmt.Errorf("cards: card %d needs between 1 and 5 answers for family seats", i+1)
		}
	}
	switch {
	case len(sc.Tonight) == 0:
		return errors.New("tonight is missing: it asks what one does for oneself tonight")
	case len(sc.Ideas) > 8:
		return errors.New("ideas holds 8 of them at most")
	}
	return checkMinutes(sc.Minutes)
}

func (sc AnswerNoScript) family() bool {
	return slices.ContainsFunc(sc.Cards, func(c AnswerNoCard) bool { return len(c.Family.Words) > 0 })
}

// TurnAnswerCard puts a card on the screens, counted from 1; 0 is before the first, and after the last comes tonight.
type TurnAnswerCard struct {
	To int `json:"to"`
}

// ShowAnswers shows the answers to the present card.
type ShowAnswers struct{}

// AnswerCardTurned says which card it is.
type AnswerCardTurned struct {
	Step StepID `json:"step"`
	To   int    `json:"to"`
}

// AnswersShown says whose answers are shown.
type AnswersShown struct {
	Step StepID `json:"step"`
	Card int    `json:"card"`
}

var answerNoKind = kind{
	name:   "answerno",
	script: func() any { return new(AnswerNoScript) },
	begin: beginWith(func(sc AnswerNoScript) exercise {
		return &answerNo{writing: writing{prompt: sc.Tonight, minutes: sc.Minutes}, script: sc, shown: map[int]bool{}}
	}),
	orders: []order{
		{name: "answerno.turn", who: forLeaders, sample: TurnAnswerCard{}},
		{name: "answerno.show", who: forLeaders, sample: ShowAnswers{}},
	},
	facts: []fact{
		{"answerno.turned", AnswerCardTurned{}},
		{"answerno.shown", AnswersShown{}},
	},
	views: []any{AnswerNoView{}, AnswerNoFacilitators{}},
}

// answerNo knows which card the group is at. What people answer stays on their devices.
type answerNo struct {
	writing
	script AnswerNoScript
	at     int
	shown  map[int]bool
}

func (x *answerNo) clone() exercise {
	c := *x
	c.shown = maps.Clone(x.shown)
	return &c
}

func (c TurnAnswerCard) decide(s *Session, _ Input) ([]Event, error) {
	x, id, err := present[*answerNo](s)
	switch {
	case err != nil || x.at == c.To:
		return nil, err
	case c.To < 0 || c.To > len(x.script.Cards)+1:
		return nil, refuse(Invalid, "no_card", "There is no such card in this programme.")
	}
	return []Event{AnswerCardTurned{Step: id, To: c.To}}, nil
}

func (e AnswerCardTurned) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*answerNo); ok {
		x.at, x.closed = e.To, false
		delete(s.timers, writingTimer)
	}
	return nobody
}

func (ShowAnswers) decide(s *Session, _ Input) ([]Event, error) {
	x, id, err := present[*answerNo](s)
	if err != nil || x.shown[x.at] {
		return nil, err
	}
	if x.at < 1 || x.at > len(x.script.Cards) {
		return nil, refuse(Conflict, "no_card_now", "No card is on the screens. Turn one over first.")
	}
	return []Event{AnswersShown{Step: id, Card: x.at}}, nil
}

func (e AnswersShown) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*answerNo); ok {
		x.shown[e.Card] = true
	}
	return nobody
}

// AnswerNoView is the same for everybody and the stage: the present card, its answers once they are shown, and at the
// end, in the place of a card, tonight. Prompt is what tonight asks.
type AnswerNoView struct {
	WritingView
	At    int           `json:"at"` // the card from 1; 0 before the first
	Of    int           `json:"of"`
	Card  *AnswerNoCard `json:"card,omitempty"`
	Night bool          `json:"night,omitempty"` // tonight is asked
	Ideas []Text        `json:"ideas,omitempty"`
}

// AnswerNoFacilitators is the whole set, so that they know what comes.
type AnswerNoFacilitators struct {
	Cards []AnswerNoCard `json:"cards"`
}

func (x *answerNo) everyone(s *Session, _ StepID) any {
	v := AnswerNoView{WritingView: x.view(s), At: x.at, Of: len(x.script.Cards), Night: x.at > len(x.script.Cards)}
	switch {
	case v.Night:
		v.Ideas = x.script.Ideas
	case x.at > 0:
		card := x.script.Cards[x.at-1]
		if !x.shown[x.at] {
			card.Answers, card.Family.Answers = nil, nil
		}
		v.Card = &card
	}
	return v
}

func (x *answerNo) stage(s *Session, id StepID) any {
	v := x.everyone(s, id).(AnswerNoView)
	if v.Card != nil {
		v.Card.Family = SayingNo{}
	}
	return v
}

func (x *answerNo) facilitators(*Session, StepID) any {
	return AnswerNoFacilitators{Cards: x.script.Cards}
}
