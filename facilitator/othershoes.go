package facilitator

import "errors"

// OtherShoesScript has people tell the harm from the other person's side. Share, if it is there, invites
// them to bring one sentence of it to the group in their own way; nothing goes anywhere by itself.
type OtherShoesScript struct {
	Minutes int    `json:"minutes" yaml:"minutes" schema:"min=1,max=60" about:"How long people write."`
	Prompt  Text   `json:"prompt" yaml:"prompt" about:"The invitation to write as the other person."`
	Prompts []Text `json:"prompts" yaml:"prompts" schema:"min=1,max=7" about:"Questions that help to see it from there."`
	Share   Text   `json:"share,omitempty" yaml:"share" about:"An invitation to share one sentence, in a round or a bowl that follows."`

	Family FamilyPrompts `json:"family,omitzero,omitempty" yaml:"family" about:"What a family seat is asked instead: to tell it as somebody would who stood by them. Nobody who was harmed is asked to see it from the other side."`
}

func (sc OtherShoesScript) check() error {
	if len(sc.Prompts) < 1 || len(sc.Prompts) > 7 {
		return errors.New("prompts needs between 1 and 7 of them")
	}
	return errors.Join(sc.Family.check(), checkMinutes(sc.Minutes))
}

func (sc OtherShoesScript) family() bool { return len(sc.Family.Prompt) > 0 }

var otherShoesKind = kind{
	name:   "othershoes",
	script: func() any { return new(OtherShoesScript) },
	begin: beginWith(func(sc OtherShoesScript) exercise {
		return &otherShoes{writing: writing{prompt: sc.Prompt, minutes: sc.Minutes}, prompts: sc.Prompts, share: sc.Share, family: given(sc.Family, sc.family())}
	}),
	views: []any{OtherShoesView{}, WritingView{}},
}

type otherShoes struct {
	writing
	prompts []Text
	share   Text
	family  *FamilyPrompts
}

func (x *otherShoes) clone() exercise {
	c := *x
	return &c
}

// OtherShoesView is what everybody reads. The stage has the invitation and the time.
type OtherShoesView struct {
	WritingView
	Prompts []Text         `json:"prompts"`
	Share   Text           `json:"share,omitempty"`
	Family  *FamilyPrompts `json:"family,omitempty"`
}

func (x *otherShoes) everyone(s *Session, _ StepID) any {
	return OtherShoesView{x.view(s), x.prompts, x.share, x.family}
}

func (x *otherShoes) stage(s *Session, _ StepID) any { return x.view(s) }
