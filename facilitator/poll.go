package facilitator

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// PollScript is what an author writes for a poll: a question, the form its answers have, what can be chosen, and questions
// to talk about once the answers are shown.
type PollScript struct {
	Question Text   `json:"question" yaml:"question" about:"What is asked."`
	Form     string `json:"form" yaml:"form" schema:"enum=single|several|scale|order|words" about:"One choice, several, a place on a scale, all in one's own order, or a word of one's own."`
	Options  []Text `json:"options,omitempty" yaml:"options" schema:"max=10" about:"What can be chosen: 2 to 10; for a scale 3 to 7 from low to high, for an order 3 to 7; none for words."`
	Most     int    `json:"most,omitempty" yaml:"most" about:"With several: how many one may choose; left out, as many as there are."`
	Talk     []Text `json:"talk,omitempty" yaml:"talk" schema:"max=6" about:"Questions to talk about once the answers are shown."`
}

// The forms of a poll.
const (
	pollSingle  = "single"
	pollSeveral = "several"
	pollScale   = "scale"
	pollOrder   = "order"
	pollWords   = "words"
)

// pollOptions is how few and how many options a form needs.
var pollOptions = map[string][2]int{pollSingle: {2, 10}, pollSeveral: {2, 10}, pollScale: {3, 7}, pollOrder: {3, 7}, pollWords: {0, 0}}

func (sc PollScript) check() error {
	n, known := pollOptions[sc.Form]
	switch {
	case !known:
		return errors.New("form is one of single, several, scale, order and words")
	case sc.Form == pollWords && len(sc.Options) > 0:
		return errors.New("options are not for words: people write their own; remove them")
	case len(sc.Options) < n[0] || len(sc.Options) > n[1]:
		return fmt.Errorf("options: “%s” needs %d to %d of them", sc.Form, n[0], n[1])
	case sc.Most != 0 && (sc.Form != pollSeveral || sc.Most < 2 || sc.Most > len(sc.Options)):
		return errors.New("most goes with “several”, and is a number from 2 to that of the options")
	case len(sc.Talk) > 6:
		return errors.New("talk holds 6 questions at most")
	}
	return nil
}

// AnswerPoll gives or changes one's own answer. Choices counts the options from 1: one of them, several, or all of them in
// one's own order, the most important first. Word is for words.
type AnswerPoll struct {
	Choices []int  `json:"choices,omitempty"`
	Word    string `json:"word,omitempty"`
}

// WithdrawPoll takes one's own answer back.
type WithdrawPoll struct{}

// GatherWords ends the answers of a poll of words and lets the facilitators look through them.
type GatherWords struct{}

// HoldWord keeps one of the words from being shown, or shows it after all.
type HoldWord struct {
	Word string `json:"word"`
	Held bool   `json:"held"`
}

// RevealPoll ends the answers and shows how they lie.
type RevealPoll struct{}

// TalkPoll puts a question to talk about on the screens, counted from 1; 0 takes it away.
type TalkPoll struct {
	To int `json:"to"`
}

// PollAnswered is the fact of an answer; without choices and word it takes the answer back. It names its author, so that
// they can change it and nobody answers twice; once the poll is shown the session forgets who said what.
type PollAnswered struct {
	Step    StepID   `json:"step"`
	Person  PersonID `json:"person"`
	Choices []int    `json:"choices,omitempty"`
	Word    string   `json:"word,omitempty"`
}

// WordsGathered says that the facilitators look through the words.
type WordsGathered struct {
	Step StepID `json:"step"`
}

// WordHeld says whether a word is kept back.
type WordHeld struct {
	Step StepID `json:"step"`
	Word string `json:"word"`
	Held bool   `json:"held"`
}

// PollRevealed says that the poll is shown.
type PollRevealed struct {
	Step StepID `json:"step"`
}

// PollTalked says which question is talked about.
type PollTalked struct {
	Step StepID `json:"step"`
	To   int    `json:"to"`
}

var pollKind = kind{
	name:   "poll",
	script: func() any { return new(PollScript) },
	begin: beginWith(func(sc PollScript) exercise {
		return &poll{script: sc, answers: map[PersonID]pollAnswer{}}
	}),
	orders: []order{
		{name: "poll.answer", who: forPeople, sample: AnswerPoll{}, silent: true},
		{name: "poll.withdraw", who: forPeople, sample: WithdrawPoll{}, silent: true},
		{name: "poll.gather", who: forLeaders, sample: GatherWords{}},
		{name: "poll.hold", who: forLeaders, sample: HoldWord{}},
		{name: "poll.reveal", who: forLeaders, sample: RevealPoll{}},
		{name: "poll.talk", who: forLeaders, sample: TalkPoll{}},
	},
	facts: []fact{
		{"poll.answered", PollAnswered{}},
		{"poll.gathered", WordsGathered{}},
		{"poll.held", WordHeld{}},
		{"poll.revealed", PollRevealed{}},
		{"poll.talked", PollTalked{}},
	},
	views: []any{PollEveryone{}, PollFacilitators{}, PollOwn{}},
}

// poll holds answers that only their authors see, until it is shown. It is shown once, and its answers are final then:
// were it shown again after one more answer, the difference would be that answer.
//
// The facilitators are told how many have answered, from four up, and whether everybody here has; not who.
type poll struct {
	plain
	script   PollScript
	answers  map[PersonID]pollAnswer // empty once they are counted
	counted  bool                    // no more answers are taken
	revealed bool
	outline  *Outline        // never changed in place, as are the next two
	order    []int           // the options from 1, the most important first
	words    []string        // in the order of the alphabet, which says nothing of who wrote them or when
	held     map[string]bool // words that are kept back
	talk     int
}

type pollAnswer struct {
	choices []int
	word    string
}

const maxPollWord = 60

func (x *poll) clone() exercise {
	c := *x
	c.answers, c.held = maps.Clone(x.answers), maps.Clone(x.held)
	return &c
}

func (c AnswerPoll) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*poll](s)
	if err != nil {
		return nil, err
	}
	if x.counted {
		return nil, pollOver()
	}
	e := PollAnswered{Step: id, Person: in.By.Person, Choices: c.Choices}
	if x.script.Form == pollWords {
		e.Choices = nil
		if e.Word, err = cleanWords(c.Word, maxPollWord); err == nil && e.Word == "" {
			err = refuse(Invalid, "poll_word", "Write a word first.")
		}
	} else {
		err = x.script.accepts(c.Choices)
	}
	if was := x.answers[in.By.Person]; err != nil || was.word == e.Word && slices.Equal(was.choices, e.Choices) {
		return nil, err
	}
	return []Event{e}, nil
}

// accepts holds an answer to the form of the poll.
func (sc PollScript) accepts(choices []int) error {
	seen := map[int]bool{}
	for _, c := range choices {
		if c < 1 || c > len(sc.Options) || seen[c] {
			return refuse(Invalid, "poll_choice", "Choose among what is there, each once.")
		}
		seen[c] = true
	}
	least, most := 1, 1
	switch {
	case sc.Form == pollOrder:
		least, most = len(sc.Options), len(sc.Options)
	case sc.Form == pollSeveral:
		most = cmp.Or(sc.Most, len(sc.Options))
	}
	if len(choices) < least || len(choices) > most {
		return refuse(Invalid, "poll_choice", "Choose among what is there, each once.")
	}
	return nil
}

func pollOver() error {
	return refuse(Closed, "poll_over", "The answers are being looked at together. You can still say yours aloud.")
}

func (WithdrawPoll) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*poll](s)
	if err != nil {
		return nil, err
	}
	if x.counted {
		return nil, pollOver()
	}
	if _, answered := x.answers[in.By.Person]; !answered {
		return nil, nil
	}
	return []Event{PollAnswered{Step: id, Person: in.By.Person}}, nil
}

func (e PollAnswered) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*poll); ok {
		if len(e.Choices) == 0 && e.Word == "" {
			delete(x.answers, e.Person)
		} else {
			x.answers[e.Person] = pollAnswer{e.Choices, e.Word}
		}
	}
	return only(e.Person)
}

func (GatherWords) decide(s *Session, _ Input) ([]Event, error) {
	x, id, err := present[*poll](s)
	switch {
	case err != nil || x.counted:
		return nil, err
	case x.script.Form != pollWords:
		return nil, refuse(Conflict, "poll_form", "Only words are looked through first. Show this poll.")
	case len(x.answers) < few:
		return nil, tooFew()
	}
	return []Event{WordsGathered{Step: id}}, nil
}

func tooFew() error {
	return refuse(Conflict, "too_few", "Fewer than four people have answered, so nothing can be shown yet.")
}

func (e WordsGathered) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*poll); ok {
		x.count()
	}
	return everybody
}

func (c HoldWord) decide(s *Session, _ Input) ([]Event, error) {
	x, id, err := present[*poll](s)
	if err != nil || x.held[c.Word] == c.Held {
		return nil, err
	}
	if !slices.Contains(x.words, c.Word) {
		return nil, refuse(NotFound, "no_word", "This word is not among them.")
	}
	return []Event{WordHeld{Step: id, Word: c.Word, Held: c.Held}}, nil
}

func (e WordHeld) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*poll); ok {
		if e.Held {
			x.held[e.Word] = true
		} else {
			delete(x.held, e.Word)
		}
	}
	return nobody
}

func (RevealPoll) decide(s *Session, _ Input) ([]Event, error) {
	x, id, err := present[*poll](s)
	if err != nil || x.revealed {
		return nil, err
	}
	if !x.counted && len(x.answers) < few {
		return nil, tooFew()
	}
	return []Event{PollRevealed{Step: id}}, nil
}

func (e PollRevealed) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*poll); ok {
		x.count()
		x.revealed = true
	}
	return everybody
}

// count turns the answers into what can be shown of them, and forgets who gave which.
func (x *poll) count() {
	if x.counted {
		return
	}
	counts, places := make([]int, len(x.script.Options)), make([]int, len(x.script.Options))
	said := map[string]string{}
	for _, a := range x.answers {
		for place, c := range a.choices {
			counts[c-1]++
			places[c-1] += place
		}
		if key := strings.ToLower(a.word); a.word != "" && (said[key] == "" || a.word < said[key]) {
			said[key] = a.word
		}
	}
	switch n := len(x.answers); x.script.Form {
	case pollSeveral:
		x.outline = outlineOfSome(counts, n)
	case pollOrder:
		x.outline, x.order = &Outline{Answers: n}, inOrderOf(places)
	case pollWords:
		x.outline, x.held = &Outline{Answers: n}, map[string]bool{}
		x.words = slices.SortedFunc(maps.Values(said), func(a, b string) int { return cmp.Compare(strings.ToLower(a), strings.ToLower(b)) })
	default:
		x.outline = outlineOfOne(counts)
	}
	x.counted, x.answers = true, map[PersonID]pollAnswer{}
}

// inOrderOf is the options by the sum of the places people gave them. It needs no numbers, and shows none.
func inOrderOf(places []int) []int {
	order := make([]int, len(places))
	for i := range order {
		order[i] = i + 1
	}
	slices.SortStableFunc(order, func(a, b int) int { return places[a-1] - places[b-1] })
	return order
}

func (c TalkPoll) decide(s *Session, _ Input) ([]Event, error) {
	x, id, err := present[*poll](s)
	switch {
	case err != nil || x.talk == c.To:
		return nil, err
	case c.To < 0 || c.To > len(x.script.Talk):
		return nil, refuse(Invalid, "no_prompt", "There is no such question in this programme.")
	}
	return []Event{PollTalked{Step: id, To: c.To}}, nil
}

func (e PollTalked) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*poll); ok {
		x.talk = e.To
	}
	return nobody
}

// PollEveryone is what everybody and the stage read. Nothing of the answers is in it before they are shown.
type PollEveryone struct {
	Question Text     `json:"question"`
	Form     string   `json:"form"`
	Options  []Text   `json:"options,omitempty"`
	Most     int      `json:"most,omitempty"`
	Counted  bool     `json:"counted,omitempty"` // no more answers are taken
	Revealed bool     `json:"revealed,omitempty"`
	Outline  *Outline `json:"outline,omitempty"`
	Order    []int    `json:"order,omitempty"` // the options from 1, as the group ranks them
	Words    []string `json:"words,omitempty"`
	Talk     Text     `json:"talk,omitempty"` // what is talked about now
}

// PollFacilitators is how far the group is, never who. Answers is left out under 4.
type PollFacilitators struct {
	Answers int        `json:"answers,omitempty"`
	All     bool       `json:"all,omitempty"` // everybody here has answered
	Words   []PollWord `json:"words,omitempty"`
	Talk    []Text     `json:"talk,omitempty"`
	At      int        `json:"at,omitempty"`
}

// PollWord is one word, without whoever wrote it.
type PollWord struct {
	Word string `json:"word"`
	Held bool   `json:"held,omitempty"`
}

// PollOwn is a person's own answer, until the poll is shown.
type PollOwn struct {
	Choices []int  `json:"choices,omitempty"`
	Word    string `json:"word,omitempty"`
}

func (x *poll) everyone(*Session, StepID) any {
	v := PollEveryone{
		Question: x.script.Question, Form: x.script.Form, Options: x.script.Options, Most: x.script.Most,
		Counted: x.counted, Revealed: x.revealed,
	}
	if x.talk > 0 {
		v.Talk = x.script.Talk[x.talk-1]
	}
	if x.revealed {
		v.Outline, v.Order = x.outline, x.order
		v.Words = slices.DeleteFunc(slices.Clone(x.words), func(w string) bool { return x.held[w] })
	}
	return v
}

func (x *poll) stage(s *Session, id StepID) any { return x.everyone(s, id) }

func (x *poll) facilitators(s *Session, _ StepID) any {
	v := PollFacilitators{Answers: atLeastFew(len(x.answers)), Talk: x.script.Talk, At: x.talk}
	if !x.counted {
		v.All = s.allHere(func(p PersonID) bool { _, answered := x.answers[p]; return answered })
	}
	for _, w := range x.words {
		v.Words = append(v.Words, PollWord{Word: w, Held: x.held[w]})
	}
	return v
}

// allHere reports whether every participant who is here did something, and there is one.
func (s *Session) allHere(did func(PersonID) bool) bool {
	any := false
	for id, p := range s.people {
		if p.role != Participant || !p.mayAnswer() {
			continue
		}
		if !did(id) {
			return false
		}
		any = true
	}
	return any
}

func (x *poll) person(_ *Session, _ StepID, p PersonID) any {
	if a, answered := x.answers[p]; answered {
		return PollOwn{Choices: a.choices, Word: a.word}
	}
	return nil
}
