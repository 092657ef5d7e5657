package facilitator

// CommitmentsScript is a private page of what one will do, by when and what it repairs. Witness, if it
// is there, invites whoever likes to read one of theirs aloud; nothing is sent for it but a raised hand.
type CommitmentsScript struct {
	Minutes int  `json:"minutes" yaml:"minutes" schema:"min=1,max=60" about:"How long people write."`
	Prompt  Text `json:"prompt" yaml:"prompt" about:"What they write about."`
	Witness Text `json:"witness,omitempty" yaml:"witness" about:"The invitation to read one aloud."`

	Family FamilyPrompt `json:"family,omitzero,omitempty" yaml:"family" about:"What a family seat is asked instead: where their boundaries are."`
}

func (sc CommitmentsScript) check() error { return checkMinutes(sc.Minutes) }

func (sc CommitmentsScript) family() bool { return len(sc.Family.Prompt) > 0 }

var commitmentsKind = kind{
	name:   "commitments",
	script: func() any { return new(CommitmentsScript) },
	begin: beginWith(func(sc CommitmentsScript) exercise {
		return &commitments{writing: writing{prompt: sc.Prompt, minutes: sc.Minutes}, witness: sc.Witness, family: given(sc.Family, sc.family())}
	}),
	views: []any{CommitmentsView{}},
}

type commitments struct {
	writing
	witness Text
	family  *FamilyPrompt
}

func (x *commitments) clone() exercise {
	c := *x
	return &c
}

// CommitmentsView is what everybody reads; the stage does without the family's part.
type CommitmentsView struct {
	WritingView
	Witness Text          `json:"witness,omitempty"`
	Family  *FamilyPrompt `json:"family,omitempty"`
}

func (x *commitments) everyone(s *Session, _ StepID) any {
	return CommitmentsView{x.view(s), x.witness, x.family}
}

func (x *commitments) stage(s *Session, _ StepID) any {
	return CommitmentsView{WritingView: x.view(s), Witness: x.witness}
}
