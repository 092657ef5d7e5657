package realtime

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"mend/facilitator"
)

// A raid: forty people are in a go-around, on two nodes, when two hundred come in at once.

const (
	raided  = 40
	raiders = 200
)

// circleUnderway opens a go-around for so many people.
func (h *house) circleUnderway(session string, people int) {
	h.t.Helper()
	with, err := json.Marshal(facilitator.GoAroundScript{Prompt: text("What brings you?"), Most: 180})
	if err != nil {
		h.t.Fatal(err)
	}
	p := programme(h.t)
	p.Steps = []facilitator.StepScript{{ID: "round", Kind: "goaround", Title: text("Round"), Minutes: 60, Say: text("say"), Phone: text("phone"), Stage: text("stage"), With: with}}
	if err := h.node.Create(context.Background(), session, facilitator.Open{Code: "ABCDEF", StageKey: "key", Programme: p}); err != nil {
		h.t.Fatal(err)
	}
	h.do(session, system, facilitator.Join{Person: "lead", Alias: "Lead", Role: facilitator.Facilitator})
	h.join(session, 1, people)
	h.do(session, lead, facilitator.GiveRole{Person: "p1", Role: facilitator.Keeper})
	h.do(session, lead, facilitator.NextStep{})
	h.do(session, lead, facilitator.StartRound{})
}

// raid sends the raiders through two nodes within so long, and returns when all are in or before the door.
func raid(t testing.TB, houses []*house, session string, within time.Duration) {
	t.Helper()
	var all sync.WaitGroup
	for i := range raiders {
		all.Go(func() {
			time.Sleep(within * time.Duration(i) / raiders)
			join := facilitator.Join{Person: facilitator.PersonID(fmt.Sprintf("raider%d", i)), Alias: fmt.Sprintf("Raider %d", i), Role: facilitator.Participant}
			if err := houses[i%len(houses)].node.Do(context.Background(), session, system, join); err != nil {
				t.Errorf("raider %d: %v", i, err)
			}
		})
	}
	all.Wait()
}

func (h *house) keeping(session string) facilitator.Keeping {
	h.t.Helper()
	view, err := h.node.View(context.Background(), session, facilitator.ForKeepers)
	if err != nil {
		h.t.Fatal(err)
	}
	return view.(facilitator.Keeping)
}

// frozenFor reports whether a client's screen holds nothing but the pause.
func frozenFor(c *client) bool {
	return path(c.docs["everyone"], "session", "frozen") == true && path(c.docs["everyone"], "step") == nil
}

func TestARaidIsKeptBeforeTheDoor(t *testing.T) {
	s := listening(t, t.TempDir(), -1)
	one, two := at(t, s), at(t, s)
	one.circleUnderway("s", raided)
	var circle []*client
	for i := 1; i <= raided; i++ {
		c := []*house{one, two}[i%2].arrive(t, "s", personN(i), facilitator.Participant)
		c.until(t, "everyone", func(received) bool { return c.docs["everyone"] != nil })
		circle = append(circle, c)
	}
	raid(t, []*house{one, two}, "s", time.Second)

	// Five came in before it was known for a wave; the others wait, and the keeper is told.
	keeper := circle[0]
	keeper.until(t, "the keeper to be told", func(received) bool {
		waiting, _ := path(keeper.docs["keepers"], "door", "knocking").(map[string]any)
		return path(keeper.docs["keepers"], "door", "wave") != nil && len(waiting) == raiders-5
	})
	if n := len(two.people("s")); n != 1+raided+5 {
		t.Errorf("%d people in the room", n)
	}
	for _, c := range circle[1:] {
		if c.docs["keepers"] != nil {
			t.Error("somebody else reads who waits before the door")
		}
	}

	// One tap stops the room on both nodes: nothing is shown and nothing taken.
	keeper.do(1, "room.freeze", `{"frozen":true}`)
	for i, c := range circle {
		c.until(t, fmt.Sprintf("the pause at person %d", i+1), func(received) bool { return frozenFor(c) })
	}
	circle[1].do(1, "hand.raise", "")
	no := circle[1].until(t, "the refusal", func(f received) bool { return f.No == 1 })
	if no.Error.Reason != "frozen" {
		t.Errorf("a hand in a frozen room: %v", no.Error)
	}

	// It goes on without the newest, who are before the door now: all who came, for in this test everybody is new.
	keeper.do(2, "room.freeze", `{"frozen":false,"without":true}`)
	keeper.until(t, "the room to go on", func(received) bool { return path(keeper.docs["everyone"], "step") != nil })
	if n := len(two.keeping("s").Door.Knocking); n != raiders+raided-1 {
		t.Errorf("%d wait before the door", n)
	}
}

func TestWhoIsRemovedIsRefusedOnEveryNode(t *testing.T) {
	s := listening(t, t.TempDir(), -1)
	one, two := at(t, s), at(t, s)
	one.circleUnderway("s", 3)
	a, b := one.arrive(t, "s", "p2", facilitator.Participant), two.arrive(t, "s", "p2", facilitator.Participant)
	one.do("s", facilitator.Seat{Person: "p1"}, facilitator.Remove{Person: "p2"})
	for name, c := range map[string]*client{"one": a, "two": b} {
		if reason, code := c.closedWith(t); reason != "removed" || code != closeRemoved {
			t.Errorf("on node %s: %s %d", name, reason, code)
		}
	}
	for name, h := range map[string]*house{"one": one, "two": two} {
		c, err := dial(h.addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.conn.Close() })
		if err := c.hello(testToken("s", "p2", facilitator.Participant), "again-and-again"); err != nil {
			t.Fatal(err)
		}
		if reason, _ := c.closedWith(t); reason != "removed" {
			t.Errorf("the token on node %s: %s", name, reason)
		}
	}
	var deed facilitator.DeedID
	for id := range two.keeping("s").Deeds {
		deed = id
	}
	two.do("s", facilitator.Seat{Person: "p1"}, facilitator.Undo{Deed: deed})
	c := one.arrive(t, "s", "p2", facilitator.Participant) // the same token
	c.until(t, "everyone", func(received) bool { return c.docs["everyone"] != nil })
}

func TestWhoWaitsWhenTheSessionEndsIsToldSo(t *testing.T) {
	h := embedded(t)
	h.session("s")
	h.do("s", lead, facilitator.SetDoor{Mode: facilitator.DoorKnock})
	h.join("s", 1, 1)
	c := h.arrive(t, "s", "p1", facilitator.Participant)
	c.until(t, "the waiting room", func(received) bool { return path(c.docs["person/p1"], "door", "alias") == "Heron 1" })
	h.do("s", lead, facilitator.Close{})
	if reason, code := c.closedWith(t); reason != "over" || code != closeOver {
		t.Errorf("%s %d", reason, code)
	}
}

// A talk of support passes between the two, on two nodes, and is nowhere else: neither in the log nor in a document.
func TestATalkOfSupportIsStoredNowhere(t *testing.T) {
	s := listening(t, t.TempDir(), -1)
	one, two := at(t, s), at(t, s)
	one.circleUnderway("s", 4)
	asks, keeper, other := one.arrive(t, "s", "p2", facilitator.Participant), two.arrive(t, "s", "p1", facilitator.Participant), two.arrive(t, "s", "p3", facilitator.Participant)
	word := func(c *client, id uint64, to facilitator.PersonID, what string) {
		if err := c.write(opText, fmt.Appendf(nil, `{"id":%d,"signal":{"to":%q,"data":{"talk":{"id":"1","text":%q}}}}`, id, to, what)); err != nil {
			t.Fatal(err)
		}
	}
	word(asks, 1, "p1", "too early")
	if no := asks.until(t, "the refusal", func(f received) bool { return f.No == 1 }); no.Error.Reason != "signal_outside" {
		t.Errorf("before the talk is open: %v", no.Error)
	}
	asks.do(2, "support.ask", "")
	var request facilitator.SupportID
	keeper.until(t, "the request", func(received) bool {
		for id := range one.keeping("s").Support {
			request = id
		}
		return request != "" && path(keeper.docs["keepers"], "support", string(request)) != nil
	})
	keeper.do(1, "support.take", fmt.Sprintf(`{"request":%q}`, request))
	keeper.until(t, "the answer", func(f received) bool { return f.OK == 1 })
	asks.until(t, "who comes", func(received) bool { return path(asks.docs["person/p2"], "support", "by") == "p1" })
	asks.do(3, "support.talk", "")
	asks.until(t, "the answer", func(f received) bool { return f.OK == 3 })
	keeper.until(t, "the talk", func(received) bool {
		return path(keeper.docs["keepers"], "support", string(request), "talk") == true
	})
	word(asks, 4, "p1", "canary-of-a-talk")
	heard := keeper.until(t, "the words", func(f received) bool { return f.ServerFrame.Signal != nil })
	if heard.ServerFrame.Signal.From != "p2" || !json.Valid(heard.ServerFrame.Signal.Data) {
		t.Errorf("heard %+v", heard.ServerFrame.Signal)
	}
	word(other, 1, "p2", "from outside")
	if no := other.until(t, "the refusal", func(f received) bool { return f.No == 1 }); no.Error.Reason != "signal_outside" {
		t.Errorf("from somebody else: %v", no.Error)
	}
	keeper.do(2, "support.endTalk", fmt.Sprintf(`{"request":%q}`, request))
	keeper.until(t, "the answer", func(f received) bool { return f.OK == 2 })
	word(keeper, 3, "p2", "too late")
	if no := keeper.until(t, "the refusal", func(f received) bool { return f.No == 3 }); no.Error.Reason != "signal_outside" {
		t.Errorf("after the end: %v", no.Error)
	}
	f, err := readLog(context.Background(), one.node.log, "s")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []facilitator.Document{facilitator.ForEveryone, facilitator.ForKeepers, facilitator.ForPerson("p1"), facilitator.ForPerson("p2")} {
		if raw, _ := json.Marshal(f.state.View(d)); bytes.Contains(raw, []byte("canary-of-a-talk")) {
			t.Errorf("%s holds the talk", d)
		}
	}
	if said := one.said("s"); !bytes.Contains(said, []byte("support.talking")) || bytes.Contains(said, []byte("canary-of-a-talk")) {
		t.Errorf("the log: %s", said)
	}
}

// said is everything a session's log holds, opened.
func (h *house) said(session string) []byte {
	h.t.Helper()
	f, err := readLog(h.t.Context(), h.node.log, session)
	if err != nil {
		h.t.Fatal(err)
	}
	var all []byte
	for seq := uint64(0); ; {
		e, err := h.node.log.Next(h.t.Context(), session, seq)
		if errors.Is(err, errEnd) {
			return all
		}
		if err != nil {
			h.t.Fatal(err)
		}
		plain, err := f.chain.seal.open(e.Sealed)
		if err != nil {
			h.t.Fatal(err)
		}
		all, seq = append(all, plain...), e.Seq
	}
}

// BenchmarkRaid is what the forty notice of the two hundred: how long a raised hand takes to be seen by all of them on
// two nodes, before and during the raid; how long until newcomers have to knock; how long a freeze takes to reach
// everybody, and a removal the other node.
func BenchmarkRaid(b *testing.B) {
	for b.Loop() {
		s := listening(b, b.TempDir(), -1)
		one, two := at(b, s), at(b, s)
		one.circleUnderway("s", raided)
		r := ring(b, []*house{one, two})
		before := r.hands(b, 200, nil)
		over, knocked := make(chan struct{}), make(chan time.Duration, 1)
		began := time.Now()
		go func() {
			defer close(over)
			raid(b, []*house{one, two}, "s", 5*time.Second)
		}()
		go func() {
			for one.keeping("s").Door.Wave == 0 {
				time.Sleep(time.Millisecond)
			}
			knocked <- time.Since(began)
		}()
		during := r.hands(b, 0, over)
		b.ReportMetric(ms(<-knocked), "knock-ms")
		b.ReportMetric(ms(before), "p99-before-ms")
		b.ReportMetric(ms(during), "p99-during-ms")
		b.ReportMetric(float64(during)/float64(before), "ratio")
		after := r.hands(b, 200, nil)
		b.ReportMetric(float64(after)/float64(before), "ratio-after")
		froze := time.Now()
		one.do("s", lead, facilitator.Freeze{Frozen: true})
		r.all(b, `"frozen":true`)
		b.ReportMetric(ms(time.Since(froze)), "freeze-ms")
		removed := time.Now()
		one.do("s", lead, facilitator.Remove{Person: "p2"})
		for seated := true; seated; time.Sleep(time.Millisecond) {
			if err := two.node.Read(b.Context(), "s", func(room *facilitator.Session) { _, seated = room.RoleOf("p2") }); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(ms(time.Since(removed)), "removed-elsewhere-ms")
	}
}

// listeners is the connections of the forty, who only listen for what everybody is sent.
type listeners struct {
	houses []*house
	heard  []chan []byte
	up     bool
}

func ring(b *testing.B, houses []*house) *listeners {
	r := &listeners{houses: houses}
	for i := 1; i <= raided; i++ {
		c, err := dial(houses[i%len(houses)].addr)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { c.conn.Close() })
		if err := c.hello(testToken("s", personN(i), facilitator.Participant), fmt.Sprintf("tab-of-%d", i)); err != nil {
			b.Fatal(err)
		}
		frames := make(chan []byte, 4096)
		go func() {
			defer close(frames)
			for {
				text, err := c.text()
				if err != nil {
					return
				}
				frames <- text
			}
		}()
		r.heard = append(r.heard, frames)
	}
	r.all(b, `"doc":"everyone"`)
	return r
}

// all waits until each has heard something.
func (r *listeners) all(b *testing.B, what string) {
	late := time.After(20 * time.Second)
	for i, frames := range r.heard {
		for heard := false; !heard; {
			select {
			case text, open := <-frames:
				if !open {
					b.Fatalf("person %d is gone", i+1)
				}
				heard = bytes.Contains(text, []byte(what))
			case <-late:
				b.Fatalf("person %d has not heard %s", i+1, what)
			}
		}
	}
}

// hands raises and lowers the hand of one, so often or until something is over, and returns the 99th percentile of the
// time until all have seen it.
func (r *listeners) hands(b *testing.B, count int, over <-chan struct{}) time.Duration {
	var took []time.Duration
	for n := 0; over != nil || n < count; n++ {
		select {
		case <-over:
			slices.Sort(took)
			return took[len(took)*99/100]
		default:
		}
		var do facilitator.Command = facilitator.RaiseHand{}
		if r.up {
			do = facilitator.LowerHand{}
		}
		began := time.Now()
		r.houses[n%len(r.houses)].do("s", facilitator.Seat{Person: "p3"}, do)
		r.up = !r.up
		r.all(b, `"hand":`)
		took = append(took, time.Since(began))
		time.Sleep(15 * time.Millisecond)
	}
	slices.Sort(took)
	return took[len(took)*99/100]
}
