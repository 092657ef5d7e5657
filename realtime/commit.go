package realtime

import (
	"encoding/json"
	"errors"
	"fmt"

	"mend/facilitator"
)

// Commit is what one append stores: everything that was decided together. It is one sealed message on
// the session's subject. N counts a session's commits from 1 without a gap, and Prev is the hash of the
// previous commit as it was stored, so a missing or altered one cannot pass unseen.
type Commit struct {
	Session  string           `json:"session"`
	N        uint64           `json:"n"`
	Prev     hash             `json:"prev"`
	At       facilitator.Time `json:"at"`
	Commands []CommandID      `json:"commands,omitempty"` // those whose events are in here
	Events   []storedEvent    `json:"events"`
}

type storedEvent struct {
	Is   string          `json:"is"`
	With json.RawMessage `json:"with"`
}

// Entry is a commit as the log holds it. Seq is the stream's number: it rises, with gaps.
type Entry struct {
	Seq    uint64
	Sealed []byte
}

func storeEvents(events []facilitator.Event) ([]storedEvent, error) {
	out := make([]storedEvent, len(events))
	for i, e := range events {
		name, with, err := facilitator.EncodeEvent(e)
		if err != nil {
			return nil, fmt.Errorf("encoding an event: %w", err)
		}
		out[i] = storedEvent{Is: name, With: with}
	}
	return out, nil
}

// chain is how far a session's log has been read. Each commit is checked against it.
type chain struct {
	session string
	seal    *seal
	n       uint64
	seq     uint64
	last    hash
}

// ErrBroken says that a log is not what was acknowledged: a commit is missing, altered or unreadable.
var ErrBroken = errors.New("the session's log is damaged")

// next opens an entry and checks that it follows. The chain itself is moved by accept.
func (c *chain) next(e Entry) (Commit, error) {
	var next Commit
	plain, err := c.seal.open(e.Sealed)
	if err != nil {
		return next, fmt.Errorf("%w: commit after %d: %w", ErrBroken, c.n, err)
	}
	if err := json.Unmarshal(plain, &next); err != nil {
		return next, fmt.Errorf("%w: commit after %d: %w", ErrBroken, c.n, err)
	}
	switch {
	case next.N != c.n+1:
		return next, fmt.Errorf("%w: commit %d follows %d", ErrBroken, next.N, c.n)
	case next.Prev != c.last:
		return next, fmt.Errorf("%w: commit %d does not follow the %d that is here", ErrBroken, next.N, c.n)
	}
	return next, nil
}

// accept moves the chain past an entry.
func (c *chain) accept(e Entry) {
	c.n, c.seq, c.last = c.n+1, e.Seq, hashOf(e.Sealed)
}

// write seals a commit that is to follow.
func (c *chain) write(at facilitator.Time, ids []CommandID, events []storedEvent) ([]byte, error) {
	plain, err := json.Marshal(Commit{
		Session: c.session, N: c.n + 1, Prev: c.last, At: at, Commands: ids, Events: events,
	})
	if err != nil {
		return nil, fmt.Errorf("encoding commit %d: %w", c.n+1, err)
	}
	return c.seal.close(plain), nil
}

// Mark is the high-water record of a session: how far its log was once acknowledged. It is kept in a
// stream of its own, because a damaged stream can come back shorter and report success.
type Mark struct {
	N    uint64 `json:"n"`
	Hash hash   `json:"hash"`
}

func (c *chain) mark() Mark { return Mark{N: c.n, Hash: c.last} }

// reached checks, while a log is folded, that it holds what the high-water record remembers.
func (m Mark) reached(c *chain) error {
	if c.n == m.N && c.last != m.Hash {
		return fmt.Errorf("%w: commit %d is not the one acknowledged", ErrBroken, m.N)
	}
	return nil
}

// whole checks at the end of a log that it is as long as it once was.
func (m Mark) whole(c *chain) error {
	if c.n < m.N {
		return fmt.Errorf("%w: it ends at commit %d, but %d were acknowledged", ErrBroken, c.n, m.N)
	}
	return nil
}
