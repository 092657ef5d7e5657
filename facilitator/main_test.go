package facilitator

import (
	"flag"
	"math"
	"os"
	"runtime"
	"runtime/metrics"
	"syscall"
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
