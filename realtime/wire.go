package realtime

import (
	"encoding/json"
	"strconv"

	"mend/facilitator"
)

// The frames of the protocol, each a JSON object in a text message. PROTOCOL.md is their description.

// ClientFrame is what a client sends. Exactly one of Hello, Do, Signal and Beat is there.
type ClientFrame struct {
	Hello  *Hello          `json:"hello,omitempty"`
	ID     uint64          `json:"id,omitempty"`
	Do     string          `json:"do,omitempty"`
	With   json.RawMessage `json:"with,omitempty"`
	Signal *Signal         `json:"signal,omitempty"`
	Beat   int64           `json:"beat,omitempty"`
}

// Hello is the first frame: who is speaking, from which tab, and what it has already.
type Hello struct {
	Token  string                          `json:"token"`
	Client string                          `json:"client"` // random, made by the tab once
	Build  string                          `json:"build,omitempty"`
	Docs   map[facilitator.Document]uint64 `json:"docs,omitempty"`
}

// Welcome answers a hello.
type Welcome struct {
	Session  string                          `json:"session"`
	Person   facilitator.PersonID            `json:"person"` // empty for the stage
	Role     facilitator.Role                `json:"role"`
	Now      facilitator.Time                `json:"now"`
	Build    string                          `json:"build,omitempty"`
	ReadOnly bool                            `json:"readonly,omitempty"`
	ICE      []ICEServer                     `json:"ice,omitempty"` // for calls, as the operator configured them
	Docs     map[facilitator.Document]uint64 `json:"docs"`          // those for which the client's copy is right, at this revision
}

// Bye is said before the server closes a connection.
type Bye struct {
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// ServerFrame is what a server sends, but for documents, which are built by hand. It has one member, or
// two where an answer names its command.
type ServerFrame struct {
	Welcome  *Welcome             `json:"welcome,omitempty"`
	OK       uint64               `json:"ok,omitempty"`
	Now      facilitator.Time     `json:"now,omitempty"`  // with ok
	With     *Signatures          `json:"with,omitempty"` // with ok, where a command gives something
	No       uint64               `json:"no,omitempty"`
	Error    *facilitator.Refusal `json:"error,omitempty"` // with no
	Gone     facilitator.Document `json:"gone,omitempty"`
	Signal   *Signal              `json:"signal,omitempty"`
	ReadOnly bool                 `json:"readonly,omitempty"`
	Beat     facilitator.Time     `json:"beat,omitempty"`
	Bye      *Bye                 `json:"bye,omitempty"`
}

// DocFrame is a document, whole or as the change since a revision the client has.
type DocFrame struct {
	Doc   facilitator.Document `json:"doc"`
	Rev   uint64               `json:"rev"`
	From  uint64               `json:"from,omitempty"` // with patch
	Patch json.RawMessage      `json:"patch,omitempty"`
	Is    json.RawMessage      `json:"is,omitempty"`
}

func (f ServerFrame) frame() []byte {
	b, err := json.Marshal(f)
	if err != nil {
		panic("realtime: a frame cannot be encoded: " + err.Error())
	}
	return textFrame(b)
}

var readOnlyFrame = ServerFrame{ReadOnly: true}.frame()

// bye is a last word and the code the connection is then closed with.
type bye struct {
	Bye
	code int
}

// Close codes. Those from 4400 on are ours; each is final or asks to try again, as PROTOCOL.md says.
const (
	closeProtocol   = 1002
	closeNotText    = 1003
	closeNotUTF8    = 1007
	closeTooBig     = 1009
	closeRestart    = 1012
	closeLater      = 1013
	closeBadToken   = 4401
	closeRemoved    = 4403
	closeNoHello    = 4408
	closeOver       = 4410
	closeUnreadable = 4422
)

var (
	byeRestart  = bye{Bye{"restart", "The server is restarting. Your place is kept."}, closeRestart}
	byeLater    = bye{Bye{"later", "The room cannot be reached at the moment. Your place is kept."}, closeLater}
	byeTooFast  = bye{Bye{"too_fast", "This device sent too much at once."}, closeLater}
	byeBadToken = bye{Bye{"token", "This device's key to the room is not valid any more. Join again with the code."}, closeBadToken}
	byeRemoved  = bye{Bye{"removed", "Your seat in this room is gone. Join again with the code if you wish to come back."}, closeRemoved}
	byeNoHello  = bye{Bye{"no_hello", "The connection said nothing."}, closeNoHello}
	byeOver     = bye{Bye{"over", "This session is over."}, closeOver}
	byeProtocol = bye{Bye{"websocket", "This is not how WebSocket frames look."}, closeProtocol}
	byeNotUTF8  = bye{Bye{"utf8", "A message was not valid text."}, closeNotUTF8}
	byeTooBig   = bye{Bye{"too_big", "A message was too long."}, closeTooBig}
	byeNotText  = bye{Bye{"not_text", "A message was not text."}, closeNotText}
	byeFrame    = bye{Bye{"frame", "A message was not a frame of the protocol."}, closeUnreadable}
	byeDamaged  = bye{Bye{"damaged", "This session's record is damaged and nothing of it can be shown. Start a new session."}, closeOver}
)

// byeFor is the last word to a connection that could not be let in.
func byeFor(err error) bye {
	switch err {
	case errSessionOver:
		return byeOver
	case errNoSeat:
		return byeRemoved
	case errReadOnly:
		return byeDamaged
	case errClosing:
		return byeRestart
	}
	return byeLater
}

// okFrame is built by hand: it is the one every command costs.
func okFrame(id uint64, now facilitator.Time) []byte {
	b := make([]byte, 0, 48)
	b = strconv.AppendUint(append(b, `{"ok":`...), id, 10)
	b = strconv.AppendInt(append(b, `,"now":`...), int64(now), 10)
	return textFrame(append(b, '}'))
}
