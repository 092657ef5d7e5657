package facilitator

import "encoding/base64"

// AnswerID names a sealed answer, ReplyID a sealed reply to one. Neither says to which share.
type AnswerID string

// ReplyID names a sealed reply.
type ReplyID string

// AnswerShare puts words for a share's author into the document that everybody reads, sealed by the
// facilitator's own device to the share's key. Sealed is in base64url and always of the same length.
type AnswerShare struct {
	Share  ShareID `json:"share"`
	Sealed string  `json:"sealed"`
}

// ShareAnswered is the fact of it.
type ShareAnswered struct {
	Step   StepID   `json:"step"`
	Share  ShareID  `json:"share"`
	Answer AnswerID `json:"answer"`
	Sealed string   `json:"sealed"`
}

func (c AnswerShare) decide(s *Session, in Input) ([]Event, error) {
	_, id, sh, err := presentShare(s, c.Share)
	if err != nil {
		return nil, err
	}
	if sealed, err := base64.RawURLEncoding.DecodeString(c.Sealed); err != nil || len(sealed) != SealedSize {
		return nil, refuse(Invalid, "answer_form", "This is not a sealed answer. Reload the page to get its newest version.")
	}
	if sh.answered {
		return nil, refuse(Conflict, "answered_already", "This share has been answered already.")
	}
	return []Event{ShareAnswered{Step: id, Share: c.Share, Answer: AnswerID(in.ID()), Sealed: c.Sealed}}, nil
}

func (e ShareAnswered) apply(s *Session) Touched {
	return s.changeShare(e.Step, e.Share, func(x *bowl, sh *share) {
		sh.answered = true
		x.answers[e.Answer] = e.Sealed
	})
}
