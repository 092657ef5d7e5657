package realtime

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"mend/facilitator"
)

// Room owns one live session on this node. Its state belongs to one goroutine; all else sends it
// messages. It waits for nobody: appends and reads of the log run beside it and come back as messages.
type Room struct {
	session string
	log     journal
	bus     bus
	logger  *slog.Logger
	node    *Node

	ctx     context.Context // ends when the node gives up on what the room still has on its way
	inbox   chan message    // full when the room cannot keep up: senders wait, and so do their sockets
	results chan message    // of what runs beside the room
	leave   chan struct{}   // closed by the node when it wants the room to end
	done    chan struct{}   // closed when it has
	beside  sync.WaitGroup
	users   int // who hold on to the room; the node's, under its lock

	// What follows is the goroutine's own.
	fold       *fold
	broken     error // the log is damaged: read-only from here on
	waiting    []order
	current    []order   // being decided now
	deciding   CommandID // the one of them that is
	poisoned   map[CommandID]bool
	busy       bool // an append or a read of the log is on its way
	storing    bool // it is an append of what happened inside
	behind     bool // a read is wanted as soon as nothing is on its way
	forgetting bool
	marking    bool // a high-water mark is on its way
	shorter    int  // how often in a row the log looked shorter than it was
	leaving    bool
	leaveBy    time.Time
	gone       bool // the session is no more

	conns     map[*Conn]struct{}
	strangers []attach // came without a seat known here; answered after a look at the log
	feeds     map[facilitator.Document]*feed
	doorway   doorway
	gather    gather
	shownUpTo uint64                       // the commit up to which everything is shown
	held      map[facilitator.PersonID]int // connections of a person on this node
	seen      map[facilitator.PersonID]time.Time

	erranding bool // an errand runs, or its order is on its way
	stirring  bool // later bodies of bowls are being read

	errandAt, slotAt                             time.Time
	appendAt, tailAt, markAt, beatAt, presenceAt time.Time
	tickAt, forgetAt, farewellAt, emptyAt        time.Time
}

// message is something told to a room. It is handled by the room's goroutine.
type message interface{ handle(*Room) }

const (
	inboxSize   = 1024
	waitingMost = 8192 // orders; past it a room refuses until it has caught up
	tailEvery   = 3 * time.Second
	markAfter   = 250 * time.Millisecond
	emptyFor    = 30 * time.Second
	settleFor   = 3 * time.Second // given to what is on its way when the room has to end
)

// run is the room's goroutine. A panic ends one round of it; the next begins from the log.
func (r *Room) run() {
	defer close(r.done)
	defer r.beside.Wait()
	for failures := 1; r.round(); failures++ {
		if failures == failuresMost || !r.again() {
			r.dismiss(byeLater)
			return
		}
	}
}

// failuresMost is how often a room may fail before everybody is asked to come back to a new one.
const failuresMost = 5

// again folds the room anew. Its connections are then shown everything anew.
func (r *Room) again() bool {
	f, err := readLog(r.ctx, r.log, r.session)
	if err != nil && !errors.Is(err, ErrBroken) {
		r.logger.Error("a room could not be folded again", "session", r.session, "error", err)
		return false
	}
	if err != nil {
		r.breakDown(err)
	}
	r.fold = f
	r.erranding, r.stirring = false, false
	r.feeds = map[facilitator.Document]*feed{}
	r.gather.add(time.Now(), facilitator.Touched{Inside: true, Soon: true, All: true}, len(r.conns))
	return true
}

// round works until the room ends; it reports true if it has to be folded again.
func (r *Room) round() (again bool) {
	defer r.survive(&again)
	timer := time.NewTimer(0)
	defer timer.Stop()
	leave := r.leave
	for {
		now := time.Now()
		r.work(now)
		if r.leaving && (!r.busy || !now.Before(r.leaveBy)) {
			r.doorway.replyAll()
			r.flushNow(now)
			r.dismiss(byeRestart)
			if !r.markAt.IsZero() {
				r.markAt = now
				r.record(now)
			}
			return false
		}
		if r.gone || r.unused(now) {
			return false
		}
		timer.Reset(time.Until(r.wakeAt(now)))
		select {
		case m := <-r.inbox:
			m.handle(r)
			r.drain()
		case m := <-r.results:
			m.handle(r)
		case <-timer.C:
		case <-leave:
			leave = nil
			r.leaving, r.leaveBy = true, now.Add(settleFor)
		}
	}
}

// drain takes in what has gathered, so that it is decided together.
func (r *Room) drain() {
	for range inboxSize {
		select {
		case m := <-r.inbox:
			m.handle(r)
		default:
			return
		}
	}
}

// work does whatever is due.
func (r *Room) work(now time.Time) {
	r.tick(now)
	r.watch(now)
	r.errands(now)
	r.stir(now)
	r.commit(now)
	r.doorway.reply(now)
	r.flush(now)
	r.check(now)
	r.record(now)
	r.farewell(now)
}

// wakeAt is when something is due next. What is due now has just been done, or waits for a message.
func (r *Room) wakeAt(now time.Time) time.Time {
	next := now.Add(tailEvery)
	sooner := func(t time.Time, wanted bool) {
		if wanted && !t.IsZero() && t.Before(next) {
			next = t
		}
	}
	sooner(r.appendAt, len(r.waiting) > 0 && !r.busy)
	sooner(r.doorway.turn(len(r.waiting)), len(r.doorway.waiting) > 0 && !r.busy)
	sooner(r.doorway.replyAt, len(r.doorway.replies) > 0)
	sooner(r.gather.due(r.moreToCome()), r.gather.dirty)
	sooner(r.doorway.gather.due(r.moreToCome()), r.doorway.gather.dirty)
	sooner(r.tailAt, !r.busy && r.broken == nil)
	sooner(r.markAt, !r.marking && r.broken == nil)
	sooner(r.beatAt, len(r.held) > 0)
	sooner(r.presenceAt, true)
	sooner(r.tickAt, true)
	sooner(r.forgetAt, !r.forgetting && r.broken == nil)
	sooner(r.farewellAt, true)
	sooner(r.emptyAt, true)
	sooner(r.slotAt, !r.stirring && r.runs())
	sooner(r.errandAt, !r.erranding && r.runs() && len(r.fold.state.Errands()) > 0)
	if r.leaving {
		sooner(r.leaveBy, true)
	}
	if soonest := now.Add(time.Millisecond); next.Before(soonest) {
		return soonest
	}
	return next
}

// handle takes an order in.
func (o order) handle(r *Room) {
	if r.fold.state.FromOutside(o.do, o.seat) {
		r.doorway.queue(o)
		return
	}
	if len(r.waiting) >= waitingMost {
		refuseAll([]order{o}, errBusy)
		return
	}
	r.waiting = append(r.waiting, o)
}

// system gives an order of the server's own.
func (r *Room) system(do facilitator.Command) {
	order{seat: facilitator.Seat{Role: facilitator.System}, do: do}.handle(r)
}

// look runs a question against the state, in the room's goroutine.
type look struct {
	at   func(*facilitator.Session)
	done chan<- error
}

func (m look) handle(r *Room) {
	m.at(r.fold.state)
	m.done <- nil
}

// told is another node's commit.
type told struct{ Entry }

func (m told) handle(r *Room) {
	if m.Seq <= r.fold.chain.seq || r.broken != nil {
		return
	}
	before := r.fold.chain.n
	touched, err := r.fold.take(m.Entry)
	if err != nil {
		r.behind = true // something is missing between, or the announcement is not genuine: the log knows
		return
	}
	if r.fold.chain.n > before {
		r.changed(touched)
	}
}

// catchUp folds entries read from the log.
func (r *Room) catchUp(entries []Entry) {
	for _, e := range entries {
		before := r.fold.chain.n
		touched, err := r.fold.take(e)
		if err != nil {
			r.breakDown(err)
			return
		}
		if r.fold.chain.n > before {
			r.changed(touched)
		}
	}
}

// changed follows every commit that became part of the state.
func (r *Room) changed(t facilitator.Touched) {
	now := time.Now()
	if t.Soon {
		r.gather.add(now, t, len(r.conns))
	} else {
		r.doorway.gather.add(now, t, len(r.conns))
	}
	if r.markAt.IsZero() {
		r.markAt = now.Add(markAfter)
	}
	if r.fold.state.Closed() && r.farewellAt.IsZero() {
		r.farewellAt = r.until(now)
		r.forgetAt = now.Add(forgetOthers)
		r.gather.soon(now)
	}
}

// breakDown makes the session read-only, and says so.
func (r *Room) breakDown(err error) {
	if r.broken != nil {
		return
	}
	r.broken = err
	r.logger.Error("the session is read-only from now on", "session", r.session, "error", err)
	for c := range r.conns {
		c.send(readOnlyFrame)
	}
}

// tick rings the session's timers. Whichever node is first, the log refuses the others.
func (r *Room) tick(now time.Time) {
	due, any := r.fold.state.Due()
	if !any || r.broken != nil || r.fold.state.Closed() {
		r.tickAt = time.Time{}
		return
	}
	at := time.UnixMilli(int64(due))
	if at.After(now) {
		r.tickAt = at
		return
	}
	if r.tickAt.After(now) { // rung a moment ago, and not stored yet
		return
	}
	r.system(facilitator.Tick{})
	r.tickAt = now.Add(tickAgain)
}

const tickAgain = 250 * time.Millisecond

// aside runs something that waits, and brings its result back as a message. There is never more of it
// than the results have room for: one append or read, one mark, one forgetting, one errand, and what it
// throws away.
func (r *Room) aside(f func() message) {
	r.beside.Go(func() { r.results <- f() })
}

// unused lets the room go when nobody has been in it for a while.
func (r *Room) unused(now time.Time) bool {
	switch {
	case len(r.conns) > 0 || len(r.held) > 0 || len(r.waiting) > 0 || r.doorway.busy():
		r.emptyAt = time.Time{}
	case r.emptyAt.IsZero():
		r.emptyAt = now.Add(emptyFor)
	case !now.Before(r.emptyAt) && !r.busy && !r.marking && !r.forgetting:
		r.emptyAt = time.Time{}
		return r.markAt.IsZero() && r.forgetAt.IsZero() && r.node.release(r)
	}
	return false
}
