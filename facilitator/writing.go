package facilitator

import "errors"

// writing is what exercises share whose words stay on people's own devices: a time to write, which the
// facilitators open and close. What is written, by whom, and whether anybody writes at all is never
// sent, so the session has nothing to know of it and nobody's progress to show.
type writing struct {
	plain
	prompt  Text
	minutes int
	closed  bool
}

// writes is an exercise with a writing time.
type writes interface {
	exercise
	paper() *writing
}

func (x *writing) paper() *writing { return x }

// checkMinutes holds that a writing time is of a length that can be sat through.
func checkMinutes(minutes int) error {
	if minutes < 1 || minutes > 60 {
		return errors.New("minutes is a number from 1 to 60: how long people write")
	}
	return nil
}

// OpenWriting begins the writing time, or begins it again. People may write before it and after it.
type OpenWriting struct{}

// CloseWriting ends it early.
type CloseWriting struct{}

// WritingOpened is the fact of it.
type WritingOpened struct {
	Step   StepID `json:"step"`
	At     Time   `json:"at"`
	Length Millis `json:"length"`
}

// WritingClosed is the fact of it.
type WritingClosed struct {
	Step StepID `json:"step"`
}

var writingOrders = []order{
	{name: "writing.open", who: forLeaders, sample: OpenWriting{}},
	{name: "writing.close", who: forLeaders, sample: CloseWriting{}},
}

var writingFacts = []fact{
	{"writing.opened", WritingOpened{}},
	{"writing.closed", WritingClosed{}},
}

func (OpenWriting) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[writes](s)
	if err != nil {
		return nil, err
	}
	if t, running := s.timers[writingTimer]; running && !t.Over {
		return nil, nil
	}
	return []Event{WritingOpened{Step: id, At: s.running(in.At), Length: Millis(x.paper().minutes) * minute}}, nil
}

func (e WritingOpened) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(writes); ok {
		x.paper().closed = false
		s.setTimer(writingTimer, e.At, e.Length)
	}
	return nobody
}

func (CloseWriting) decide(s *Session, _ Input) ([]Event, error) {
	_, id, err := present[writes](s)
	if t, running := s.timers[writingTimer]; err != nil || !running || t.Over {
		return nil, err
	}
	return []Event{WritingClosed{Step: id}}, nil
}

func (e WritingClosed) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(writes); ok {
		x.paper().closed = true
		delete(s.timers, writingTimer)
	}
	return nobody
}

// WritingView is the same for everybody and the stage: what to write about and the time for it. There
// is no timer before the time is opened.
type WritingView struct {
	Prompt  Text   `json:"prompt"`
	Minutes int    `json:"minutes"`
	Timer   *Timer `json:"timer,omitempty"`
	Done    bool   `json:"done,omitempty"`
}

func (x *writing) view(s *Session) WritingView {
	t := s.timer(writingTimer)
	return WritingView{Prompt: x.prompt, Minutes: x.minutes, Timer: t, Done: x.closed || t != nil && t.Over}
}
