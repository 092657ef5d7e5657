package realtime

import (
	"crypto/rand"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"mend/facilitator"
)

// order is a command on its way. The answer is given once, by the room's goroutine, and must not wait.
type order struct {
	id     CommandID // none for what the server itself orders
	seat   facilitator.Seat
	do     facilitator.Command
	answer func(error)
}

// batch is what was decided together and is stored as one commit.
type batch struct {
	orders  []order
	errs    []error // of each order; nil is done
	again   []bool  // of each order: it was done before, and is only answered
	events  []facilitator.Event
	ids     []CommandID
	next    *facilitator.Session // nil if nothing happened
	touched facilitator.Touched
	at      facilitator.Time
	sealed  []byte
	outside bool // it came through the doorway
}

// decide takes each order in turn against the state that the ones before it will have made.
func (r *Room) decide(orders []order, now time.Time) *batch {
	b := &batch{orders: orders, errs: make([]error, len(orders)), again: make([]bool, len(orders)), at: max(timeOf(now), r.fold.at)}
	state := r.fold.state
	mine := applied{}
	for i, o := range orders {
		if o.id.Client != "" && (r.fold.applied.has(o.id) || mine.has(o.id)) {
			b.again[i] = true
			continue // it is in the log already, or just before this one: answered again, applied once
		}
		if r.poisoned[o.id] {
			b.errs[i] = errInternal
			continue
		}
		r.deciding = o.id
		events, err := state.Decide(o.do, facilitator.Input{At: b.at, By: o.seat, ID: freshID, Shuffle: shuffle})
		if b.errs[i] = err; err != nil || len(events) == 0 {
			continue
		}
		if b.next == nil {
			b.next = state.Clone()
			state = b.next
		}
		for _, e := range events {
			b.touched = both(b.touched, state.Apply(e))
		}
		b.events = append(b.events, events...)
		if o.id.Client != "" {
			b.ids = append(b.ids, o.id)
			mine.add(o.id)
		}
	}
	r.deciding = CommandID{}
	return b
}

// answerAll tells each sender what became of its order, and the audit trail of those it is for. before is the session
// they were decided against.
func (b *batch) answerAll(r *Room, before *facilitator.Session) {
	var owed []reply
	for i, o := range b.orders {
		if action, ok := facilitator.Audited(o.do); ok && !b.again[i] && r.node.onAudited != nil {
			role, seated := before.RoleOf(o.seat.Person)
			if !seated {
				role = o.seat.Role
			}
			r.node.onAudited(r.session, role, action, b.errs[i])
		}
		switch {
		case o.answer == nil:
		case b.outside:
			owed = append(owed, reply{o, b.errs[i]})
		default:
			o.answer(b.errs[i])
		}
	}
	r.doorway.owe(owed)
}

// refuseAll answers every order with one error.
func refuseAll(orders []order, err error) {
	for _, o := range orders {
		if o.answer != nil {
			o.answer(err)
		}
	}
}

// commit decides what waits and appends it, if nothing is on its way and it is time.
func (r *Room) commit(now time.Time) {
	switch {
	case r.busy || r.leaving:
		return
	case r.broken != nil:
		refuseAll(r.waiting, errReadOnly)
		refuseAll(r.doorway.waiting, errReadOnly)
		r.waiting, r.doorway.waiting = nil, nil
		return
	}
	orders, outside := r.upNext(now)
	if len(orders) == 0 {
		return
	}
	r.current = orders
	b := r.decide(orders, now)
	r.current, b.outside = nil, outside
	if b.next == nil {
		b.answerAll(r, r.fold.state)
		r.commit(now) // what may not be stored together with these
		return
	}
	events, err := storeEvents(b.events)
	if err == nil {
		b.sealed, err = r.fold.chain.write(b.at, b.ids, events)
	}
	if err != nil {
		r.logger.Error("a commit could not be encoded", "error", err)
		refuseAll(orders, errInternal)
		return
	}
	r.busy, r.storing = true, !outside
	if !outside {
		r.appendAt = now.Add(appendGap(len(r.conns)))
	}
	last := r.fold.chain.seq
	r.aside(func() message { return settled{b, settle(r.ctx, r.log, r.session, last, b.sealed)} })
}

// upNext takes what is decided next out of its line.
func (r *Room) upNext(now time.Time) (orders []order, outside bool) {
	switch {
	case r.doorway.ready(now, len(r.waiting)):
		return r.doorway.take(now), true
	case len(r.waiting) == 0 || now.Before(r.appendAt):
		return nil, false
	}
	orders = r.together()
	r.waiting = r.waiting[len(orders):]
	return orders, false
}

// together is what of the waiting orders may be stored in one record.
func (r *Room) together() []order {
	for i, o := range r.waiting {
		if facilitator.Alone(o.do) {
			return r.waiting[:max(i, 1):max(i, 1)]
		}
	}
	return r.waiting[:len(r.waiting):len(r.waiting)]
}

// appendGap keeps big rooms from paying for an append per command while commands keep coming.
func appendGap(people int) time.Duration {
	return min(20*time.Millisecond, time.Duration(people)*20*time.Microsecond)
}

// settled brings the room the outcome of its append.
type settled struct {
	batch *batch
	outcome
}

func (m settled) handle(r *Room) {
	r.busy, r.storing = false, false
	b := m.batch
	switch {
	case m.stored:
		r.stored(b, m.seq)
		r.catchUp(m.others)
	case errors.Is(m.err, ErrFull):
		refuseAll(b.orders, errStorageFull)
	case errors.Is(m.err, ErrNoSession):
		refuseAll(b.orders, errSessionOver)
		r.vanished()
	case errors.Is(m.err, ErrBroken):
		r.breakDown(m.err)
		refuseAll(b.orders, errReadOnly)
	case m.err != nil: // the room is closing; the senders will ask again elsewhere
	default:
		r.catchUp(m.others)
		if b.outside {
			r.doorway.back(b.orders)
			return
		}
		r.waiting = append(b.orders, r.waiting...)
		r.appendAt = time.Time{}
	}
}

// stored makes the batch the room's state. If the commit came back by way of an announcement first,
// it is in the state already.
func (r *Room) stored(b *batch, seq uint64) {
	e, before := Entry{Seq: seq, Sealed: b.sealed}, r.fold.state
	if seq > r.fold.chain.seq {
		r.fold.state = b.next
		r.fold.accept(e, b.at, b.ids)
		r.changed(b.touched)
	}
	r.bus.Tell(r.session, e)
	b.answerAll(r, before)
	if r.fold.state.Closed() {
		r.forgetAt = time.Now()
	}
}

func timeOf(t time.Time) facilitator.Time { return facilitator.Time(t.UnixMilli()) }

// freshID is short enough to type and long enough not to meet itself again in a session.
func freshID() string { return rand.Text()[:12] }

// survive is deferred around the room's work. A panic there is a bug: it is logged without what people
// said, the order that led to it is not tried again, and the room is folded anew from its log.
func (r *Room) survive(again *bool) {
	p := recover()
	if p == nil {
		return
	}
	r.logger.Error("the room failed and is folded again", "session", r.session, "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
	if r.deciding.Client != "" {
		r.poisoned[r.deciding] = true
	} else if r.current != nil {
		refuseAll(r.current, errInternal)
		r.current = nil
	}
	r.waiting = append(r.current, r.waiting...)
	r.current, r.deciding = nil, CommandID{}
	*again = true
}
