package realtime

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"mend/facilitator"
)

// Place takes a body that was posted to a bowl. It knows nothing of who posted it, and must not be told.
func (n *Node) Place(ctx context.Context, session string, step facilitator.StepID, raw []byte) error {
	b, err := facilitator.ReadBody(raw)
	if err != nil {
		return err
	}
	select {
	case n.placing <- struct{}{}:
		defer func() { <-n.placing }()
	default:
		return errBusy
	}
	a := admit{step: step, body: b, done: make(chan error, 1)}
	if err := n.with(ctx, session, &a, a.done); err != nil {
		return err
	}
	if err := verifyBody(b, a.admission.Public); err != nil {
		return err
	}
	if a.admission.Spent {
		return facilitator.TokenSpent()
	}
	subject, taken := oneSubject(firstSubject(session, b.Bowl), int64(a.admission.Try), b.Token()), facilitator.TokenSpent()
	if b.Form == facilitator.LaterBody {
		subject, taken = oneSubject(laterSubject(session, b.Bowl), slotOf(time.Now()), b.Token()), errSlotTaken
	}
	switch err := n.urn.Put(ctx, subject, a.seal.close(raw)); {
	case errors.Is(err, errConflict):
		return taken
	case errors.Is(err, ErrFull):
		return errStorageFull
	default:
		return err
	}
}

// placingMost is how many bodies are taken at once; more are told to come again.
const placingMost = 256

// slotOf is the slot a moment lies in.
func slotOf(t time.Time) int64 { return t.UnixMilli() / int64(facilitator.Slot) }

// admit holds a body against the session, and brings what the rest of the checks need.
type admit struct {
	step facilitator.StepID
	body facilitator.Body
	done chan error

	admission facilitator.Admission
	seal      *seal
}

func (m *admit) handle(r *Room) {
	if r.broken != nil || r.node.urn == nil {
		m.done <- errReadOnly
		return
	}
	var err error
	m.admission, err = r.fold.state.Admit(m.step, m.body)
	m.seal = r.fold.chain.seal
	m.done <- err
}

// errands does one of the things the session needs from outside, beside the room.
func (r *Room) errands(now time.Time) {
	if r.erranding || !r.runs() || now.Before(r.errandAt) {
		return
	}
	todo := r.fold.state.Errands()
	if len(todo) == 0 {
		return
	}
	r.erranding = true
	e, seal := todo[0], r.fold.chain.seal
	r.aside(func() message {
		switch e.Do {
		case facilitator.MakeKeys:
			keys, err := r.node.newKeys()
			return &ran{do: facilitator.KeepKeys{Step: e.Step, Bowl: e.Bowl, Keys: keys}, err: err}
		case facilitator.PourOut:
			return r.pourOut(e, seal)
		}
		return &ran{err: fmt.Errorf("this node does not know the errand %q", e.Do)}
	})
}

// runs reports whether this room may run errands.
func (r *Room) runs() bool { return r.broken == nil && !r.leaving && r.node.urn != nil }

const (
	errandAgain = time.Second
	// onTheWay is given to bodies that were admitted a moment before time was up, here or on another node.
	onTheWay = 300 * time.Millisecond
)

func (r *Room) pourOut(e facilitator.Errand, seal *seal) message {
	if !pause(r.ctx, onTheWay) {
		return &ran{err: r.ctx.Err()}
	}
	subject := firstSubject(r.session, e.Bowl)
	there, err := r.node.urn.Waiting(r.ctx, subject)
	return &ran{
		do:    facilitator.Pour{Step: e.Step, Bowl: e.Bowl, Bodies: unseal(there, seal)},
		empty: func() error { return r.empty(subject, there) },
		step:  e.Step, bowl: e.Bowl, err: err,
	}
}

// unseal opens what waited. What cannot be opened is left out: nothing of ours is.
func unseal(there []waiting, seal *seal) []facilitator.Body {
	var bodies []facilitator.Body
	for _, w := range there {
		raw, err := seal.open(w.sealed)
		if err != nil {
			continue
		}
		if b, err := facilitator.ReadBody(raw); err == nil {
			bodies = append(bodies, b)
		}
	}
	return bodies
}

// empty throws away what waited, and nothing that came after.
func (r *Room) empty(subject string, there []waiting) error {
	last := map[int64]uint64{}
	for _, w := range there {
		last[w.round] = max(last[w.round], w.seq)
	}
	var failed []error
	for round, seq := range last {
		failed = append(failed, r.node.urn.Empty(r.ctx, subject+strconv.FormatInt(round, 10)+".", seq))
	}
	return errors.Join(failed...)
}

// ran is how an errand went: an order to give, and what to throw away once a bowl is poured.
type ran struct {
	do    facilitator.Command
	err   error
	step  facilitator.StepID
	bowl  facilitator.BowlID
	empty func() error
}

func (m *ran) handle(r *Room) {
	if m.err != nil {
		r.ran(m.err)
		return
	}
	r.systemThen(m.do, func(err error) {
		r.ran(err)
		if m.empty != nil && err == nil && r.fold.state.Poured()[m.step] == m.bowl {
			r.aside(func() message { return emptied{m.empty()} })
		}
	})
}

func (r *Room) ran(err error) {
	r.erranding = false
	if err != nil {
		r.logger.Error("an errand of the session failed", "session", r.session, "error", err)
		r.errandAt = time.Now().Add(errandAgain)
	}
}

// systemThen gives an order of the server's own and hears what became of it.
func (r *Room) systemThen(do facilitator.Command, answer func(error)) {
	order{seat: facilitator.Seat{Role: facilitator.System}, do: do, answer: answer}.handle(r)
}

// emptied is how throwing away went. Should it have failed, the log refuses what is left when it is
// poured again, and it goes with the session.
type emptied struct{ err error }

func (m emptied) handle(r *Room) {
	if m.err != nil {
		r.logger.Error("what was poured could not be thrown away", "session", r.session, "error", m.err)
	}
}

// stir pours the later bodies of the slots that have ended.
func (r *Room) stir(now time.Time) {
	if r.stirring || !r.runs() {
		return
	}
	steps := r.fold.state.Poured()
	switch {
	case len(steps) == 0:
		r.slotAt = time.Time{}
		return
	case r.slotAt.IsZero():
		r.slotAt = slotEnd(now)
		return
	case now.Before(r.slotAt):
		return
	}
	r.slotAt, r.stirring = slotEnd(now), true
	seal, before := r.fold.chain.seal, slotOf(now.Add(-onTheWay))
	r.aside(func() message {
		var all stirred
		for step, bowl := range steps {
			subject := laterSubject(r.session, bowl)
			there, err := r.node.urn.Waiting(r.ctx, subject)
			if err != nil {
				r.logger.Error("later bodies could not be read", "session", r.session, "error", err)
				continue
			}
			there = slices.DeleteFunc(there, func(w waiting) bool { return w.round >= before })
			all = append(all, stirredBowl{
				do:    facilitator.Stir{Step: step, Bowl: bowl, Bodies: unseal(there, seal)},
				empty: func() error { return r.empty(subject, there) },
			})
		}
		return all
	})
}

func slotEnd(now time.Time) time.Time {
	return time.UnixMilli((slotOf(now) + 1) * int64(facilitator.Slot)).Add(onTheWay)
}

// stirred is what lay in the urn for each bowl.
type stirred []stirredBowl

type stirredBowl struct {
	do    facilitator.Stir
	empty func() error
}

func (m stirred) handle(r *Room) {
	r.stirring = false
	for _, one := range m {
		if len(one.do.Bodies) == 0 {
			continue
		}
		r.systemThen(one.do, func(err error) {
			if err == nil {
				r.aside(func() message { return emptied{one.empty()} })
			}
		})
	}
}
