package facilitator

// ClosingScript is the words a workshop closes with.
type ClosingScript struct {
	Words Text `json:"words" yaml:"words" about:"The last words."`
}

var closingKind = kind{
	name:   "closing",
	script: func() any { return new(ClosingScript) },
	begin:  beginWith(func(sc ClosingScript) exercise { return closing{script: sc} }),
	views:  []any{ClosingView{}},
}

// closing shows the last words. The session itself is closed by a command of the session's.
type closing struct {
	plain
	script ClosingScript
}

func (x closing) clone() exercise { return x }

// ClosingView is the same for everybody and the stage.
type ClosingView struct {
	Words Text `json:"words"`
}

func (x closing) everyone(*Session, StepID) any { return ClosingView{Words: x.script.Words} }
func (x closing) stage(*Session, StepID) any    { return ClosingView{Words: x.script.Words} }
