package realtime

import (
	"context"
	"errors"
	"testing"
	"time"

	"mend/facilitator"
)

// From the first word to long after the end: nothing that was said can be read on the disk, and once the
// session is closed nothing there can make it readable again.
func TestNoWordOfASessionIsEverReadableOnDisk(t *testing.T) {
	dir, data := searched(t)
	ctx := context.Background()
	n := openNATS(t, NATSConfig{Folder: data})
	l := openLog(t, n)
	h := newHouse(t, NodeConfig{NATS: n, Log: l})
	h.session("s")
	const alias, word = "Canary Heron", "lightheartedly"
	h.do("s", system, facilitator.Join{Person: "p1", Alias: alias, Role: facilitator.Participant})
	c := h.arrive(t, "s", "p1", facilitator.Participant)
	c.do(1, "checkin.answer", `{"reading":2,"word":"`+word+`"}`)
	c.until(t, "the answer", func(f received) bool { return f.OK == 1 })
	time.Sleep(2 * markAfter)
	key, err := l.Key(ctx, "s")
	if err != nil || !onDisk(t, dir, key) {
		t.Fatalf("the key is not where the search looks for it: %v", err)
	}
	h.do("s", facilitator.Seat{Person: "lead"}, facilitator.Close{})
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		_, keyErr := l.Key(ctx, "s")
		_, lastErr := l.Last(ctx, "s") // the purge follows the key
		if errors.Is(keyErr, ErrNoSession) && errors.Is(lastErr, errEnd) {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("not forgotten: %v, %v", keyErr, lastErr)
		}
	}
	for name, what := range map[string][]byte{"an alias": []byte(alias), "a word": []byte(word), "the key": key} {
		if onDisk(t, dir, what) {
			t.Errorf("%s is on the disk", name)
		}
	}
	if path(c.docs["everyone"], "people") == nil {
		t.Error("who is here lost what is theirs")
	}
}
