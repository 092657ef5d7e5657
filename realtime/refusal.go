package realtime

import (
	"errors"

	"mend/facilitator"
)

// internal is the code of what is nobody's fault in the room.
const internal facilitator.Code = "internal"

func refusal(code facilitator.Code, reason, message string) *facilitator.Refusal {
	return &facilitator.Refusal{Code: code, Reason: reason, Message: message}
}

// What the wires themselves refuse. Clients translate the reason.
var (
	errInternal    = refusal(internal, "internal", "Something went wrong on our side. Try again.")
	errStorageFull = refusal(internal, "storage_full", "The server's storage is full, so nothing more can be kept. Ask whoever runs it to make room.")
	errBusy        = refusal(facilitator.Conflict, "busy", "Too much is happening at once. Try again in a moment.")
	errTooFast     = refusal(facilitator.Denied, "too_fast", "That was too many at once. Wait a moment, then try again.")
	errReadOnly    = refusal(facilitator.Conflict, "read_only", "This session's record is damaged, so it can be read but not changed. Start a new session to go on.")
	errSessionOver = refusal(facilitator.Closed, "session_over", "This session is over. Nothing can be changed any more.")
	errNoSeat      = refusal(facilitator.Denied, "no_seat", "You have no seat in this room. Join again with the code.")
	errNoAnswer    = refusal(internal, "log_unreachable", "The server cannot reach its storage at the moment. Try again in a moment.")
	errClosing     = refusal(facilitator.Conflict, "restarting", "The server is restarting. Try again in a moment.")
	errFrame       = refusal(facilitator.Invalid, "frame", "This is not a frame of the protocol. Reload the page to get its newest version.")
)

// refusalOf is how an error is told to a client: a refusal as it is, anything else as internal.
func refusalOf(err error) *facilitator.Refusal {
	var r *facilitator.Refusal
	if errors.As(err, &r) {
		return r
	}
	return errInternal
}
