package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// check is one thing that has to hold. Its output is shown only when it does not, but for lines that begin with "note: ".
type check struct {
	name string
	run  func(ctx context.Context, w io.Writer) error
	must bool // what follows makes no sense when this fails
}

// lane is a row of checks, one after the other; the lanes of a stage run side by side, the stages in turn.
type (
	lane  []check
	stage []lane
)

// report gathers how the checks ended, and prints each as it does.
type report struct {
	sync.Mutex
	w              io.Writer
	passed, failed int
	names          []string // of those that failed
	cut            bool     // a check failed that others need
}

func (r *report) stages(ctx context.Context, stages []stage) {
	for _, s := range stages {
		var group sync.WaitGroup
		for _, l := range s {
			group.Go(func() { r.lane(ctx, l) })
		}
		group.Wait()
	}
}

func (r *report) lane(ctx context.Context, l lane) {
	for _, c := range l {
		r.Lock()
		cut := r.cut
		r.Unlock()
		if cut {
			r.ended(c, 0, errors.New("not run: a check before it failed"), nil)
			continue
		}
		var out bytes.Buffer
		begun := time.Now()
		err := c.run(ctx, &out)
		r.ended(c, time.Since(begun), err, out.Bytes())
	}
}

func (r *report) ended(c check, took time.Duration, err error, out []byte) {
	r.Lock()
	defer r.Unlock()
	if err == nil {
		r.passed++
		say(r.w, "  ok   %6.1f s  %s", took.Seconds(), c.name)
		for line := range strings.Lines(string(out)) {
			if note, ok := strings.CutPrefix(line, "note: "); ok {
				say(r.w, "    | %s", strings.TrimRight(note, "\n"))
			}
		}
		return
	}
	r.failed++
	r.names = append(r.names, c.name)
	r.cut = r.cut || c.must
	say(r.w, "  FAIL %6.1f s  %s: %v", took.Seconds(), c.name, err)
	if text := strings.TrimSpace(string(out)); text != "" {
		say(r.w, "    | %s", strings.ReplaceAll(text, "\n", "\n    | "))
	}
}

func (r *report) close(began time.Time) error {
	if r.failed > 0 {
		say(r.w, "\nfailed: %s", strings.Join(r.names, ", "))
	}
	say(r.w, "\n%d checks in %s", r.passed+r.failed, time.Since(began).Round(time.Second))
	say(r.w, "%d passed, %d failed", r.passed, r.failed)
	if r.failed > 0 {
		return errReported
	}
	return nil
}

// only keeps the named checks, and those that others need.
func only(stages []stage, names []string) ([]stage, error) {
	wanted, unknown := map[string]bool{}, map[string]bool{}
	for _, name := range names {
		wanted[name], unknown[name] = true, true
	}
	var kept []stage
	for _, s := range stages {
		var lanes stage
		for _, l := range s {
			var checks lane
			for _, c := range l {
				if wanted[c.name] || c.must {
					checks = append(checks, c)
				}
				delete(unknown, c.name)
			}
			lanes = append(lanes, checks)
		}
		kept = append(kept, lanes)
	}
	for name := range unknown {
		return nil, fmt.Errorf("no check is named %q; test -list shows them", name)
	}
	return kept, nil
}
