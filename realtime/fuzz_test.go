package realtime

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
	"unicode/utf8"

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
