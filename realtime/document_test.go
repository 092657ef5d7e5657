package realtime

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"mend/facilitator"
)

// A reader that looks now and then, from wherever it is, ends with the document as it is, and is never
// sent a patch that does not begin where it stands.
func TestAReaderThatLooksNowAndThenEndsRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		view := func(label string) shape { return someShape(1).Draw(t, label) }
		f := newFeed(facilitator.ForEveryone, 1, view("first"))
		reader := &client{docs: map[string]any{}, revs: map[string]uint64{}, raw: map[string]int{}}
		look := func() {
			for _, frame := range f.current.Load().since(nil, f.doc, reader.revs["everyone"]) {
				var d DocFrame
				if err := json.Unmarshal(unframed(frame), &d); err != nil {
					t.Fatalf("%v in %s", err, frame)
				}
				if err := reader.take(d); err != nil {
					t.Fatal(err)
				}
			}
		}
		for n := uint64(2); n < 60; n++ {
			if rapid.IntRange(0, 2).Draw(t, "change") > 0 {
				f.publish(n, view("next"))
			}
			if rapid.IntRange(0, 9).Draw(t, "look") == 0 {
				look()
			}
		}
		look()
		want := parse(t, appendJSON(nil, f.current.Load().view))
		if !reflect.DeepEqual(reader.docs["everyone"], want) {
			t.Fatalf("the reader has %v, not %v", reader.docs["everyone"], want)
		}
	})
}

func unframed(frame []byte) []byte {
	switch frame[1] {
	case 126:
		return frame[4:]
	case 127:
		return frame[10:]
	}
	return frame[2:]
}

func TestPatchesOfLongAgoAreNotKept(t *testing.T) {
	f := newFeed(facilitator.ForEveryone, 1, shape{})
	for n := uint64(2); n < 500; n++ {
		f.publish(n, shape{Count: int(n), Title: string(make([]byte, 4096))})
	}
	e := f.current.Load()
	size := 0
	for _, p := range e.patches {
		size += len(p.frame)
	}
	if len(e.patches) > patchesKept || size > patchBytesKept+8192 {
		t.Errorf("%d patches of %d bytes are kept", len(e.patches), size)
	}
	if frames := e.since(nil, f.doc, 3); len(frames) != 1 {
		t.Errorf("a reader from long ago is sent %d frames, not the document", len(frames))
	}
}

func TestEverybodyIsSentTheSameBytes(t *testing.T) {
	f := newFeed(facilitator.ForEveryone, 1, shape{})
	f.publish(2, shape{Count: 1})
	e := f.current.Load()
	one, two := e.since(nil, f.doc, 1)[0], e.since(nil, f.doc, 1)[0]
	if &one[0] != &two[0] {
		t.Error("a patch was encoded twice")
	}
	if one, two = e.since(nil, f.doc, 0)[0], e.since(nil, f.doc, 0)[0]; &one[0] != &two[0] {
		t.Error("a document was encoded twice")
	}
}
