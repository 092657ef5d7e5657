package server

import (
	"crypto/sha256"
	"math"
	"os"
	"runtime"
	"runtime/metrics"
	"strings"
	"syscall"
	"testing"
	"time"

	"mend/facilitator"
)

// soon holds, where time is no matter ("dev soak"), that an answer takes at most 50 ms and 64 MiB. What counts is the time
// its own thread was at work: a busy machine makes nothing slow. Collecting garbage may fall to it by chance, so a slow one
// is asked for again. One that never comes is ended by the fuzzer.
func soon(t *testing.T, answer func()) {
	t.Helper()
	if os.Getenv("MEND_SOAK") == "" {
		answer()
		return
	}
	const most, room = 50 * time.Millisecond, 64 << 20
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	taken := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	quickest := time.Duration(math.MaxInt64)
	for range 3 {
		metrics.Read(taken)
		before, began := taken[0].Value.Uint64(), worked(t)
		answer()
		quickest = min(quickest, worked(t)-began)
		metrics.Read(taken)
		if more := taken[0].Value.Uint64() - before; more > room {
			t.Errorf("an answer takes %d MiB", more>>20)
		}
		if quickest <= most {
			return
		}
	}
	t.Errorf("an answer takes %v, three times", quickest)
}

// worked is how long this thread has been at work.
func worked(t *testing.T) time.Duration {
	const ofThread = 1 // RUSAGE_THREAD of Linux
	var used syscall.Rusage
	if err := syscall.Getrusage(ofThread, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// Whatever is shown as a token, only the one that was given opens something, and only what it was given for.
func FuzzToken(f *testing.F) {
	// The same in each of the fuzzer's processes, or the samples would be strangers to most of them.
	now := time.Unix(2e9, 0)
	key := func(name string) []Key {
		drawn := sha256.Sum256([]byte(name))
		return []Key{{From: now, Secret: drawn[:]}}
	}
	k := &keys{now: func() time.Time { return now }}
	if err := k.use(Keyring{Tokens: key("tokens"), Links: key("links"), Seals: key("seals")}); err != nil {
		f.Fatal(err)
	}
	room, err := k.roomToken("s1", facilitator.Seat{Person: "p1"}, now)
	if err != nil {
		f.Fatal(err)
	}
	access, err := k.accessToken("a1", 1, now, now)
	if err != nil {
		f.Fatal(err)
	}
	link := k.link(setupPurpose, "")
	parts := strings.Split(room, ".")
	for _, token := range []string{room, access, link, "account.chain.secret", parts[0] + "." + strings.Split(access, ".")[1] + "." + parts[2], parts[0] + "." + parts[1] + ".", "..", ""} {
		f.Add(token)
	}
	if _, _, err := k.seat(room, k.now); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, token string) {
		soon(t, func() {
			if session, seat, err := k.seat(token, k.now); err == nil && token != room {
				t.Errorf("a token that was never given opens the seat %+v of %q", seat, session)
			}
			if c, err := k.parse(token, audienceAccount, k.now); err == nil && token != access {
				t.Errorf("a token that was never given opens the account %q", c.Subject)
			}
			if _, key, _, ok := cutCookie(token); ok && strings.ContainsAny(key, "*> ") {
				t.Errorf("a cookie that was never given names the records %q", key)
			}
			if k.opens(token, setupPurpose, "") && token != link {
				t.Errorf("a link that was never given opens: %q", token)
			}
		})
	})
}
