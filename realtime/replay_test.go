package realtime

import (
	"testing"

	"pgregory.net/rapid"
)

// Whatever was applied is remembered as long as it lies in the window, and nothing else is.
func TestAppliedCommandsAreRememberedAndNoOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, all := applied{}, map[uint64]bool{}
		highest := uint64(0)
		for range rapid.IntRange(1, 200).Draw(t, "commands") {
			low := uint64(1)
			if highest > replayWindow {
				low = highest - replayWindow + 1
			}
			id := rapid.Uint64Range(low, highest+5).Draw(t, "id")
			if got := a.has(CommandID{"c", id}); got != all[id] {
				t.Fatalf("id %d: remembered %v, applied %v, highest %d", id, got, all[id], highest)
			}
			a.add(CommandID{"c", id})
			all[id], highest = true, max(highest, id)
		}
		if a.has(CommandID{"d", 1}) {
			t.Fatal("another client's command counts as applied")
		}
	})
}

func TestACommandIDReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := CommandID{rapid.String().Draw(t, "client"), rapid.Uint64().Draw(t, "id")}
		text, err := in.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var out CommandID
		if err := out.UnmarshalText(text); err != nil || out != in {
			t.Fatalf("%v became %v, %v", in, out, err)
		}
	})
}
