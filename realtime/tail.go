package realtime

import (
	"context"
	"errors"
	"time"
)

// check compares the end of the log with what is here, every few seconds and whenever something seems
// to be missing: a lost last announcement leaves no gap to notice.
func (r *Room) check(now time.Time) {
	if r.busy || r.broken != nil || r.leaving || !r.behind && now.Before(r.tailAt) {
		return
	}
	r.busy, r.behind = true, false
	r.tailAt = now.Add(tailEvery)
	after, strangers := r.fold.chain.seq, r.strangers
	r.strangers = nil
	r.aside(func() message {
		t := checkTail(r.ctx, r.log, r.session, after)
		t.strangers = strangers
		return t
	})
}

// tail is what a look at the end of the log found.
type tail struct {
	entries   []Entry
	err       error
	strangers []attach // who came before the look, and was not known here
}

func checkTail(ctx context.Context, j journal, session string, after uint64) tail {
	last, err := j.Last(ctx, session)
	switch {
	case err == nil && last.Seq == after:
		return tail{}
	case err == nil && last.Seq > after:
		entries, err := readOn(ctx, j, session, after)
		return tail{entries: entries, err: err}
	case err != nil && !errors.Is(err, errEnd):
		return tail{err: err}
	}
	if _, err := j.Key(ctx, session); err != nil {
		return tail{err: err}
	}
	return tail{err: errShorter}
}

var errShorter = errors.New("the log is shorter than it was")

func (m tail) handle(r *Room) {
	r.busy = false
	r.catchUp(m.entries)
	switch {
	case errors.Is(m.err, ErrNoSession):
		r.vanished()
	case errors.Is(m.err, errShorter):
		// A server that has just lost the lead may answer from the past; damage stays.
		if r.shorter++; r.shorter >= vanishings {
			r.breakDown(errors.Join(ErrBroken, m.err))
		}
	case m.err == nil:
		r.shorter = 0
	}
	for _, s := range m.strangers {
		if m.err != nil && !r.gone && r.broken == nil {
			s.reply <- m.err
			continue
		}
		s.known = true
		s.handle(r)
	}
}

// record writes the high-water mark, a moment after the first commit it covers.
func (r *Room) record(now time.Time) {
	if r.markAt.IsZero() || now.Before(r.markAt) || r.marking || r.broken != nil {
		return
	}
	r.markAt = time.Time{}
	if r.fold.state.Closed() {
		return // it is about to be forgotten
	}
	m := r.fold.chain.mark()
	r.marking = true
	r.aside(func() message { return marked{r.log.SetMark(r.ctx, r.session, m)} })
}

type marked struct{ err error }

func (m marked) handle(r *Room) {
	r.marking = false
	if m.err != nil && r.markAt.IsZero() {
		r.markAt = time.Now().Add(time.Second)
	}
}
