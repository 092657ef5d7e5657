package realtime

import (
	"encoding/json"
	"time"

	"mend/facilitator"
)

// A signal is fleeting: it goes from one person to another with whom they are in a practice room, or who looks after their
// request for support in a talk they opened, by way of whichever nodes hold their connections, and is stored nowhere. Nodes tell it each other sealed, as they do commits. It may be lost.

// Signal is what a client says to another person, or hears from one. Data is theirs; nobody here looks into it.
type Signal struct {
	To   facilitator.PersonID `json:"to,omitempty"`   // from a client
	From facilitator.PersonID `json:"from,omitempty"` // to a client
	Data json.RawMessage      `json:"data"`
}

// ICEServer is a STUN or TURN server as a browser takes it.
type ICEServer struct {
	URLs       []string `json:"urls"`
	Username   string   `json:"username,omitempty"`
	Credential string   `json:"credential,omitempty"`
}

const (
	signalMost      = 8 << 10 // bytes of data
	signalBurst     = 40
	signalPerSecond = 10
)

var (
	errSignalOutside = refusal(facilitator.Denied, "signal_outside", "You can only reach somebody who is in a practice room or a support talk with you now.")
	errSignalTooLong = refusal(facilitator.Invalid, "signal_too_long", "This signal is too long to pass on.")
	errSignalTooFast = refusal(facilitator.Denied, "signal_too_fast", "That was too many signals at once. Wait a moment, then call again.")
)

// signal hands a signal to the room; it reports false if the room is no more.
func (c *Conn) signal(room *Room, f ClientFrame, p *pace) bool {
	switch {
	case len(f.Signal.Data) > signalMost:
		c.refuseSignal(f.ID, errSignalTooLong)
	case !p.allow(time.Now()):
		c.refuseSignal(f.ID, errSignalTooFast)
	default:
		return room.tell(signalled{c, f.ID, Signal{To: f.Signal.To, From: c.person(), Data: f.Signal.Data}})
	}
	return true
}

func (c *Conn) refuseSignal(id uint64, err error) {
	c.send(ServerFrame{No: id, Error: refusalOf(err)}.frame())
}

// signalled is a signal from a connection of this node.
type signalled struct {
	conn *Conn
	id   uint64 // 0 if no answer is wanted
	Signal
}

func (m signalled) handle(r *Room) {
	if !r.meet(m.Signal) {
		m.conn.refuseSignal(m.id, errSignalOutside)
		return
	}
	if plain, err := json.Marshal(m.Signal); err == nil {
		r.bus.Signal(r.session, r.fold.chain.seal.close(plain))
	}
	r.pass(m.Signal)
	if m.id != 0 {
		m.conn.answer(m.id, nil)
	}
}

// passed is a signal from another node, sealed.
type passed struct{ sealed []byte }

func (m passed) handle(r *Room) {
	var s Signal
	plain, err := r.fold.chain.seal.open(m.sealed)
	if err != nil || json.Unmarshal(plain, &s) != nil || !r.meet(s) {
		return
	}
	r.pass(s)
}

// meet reports whether two people may signal to each other now.
func (r *Room) meet(s Signal) bool {
	return r.fold.state.Together(s.From, s.To) || r.fold.state.Talking(s.From, s.To)
}

// pass gives a signal to every connection of its addressee on this node.
func (r *Room) pass(s Signal) {
	var frame []byte
	for c := range r.conns {
		if c.person() != s.To {
			continue
		}
		if frame == nil {
			frame = ServerFrame{Signal: &Signal{From: s.From, Data: s.Data}}.frame()
		}
		c.send(frame)
	}
}
