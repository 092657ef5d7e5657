package facilitator

import "maps"

// WelcomeScript is what the author of a programme writes for a welcome: cards that say how the room
// works and who sees what, and the agreements the group makes.
type WelcomeScript struct {
	Cards      []WelcomeCard `json:"cards" yaml:"cards" about:"How the room works, and who sees what."`
	Agreements []Text        `json:"agreements" yaml:"agreements" about:"What the group agrees to, one sentence each."`
	Keep       Text          `json:"keep,omitempty" yaml:"keep" about:"The agreement to keep the shares that were opened, for the group to make or not."` // the agreement to keep the shares that were opened, if it is offered
}

// WelcomeCard is one thing to know about the room.
type WelcomeCard struct {
	Title Text `json:"title" yaml:"title"`
	Text  Text `json:"text" yaml:"text"`
}

// Agree says "I'm in", or takes it back.
type Agree struct {
	In bool `json:"in"`
}

// KeepTexts writes down whether the group agreed to keep the texts of shares that are opened. It holds for
// the bowls that are opened after.
type KeepTexts struct {
	Keep bool `json:"keep"`
}

// TextsKept is the fact of it.
type TextsKept struct {
	Step StepID `json:"step"`
	Keep bool   `json:"keep"`
}

// Agreed is the fact of it.
type Agreed struct {
	Step   StepID   `json:"step"`
	Person PersonID `json:"person"`
	In     bool     `json:"in"`
}

var welcomeKind = kind{
	name:   "welcome",
	script: func() any { return new(WelcomeScript) },
	begin: beginWith(func(sc WelcomeScript) exercise {
		return &welcome{script: sc, in: map[PersonID]bool{}}
	}),
	orders: []order{
		{name: "welcome.agree", who: forPeople, sample: Agree{}, silent: true},
		{name: "welcome.keep", who: forLeaders, sample: KeepTexts{}},
	},
	facts: []fact{
		{"welcome.agreed", Agreed{}},
		{"welcome.kept", TextsKept{}},
	},
	views: []any{WelcomeEveryone{}, WelcomeFacilitators{}, WelcomeStage{}, WelcomeOwn{}},
}

type welcome struct {
	plain
	script WelcomeScript
	in     map[PersonID]bool
	keep   bool
}

func (w *welcome) clone() exercise {
	c := *w
	c.in = maps.Clone(w.in)
	return &c
}

func (w *welcome) left(p PersonID) { delete(w.in, p) }

func (c Agree) decide(s *Session, in Input) ([]Event, error) {
	w, id, err := present[*welcome](s)
	if err != nil || w.in[in.By.Person] == c.In {
		return nil, err
	}
	return []Event{Agreed{Step: id, Person: in.By.Person, In: c.In}}, nil
}

func (e Agreed) apply(s *Session) Touched {
	if w, ok := s.doing[e.Step].(*welcome); ok {
		if e.In {
			w.in[e.Person] = true
		} else {
			delete(w.in, e.Person)
		}
	}
	return only(e.Person)
}

func (c KeepTexts) decide(s *Session, _ Input) ([]Event, error) {
	w, id, err := present[*welcome](s)
	if err != nil || w.keep == c.Keep {
		return nil, err
	}
	if len(w.script.Keep) == 0 {
		return nil, refuse(Conflict, "keep_not_offered", "This programme does not offer to keep shares.")
	}
	return []Event{TextsKept{Step: id, Keep: c.Keep}}, nil
}

func (e TextsKept) apply(s *Session) Touched {
	if w, ok := s.doing[e.Step].(*welcome); ok {
		w.keep = e.Keep
	}
	return nobody
}

// keepsTexts reports whether the group agreed to keep the shares that are opened.
func (s *Session) keepsTexts() bool {
	for _, x := range s.doing {
		if w, ok := x.(*welcome); ok && w.keep {
			return true
		}
	}
	return false
}

// WelcomeEveryone is what everybody reads. In is left out under 4.
type WelcomeEveryone struct {
	Cards      []WelcomeCard `json:"cards"`
	Agreements []Text        `json:"agreements"`
	In         int           `json:"in,omitempty"`
	KeepOffer  Text          `json:"keepOffer,omitempty"` // the agreement to keep opened shares, if it is offered
	Keep       bool          `json:"keep,omitempty"`      // the group agreed to it
}

// WelcomeFacilitators says who is in.
type WelcomeFacilitators struct {
	In map[PersonID]bool `json:"in"`
}

// WelcomeStage shows the agreements. In is left out under 4.
type WelcomeStage struct {
	Agreements []Text `json:"agreements"`
	In         int    `json:"in,omitempty"`
}

// WelcomeOwn is a person's own answer.
type WelcomeOwn struct {
	In bool `json:"in"`
}

func (w *welcome) everyone(*Session, StepID) any {
	return WelcomeEveryone{
		Cards: w.script.Cards, Agreements: w.script.Agreements, In: atLeastFew(len(w.in)), KeepOffer: w.script.Keep, Keep: w.keep,
	}
}

func (w *welcome) facilitators(*Session, StepID) any {
	return WelcomeFacilitators{In: maps.Clone(w.in)}
}

func (w *welcome) stage(*Session, StepID) any {
	return WelcomeStage{Agreements: w.script.Agreements, In: atLeastFew(len(w.in))}
}

func (w *welcome) person(_ *Session, _ StepID, p PersonID) any { return WelcomeOwn{In: w.in[p]} }

// few is the smallest number ever shown for a group's answers: in small groups a count is a name.
const few = 4

// atLeastFew is n, or 0 where n is too small to be shown.
func atLeastFew(n int) int {
	if n < few {
		return 0
	}
	return n
}
