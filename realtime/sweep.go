package realtime

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/facilitator"
)

// forget hands the summary of a closed session over, then, when its time has come, destroys what was said in it.
func (n *Node) forget(ctx context.Context, session string, s facilitator.Summary) error {
	if _, err := n.log.Key(ctx, session); errors.Is(err, ErrNoSession) {
		return nil // another node did
	}
	if n.onClosed != nil {
		if err := n.onClosed(ctx, session, s); err != nil {
			return fmt.Errorf("handing over the summary: %w", err)
		}
	}
	if timeOf(time.Now()) < s.Forgets {
		return nil // the sweep comes by again
	}
	return n.log.Destroy(ctx, session)
}

// sweepEvery is how late a session that was kept for some days may be forgotten.
const sweepEvery = time.Hour

func (n *Node) sweeps() {
	for {
		n.sweep()
		if !pause(n.ctx, sweepEvery) {
			return
		}
	}
}

// sweep looks at every session: one that was closed is forgotten, should the node that closed it
// have died before; a damaged one is reported; a key whose session never began is destroyed.
func (n *Node) sweep() {
	ids, err := n.log.Sessions(n.ctx)
	if err != nil {
		n.logger.Error("sessions could not be looked through", "error", err)
		return
	}
	var unbegun []string
	for _, id := range ids {
		if n.runs(id) {
			continue
		}
		f, err := readLog(n.ctx, n.log, id)
		switch {
		case errors.Is(err, ErrBroken):
			n.logger.Error("a session is damaged and can only be read", "session", id, "error", err)
		case err != nil:
		case f.chain.n == 0:
			unbegun = append(unbegun, id)
		case f.state.Closed():
			if err := n.forget(n.ctx, id, f.state.Summary()); err != nil {
				n.logger.Error("a closed session is not forgotten yet", "session", id, "error", err)
			}
		}
	}
	if len(unbegun) == 0 || !pause(n.ctx, 2*createWithin) {
		return
	}
	for _, id := range unbegun {
		if _, err := n.log.Last(n.ctx, id); errors.Is(err, errEnd) {
			n.log.Destroy(n.ctx, id)
		}
	}
}

// runs reports whether a room here has the session; it forgets it by itself.
func (n *Node) runs(session string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.rooms[session] != nil
}
