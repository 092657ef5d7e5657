package facilitator

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"
)

// TestReleasedEventsStayReadable reads testdata/events.jsonl, one stored event of each kind a line, as
// they were written when they were released. A line is never changed: a log may still hold its like.
// A new event gets a new line.
func TestReleasedEventsStayReadable(t *testing.T) {
	file, err := os.Open("testdata/events.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	seen := map[string]bool{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e struct {
			Is   string          `json:"is"`
			With json.RawMessage `json:"with"`
		}
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		seen[e.Is] = true
		event, err := DecodeEvent(e.Is, e.With)
		if err != nil {
			t.Error(err)
			continue
		}
		_, with, err := EncodeEvent(event)
		if err != nil || !sameJSON(with, e.With) {
			t.Errorf("%s was stored as %s and is understood as %s (%v)", e.Is, e.With, with, err)
		}
	}
	for _, f := range facts {
		if !seen[f.name] {
			t.Errorf("testdata/events.jsonl has no line for %s", f.name)
		}
	}
}

func sameJSON(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// FuzzDecodeCommand holds that no frame makes the decoder or a decision panic.
func FuzzDecodeCommand(f *testing.F) {
	for name := range Commands() {
		f.Add(name, []byte(`{}`))
		f.Add(name, []byte(`{"person":"p1","step":"round","reading":2,"passage":1,"by":-1,"in":true}`))
	}
	for _, order := range playedOrders(f) {
		f.Add(order[0], []byte(order[1]))
	}
	f.Fuzz(func(t *testing.T, do string, with []byte) {
		var c Command
		var err error
		soon(t, func() { c, err = DecodeCommand(do, with) })
		if err != nil {
			return
		}
		w := newWorldOf(t, withGroup(t))
		w.join("Ada", Facilitator)
		for _, st := range w.s.programme.Steps {
			w.must(OpenStep{Step: StepID(st.ID)}, Seat{Person: "p1"})
			soon(t, func() { _, _ = w.s.Decide(c, w.input(Seat{Person: "p1"})) })
		}
	})
}

// playedOrders are what people do in the scenarios: names of commands and what they say.
func playedOrders(f *testing.F) (all [][2]string) {
	files, err := filepath.Glob("testdata/scenarios/*.txt")
	if err != nil || len(files) == 0 {
		f.Fatal("no scenarios", err)
	}
	order := regexp.MustCompile(`(?m)(?: does| for) ([a-z]+\.[a-z]+) (\{.*\})`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, m := range order.FindAllStringSubmatch(string(text), -1) {
			all = append(all, [2]string{m[1], m[2]})
		}
	}
	return all
}

// FuzzDecodeEvent holds that whatever a stored event holds, decoding does not panic and what decodes
// encodes again.
func FuzzDecodeEvent(f *testing.F) {
	archive, err := os.ReadFile("testdata/events.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	for line := range bytes.Lines(archive) {
		var e struct {
			Is   string          `json:"is"`
			With json.RawMessage `json:"with"`
		}
		if json.Unmarshal(line, &e) == nil {
			f.Add(e.Is, []byte(e.With))
		}
	}
	f.Fuzz(func(t *testing.T, name string, with []byte) {
		var e Event
		var err error
		soon(t, func() { e, err = DecodeEvent(name, with) })
		if err != nil {
			return
		}
		if _, _, err := EncodeEvent(e); err != nil {
			t.Error(err)
		}
	})
}
