package facilitator

import "errors"

// SelfAmendsScript is a private page of amends to oneself: what was neglected, one kind thing, one
// practical thing, and some words of forgiveness to oneself. Each is a question in the author's words.
type SelfAmendsScript struct {
	Minutes     int  `json:"minutes" yaml:"minutes" schema:"min=1,max=60" about:"How long people write."`
	Prompt      Text `json:"prompt" yaml:"prompt" about:"The invitation."`
	Neglect     Text `json:"neglect" yaml:"neglect" about:"Asks what of oneself was neglected."`
	Kind        Text `json:"kind" yaml:"kind" about:"Asks for one kind thing to do for oneself."`
	Practical   Text `json:"practical" yaml:"practical" about:"Asks for one practical thing, with a day."`
	Forgiveness Text `json:"forgiveness,omitempty" yaml:"forgiveness" about:"Invites to write to oneself as to a friend, without letting oneself off."`

	Family FamilySelf `json:"family,omitzero,omitempty" yaml:"family" about:"What a family seat is asked instead: what they put aside for somebody else, and where their own support is."`
}

// FamilySelf is what the same page asks from the family's side.
type FamilySelf struct {
	Prompt      Text `json:"prompt" yaml:"prompt" about:"The invitation to write, from the family's side."`
	Neglect     Text `json:"neglect" yaml:"neglect" about:"Asks what of one's own was put aside."`
	Kind        Text `json:"kind" yaml:"kind" about:"Asks for one kind thing to do for oneself."`
	Practical   Text `json:"practical" yaml:"practical" about:"Asks for one practical thing, with a day."`
	Forgiveness Text `json:"forgiveness,omitempty" yaml:"forgiveness" about:"Invites to write to oneself as to a friend."`
}

func (sc SelfAmendsScript) family() bool { return len(sc.Family.Prompt) > 0 }

func (sc SelfAmendsScript) check() error {
	for name, words := range map[string]Text{"neglect": sc.Neglect, "kind": sc.Kind, "practical": sc.Practical} {
		if len(words) == 0 {
			return errors.New(name + " is missing: it asks the question of that part")
		}
	}
	return checkMinutes(sc.Minutes)
}

var selfAmendsKind = kind{
	name:   "selfamends",
	script: func() any { return new(SelfAmendsScript) },
	begin: beginWith(func(sc SelfAmendsScript) exercise {
		return &selfAmends{writing: writing{prompt: sc.Prompt, minutes: sc.Minutes}, script: sc}
	}),
	views: []any{SelfAmendsView{}, WritingView{}},
}

type selfAmends struct {
	writing
	script SelfAmendsScript
}

func (x *selfAmends) clone() exercise {
	c := *x
	return &c
}

// SelfAmendsView is what everybody reads. The stage has the invitation and the time.
type SelfAmendsView struct {
	WritingView
	Neglect     Text        `json:"neglect"`
	Kind        Text        `json:"kind"`
	Practical   Text        `json:"practical"`
	Forgiveness Text        `json:"forgiveness,omitempty"`
	Family      *FamilySelf `json:"family,omitempty"`
}

func (x *selfAmends) everyone(s *Session, _ StepID) any {
	sc := x.script
	return SelfAmendsView{x.view(s), sc.Neglect, sc.Kind, sc.Practical, sc.Forgiveness, given(sc.Family, sc.family())}
}

func (x *selfAmends) stage(s *Session, _ StepID) any { return x.view(s) }
