package realtime

import (
	"encoding/json"
	"errors"
	"io"
	"time"
	"unicode/utf8"

	"mend/facilitator"
)

// What a connection may send.
const (
	helloWithin = 5 * time.Second

	burst     = 60 // frames at once
	perSecond = 20 // frames in the long run
	flood     = 40 // refused frames until the connection is cut
)

// serve is a connection's whole life: hello, commands, the end. Listening has a goroutine of its own,
// because greeting needs a deep stack and listening, which is most of a life, a small one.
func (n *Node) serve(c *Conn) {
	listening := false
	defer func() {
		if !listening {
			n.exit(c)
		}
	}()
	defer n.recovered()
	c.net.SetReadDeadline(time.Now().Add(helloWithin))
	room, client := n.greet(c)
	if room == nil {
		c.farewell()
		return
	}
	c.net.SetReadDeadline(time.Time{})
	listening = true
	go func() {
		defer n.exit(c)
		defer n.recovered()
		defer room.tell(detach{c})
		c.listen(room, client)
		c.farewell()
	}()
}

// greet hears the hello and takes the seat. Without a room the client has been told why.
func (n *Node) greet(c *Conn) (*Room, string) {
	f, ok := c.hear()
	if !ok {
		c.bye(byeNoHello) // unless another last word was said already
		return nil, ""
	}
	if f.Hello == nil || len(f.Hello.Client) < 8 || len(f.Hello.Client) > 64 {
		c.bye(byeFrame)
		return nil, ""
	}
	session, seat, err := n.authenticate(n.ctx, f.Hello.Token)
	switch {
	case errors.Is(err, ErrLater):
		c.bye(byeLater)
		return nil, ""
	case err != nil || seat.Role == facilitator.System:
		c.bye(byeBadToken)
		return nil, ""
	}
	c.seat = seat
	has := f.Hello.Docs
	if f.Hello.Build != "" && f.Hello.Build != n.build {
		has = nil // another version of the program may have shown it otherwise
	}
	room, err := n.room(n.ctx, session)
	if err != nil {
		c.bye(byeFor(n.told(err)))
		return nil, ""
	}
	defer n.leave(room)
	reply := make(chan error, 1)
	if !room.tell(attach{conn: c, has: has, reply: reply}) {
		c.bye(byeLater)
		return nil, ""
	}
	select {
	case err = <-reply:
	case <-room.done:
		err = errClosing
	case <-time.After(answerWithin):
		err = errNoAnswer
	}
	if err != nil {
		c.bye(byeFor(err))
		return nil, ""
	}
	return room, f.Hello.Client
}

// hear waits for the next frame. When it reports false the connection is over, and the client knows.
func (c *Conn) hear() (f ClientFrame, ok bool) {
	text, message, err := c.message()
	c.deaf = err
	switch {
	case errors.Is(err, errTooBig):
		c.bye(byeTooBig)
		return f, false
	case errors.Is(err, errProtocol):
		c.bye(byeProtocol)
		return f, false
	case err != nil:
		return f, false
	case !text:
		c.bye(byeNotText)
		return f, false
	case !utf8.Valid(message):
		c.bye(byeNotUTF8)
		return f, false
	case json.Unmarshal(message, &f) != nil:
		c.bye(byeFrame)
		return f, false
	}
	c.heard.beat()
	return f, true
}

// listen hands commands to the room until the connection ends.
func (c *Conn) listen(room *Room, client string) {
	pace, signals := newPace(burst, perSecond), newPace(signalBurst, signalPerSecond)
	for {
		f, ok := c.hear()
		if !ok {
			return
		}
		if f.Signal != nil {
			if signals.refused > flood {
				c.bye(byeTooFast)
				return
			}
			if !c.signal(room, f, signals) {
				return
			}
			continue
		}
		allowed := pace.allow(time.Now())
		switch {
		case pace.refused > flood:
			c.bye(byeTooFast)
			return
		case f.Beat != 0:
			c.send(ServerFrame{Beat: timeOf(time.Now())}.frame())
		case f.ID == 0 || f.Do == "":
			c.send(ServerFrame{No: f.ID, Error: errFrame}.frame())
		case !allowed:
			c.answer(f.ID, errTooFast)
		default:
			if !c.order(room, CommandID{string(c.seat.Person) + "/" + client, f.ID}, f) {
				return
			}
		}
	}
}

// order hands one command to the room; it reports false if the room is no more.
func (c *Conn) order(room *Room, id CommandID, f ClientFrame) bool {
	do, err := facilitator.DecodeCommand(f.Do, f.With)
	if err != nil {
		c.answer(id.ID, err)
		return true
	}
	return room.tell(order{id: id, seat: c.seat, do: do, answer: func(err error) { room.answer(c, id.ID, do, err) }})
}

// farewell waits until the last words are written, then reads on until the client has taken them: closing
// with something unread would reset the connection, and the words would be lost on the way. After its own
// close a client sends nothing more, and a browser tells its page only when the connection is closed.
func (c *Conn) farewell() {
	c.mu.Lock()
	closing := c.closing
	c.mu.Unlock()
	if !closing {
		return
	}
	c.settle()
	c.net.SetReadDeadline(time.Now().Add(lastWords))
	for unheard := 0; c.deaf == nil && unheard < unheardMost; {
		var message []byte
		_, message, c.deaf = c.message()
		unheard += len(message) + 1
	}
	if !errors.Is(c.deaf, errHungUp) {
		io.Copy(io.Discard, io.LimitReader(c.net, unheardMost))
	}
}

// unheardMost is how many bytes a client may still have on the way when it is sent away.
const unheardMost = 4 << 20

// pace is a bucket that holds most and fills by perSecond.
type pace struct {
	most, perSecond float64
	left            float64
	at              time.Time
	refused         int
}

func newPace(most, perSecond float64) *pace {
	return &pace{most: most, perSecond: perSecond, left: most, at: time.Now()}
}

func (p *pace) allow(now time.Time) bool {
	p.left = min(p.most, p.left+now.Sub(p.at).Seconds()*p.perSecond)
	p.at = now
	if p.left < 1 {
		p.refused++
		return false
	}
	p.left--
	return true
}
