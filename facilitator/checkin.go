package facilitator

import (
	"errors"
	"maps"
)

// CheckInScript is what an author writes for a check-in or a check-out: a question, the labels of the
// scale from hard to steady, what the optional word is for, and, for a check-out, which check-in to
// show beside it.
type CheckInScript struct {
	Question Text   `json:"question" yaml:"question" about:"What is asked."`
	Scale    []Text `json:"scale" yaml:"scale" schema:"min=3,max=7" about:"Labels from hard to steady."`
	Word     Text   `json:"word,omitempty" yaml:"word" about:"What the optional word is for."`
	Compare  StepID `json:"compare,omitempty" yaml:"compare" about:"The id of an earlier check-in with as many labels, shown beside this one."`
}

func (sc CheckInScript) check() error {
	if len(sc.Scale) < 3 || len(sc.Scale) > 7 {
		return errors.New("scale needs 3 to 7 labels, from hard to steady")
	}
	return nil
}

// CheckIn gives or changes one's own reading, a place on the scale from 1. Tell shows it, with the
// name, to the facilitators; without it nobody but its author ever sees it by itself.
type CheckIn struct {
	Reading int    `json:"reading"`
	Word    string `json:"word,omitempty"`
	Tell    bool   `json:"tell,omitempty"`
}

// WithdrawCheckIn takes one's own reading back.
type WithdrawCheckIn struct{}

// ShowSpread stops the answers and shows the spread, if it can be shown.
type ShowSpread struct{}

// ReopenCheckIn takes answers again.
type ReopenCheckIn struct{}

// CheckedIn is the fact of a reading; a Reading of 0 takes it back.
type CheckedIn struct {
	Step    StepID   `json:"step"`
	Person  PersonID `json:"person"`
	Reading int      `json:"reading,omitempty"`
	Word    string   `json:"word,omitempty"`
	Tell    bool     `json:"tell,omitempty"`
}

// SpreadShown says that the spread of the answers so far is shown.
type SpreadShown struct {
	Step StepID `json:"step"`
}

// AnswersStopped says whether answers are taken.
type AnswersStopped struct {
	Step    StepID `json:"step"`
	Stopped bool   `json:"stopped"`
}

var checkInKind = kind{
	name:   "checkin",
	script: func() any { return new(CheckInScript) },
	begin: beginWith(func(sc CheckInScript) exercise {
		return &checkIn{script: sc, answers: map[PersonID]answer{}, fresh: map[PersonID]bool{}}
	}),
	orders: []order{
		{name: "checkin.answer", who: forPeople, sample: CheckIn{}, silent: true},
		{name: "checkin.withdraw", who: forPeople, sample: WithdrawCheckIn{}, silent: true},
		{name: "checkin.show", who: forLeaders, sample: ShowSpread{}},
		{name: "checkin.reopen", who: forLeaders, sample: ReopenCheckIn{}},
	},
	facts: []fact{
		{"checkin.answered", CheckedIn{}},
		{"checkin.shown", SpreadShown{}},
		{"checkin.stopped", AnswersStopped{}},
	},
	views: []any{CheckInEveryone{}, CheckInFacilitators{}, CheckInStage{}, CheckInOwn{}},
}

// checkIn holds readings that only their authors see, and the spread the group was last shown.
//
// The facilitators see who has not answered. If the spread followed each answer, what the newest
// answer added would be a named reading. So a spread is first shown at four answers, and again only
// when at least four people's answers are new in it; when one, two or three are still expected it
// waits for them, so that they are not left over.
type checkIn struct {
	plain
	script  CheckInScript
	answers map[PersonID]answer
	fresh   map[PersonID]bool // answers given, changed or taken back since the spread was shown
	shown   *Spread           // never changed in place
	stopped bool
}

type answer struct {
	reading int
	word    string
	tell    bool
}

const maxWord = 40

func (x *checkIn) clone() exercise {
	c := *x
	c.answers, c.fresh = maps.Clone(x.answers), maps.Clone(x.fresh)
	return &c
}

func (c CheckIn) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*checkIn](s)
	if err != nil {
		return nil, err
	}
	if c.Reading < 1 || c.Reading > len(x.script.Scale) {
		return nil, refuse(Invalid, "reading_range", "Choose one of the places on the scale.")
	}
	word, err := cleanWords(c.Word, maxWord)
	if err != nil {
		return nil, err
	}
	return x.answer(s, CheckedIn{Step: id, Person: in.By.Person, Reading: c.Reading, Word: word, Tell: c.Tell})
}

func (WithdrawCheckIn) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*checkIn](s)
	if err != nil || x.answers[in.By.Person].reading == 0 {
		return nil, err
	}
	return x.answer(s, CheckedIn{Step: id, Person: in.By.Person})
}

func (x *checkIn) answer(s *Session, e CheckedIn) ([]Event, error) {
	if x.stopped {
		return nil, refuse(Closed, "answers_stopped", "The check-in has ended. You can still tell the group in your own words.")
	}
	if x.answers[e.Person] == (answer{e.Reading, e.Word, e.Tell}) {
		return nil, nil
	}
	if x.showableWith(e) && x.worthShowing(s, e.Person) {
		return []Event{e, SpreadShown{Step: e.Step}}, nil
	}
	return []Event{e}, nil
}

// showable reports whether what the next spread would add belongs to no fewer than four people.
func (x *checkIn) showable() bool { return enough(len(x.answers), len(x.fresh)) }

// showableWith is showable as it would be once one more answer was given, changed or taken back.
func (x *checkIn) showableWith(e CheckedIn) bool {
	answers, fresh := len(x.answers), len(x.fresh)
	if !x.fresh[e.Person] {
		fresh++
	}
	switch answered := x.answers[e.Person].reading != 0; {
	case e.Reading == 0 && answered:
		answers--
	case e.Reading != 0 && !answered:
		answers++
	}
	return enough(answers, fresh)
}

func enough(answers, fresh int) bool { return answers >= few && fresh >= few }

// worthShowing reports whether nobody but the one who answers now would be left over: the first
// spread is always worth it.
func (x *checkIn) worthShowing(s *Session, answering PersonID) bool {
	if x.shown == nil {
		return true
	}
	left := 0
	for id, p := range s.people {
		if id != answering && x.expects(id, p) {
			left++
		}
	}
	return left == 0 || left >= few
}

func (x *checkIn) expects(id PersonID, p person) bool {
	return !p.role.leads() && p.mayAnswer() && x.answers[id].reading == 0
}

func (e CheckedIn) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*checkIn); ok {
		x.set(e)
	}
	return only(e.Person)
}

func (x *checkIn) set(e CheckedIn) {
	x.fresh[e.Person] = true
	if e.Reading == 0 {
		delete(x.answers, e.Person)
		return
	}
	x.answers[e.Person] = answer{e.Reading, e.Word, e.Tell}
}

// absent shows a spread that waited only for somebody who is not coming.
func (x *checkIn) absent(s *Session, p PersonID, _ Input) []Event {
	if !x.stopped && x.showable() && x.worthShowing(s, p) {
		return []Event{SpreadShown{Step: s.agenda.now}}
	}
	return nil
}

func (x *checkIn) leaving(_ *Session, id StepID) []Event {
	if x.showable() {
		return []Event{SpreadShown{Step: id}}
	}
	return nil
}

func (e SpreadShown) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*checkIn); ok {
		x.shown, x.fresh = x.spread(), map[PersonID]bool{}
	}
	return nobody
}

func (ShowSpread) decide(s *Session, _ Input) ([]Event, error) {
	x, id, err := present[*checkIn](s)
	if err != nil {
		return nil, err
	}
	if len(x.answers) < few {
		return nil, refuse(Conflict, "too_few", "Fewer than four people have answered, so nothing can be shown yet.")
	}
	var events []Event
	if !x.stopped {
		events = append(events, AnswersStopped{Step: id, Stopped: true})
	}
	return append(events, x.leaving(s, id)...), nil
}

func (ReopenCheckIn) decide(s *Session, _ Input) ([]Event, error) {
	x, id, err := present[*checkIn](s)
	if err != nil || !x.stopped {
		return nil, err
	}
	return []Event{AnswersStopped{Step: id}}, nil
}

func (e AnswersStopped) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*checkIn); ok {
		x.stopped = e.Stopped
	}
	return nobody
}

// Spread is how a group's answers lie on the scale, never of fewer than four people. Bins counts the
// answers at each place, from the first label to the last.
type Spread struct {
	Answers int   `json:"answers"`
	Bins    []int `json:"bins"`
}

func (x *checkIn) spread() *Spread {
	sp := &Spread{Answers: len(x.answers), Bins: make([]int, len(x.script.Scale))}
	for _, a := range x.answers {
		sp.Bins[a.reading-1]++
	}
	return sp
}

// CheckInEveryone is what everybody reads. Before is the earlier check-in's spread, beside a check-out's.
type CheckInEveryone struct {
	Question Text    `json:"question"`
	Scale    []Text  `json:"scale"`
	Word     Text    `json:"word,omitempty"`
	Closing  bool    `json:"closing,omitempty"` // it is a check-out
	Stopped  bool    `json:"stopped,omitempty"`
	Spread   *Spread `json:"spread,omitempty"`
	Before   *Spread `json:"before,omitempty"`
}

// CheckInFacilitators says who has not answered, and what people chose to tell.
type CheckInFacilitators struct {
	Expected map[PersonID]bool        `json:"expected"`
	Told     map[PersonID]ToldReading `json:"told"`
}

// ToldReading is a reading whose author chose to tell the facilitators.
type ToldReading struct {
	Reading int    `json:"reading"`
	Word    string `json:"word,omitempty"`
}

// CheckInStage is the question and the spread.
type CheckInStage struct {
	Question Text    `json:"question"`
	Scale    []Text  `json:"scale"`
	Spread   *Spread `json:"spread,omitempty"`
	Before   *Spread `json:"before,omitempty"`
}

// CheckInOwn is a person's own reading; Reading is absent before they answered.
type CheckInOwn struct {
	Reading int    `json:"reading,omitempty"`
	Label   Text   `json:"label,omitempty"` // of the reading, for reading it again later
	Word    string `json:"word,omitempty"`
	Tell    bool   `json:"tell,omitempty"`
}

func (x *checkIn) before(s *Session) *Spread {
	if earlier, ok := s.doing[x.script.Compare].(*checkIn); ok {
		return earlier.shown
	}
	return nil
}

func (x *checkIn) everyone(s *Session, _ StepID) any {
	return CheckInEveryone{
		Question: x.script.Question, Scale: x.script.Scale, Word: x.script.Word,
		Closing: x.script.Compare != "", Stopped: x.stopped, Spread: x.shown, Before: x.before(s),
	}
}

func (x *checkIn) facilitators(s *Session, _ StepID) any {
	view := CheckInFacilitators{Expected: map[PersonID]bool{}, Told: map[PersonID]ToldReading{}}
	for id, p := range s.people {
		if x.expects(id, p) {
			view.Expected[id] = true
		}
		if a := x.answers[id]; a.tell {
			view.Told[id] = ToldReading{Reading: a.reading, Word: a.word}
		}
	}
	return view
}

func (x *checkIn) stage(s *Session, _ StepID) any {
	return CheckInStage{Question: x.script.Question, Scale: x.script.Scale, Spread: x.shown, Before: x.before(s)}
}

func (x *checkIn) person(_ *Session, _ StepID, p PersonID) any {
	a, ok := x.answers[p]
	if !ok {
		return CheckInOwn{}
	}
	return CheckInOwn{Reading: a.reading, Label: x.script.Scale[a.reading-1], Word: a.word, Tell: a.tell}
}
