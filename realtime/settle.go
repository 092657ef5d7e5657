package realtime

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"
)

// journal is what a node needs of the log.
type journal interface {
	Append(ctx context.Context, session string, last uint64, sealed []byte) (uint64, error)
	Next(ctx context.Context, session string, after uint64) (Entry, error)
	Last(ctx context.Context, session string) (Entry, error)
	NewKey(ctx context.Context, session string) ([]byte, error)
	Key(ctx context.Context, session string) ([]byte, error)
	SetMark(ctx context.Context, session string, m Mark) error
	HighWater(ctx context.Context, session string) (Mark, error)
	Sessions(ctx context.Context) ([]string, error)
	Destroy(ctx context.Context, session string) error
}

// outcome is what became of an append once it is known.
type outcome struct {
	stored bool
	seq    uint64
	others []Entry // what others appended: instead of ours, or after it
	err    error   // not stored and never will be: ErrFull, ErrNoSession, ErrBroken, or the context's end
}

const (
	firstRetry = 50 * time.Millisecond
	lastRetry  = 2 * time.Second
	// vanishings is how often a conflict with nothing to show for it is asked about again: a server that
	// has just lost the lead may answer from the past.
	vanishings = 6
)

// settle appends until it knows. An append without an answer may or may not be stored, now or in a
// moment, so the log is read first; only then is the very same append tried again, which the sequence
// check makes harmless.
func settle(ctx context.Context, j journal, session string, last uint64, sealed []byte) outcome {
	vanished := 0
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		seq, err := j.Append(ctx, session, last, sealed)
		switch {
		case err == nil:
			return outcome{stored: true, seq: seq}
		case errors.Is(err, ErrFull):
			return outcome{err: err}
		}
		there, readErr := readOn(ctx, j, session, last)
		switch {
		case len(there) > 0 && bytes.Equal(there[0].Sealed, sealed):
			return outcome{stored: true, seq: there[0].Seq, others: there[1:]}
		case len(there) > 0:
			return outcome{others: there}
		case errors.Is(err, errConflict) && readErr == nil:
			if vanished++; vanished == vanishings {
				return outcome{err: fmt.Errorf("%w: its end is gone", ErrBroken)}
			}
			if _, err := j.Key(ctx, session); errors.Is(err, ErrNoSession) {
				return outcome{err: ErrNoSession}
			}
		}
		if !pause(ctx, wait) {
			return outcome{err: ctx.Err()}
		}
	}
}

// readOn reads all commits after a stream's number.
func readOn(ctx context.Context, j journal, session string, after uint64) ([]Entry, error) {
	var all []Entry
	for {
		e, err := j.Next(ctx, session, after)
		switch {
		case errors.Is(err, errEnd):
			return all, nil
		case err != nil:
			return all, err
		}
		all = append(all, e)
		after = e.Seq
	}
}

// pause waits, and reports whether it may go on.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
