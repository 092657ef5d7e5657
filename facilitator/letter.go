package facilitator

import "errors"

// LetterScript is a letter that is not sent. Prompts stand beside it, folded away by whoever does not want them.
type LetterScript struct {
	Minutes int    `json:"minutes" yaml:"minutes" schema:"min=1,max=60" about:"How long people write."`
	Prompt  Text   `json:"prompt" yaml:"prompt" about:"What the letter is, and to whom."`
	Prompts []Text `json:"prompts" yaml:"prompts" schema:"min=1,max=7" about:"Questions to write along, that can be folded away; seven are good."`

	Family FamilyPrompts `json:"family,omitzero,omitempty" yaml:"family" about:"What a family seat is asked instead."`
}

func (sc LetterScript) check() error {
	if len(sc.Prompts) < 1 || len(sc.Prompts) > 7 {
		return errors.New("prompts needs between 1 and 7 of them")
	}
	return errors.Join(sc.Family.check(), checkMinutes(sc.Minutes))
}

func (sc LetterScript) family() bool { return len(sc.Family.Prompt) > 0 }

var letterKind = kind{
	name:   "letter",
	script: func() any { return new(LetterScript) },
	begin: beginWith(func(sc LetterScript) exercise {
		return &letter{writing: writing{prompt: sc.Prompt, minutes: sc.Minutes}, prompts: sc.Prompts, family: given(sc.Family, sc.family())}
	}),
	views: []any{LetterView{}, WritingView{}},
}

type letter struct {
	writing
	prompts []Text
	family  *FamilyPrompts
}

func (x *letter) clone() exercise {
	c := *x
	return &c
}

// LetterView is what everybody reads. The stage has the invitation and the time, not the prompts.
type LetterView struct {
	WritingView
	Prompts []Text         `json:"prompts"`
	Family  *FamilyPrompts `json:"family,omitempty"`
}

func (x *letter) everyone(s *Session, _ StepID) any {
	return LetterView{x.view(s), x.prompts, x.family}
}

func (x *letter) stage(s *Session, _ StepID) any { return x.view(s) }
