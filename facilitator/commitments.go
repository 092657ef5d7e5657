package facilitator

// CommitmentsScript is a private page of what one will do, by when and what it repairs. Witness, if it
// is there, invites whoever likes to read one of theirs aloud; nothing is sent for it but a raised hand.
type CommitmentsScript struct {
	Minutes int  `json:"minutes" yaml:"minutes" schema:"min=1,max=60" about:"How long people write."`
	Prompt  Text `json:"prompt" yaml:"prompt" about:"What they write about."`
	Witness Text `json:"witness,omitempty" yaml:"witness" about:"The invitation to read one aloud."`
}

func (sc CommitmentsScript) check() error { return checkMinutes(sc.Minutes) }

var commitmentsKind = kind{
	name:   "commitments",
	script: func() any { return new(CommitmentsScript) },
	begin: beginWith(func(sc CommitmentsScript) exercise {
		return &commitments{writing: writing{prompt: sc.Prompt, minutes: sc.Minutes}, witness: sc.Witness}
	}),
	views: []any{CommitmentsView{}},
}

type commitments struct {
	writing
	witness Text
}

func (x *commitments) clone() exercise {
	c := *x
	return &c
}

// CommitmentsView is the same for everybody and the stage.
type CommitmentsView struct {
	WritingView
	Witness Text `json:"witness,omitempty"`
}

func (x *commitments) everyone(s *Session, _ StepID) any {
	return CommitmentsView{x.view(s), x.witness}
}

func (x *commitments) stage(s *Session, id StepID) any { return x.everyone(s, id) }
