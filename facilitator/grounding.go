package facilitator

import (
	"errors"
	"fmt"
)

// GroundingScript is what steadies: an invitation, ways of paced breathing, and guides to be followed line by line.
type GroundingScript struct {
	Words     Text     `json:"words" yaml:"words" about:"The invitation, which leaves the choice."`
	Breathing []Breath `json:"breathing" yaml:"breathing" schema:"enum=calm|square" about:"Ways of paced breathing: calm is 4-4-6, square is 4-4-4-4."`
	Guides    []Guide  `json:"guides,omitempty" yaml:"guides" schema:"max=6" about:"Words to follow line by line."`
}

// Breath names a way of paced breathing.
type Breath string

// breaths is how many seconds one breathes in, holds, breathes out, and holds again.
var breaths = map[Breath][]int{"calm": {4, 4, 6}, "square": {4, 4, 4, 4}}

// Guide is words to follow, each line for so many seconds.
type Guide struct {
	Name  Text   `json:"name" yaml:"name" about:"What its button says."`
	Each  int    `json:"each" yaml:"each" schema:"min=5,max=60" about:"Seconds for each line."`
	Lines []Text `json:"lines" yaml:"lines" schema:"min=2,max=12" about:"The lines, in order."`
}

func (sc GroundingScript) check() error {
	for i, b := range sc.Breathing {
		if breaths[b] == nil {
			return fmt.Errorf("breathing[%d] is not known: there are calm and square", i)
		}
	}
	if n := len(sc.Breathing) + len(sc.Guides); n == 0 || len(sc.Guides) > 6 || len(sc.Breathing) > len(breaths) {
		return errors.New("guides: offer at least one of these or a way of breathing, and 6 guides at most")
	}
	for i, g := range sc.Guides {
		if g.Each < 5 || g.Each > 60 || len(g.Lines) < 2 || len(g.Lines) > 12 {
			return fmt.Errorf("guides[%d] needs 2 to 12 lines and 5 to 60 seconds for each", i)
		}
	}
	return nil
}

// StartGrounding begins one of the ways for whoever wants to go along, on the stage too; or begins it again. Guide counts
// from 1, and is 0 for breathing.
type StartGrounding struct {
	Breath Breath `json:"breath,omitempty"`
	Guide  int    `json:"guide,omitempty"`
}

// StopGrounding ends it.
type StopGrounding struct{}

// GroundingStarted says when it began: everybody who goes along is in step with that moment.
type GroundingStarted struct {
	Step   StepID `json:"step"`
	At     Time   `json:"at"`
	Breath Breath `json:"breath,omitempty"`
	Guide  int    `json:"guide,omitempty"`
}

// GroundingStopped is the fact of it.
type GroundingStopped struct {
	Step StepID `json:"step"`
}

var groundingKind = kind{
	name:   "grounding",
	script: func() any { return new(GroundingScript) },
	begin:  beginWith(func(sc GroundingScript) exercise { return &grounding{script: sc} }),
	orders: []order{
		{name: "grounding.start", who: forLeaders, sample: StartGrounding{}},
		{name: "grounding.stop", who: forLeaders, sample: StopGrounding{}},
	},
	facts: []fact{
		{"grounding.started", GroundingStarted{}},
		{"grounding.stopped", GroundingStopped{}},
	},
	views: []any{GroundingView{}},
}

// grounding begins for nobody: who goes along, and with what, is between each person and their phone and in no record.
type grounding struct {
	plain
	script GroundingScript
	now    GroundingStarted // At is 0 while nothing runs
}

func (x *grounding) clone() exercise {
	c := *x
	return &c
}

func (c StartGrounding) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*grounding](s)
	if err != nil {
		return nil, err
	}
	if !x.offers(c) {
		return nil, refuse(Invalid, "no_grounding", "This is not among what the programme offers here. Choose another.")
	}
	if x.now.At != 0 && x.now.Breath == c.Breath && x.now.Guide == c.Guide {
		return nil, nil
	}
	return []Event{GroundingStarted{Step: id, At: in.At, Breath: c.Breath, Guide: c.Guide}}, nil
}

func (x *grounding) offers(c StartGrounding) bool {
	if c.Breath == "" {
		return c.Guide >= 1 && c.Guide <= len(x.script.Guides)
	}
	for _, b := range x.script.Breathing {
		if b == c.Breath {
			return c.Guide == 0
		}
	}
	return false
}

func (e GroundingStarted) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*grounding); ok {
		x.now = e
	}
	return nobody
}

func (StopGrounding) decide(s *Session, _ Input) ([]Event, error) {
	x, id, err := present[*grounding](s)
	if err != nil || x.now.At == 0 {
		return nil, err
	}
	return []Event{GroundingStopped{Step: id}}, nil
}

func (e GroundingStopped) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*grounding); ok {
		x.now = GroundingStarted{}
	}
	return nobody
}

// leaving stops it, so that nobody who comes back to the step finds it running.
func (x *grounding) leaving(_ *Session, id StepID) []Event {
	if x.now.At == 0 {
		return nil
	}
	return []Event{GroundingStopped{Step: id}}
}

// GroundingView is the same for everybody and the stage.
type GroundingView struct {
	Words     Text            `json:"words"`
	Breathing []BreathView    `json:"breathing"`
	Guides    []Guide         `json:"guides,omitempty"`
	Now       *GroundingShown `json:"now,omitempty"` // what runs for whoever goes along
}

// BreathView is a way of breathing: the seconds to breathe in, hold, breathe out and, if there is a fourth, hold again.
type BreathView struct {
	Breath Breath `json:"breath"`
	Beats  []int  `json:"beats"`
}

// GroundingShown is what runs, since when.
type GroundingShown struct {
	Breath  Breath `json:"breath,omitempty"`
	Guide   int    `json:"guide,omitempty"` // from 1
	Started Time   `json:"started"`
}

func (x *grounding) everyone(*Session, StepID) any {
	v := GroundingView{Words: x.script.Words, Breathing: []BreathView{}, Guides: x.script.Guides}
	for _, b := range x.script.Breathing {
		v.Breathing = append(v.Breathing, BreathView{b, breaths[b]})
	}
	if x.now.At != 0 {
		v.Now = &GroundingShown{Breath: x.now.Breath, Guide: x.now.Guide, Started: x.now.At}
	}
	return v
}

func (x *grounding) stage(s *Session, id StepID) any { return x.everyone(s, id) }
