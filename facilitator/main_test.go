package facilitator

import (
	"flag"
	"os"
	"testing"
	"time"
)

// TestMain draws fewer cases than the library would: the laws render every document after every
// command, and each change waits for them. "dev soak" asks for many thousands.
func TestMain(m *testing.M) {
	const usual = "10"
	asked := false
	flag.Parse()
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if !asked {
		_ = flag.Set("rapid.checks", usual)
	}
	os.Exit(m.Run())
}

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
