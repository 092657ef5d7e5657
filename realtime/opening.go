package realtime

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/facilitator"
)

// opening is a room being read from its log. Whoever else wants it waits for the same reading.
type opening struct {
	done chan struct{}
	err  error
}

// room finds a session's room, or reads it from its log. Whoever gets it calls leave.
func (n *Node) room(ctx context.Context, session string) (*Room, error) {
	for {
		n.mu.Lock()
		if n.closing {
			n.mu.Unlock()
			return nil, errClosing
		}
		if r := n.rooms[session]; r != nil {
			r.users++
			n.mu.Unlock()
			return r, nil
		}
		o := n.opening[session]
		if o == nil {
			o = &opening{done: make(chan struct{})}
			n.opening[session] = o
			n.beside.Go(func() { n.open(session, o) })
		}
		n.mu.Unlock()
		select {
		case <-o.done:
		case <-ctx.Done():
			return nil, fmt.Errorf("opening session %s: %w", session, errNoAnswer)
		}
		if o.err != nil {
			return nil, o.err
		}
	}
}

// open reads a session and starts its room.
func (n *Node) open(session string, o *opening) {
	r := &Room{
		session: session, log: n.log, bus: n.bus, logger: n.logger, node: n, ctx: n.ctx,
		inbox: make(chan message, inboxSize), results: make(chan message, 16),
		leave: make(chan struct{}), done: make(chan struct{}),
		poisoned: map[CommandID]bool{}, conns: map[*Conn]struct{}{}, feeds: map[facilitator.Document]*feed{},
		held: map[facilitator.PersonID]int{}, seen: map[facilitator.PersonID]time.Time{},
	}
	stop, err := n.bus.Listen(session, func(m message) {
		select {
		case r.inbox <- m:
		default: // the room cannot keep up; it will look at the log
		}
	})
	if err == nil {
		err = r.begin()
		if err != nil {
			stop()
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.opening, session)
	if err == nil && n.closing {
		err = errClosing
		stop()
	}
	if o.err = err; err == nil {
		n.rooms[session] = r
		n.beside.Go(func() {
			defer stop()
			r.run()
			n.drop(r)
		})
	}
	close(o.done)
}

// begin folds the session for the first time.
func (r *Room) begin() error {
	f, err := readLog(r.ctx, r.log, r.session)
	if err != nil && !errors.Is(err, ErrBroken) {
		return err
	}
	if err != nil {
		r.broken = err
		r.logger.Error("the session can only be read", "session", r.session, "error", err)
	} else if f.chain.n == 0 {
		return ErrNoSession
	}
	r.fold, r.shownUpTo = f, f.chain.n
	now := time.Now()
	r.tailAt, r.presenceAt = now.Add(tailEvery), now.Add(presenceEvery)
	if f.state.Closed() {
		r.forgetAt, r.farewellAt = now, r.until(now)
	}
	return nil
}

// leave is called by whoever got a room.
func (n *Node) leave(r *Room) {
	n.mu.Lock()
	defer n.mu.Unlock()
	r.users--
}

// release lets an unused room go, if nobody asked for it meanwhile.
func (n *Node) release(r *Room) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if r.users > 0 {
		return false
	}
	delete(n.rooms, r.session)
	return true
}

// drop takes a room that has ended out of the list.
func (n *Node) drop(r *Room) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.rooms[r.session] == r {
		delete(n.rooms, r.session)
	}
}
