package realtime

import (
	"maps"
	"slices"
	"strings"
	"time"

	"mend/facilitator"
)

// attach gives a connection its seat in the room. The reply is nil, or why not.
type attach struct {
	conn  *Conn
	has   map[facilitator.Document]uint64 // revisions the client says it has
	reply chan<- error
	known bool // the log was read since it came
}

func (m attach) handle(r *Room) {
	docs := r.fold.state.Documents(m.conn.seat)
	switch {
	case r.gone:
		m.reply <- errSessionOver
		return
	case len(docs) == 0 && r.broken != nil:
		m.reply <- errReadOnly
		return
	case len(docs) == 0 && !m.known:
		// They may have joined on another node a moment ago: "your seat is gone" is final, so the log is asked first.
		r.strangers, r.behind = append(r.strangers, m), true
		return
	case len(docs) == 0:
		m.reply <- r.noSeat()
		return
	}
	r.notBehind(m.has)
	r.conns[m.conn] = struct{}{}
	if p := m.conn.person(); p != "" {
		r.hold(p)
	}
	right := map[facilitator.Document]uint64{}
	for _, d := range docs {
		sent, isRight := r.resume(d, m.has[d])
		if isRight {
			right[d] = sent
		}
		m.conn.read(r.feed(d, m.conn), sent)
	}
	m.conn.send(r.welcome(m.conn, right))
	for d := range m.has {
		if !slices.Contains(docs, d) {
			m.conn.unread(d) // it moved to another practice room meanwhile, or a role was taken back
		}
	}
	m.reply <- nil
}

// noSeat is why somebody reads nothing here: a closed session has no seats for those who never came in.
func (r *Room) noSeat() error {
	if r.fold.state.Closed() {
		return errSessionOver
	}
	return errNoSeat
}

// notBehind sees to it that a client that comes from another node does not find an older room here: what
// was only gathered is shown now, and what is not here yet is read.
func (r *Room) notBehind(has map[facilitator.Document]uint64) {
	for _, rev := range has {
		if rev > r.shownUpTo {
			r.flushNow(time.Now())
		}
		if rev > r.fold.chain.n {
			r.behind = true
		}
	}
}

// resume compares a client's revision with ours: right if nothing changed from the one to the other.
func (r *Room) resume(d facilitator.Document, has uint64) (sent uint64, right bool) {
	f := r.feeds[d]
	if f == nil || has == 0 {
		return has, has == r.fold.chain.n
	}
	rev := f.current.Load().rev
	if rev <= has && has <= r.shownUpTo {
		return rev, true
	}
	return has, false
}

// feed is the document for a new reader, rendered if nobody here has read it yet.
func (r *Room) feed(d facilitator.Document, c *Conn) *feed {
	f := r.feeds[d]
	if f == nil {
		f = newFeed(d, r.fold.chain.n, r.fold.state.View(d))
		r.feeds[d] = f
	}
	f.readers[c] = struct{}{}
	return f
}

// detach takes a connection out of the room.
type detach struct{ conn *Conn }

func (m detach) handle(r *Room) {
	if _, here := r.conns[m.conn]; !here {
		return
	}
	delete(r.conns, m.conn)
	for _, d := range m.conn.documents() {
		r.unread(d, m.conn)
	}
	if p := m.conn.person(); p != "" {
		r.letGo(p, time.Now())
	}
}

// unread forgets a reader, and a person's own document with its last one.
func (r *Room) unread(d facilitator.Document, c *Conn) {
	f := r.feeds[d]
	if f == nil {
		return
	}
	delete(f.readers, c)
	if len(f.readers) == 0 && d != facilitator.ForEveryone {
		delete(r.feeds, d)
	}
}

// flush shows what was gathered, when it is time.
func (r *Room) flush(now time.Time) {
	for _, g := range []gather{r.gather, r.doorway.gather} {
		if g.dirty && !now.Before(g.due(r.moreToCome())) {
			r.flushNow(now)
			return
		}
	}
}

// moreToCome reports whether another change is on its way already.
func (r *Room) moreToCome() bool { return r.storing || len(r.waiting) > 0 }

func (r *Room) flushNow(now time.Time) {
	if !r.gather.dirty && !r.doorway.gather.dirty {
		return
	}
	t := r.doorway.gather.take(now)
	if r.gather.dirty { // else what comes next from inside is still the first after a quiet time
		t = both(t, r.gather.take(now))
	}
	r.reseat(t)
	wake := map[*Conn]struct{}{}
	for d, f := range r.feeds {
		if mayShow(t, d) && f.publish(r.fold.chain.n, r.fold.state.View(d)) {
			for c := range f.readers {
				wake[c] = struct{}{}
			}
		}
	}
	r.shownUpTo = r.fold.chain.n
	spread(slices.Collect(maps.Keys(wake)), &r.beside)
}

// mayShow reports whether a document may have changed.
func mayShow(t facilitator.Touched, d facilitator.Document) bool {
	if own, isOwn := strings.CutPrefix(string(d), "person/"); isOwn {
		return touches(t, facilitator.PersonID(own))
	}
	if room, isRoom := strings.CutPrefix(string(d), "room/"); isRoom {
		return t.All || slices.Contains(t.Rooms, facilitator.RoomID(room))
	}
	return t.Inside || d == facilitator.ForKeepers
}

func touches(t facilitator.Touched, p facilitator.PersonID) bool {
	return t.All || slices.Contains(t.People, p)
}

// reseat gives connections the documents their seat may read now, takes the others away, and sends away
// whose seat is gone. What a person may read changes only with what touches their own document.
func (r *Room) reseat(t facilitator.Touched) {
	for c := range r.conns {
		if !touches(t, c.seat.Person) {
			continue
		}
		docs := r.fold.state.Documents(c.seat)
		if len(docs) == 0 && r.broken == nil {
			c.bye(byeFor(r.noSeat()))
			continue
		}
		for _, d := range c.documents() {
			if !slices.Contains(docs, d) {
				r.unread(d, c)
				c.unread(d)
			}
		}
		for _, d := range docs {
			if r.feeds[d] == nil || !c.reads(d) {
				c.read(r.feed(d, c), 0)
				c.wake()
			}
		}
	}
}

// dismiss sends everybody away.
func (r *Room) dismiss(b bye) {
	for c := range r.conns {
		c.bye(b)
	}
}

// welcome is the first frame a connection is sent.
func (r *Room) welcome(c *Conn, right map[facilitator.Document]uint64) []byte {
	role, seated := r.fold.state.RoleOf(c.seat.Person)
	if !seated || c.seat.Role == facilitator.Stage {
		role = c.seat.Role
	}
	return ServerFrame{Welcome: &Welcome{
		Session: r.session, Person: c.person(), Role: role, Now: timeOf(time.Now()), ICE: r.node.ice,
		Build: r.node.build, ReadOnly: r.broken != nil, Docs: right,
	}}.frame()
}
