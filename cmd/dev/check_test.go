package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
)

func passes(context.Context, io.Writer) error { return nil }

func fails(_ context.Context, w io.Writer) error {
	say(w, "the reason\nin two lines")
	return errors.New("broken")
}

func TestReportShowsOutputOfFailuresOnly(t *testing.T) {
	var out bytes.Buffer
	r := &report{w: &out}
	r.stages(t.Context(), []stage{{{{"good", passes, false}}, {{"bad", fails, false}}}})
	if err := r.close(time.Now()); !errors.Is(err, errReported) {
		t.Errorf("a failed check ended with %v", err)
	}
	for _, want := range []string{"bad: broken", "    | the reason\n    | in two lines", "failed: bad\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, out.String())
		}
	}
	if !strings.HasSuffix(out.String(), "\n1 passed, 1 failed\n") {
		t.Errorf("the report ends otherwise:\n%s", out.String())
	}
}

func TestNotesOfWhatPassedAreShown(t *testing.T) {
	var out bytes.Buffer
	r := &report{w: &out}
	r.lane(t.Context(), lane{{"good", func(_ context.Context, w io.Writer) error {
		say(w, "chatter\nnote: slow\nchatter")
		return nil
	}, false}})
	if got := out.String(); !strings.HasSuffix(got, "good\n    | slow\n") {
		t.Errorf("shown:\n%s", got)
	}
}

func TestWhatOthersNeedCutsTheRest(t *testing.T) {
	r := &report{w: io.Discard}
	r.stages(t.Context(), []stage{{{{"needed", fails, true}}}, {{{"later", passes, false}}}})
	if r.passed != 0 || r.failed != 2 {
		t.Errorf("%d passed, %d failed", r.passed, r.failed)
	}
}

func TestOnly(t *testing.T) {
	all := []stage{{{{"needed", passes, true}, {"a", passes, false}}}, {{{"b", passes, false}}}}
	kept, err := only(all, []string{"b"})
	if err != nil || len(kept[0][0]) != 1 || len(kept[1][0]) != 1 {
		t.Errorf("kept %v, %v", kept, err)
	}
	if _, err := only(all, []string{"c"}); err == nil {
		t.Error("a name that no check has was taken")
	}
}

func TestTable(t *testing.T) {
	var out bytes.Buffer
	line := fmt.Sprintf("BenchmarkRoom/people-200-%d  50  123 ns/op  4.5 p99-ms", runtime.GOMAXPROCS(0))
	if runtime.GOMAXPROCS(0) == 1 {
		line = "BenchmarkRoom/people-200  50  123 ns/op  4.5 p99-ms"
	}
	if err := table(&out, []string{"goos: linux", line, "PASS"}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(strings.Fields(out.String()), " "); got != "Room/people-200 123 ns/op 4.5 p99-ms" {
		t.Errorf("got %q", got)
	}
}
