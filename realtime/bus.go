package realtime

import (
	"encoding/binary"
	"encoding/json"
	"strings"

	"github.com/nats-io/nats.go"

	"mend/facilitator"
)

// bus carries what nodes tell each other about a session: a commit just made, whom they hold, and signals. It
// may lose anything; what matters is in the log.
type bus interface {
	Tell(session string, e Entry)
	Beat(session string, people []facilitator.PersonID)
	Signal(session string, sealed []byte)
	// Listen hands over what other nodes say until stop is called. heard must not be slow.
	Listen(session string, heard func(message)) (stop func(), err error)
}

// Bus is the bus over core NATS.
type Bus struct{ conn *nats.Conn }

const (
	tellSuffix = ".commit"
	beatSuffix = ".here"
	passSuffix = ".signal"
)

func roomSubject(session string) string { return "mend.room." + session }

// Tell announces a commit as it was stored, still sealed. The commit itself names its predecessor.
func (b Bus) Tell(session string, e Entry) {
	data := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(e.Sealed)), e.Seq)
	b.conn.Publish(roomSubject(session)+tellSuffix, append(data, e.Sealed...))
}

// Beat says which people this node holds a connection of.
func (b Bus) Beat(session string, people []facilitator.PersonID) {
	data, err := json.Marshal(people)
	if err == nil {
		b.conn.Publish(roomSubject(session)+beatSuffix, data)
	}
}

// Signal passes a signal between two people on, sealed.
func (b Bus) Signal(session string, sealed []byte) {
	b.conn.Publish(roomSubject(session)+passSuffix, sealed)
}

// Listen subscribes to what is said about a session.
func (b Bus) Listen(session string, heard func(message)) (func(), error) {
	sub, err := b.conn.Subscribe(roomSubject(session)+".*", func(m *nats.Msg) {
		switch {
		case strings.HasSuffix(m.Subject, tellSuffix) && len(m.Data) > 8:
			heard(told{Entry{Seq: binary.BigEndian.Uint64(m.Data), Sealed: m.Data[8:]}})
		case strings.HasSuffix(m.Subject, beatSuffix):
			var people []facilitator.PersonID
			if json.Unmarshal(m.Data, &people) == nil {
				heard(beaten{people})
			}
		case strings.HasSuffix(m.Subject, passSuffix):
			heard(passed{m.Data})
		}
	})
	if err != nil {
		return nil, err
	}
	return func() { sub.Unsubscribe() }, nil
}
