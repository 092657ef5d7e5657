package realtime

import (
	"context"
	"errors"
	"fmt"

	"mend/facilitator"
)

// fold is a session as this node has read it from the log. The state it holds is never changed, only
// replaced, so what was rendered from it stays true.
type fold struct {
	chain   chain
	state   *facilitator.Session
	applied applied
	at      facilitator.Time // of the latest commit: time in a session does not run backwards
}

// readLog folds a session from the beginning. A damaged log gives what could be read, and ErrBroken.
func readLog(ctx context.Context, j journal, session string) (*fold, error) {
	key, err := j.Key(ctx, session)
	if err != nil {
		return nil, err
	}
	s, err := newSeal(key, session)
	if err != nil {
		return nil, err
	}
	f := &fold{chain: chain{session: session, seal: s}, state: facilitator.New(), applied: applied{}}
	high, err := j.HighWater(ctx, session)
	if err != nil {
		return nil, err
	}
	for {
		e, err := j.Next(ctx, session, f.chain.seq)
		if errors.Is(err, errEnd) {
			return f, high.whole(&f.chain)
		}
		if err != nil {
			return nil, err
		}
		if _, err := f.takeInto(f.state, e); err != nil {
			return f, err
		}
		if err := high.reached(&f.chain); err != nil {
			return f, err
		}
	}
}

// take folds the next entry into a copy of the state. One that is here already changes nothing.
func (f *fold) take(e Entry) (facilitator.Touched, error) {
	if e.Seq <= f.chain.seq {
		return facilitator.Touched{}, nil
	}
	next := f.state.Clone()
	touched, err := f.takeInto(next, e)
	if err == nil {
		f.state = next
	}
	return touched, err
}

// takeInto folds an entry into a state that is thrown away on an error. An event that cannot be applied
// is a bug, and for this log the same as damage.
func (f *fold) takeInto(state *facilitator.Session, e Entry) (touched facilitator.Touched, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: commit %d cannot be applied", ErrBroken, f.chain.n+1)
		}
	}()
	commit, err := f.chain.next(e)
	if err != nil {
		return touched, err
	}
	for _, stored := range commit.Events {
		event, err := facilitator.DecodeEvent(stored.Is, stored.With)
		if err != nil {
			return touched, fmt.Errorf("%w: commit %d: %w", ErrBroken, commit.N, err)
		}
		touched = both(touched, state.Apply(event))
	}
	f.accept(e, commit.At, commit.Commands)
	return touched, nil
}

func (f *fold) accept(e Entry, at facilitator.Time, ids []CommandID) {
	f.chain.accept(e)
	f.at = at
	for _, id := range ids {
		f.applied.add(id)
	}
}

// both is what either touched.
func both(a, b facilitator.Touched) facilitator.Touched {
	return facilitator.Touched{
		Inside: a.Inside || b.Inside, Soon: a.Soon || b.Soon, All: a.All || b.All,
		People: append(a.People, b.People...), Rooms: append(a.Rooms, b.Rooms...),
	}
}
