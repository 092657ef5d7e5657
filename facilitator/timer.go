package facilitator

import (
	"slices"
	"strings"
)

// timerName names a timer; there is one of each name at a time, and all belong to the present step. A
// practice room's own carries the room's id.
type timerName string

const (
	stepTimer    timerName = "step"
	turnTimer    timerName = "turn"
	minuteTimer  timerName = "turn.minute" // rings a minute before the turn ends
	quietTimer   timerName = "quiet"
	writingTimer timerName = "writing"
)

// Timer is a fact in the log: it began, and it rings at Ends. While the session is paused it does not
// run; going on moves it by the length of the pause.
type Timer struct {
	Started Time `json:"started"`
	Ends    Time `json:"ends"`
	Over    bool `json:"over,omitempty"`
}

// Tick is what the server orders when a timer is due.
type Tick struct{}

// TimerRang says that a timer came to its end.
type TimerRang struct {
	Timer timerName `json:"timer"`
}

// Pause stops all time in the session.
type Pause struct{}

// Resume lets time run on.
type Resume struct{}

// Paused and Resumed are the facts of them.
type Paused struct {
	At     Time `json:"at"`
	Freeze bool `json:"freeze,omitempty"` // it came with a freeze and goes with it
}

// Resumed moves every timer by the length of the pause.
type Resumed struct {
	At Time `json:"at"`
}

var timerOrders = []order{
	{name: "timer.tick", who: forSystem, sample: Tick{}},
	{name: "session.pause", who: forLeaders, sample: Pause{}},
	{name: "session.resume", who: forLeaders, sample: Resume{}},
}

var timerFacts = []fact{
	{"timer.rang", TimerRang{}},
	{"session.paused", Paused{}},
	{"session.resumed", Resumed{}},
}

// Due is when the next timer rings, if one will.
func (s *Session) Due() (Time, bool) {
	var due Time
	if s.phase != open || s.pausedAt != 0 {
		return 0, false
	}
	for _, t := range s.timers {
		if !t.Over && (due == 0 || t.Ends < due) {
			due = t.Ends
		}
	}
	return due, due != 0
}

func (Tick) decide(s *Session, in Input) ([]Event, error) {
	if s.pausedAt != 0 {
		return nil, nil
	}
	var rung []timerName
	for name, t := range s.timers {
		if !t.Over && t.Ends <= in.At {
			rung = append(rung, name)
		}
	}
	slices.Sort(rung)
	events := make([]Event, len(rung))
	for i, name := range rung {
		events[i] = TimerRang{Timer: name}
	}
	if x := s.doing[s.agenda.now]; x != nil && len(rung) > 0 {
		events = append(events, x.rang(s.after(events...), rung, in)...)
	}
	return events, nil
}

func (e TimerRang) apply(s *Session) Touched {
	if t, ok := s.timers[e.Timer]; ok {
		t.Over = true
		s.timers[e.Timer] = t
	}
	if room, isRoom := strings.CutPrefix(string(e.Timer), "room/"); isRoom {
		return inRoom(RoomID(room))
	}
	return nobody
}

func (Pause) decide(s *Session, in Input) ([]Event, error) {
	if s.pausedAt != 0 {
		return nil, nil
	}
	return []Event{Paused{At: in.At}}, nil
}

func (e Paused) apply(s *Session) Touched {
	s.pausedAt, s.frozeTime = e.At, e.Freeze
	return nobody
}

func (Resume) decide(s *Session, in Input) ([]Event, error) {
	if s.pausedAt == 0 {
		return nil, nil
	}
	return []Event{Resumed{At: in.At}}, nil
}

func (e Resumed) apply(s *Session) Touched {
	for name, t := range s.timers {
		d := e.At.since(max(s.pausedAt, t.Started))
		t.Started, t.Ends = t.Started.add(d), t.Ends.add(d)
		s.timers[name] = t
	}
	if st, ok := s.agenda.steps[s.agenda.now]; ok {
		st.entered = st.entered.add(e.At.since(max(s.pausedAt, st.entered)))
		s.agenda.steps[s.agenda.now] = st
	}
	s.pausedAt, s.frozeTime = 0, false
	return everybody // rooms show their timers
}

// running is the time that has run by at: a paused clock stands where it was stopped.
func (s *Session) running(at Time) Time {
	if s.pausedAt != 0 {
		return s.pausedAt
	}
	return at
}

func (s *Session) setTimer(name timerName, from Time, length Millis) {
	s.timers[name] = Timer{Started: from, Ends: from.add(max(length, 0))}
}

// timer is a copy for a document, or nil if there is none.
func (s *Session) timer(name timerName) *Timer {
	if t, ok := s.timers[name]; ok {
		return &t
	}
	return nil
}
