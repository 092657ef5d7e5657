package facilitator

import (
	"errors"
	"maps"
	"slices"
)

// SayItBetterScript shows a weak amend; people rewrite it, and their rewrites go through a bowl, as anonymous as any
// share. Each of the lines is the question of one bowl. Then the group picks what it learned.
type SayItBetterScript struct {
	Lines   []Text `json:"lines" yaml:"lines" schema:"min=1,max=12" about:"Weak amends to say better; the facilitator takes one after the other, or writes another."`
	Window  int    `json:"window" yaml:"window" schema:"min=5,max=300" about:"For how many seconds every phone hands in once the bowl is closed; 30 is good."`
	Agree   int    `json:"agree,omitempty" yaml:"agree" schema:"min=0,max=2" about:"2 if two facilitators must agree to open a rewrite."`
	Learned []Text `json:"learned" yaml:"learned" schema:"min=2,max=10" about:"What the group may have learned, to choose from."`
}

func (sc SayItBetterScript) bowl() BowlScript {
	return BowlScript{Questions: sc.Lines, Window: sc.Window, Agree: sc.Agree}
}

func (sc SayItBetterScript) check() error {
	switch {
	case len(sc.Lines) < 1 || len(sc.Lines) > 12:
		return errors.New("lines needs between 1 and 12 weak amends")
	case len(sc.Learned) < 2 || len(sc.Learned) > 10:
		return errors.New("learned needs between 2 and 10 things to choose from")
	}
	return sc.bowl().check()
}

// AskLearned asks everybody what they take from it.
type AskLearned struct{}

// PickLearned says or changes what one takes from it, counted from 1. Nothing takes it back.
type PickLearned struct {
	Choices []int `json:"choices,omitempty"`
}

// ShowLearned ends the picking and shows how it lies.
type ShowLearned struct{}

// LearnedAsked says that people are asked.
type LearnedAsked struct {
	Step StepID `json:"step"`
}

// LearnedPicked names its author so that they can change it; once it is shown the session forgets who picked what.
type LearnedPicked struct {
	Step    StepID   `json:"step"`
	Person  PersonID `json:"person"`
	Choices []int    `json:"choices,omitempty"`
}

// LearnedShown says that it is shown.
type LearnedShown struct {
	Step StepID `json:"step"`
}

var sayItBetterKind = kind{
	name:   "sayitbetter",
	script: func() any { return new(SayItBetterScript) },
	begin: beginWith(func(sc SayItBetterScript) exercise {
		return &sayItBetter{bowl: &bowl{script: sc.bowl()}, learned: sc.Learned, picked: map[PersonID][]int{}}
	}),
	orders: []order{
		{name: "sayitbetter.ask", who: forLeaders, sample: AskLearned{}},
		{name: "sayitbetter.pick", who: forPeople, sample: PickLearned{}},
		{name: "sayitbetter.show", who: forLeaders, sample: ShowLearned{}},
	},
	facts: []fact{
		{"sayitbetter.asked", LearnedAsked{}},
		{"sayitbetter.picked", LearnedPicked{}},
		{"sayitbetter.shown", LearnedShown{}},
	},
	views: []any{SayItBetterEveryone{}, SayItBetterFacilitators{}, SayItBetterStage{}, SayItBetterOwn{}},
}

// sayItBetter is a bowl, and a question after it. What was picked is shown once, and is final then.
type sayItBetter struct {
	*bowl
	learned []Text
	asked   bool
	picked  map[PersonID][]int // empty once it is counted
	shown   bool
	outline *Outline // never changed in place
}

func (x *sayItBetter) clone() exercise {
	c := *x
	c.bowl, c.picked = x.copied(), maps.Clone(x.picked)
	return &c
}

func (AskLearned) decide(s *Session, _ Input) ([]Event, error) {
	x, id, err := present[*sayItBetter](s)
	if err != nil || x.asked {
		return nil, err
	}
	return []Event{LearnedAsked{Step: id}}, nil
}

func (e LearnedAsked) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*sayItBetter); ok {
		x.asked = true
	}
	return everybody
}

func (c PickLearned) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*sayItBetter](s)
	switch {
	case err != nil || slices.Equal(x.picked[in.By.Person], c.Choices):
		return nil, err
	case x.shown:
		return nil, pollOver()
	case !x.asked:
		return nil, refuse(Conflict, "not_asked", "Nobody has been asked yet what they learned. It comes after the rewrites.")
	}
	for i, n := range c.Choices {
		if n < 1 || n > len(x.learned) || slices.Contains(c.Choices[:i], n) {
			return nil, refuse(Invalid, "poll_choice", "Choose among what is there, each once.")
		}
	}
	return []Event{LearnedPicked{Step: id, Person: in.By.Person, Choices: c.Choices}}, nil
}

func (e LearnedPicked) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*sayItBetter); ok {
		if len(e.Choices) == 0 {
			delete(x.picked, e.Person)
		} else {
			x.picked[e.Person] = e.Choices
		}
	}
	return only(e.Person)
}

func (ShowLearned) decide(s *Session, _ Input) ([]Event, error) {
	x, id, err := present[*sayItBetter](s)
	if err != nil || x.shown {
		return nil, err
	}
	if len(x.picked) < few {
		return nil, tooFew()
	}
	return []Event{LearnedShown{Step: id}}, nil
}

func (e LearnedShown) apply(s *Session) Touched {
	x, ok := s.doing[e.Step].(*sayItBetter)
	if !ok || x.shown {
		return nobody
	}
	counts := make([]int, len(x.learned))
	for _, choices := range x.picked {
		for _, n := range choices {
			counts[n-1]++
		}
	}
	x.outline = outlineOfSome(counts, len(x.picked))
	x.shown, x.picked = true, map[PersonID][]int{}
	return everybody
}

// Learned is what the group may have learned, once it is asked, and how it lies, once that is shown.
type Learned struct {
	Options []Text   `json:"options"`
	Shown   bool     `json:"shown,omitempty"`
	Outline *Outline `json:"outline,omitempty"`
}

// SayItBetterEveryone is the bowl's, whose question is the weak amend, and what was learned.
type SayItBetterEveryone struct {
	BowlEveryone
	Learned *Learned `json:"learned,omitempty"`
}

// SayItBetterFacilitators is the bowl's, and how many have picked, which is left out under 4.
type SayItBetterFacilitators struct {
	BowlFacilitators
	Picked int `json:"picked,omitempty"`
}

// SayItBetterStage is the bowl's, and what was learned.
type SayItBetterStage struct {
	BowlStage
	Learned *Learned `json:"learned,omitempty"`
}

// SayItBetterOwn is the bowl's, and what one picked oneself, until it is shown.
type SayItBetterOwn struct {
	BowlOwn
	Picked []int `json:"picked,omitempty"`
}

func (x *sayItBetter) taken() *Learned {
	if !x.asked {
		return nil
	}
	return &Learned{Options: x.learned, Shown: x.shown, Outline: x.outline}
}

func (x *sayItBetter) everyone(s *Session, id StepID) any {
	return SayItBetterEveryone{x.bowl.everyone(s, id).(BowlEveryone), x.taken()}
}

func (x *sayItBetter) facilitators(s *Session, id StepID) any {
	return SayItBetterFacilitators{x.bowl.facilitators(s, id).(BowlFacilitators), atLeastFew(len(x.picked))}
}

func (x *sayItBetter) stage(s *Session, id StepID) any {
	return SayItBetterStage{x.bowl.stage(s, id).(BowlStage), x.taken()}
}

func (x *sayItBetter) person(s *Session, id StepID, p PersonID) any {
	own, _ := x.bowl.person(s, id, p).(BowlOwn)
	if own == (BowlOwn{}) && len(x.picked[p]) == 0 {
		return nil
	}
	return SayItBetterOwn{own, x.picked[p]}
}
