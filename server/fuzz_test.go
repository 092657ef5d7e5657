package server

import (
	"crypto/sha256"
	"os"
	"strings"
	"testing"
	"time"

	"mend/facilitator"
)

// soon holds, where time is no matter ("dev soak"), that an answer takes at most 50 ms. A slow one is asked for again: a
// machine that was busy is no slow answer.
func soon(t *testing.T, answer func()) {
	t.Helper()
	const most = 50 * time.Millisecond
	for range 5 {
		began := time.Now()
		answer()
		if os.Getenv("MEND_SOAK") == "" || time.Since(began) <= most {
			return
		}
	}
	t.Errorf("an answer takes longer than %v", most)
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
	parts := strings.Split(room, ".")
	for _, token := range []string{room, access, parts[0] + "." + strings.Split(access, ".")[1] + "." + parts[2], parts[0] + "." + parts[1] + ".", "..", ""} {
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
		})
	})
}
