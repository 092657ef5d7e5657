package facilitator

// Code says what sort of refusal it is; one table turns it into an HTTP status or a socket reply.
type Code string

// The codes. Whatever is none of these is an internal error.
const (
	Invalid  Code = "invalid"
	Denied   Code = "denied"
	Conflict Code = "conflict"
	NotFound Code = "not_found"
	Closed   Code = "closed"
)

// Refusal is why a command changed nothing. Reason is stable and is what clients translate;
// Message is the same in plain English, for scripts, and names the remedy.
type Refusal struct {
	Code    Code   `json:"code"`
	Reason  string `json:"reason"`
	Message string `json:"message"`

	Steps []StepID `json:"steps,omitempty"` // of the agenda, that the remedy is about
}

func (r *Refusal) Error() string { return r.Message }

func refuse(code Code, reason, message string) error {
	return &Refusal{Code: code, Reason: reason, Message: message}
}
