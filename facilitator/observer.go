package facilitator

import (
	"maps"
	"slices"
	"strconv"
)

// Behaviour is something an observer may see a speaker do.
type Behaviour string

// Competency is one of the core competencies for peer workers in behavioral health services (SAMHSA, 2015), as far as a
// practice round can show it.
type Competency string

// behaviours are the ten, each with the competency it speaks for.
var behaviours = map[Behaviour]Competency{
	"specific":       "growth",        // named the specific harm
	"responsibility": "growth",        // took responsibility without “but”
	"permission":     "personalizes",  // asked permission
	"no-asking":      "personalizes",  // did not ask for forgiveness or comfort
	"no-explaining":  "communication", // did not explain or defend
	"silence":        "communication", // left silence and listened
	"reflected":      "relationships", // reflected back
	"repair":         "planning",      // offered a repair that can be kept
	"accepted":       "relationships", // accepted the answer
	"closed":         "crises",        // closed safely
}

// mark is a behaviour an observer saw, with the words they heard.
type mark struct {
	n         int
	by        PersonID
	behaviour Behaviour
	heard     string
}

const (
	maxHeard  = 200
	marksMost = 60 // in a turn
)

// Mark notes a behaviour as it happens. Only an observer may.
type Mark struct {
	Room      RoomID    `json:"room"`
	Behaviour Behaviour `json:"behaviour"`
	Heard     string    `json:"heard,omitempty"`
}

// Unmark takes one's own mark back.
type Unmark struct {
	Room RoomID `json:"room"`
	N    int    `json:"n"`
}

// HandIn gives one's own totals to the trainer, by name, or takes them back. Only where the programme announced it.
type HandIn struct {
	In bool `json:"in"`
}

// Marked is the fact of a mark.
type Marked struct {
	Step      StepID    `json:"step"`
	Room      RoomID    `json:"room"`
	Person    PersonID  `json:"person"`
	Behaviour Behaviour `json:"behaviour"`
	Heard     string    `json:"heard,omitempty"`
}

// Unmarked says that a mark is gone.
type Unmarked struct {
	Step StepID `json:"step"`
	Room RoomID `json:"room"`
	N    int    `json:"n"`
}

// HandedIn is the fact of handing in.
type HandedIn struct {
	Step   StepID   `json:"step"`
	Person PersonID `json:"person"`
	In     bool     `json:"in"`
}

var observerOrders = []order{
	{name: "practice.mark", who: forPeople, sample: Mark{}},
	{name: "practice.unmark", who: forPeople, sample: Unmark{}},
	{name: "practice.handin", who: forPeople, sample: HandIn{}},
}

var observerFacts = []fact{
	{"practice.marked", Marked{}},
	{"practice.unmarked", Unmarked{}},
	{"practice.handedin", HandedIn{}},
}

// observing is the room of somebody who observes it, at a time when there is something to see or to remember.
func (s *Session) observing(p PersonID, room RoomID) (*practiceRoom, error) {
	x, _, err := present[*practice](s)
	if err != nil {
		return nil, err
	}
	r, err := x.own(p, room)
	switch {
	case err != nil:
		return nil, err
	case r.held(p) != observes:
		return nil, refuse(Denied, "not_observer", "In this turn you are not the observer, so this is not yours to mark.")
	case r.stopped || !r.phase.played():
		return nil, refuse(Conflict, "nothing_to_observe", "Marks belong to the practice itself and to the talk right after it.")
	}
	return r, nil
}

func (c Mark) decide(s *Session, in Input) ([]Event, error) {
	r, err := s.observing(in.By.Person, c.Room)
	if err != nil {
		return nil, err
	}
	heard, err := cleanWords(c.Heard, maxHeard)
	if err != nil {
		return nil, err
	}
	switch _, known := behaviours[c.Behaviour]; {
	case !known:
		return nil, refuse(Invalid, "behaviour", "Choose one of the ten.")
	case len(r.marks) >= marksMost:
		return nil, refuse(Conflict, "marks_full", "That is a lot of marks for one turn. Take one back to make room.")
	}
	return []Event{Marked{Step: s.agenda.now, Room: c.Room, Person: in.By.Person, Behaviour: c.Behaviour, Heard: heard}}, nil
}

func (e Marked) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	r := x.change(e.Room)
	n := 1
	if len(r.marks) > 0 {
		n = r.marks[len(r.marks)-1].n + 1
	}
	r.marks = append(r.marks, mark{n, e.Person, e.Behaviour, e.Heard})
	return x.touched(e.Room)
}

func (c Unmark) decide(s *Session, in Input) ([]Event, error) {
	r, err := s.observing(in.By.Person, c.Room)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(r.marks, func(m mark) bool { return m.n == c.N })
	switch {
	case i < 0:
		return nil, nil
	case r.marks[i].by != in.By.Person:
		return nil, refuse(Denied, "not_your_mark", "Only whoever made a mark takes it back.")
	}
	return []Event{Unmarked{Step: s.agenda.now, Room: c.Room, N: c.N}}, nil
}

func (e Unmarked) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	r := x.change(e.Room)
	r.marks = slices.DeleteFunc(r.marks, func(m mark) bool { return m.n == e.N })
	return x.touched(e.Room)
}

// MarkView is a mark; the keys beside it are the numbers as text.
type MarkView struct {
	N         int       `json:"n"`
	By        PersonID  `json:"by"`
	Behaviour Behaviour `json:"behaviour"`
	Heard     string    `json:"heard,omitempty"`
}

// markView is what the room sees of its marks: nothing before the observer speaks.
func (r *practiceRoom) markView() map[string]MarkView {
	if r.phase != inObserver && r.phase != inAgain && r.phase != inOut {
		return nil
	}
	return marksOf(r.marks, func(mark) bool { return true })
}

func marksOf(marks []mark, want func(mark) bool) map[string]MarkView {
	view := map[string]MarkView{}
	for _, m := range marks {
		if want(m) {
			view[strconv.Itoa(m.n)] = MarkView{N: m.n, By: m.by, Behaviour: m.behaviour, Heard: m.heard}
		}
	}
	return view
}

// count adds a turn's marks to its speaker's totals, where the programme announced that they may be handed in.
func (x *practice) count(r *practiceRoom) {
	if !x.script.Competencies || len(r.marks) == 0 {
		return
	}
	totals := maps.Clone(x.totals[r.speaker])
	if totals == nil {
		totals = map[Behaviour]int{}
	}
	for _, m := range r.marks {
		totals[m.behaviour]++
	}
	x.totals[r.speaker] = totals
}

func (c HandIn) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	switch {
	case err != nil:
		return nil, err
	case !x.script.Competencies:
		return nil, refuse(Denied, "nothing_to_hand_in", "In this programme nothing is handed in. What was seen stays in the room.")
	case x.handedIn[in.By.Person] == c.In:
		return nil, nil
	case c.In && len(x.totals[in.By.Person]) == 0:
		return nil, refuse(Conflict, "no_totals", "Nothing was marked for you yet.")
	}
	return []Event{HandedIn{Step: id, Person: in.By.Person, In: c.In}}, nil
}

func (e HandedIn) apply(s *Session) Touched {
	if x := s.practiceOf(e.Step); x != nil {
		if e.In {
			x.handedIn[e.Person] = true
		} else {
			delete(x.handedIn, e.Person)
		}
	}
	return only(e.Person)
}

// tallies are the totals that people agreed to hand in.
func (x *practice) tallies() map[PersonID]map[Competency]int {
	if !x.script.Competencies {
		return nil
	}
	view := map[PersonID]map[Competency]int{}
	for p := range x.handedIn {
		view[p] = tally(x.totals[p])
	}
	return view
}

// tally counts what was seen of a speaker, over all their turns.
func tally(totals map[Behaviour]int) map[Competency]int {
	view := map[Competency]int{}
	for b, n := range totals {
		view[behaviours[b]] += n
	}
	return view
}
