package facilitator

import "errors"

// AmendsMapScript is a private worksheet: whom one has harmed, what happened, what can be repaired, and
// the questions that come before any contact. Part is where the group is at: the list, the safety
// questions or the plan; each person may still go where they like.
type AmendsMapScript struct {
	Minutes int    `json:"minutes" yaml:"minutes" schema:"min=1,max=60" about:"How long people write."`
	Prompt  Text   `json:"prompt" yaml:"prompt" about:"What they write about."`
	Part    string `json:"part,omitempty" yaml:"part" schema:"enum=list|safety|plan" about:"Which part of the map opens first."`

	Family FamilyPrompt `json:"family,omitzero,omitempty" yaml:"family" about:"What a family seat is asked instead: what they were touched by, what they want and do not want."`
}

func (sc AmendsMapScript) check() error {
	switch sc.Part {
	case "", "list", "safety", "plan":
		return checkMinutes(sc.Minutes)
	}
	return errors.New("part is list, safety or plan")
}

func (sc AmendsMapScript) family() bool { return len(sc.Family.Prompt) > 0 }

var amendsMapKind = kind{
	name:   "amendsmap",
	script: func() any { return new(AmendsMapScript) },
	begin: beginWith(func(sc AmendsMapScript) exercise {
		return &amendsMap{writing: writing{prompt: sc.Prompt, minutes: sc.Minutes}, part: sc.Part, family: given(sc.Family, sc.family())}
	}),
	views: []any{AmendsMapView{}, WritingView{}},
}

type amendsMap struct {
	writing
	part   string
	family *FamilyPrompt
}

func (x *amendsMap) clone() exercise {
	c := *x
	return &c
}

// AmendsMapView is what everybody reads. The stage has the invitation and the time.
type AmendsMapView struct {
	WritingView
	Part   string        `json:"part,omitempty"`
	Family *FamilyPrompt `json:"family,omitempty"`
}

func (x *amendsMap) everyone(s *Session, _ StepID) any {
	return AmendsMapView{x.view(s), x.part, x.family}
}

func (x *amendsMap) stage(s *Session, _ StepID) any { return x.view(s) }
