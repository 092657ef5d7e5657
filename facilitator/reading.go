package facilitator

import (
	"errors"
	"maps"
)

// ReadingScript is a text in passages, each short enough to be read aloud in a minute.
type ReadingScript struct {
	Passages []Text `json:"passages" yaml:"passages" schema:"min=1,max=60" about:"Each is read aloud in about half a minute."`
}

func (sc ReadingScript) check() error {
	if len(sc.Passages) == 0 || len(sc.Passages) > 60 {
		return errors.New("passages needs between 1 and 60 passages")
	}
	return nil
}

// TakePassage offers to read a passage aloud. Passages are numbered from 1.
type TakePassage struct {
	Passage int `json:"passage"`
}

// GiveBackPassage takes the offer back; a facilitator may do it for somebody.
type GiveBackPassage struct {
	Passage int `json:"passage"`
}

// ReadPassage goes to a passage: to the first to begin, and to any other at will.
type ReadPassage struct {
	Passage int `json:"passage"`
}

// PassageDone is for the reader, or the facilitator: the passage was read, on to the next.
type PassageDone struct {
	Passage int `json:"passage"`
}

// PassageTaken says who reads a passage; nobody, if Person is empty.
type PassageTaken struct {
	Step    StepID   `json:"step"`
	Passage int      `json:"passage"`
	Person  PersonID `json:"person,omitempty"`
}

// PassageOpened says which passage is being read. One past the last means that the text is read.
type PassageOpened struct {
	Step    StepID `json:"step"`
	Passage int    `json:"passage"`
}

var readingKind = kind{
	name:   "reading",
	script: func() any { return new(ReadingScript) },
	begin: beginWith(func(sc ReadingScript) exercise {
		return &reading{script: sc, readers: map[int]PersonID{}}
	}),
	orders: []order{
		{name: "reading.take", who: forPeople, sample: TakePassage{}},
		{name: "reading.giveBack", who: forPeople, sample: GiveBackPassage{}, silent: true},
		{name: "reading.read", who: forLeaders, sample: ReadPassage{}},
		{name: "reading.done", who: forPeople, sample: PassageDone{}},
	},
	facts: []fact{
		{"reading.taken", PassageTaken{}},
		{"reading.opened", PassageOpened{}},
	},
	views: []any{ReadingEveryone{}, ReadingStage{}},
}

type reading struct {
	plain
	script  ReadingScript
	readers map[int]PersonID
	now     int // the passage being read; 0 before the reading begins
}

func (x *reading) clone() exercise {
	c := *x
	c.readers = maps.Clone(x.readers)
	return &c
}

func (x *reading) left(p PersonID) {
	maps.DeleteFunc(x.readers, func(_ int, r PersonID) bool { return r == p })
}

// absent frees the passages of somebody who steps away, so that others can take them.
func (x *reading) absent(s *Session, p PersonID, _ Input) []Event {
	var events []Event
	for n := max(x.now, 1); n <= len(x.script.Passages); n++ {
		if x.readers[n] == p {
			events = append(events, PassageTaken{Step: s.agenda.now, Passage: n})
		}
	}
	return events
}

func (x *reading) has(n int) error {
	if n < 1 || n > len(x.script.Passages) {
		return refuse(NotFound, "no_passage", "This text has no such passage.")
	}
	return nil
}

func (c TakePassage) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*reading](s)
	if err != nil {
		return nil, err
	}
	if err := x.has(c.Passage); err != nil {
		return nil, err
	}
	switch taker := x.readers[c.Passage]; {
	case taker == in.By.Person:
		return nil, nil
	case taker != "":
		return nil, refuse(Conflict, "passage_taken", "Somebody was a moment quicker. Choose another passage.")
	case c.Passage < x.now:
		return nil, refuse(Conflict, "passage_read", "This passage has been read already.")
	}
	return []Event{PassageTaken{Step: id, Passage: c.Passage, Person: in.By.Person}}, nil
}

func (c GiveBackPassage) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*reading](s)
	if err != nil || x.readers[c.Passage] == "" {
		return nil, err
	}
	if x.readers[c.Passage] != in.By.Person && !s.people[in.By.Person].role.leads() {
		return nil, refuse(Denied, "not_your_passage", "Somebody else reads this passage.")
	}
	return []Event{PassageTaken{Step: id, Passage: c.Passage}}, nil
}

func (e PassageTaken) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*reading); ok {
		if e.Person == "" {
			delete(x.readers, e.Passage)
		} else {
			x.readers[e.Passage] = e.Person
		}
	}
	return nobody
}

func (c ReadPassage) decide(s *Session, _ Input) ([]Event, error) {
	x, id, err := present[*reading](s)
	if err != nil {
		return nil, err
	}
	if err := x.has(c.Passage); err != nil {
		return nil, err
	}
	if x.now == c.Passage {
		return nil, nil
	}
	return []Event{PassageOpened{Step: id, Passage: c.Passage}}, nil
}

func (c PassageDone) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*reading](s)
	if err != nil || c.Passage == 0 || c.Passage != x.now {
		return nil, err // done already: a double tap must not skip a passage
	}
	if x.readers[x.now] != in.By.Person && !s.people[in.By.Person].role.leads() {
		return nil, refuse(Denied, "not_your_passage", "Somebody else reads this passage.")
	}
	return []Event{PassageOpened{Step: id, Passage: x.now + 1}}, nil
}

func (e PassageOpened) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*reading); ok {
		x.now = e.Passage
	}
	return nobody
}

// ReadingEveryone is the text and who reads what. Now is the passage being read, 0 before the reading
// begins; Done says that all of it was read.
type ReadingEveryone struct {
	Passages map[int]PassageView `json:"passages"`
	Now      int                 `json:"now"`
	Done     bool                `json:"done,omitempty"`
}

// PassageView is one passage. Without a reader, the facilitator reads it.
type PassageView struct {
	Text   Text     `json:"text"`
	Reader PersonID `json:"reader,omitempty"`
}

// ReadingStage shows the passage being read.
type ReadingStage struct {
	Text Text `json:"text,omitempty"`
	Now  int  `json:"now"`
	Of   int  `json:"of"`
}

func (x *reading) everyone(*Session, StepID) any {
	view := ReadingEveryone{Passages: make(map[int]PassageView), Now: x.now, Done: x.now > len(x.script.Passages)}
	for i, text := range x.script.Passages {
		view.Passages[i+1] = PassageView{Text: text, Reader: x.readers[i+1]}
	}
	return view
}

func (x *reading) stage(*Session, StepID) any {
	view := ReadingStage{Now: x.now, Of: len(x.script.Passages)}
	if x.has(x.now) == nil {
		view.Text = x.script.Passages[x.now-1]
	}
	return view
}
