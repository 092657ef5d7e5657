package facilitator

import "errors"

// QuietScript is a quiet minute: how long, in seconds, and something to be quiet with.
type QuietScript struct {
	Seconds int  `json:"seconds" yaml:"seconds" schema:"min=10,max=1800" about:"How long it lasts, in seconds."`
	Prompt  Text `json:"prompt" yaml:"prompt" about:"Something to be quiet with."`
}

func (sc QuietScript) check() error {
	if sc.Seconds < 10 || sc.Seconds > 1800 {
		return errors.New("seconds is a number from 10 to 1800")
	}
	return nil
}

// StartQuiet begins the quiet, or begins it again.
type StartQuiet struct{}

// StopQuiet ends it early.
type StopQuiet struct{}

// QuietStarted is the fact of it.
type QuietStarted struct {
	Step   StepID `json:"step"`
	At     Time   `json:"at"`
	Length Millis `json:"length"`
}

// QuietStopped is the fact of it.
type QuietStopped struct {
	Step StepID `json:"step"`
}

var quietKind = kind{
	name:   "quiet",
	script: func() any { return new(QuietScript) },
	begin:  beginWith(func(sc QuietScript) exercise { return &quiet{script: sc} }),
	orders: []order{
		{name: "quiet.start", who: forLeaders, sample: StartQuiet{}},
		{name: "quiet.stop", who: forLeaders, sample: StopQuiet{}},
	},
	facts: []fact{
		{"quiet.started", QuietStarted{}},
		{"quiet.stopped", QuietStopped{}},
	},
	views: []any{QuietView{}},
}

type quiet struct {
	plain
	script  QuietScript
	stopped bool
}

func (x *quiet) clone() exercise {
	c := *x
	return &c
}

func (StartQuiet) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*quiet](s)
	if err != nil {
		return nil, err
	}
	if t, running := s.timers[quietTimer]; running && !t.Over && !x.stopped {
		return nil, nil
	}
	return []Event{QuietStarted{Step: id, At: in.At, Length: Millis(x.script.Seconds) * second}}, nil
}

func (e QuietStarted) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*quiet); ok {
		x.stopped = false
		s.setTimer(quietTimer, e.At, e.Length)
	}
	return nobody
}

func (StopQuiet) decide(s *Session, _ Input) ([]Event, error) {
	_, id, err := present[*quiet](s)
	if t, running := s.timers[quietTimer]; err != nil || !running || t.Over {
		return nil, err
	}
	return []Event{QuietStopped{Step: id}}, nil
}

func (e QuietStopped) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*quiet); ok {
		x.stopped = true
		delete(s.timers, quietTimer)
	}
	return nobody
}

// QuietView is the same for everybody and the stage. There is no timer before the quiet begins.
type QuietView struct {
	Prompt  Text   `json:"prompt"`
	Seconds int    `json:"seconds"`
	Timer   *Timer `json:"timer,omitempty"`
	Done    bool   `json:"done,omitempty"`
}

func (x *quiet) everyone(s *Session, _ StepID) any {
	t := s.timer(quietTimer)
	return QuietView{Prompt: x.script.Prompt, Seconds: x.script.Seconds, Timer: t, Done: x.stopped || t != nil && t.Over}
}

func (x *quiet) stage(s *Session, id StepID) any { return x.everyone(s, id) }
