package realtime

import (
	"bufio"
	"bytes"
	"io"
	"math"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

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

// Whatever a frame says, it is heard as one or the line is closed, and its command is one or refused.
func FuzzFrame(f *testing.F) {
	examples, err := filepath.Glob("testdata/protocol/*.json")
	if err != nil || len(examples) == 0 {
		f.Fatal("no examples", err)
	}
	for _, name := range examples {
		example, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(example)
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		soon(t, func() {
			ours, theirs := net.Pipe()
			defer ours.Close()
			go io.Copy(io.Discard, ours)
			c := newConn(nil, theirs)
			defer c.end()
			c.in = bufio.NewReaderSize(bytes.NewReader(raw(final|opText, payload)), earBuffer)
			frame, ok := c.hear()
			if ok && !utf8.Valid(payload) {
				t.Error("heard what is no text")
			}
			if do, err := facilitator.DecodeCommand(frame.Do, frame.With); err == nil && do == nil {
				t.Error("neither a command nor a refusal")
			}
		})
	})
}
