package facilitator

import (
	"maps"
	"slices"
)

type phase int

const (
	unopened phase = iota
	open
	over
)

// Session is everything true of one live session: the fold of its events.
type Session struct {
	id       string
	code     string
	stageKey string
	phase    phase
	opened   Time
	closed   Time
	keep     int // days after the end

	programme Programme
	agenda    agenda
	doing     map[StepID]exercise // the exercises opened so far
	timers    map[timerName]Timer
	pausedAt  Time // 0 while time runs

	people  map[PersonID]person
	sides   map[PersonID]SitWith // what each has said, in a programme with family seats
	removed map[PersonID]bool
	joined  int // how many ever joined; also the next person's number
	hands   int // how many hands were ever raised; the next hand's number
	lead    PersonID
	heirs   []PersonID // who leads when whoever leads is gone, in this order
	support map[SupportID]supportRequest
	asked   int // how many support requests there were

	door      door
	frozen    bool
	frozeAt   Time
	frozeTime bool // the pause came with the freeze
	freezes   int  // how often
	deeds     map[DeedID]deed
	done      map[DeedKind]int // how many deeds there were
	hold      hold
	reports   map[ReportID]report
	reporters map[PersonID]map[string]bool // what each has reported; never changed in place
}

// New is a session before its first event.
func New() *Session {
	return &Session{
		agenda:  agenda{steps: map[StepID]step{}},
		doing:   map[StepID]exercise{},
		timers:  map[timerName]Timer{},
		people:  map[PersonID]person{},
		sides:   map[PersonID]SitWith{},
		removed: map[PersonID]bool{},
		support: map[SupportID]supportRequest{},

		door:      newDoor(),
		deeds:     map[DeedID]deed{},
		done:      map[DeedKind]int{},
		hold:      hold{agree: 1, items: map[HeldID]held{}},
		reports:   map[ReportID]report{},
		reporters: map[PersonID]map[string]bool{},
	}
}

// Clone is a copy that shares nothing that changes with s.
func (s *Session) Clone() *Session {
	c := *s
	c.agenda.steps = maps.Clone(s.agenda.steps)
	c.agenda.order = slices.Clone(s.agenda.order)
	c.timers = maps.Clone(s.timers)
	c.people = maps.Clone(s.people)
	c.sides = maps.Clone(s.sides)
	c.removed = maps.Clone(s.removed)
	c.heirs = slices.Clone(s.heirs)
	c.support = maps.Clone(s.support)
	c.door, c.hold = s.door.clone(), s.hold.clone()
	c.deeds, c.done = maps.Clone(s.deeds), maps.Clone(s.done)
	c.reports, c.reporters = maps.Clone(s.reports), maps.Clone(s.reporters)
	c.doing = make(map[StepID]exercise, len(s.doing))
	for id, e := range s.doing {
		c.doing[id] = e.clone()
	}
	return &c
}

// Decide turns a command into the events that follow from it, or a *Refusal. It changes nothing.
func (s *Session) Decide(c Command, in Input) ([]Event, error) {
	o, known := orderOf(c)
	if !known {
		return nil, refuse(Invalid, "unknown_command", "This server does not know that command. Reload the page to get its newest version.")
	}
	if err := s.admit(o, in.By); err != nil {
		return nil, err
	}
	return c.decide(s, in)
}

// Apply folds one event in and says whose own document it may have changed.
func (s *Session) Apply(e Event) Touched { return e.apply(s) }

// after is the session as it would be once events had happened, for decisions that build on each other.
func (s *Session) after(events ...Event) *Session {
	c := s.Clone()
	for _, e := range events {
		c.Apply(e)
	}
	return c
}

// ID is the session's own id, empty before it is opened.
func (s *Session) ID() string { return s.id }

// Code is what people type to join.
func (s *Session) Code() string { return s.code }

// StageKey opens the stage's seat.
func (s *Session) StageKey() string { return s.stageKey }

// Title is the programme's title.
func (s *Session) Title() Text { return s.programme.Title }

// Room is what the programme calls the room, in words that tell a passer-by nothing.
func (s *Session) Room() Text { return s.programme.Room }

// Opened is when the session was opened.
func (s *Session) Opened() Time { return s.opened }

// Closed reports whether the session is over.
func (s *Session) Closed() bool { return s.phase == over }

// Frozen reports whether everything is stopped.
func (s *Session) Frozen() bool { return s.frozen }

// Open begins a session. The programme goes into the log whole, so that the session keeps the
// version it began with.
type Open struct {
	Session   string    `json:"session"`
	Code      string    `json:"code"`
	StageKey  string    `json:"stageKey"`
	Programme Programme `json:"programme"`
}

// Close ends the session for good. What was said in it is then forgotten.
type Close struct{}

// Opened is the first event of every log.
type Opened struct {
	Open
	At Time `json:"at"`
}

// Ended is the last event of every log.
type Ended struct {
	At Time `json:"at"`
}

var sessionOrders = []order{
	{name: "session.open", who: forSystem, sample: Open{}},
	{name: "session.close", who: forLeaders, sample: Close{}},
}

var sessionFacts = []fact{
	{"session.opened", Opened{}},
	{"session.ended", Ended{}},
}

func (c Open) decide(_ *Session, in Input) ([]Event, error) {
	if c.Session == "" || c.Code == "" || len(c.Programme.Steps) == 0 {
		return nil, refuse(Invalid, "empty_programme", "A session needs an id, a code and a programme with at least one step.")
	}
	return []Event{Opened{Open: c, At: in.At}}, nil
}

func (e Opened) apply(s *Session) Touched {
	s.id, s.code, s.stageKey = e.Session, e.Code, e.StageKey
	s.phase, s.opened = open, e.At
	s.programme = e.Programme
	s.agenda = newAgenda(e.Programme)
	return everybody
}

func (Close) decide(s *Session, in Input) ([]Event, error) {
	if in.By.Role != System && in.By.Person != s.lead {
		return nil, refuse(Denied, "not_lead", "Only the person who leads the session can close it.")
	}
	return append(s.leaving(), Ended{At: in.At}), nil
}

func (e Ended) apply(s *Session) Touched {
	s.phase, s.closed = over, e.At
	s.leaveStep(e.At)
	clear(s.timers)
	clear(s.hold.items)
	s.door.knocking = line{}
	clear(s.deeds)
	return everybody
}

// Summary is what stays of a session that is over: counts, and the spreads a group was shown.
type Summary struct {
	Programme string                    `json:"programme"`
	Title     Text                      `json:"title"`
	Opened    Time                      `json:"opened"`
	Closed    Time                      `json:"closed"`
	People    int                       `json:"people"`
	Steps     int                       `json:"steps"`
	Support   int                       `json:"support"`
	Reports   int                       `json:"reports,omitempty"`
	Freezes   int                       `json:"freezes,omitempty"`
	Deeds     map[DeedKind]int          `json:"deeds,omitempty"` // what keepers did to people, by kind
	Forgets   Time                      `json:"forgets"`         // when what was said is gone; until then it can be read
	Spreads   map[StepID]Spread         `json:"spreads,omitempty"`
	Feedback  map[StepID][]ScaleOutline `json:"feedback,omitempty"` // no comment is kept
}

// Summary counts.
func (s *Session) Summary() Summary {
	sum := Summary{
		Programme: s.programme.ID, Title: s.programme.Title, Opened: s.opened, Closed: s.closed,
		People: s.joined, Steps: len(s.doing), Support: s.asked, Forgets: s.Forgets(), Freezes: s.freezes, Deeds: maps.Clone(s.done), Spreads: map[StepID]Spread{},
		Feedback: map[StepID][]ScaleOutline{},
	}
	for id, r := range s.feedback() {
		sum.Feedback[id] = r.Scales
	}
	for _, own := range s.reporters {
		sum.Reports += len(own)
	}
	for id, e := range s.doing {
		if c, ok := e.(*checkIn); ok && c.shown != nil {
			sum.Spreads[id] = *c.shown
		}
	}
	return sum
}
