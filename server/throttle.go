package server

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net/netip"
	"sync"
	"time"
)

// throttle slows guessing and crowding down without remembering who did it: it counts failures under a keyed hash of the
// address, in memory only, and forgets key and counts every throttleKeeps. What counts as one is its user's to say; where a
// group still gathers nobody's joining does, so a hall of a thousand phones behind one address joins freely. IPv6 addresses count per /64, which is what one household holds.
type throttle struct {
	burst int           // failures allowed at once
	every time.Duration // one more is forgiven after this

	mu      sync.Mutex
	key     [32]byte
	renewed time.Time
	debts   map[[16]byte]time.Time // when all of this address's failures will have been forgiven
}

const (
	throttleKeeps = time.Hour
	// throttleSize addresses are told apart; the ones beyond share a single count until the next renewal.
	throttleSize = 50_000
)

func newThrottle(burst int, every time.Duration) *throttle {
	return &throttle{burst: burst, every: every}
}

// wait is how long this address has to wait before its next try; zero lets it try.
func (t *throttle) wait(address netip.Addr, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.renew(now)
	over := later(t.debts[t.slot(address)], now).Sub(now) - time.Duration(t.burst-1)*t.every
	return max(over, 0)
}

func (t *throttle) failed(address netip.Addr, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.renew(now)
	slot := t.slot(address)
	t.debts[slot] = later(t.debts[slot], now).Add(t.every)
}

func (t *throttle) renew(now time.Time) {
	if t.debts != nil && now.Sub(t.renewed) < throttleKeeps {
		return
	}
	rand.Read(t.key[:])
	t.renewed, t.debts = now, map[[16]byte]time.Time{}
}

func (t *throttle) slot(address netip.Addr) (slot [16]byte) {
	address = address.Unmap()
	if address.Is6() {
		if prefix, err := address.WithZone("").Prefix(64); err == nil {
			address = prefix.Addr()
		}
	}
	sum := hmac.New(sha256.New, t.key[:])
	sum.Write(address.AsSlice())
	copy(slot[:], sum.Sum(nil))
	if _, known := t.debts[slot]; !known && len(t.debts) >= throttleSize {
		return [16]byte{}
	}
	return slot
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
