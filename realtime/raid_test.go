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

// The clock stands still while nothing waits for it, so whatever a hand takes here, it was made to wait.
func TestNobodyInsideWaitsForTheDoorway(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		one, two := fakeHouse(t, l, b, NodeConfig{}), fakeHouse(t, l, b, NodeConfig{})
		one.circleUnderway("s", 3)
		c := two.enter(t, "s", "p2", facilitator.Participant)
		c.until(t, "everyone", func(received) bool { return c.docs["everyone"] != nil })
		time.Sleep(time.Second)
		first, over := one.commits(), make(chan struct{})
		go func() {
			defer close(over)
			raid(t, []*house{one, two}, "s", 5*time.Second)
		}()
		hands, waited := 0, 0
		for up, done := true, false; !done; up = !up {
			began := time.Now()
			do := map[bool]string{true: "hand.raise", false: "hand.lower"}[up]
			c.do(uint64(hands+1), do, "")
			c.until(t, "the hand", func(received) bool {
				return (path(c.docs["everyone"], "people", "p2", "hand") != nil) == up
			})
			if hands++; time.Since(began) > 0 {
				waited++
			}
			time.Sleep(77 * time.Millisecond)
			select {
			case <-over:
				done = true
			default:
			}
		}
		// The five who come in before it is known for a wave are a change for everybody, and so is the door.
		if hands < 50 || waited > 4 {
			t.Errorf("%d of %d hands had to wait", waited, hands)
		}
		if n := int(one.commits()-first) - hands; n > 30 {
			t.Errorf("the raid cost %d commits", n)
		}
		if n := len(one.keeping("s").Door.Knocking); n != raiders-5 {
			t.Errorf("%d wait before the door", n)
		}
	})
}

// The clock stands still here too, so answers at one moment are answers together.
func TestTheDoorwayAnswersOneAfterTheOther(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		h := fakeHouse(t, l, b, NodeConfig{})
		h.circleUnderway("s", 3)
		h.do("s", lead, facilitator.SetDoor{Mode: facilitator.DoorKnock})
		const many = 20
		began := time.Now()
		answered := h.knock("s", many)
		together := map[time.Duration]int{}
		for range many {
			if err := <-answered; err != nil {
				t.Error(err)
			}
			together[time.Since(began)]++
		}
		if took := time.Since(began); len(together) != many || took > 2*doorwayEvery {
			t.Errorf("%d answers at %d moments within %v", many, len(together), took)
		}

		// Who is before the door already is not kept waiting for an answer by a server that stops.
		time.Sleep(time.Second)
		began, answered = time.Now(), h.knock("s", many)
		<-answered
		time.Sleep(doorwayEvery + time.Millisecond)
		h.node.Close()
		for range many - 1 {
			if err := <-answered; err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(began); took > doorwayEvery+time.Millisecond {
			t.Errorf("the last answer after %v", took)
		}
	})
}

// knock has so many come to the door at once.
func (h *house) knock(session string, many int) <-chan error {
	answered := make(chan error, many)
	for range many {
		join := facilitator.Join{Person: facilitator.PersonID(freshID()), Alias: freshID(), Role: facilitator.Participant}
		go func() { answered <- h.node.Do(context.Background(), session, system, join) }()
	}
	return answered
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
// two nodes, before the raid and during it; how long until newcomers have to knock; how long a freeze takes to reach
// everybody, and a removal the other node. Hands are those of several raids together, the rest is their median. The forty are another process, and the two hundred a third one that gives way: what is
// measured is the server's work, not theirs.
func BenchmarkRaid(b *testing.B) {
	s := listening(b, b.TempDir(), -1)
	houses := []*house{at(b, s), at(b, s)}
	figures, hands := map[string][]float64{}, map[string][]time.Duration{}
	for b.Loop() {
		for i := range raids {
			took := drill(b, houses, fmt.Sprintf("s%d", i), func(value float64, unit string) { figures[unit] = append(figures[unit], value) })
			for when, took := range took {
				hands[when] = append(hands[when], took...)
			}
		}
	}
	for when, took := range hands {
		b.ReportMetric(ms(percentile(took, 50)), "p50-"+when+"-ms")
		b.ReportMetric(ms(percentile(took, 99)), "p99-"+when+"-ms")
		b.ReportMetric(float64(percentile(took, 99))/float64(percentile(hands["before"], 99)), "p99-"+when+"-ratio")
	}
	b.ReportMetric(float64(len(hands["during"])), "hands")
	for unit, all := range figures {
		slices.Sort(all)
		b.ReportMetric(all[len(all)/2], unit)
	}
}

const (
	raids  = 7
	raidIn = 5 * time.Second
)

// drill is one raid. It returns how long hands took before it, during it and after it.
func drill(b *testing.B, houses []*house, session string, figure func(value float64, unit string)) map[string][]time.Duration {
	one, two := houses[0], houses[1]
	one.circleUnderway(session, raided)
	circle, raiding := startLoad(b, 0), startLoad(b, 19)
	for i := 1; i <= raided; i++ {
		circle.do(task{Connect: &connectTask{houses[i%2].addr, session, i, i}})
	}
	h := hands{load: circle}
	h.until(time.After(time.Second))
	before := h.until(time.After(raidIn))

	over, knocked := make(chan time.Time), make(chan time.Duration, 1)
	began := time.Now()
	raiding.start(task{Raid: &raidTask{[]string{one.addr, two.addr}, session, raiders, raidIn}})
	go func() {
		for one.keeping(session).Door.Wave == 0 {
			time.Sleep(time.Millisecond)
		}
		knocked <- time.Since(began)
	}()
	go func() {
		raiding.finish()
		close(over)
	}()
	during := h.until(over)
	after := h.until(time.After(raidIn))
	figure(ms(<-knocked), "knock-ms")

	freeze := roundTask{ID: h.n + 1, Do: "room.freeze", With: `{"frozen":true}`, Want: `"frozen":true`}
	figure(ms(circle.do(task{Round: &freeze}).Took), "freeze-ms")
	removed := time.Now()
	one.do(session, lead, facilitator.Remove{Person: "p2"})
	for seated := true; seated; time.Sleep(time.Millisecond) {
		if err := two.node.Read(b.Context(), session, func(room *facilitator.Session) { _, seated = room.RoleOf("p2") }); err != nil {
			b.Fatal(err)
		}
	}
	figure(ms(time.Since(removed)), "removed-elsewhere-ms")
	one.do(session, lead, facilitator.Freeze{})
	one.do(session, lead, facilitator.Close{})
	circle.end()
	raiding.end()
	return map[string][]time.Duration{"before": before, "during": during, "after": after}
}

// hands is people raising and lowering their hands, one after the other.
type hands struct {
	load *loader
	n    int
}

// until goes on until something is over, and returns how long each took to be seen by all.
func (h *hands) until(over <-chan time.Time) []time.Duration {
	var took []time.Duration
	for {
		select {
		case <-over:
			return took
		default:
		}
		do := "hand.raise"
		if h.n%2 == 1 {
			do = "hand.lower"
		}
		h.n++
		took = append(took, h.load.do(task{Round: &roundTask{From: (h.n - 1) / 2 % raided, ID: h.n, Do: do, Want: `"hand":`}}).Took)
		time.Sleep(15 * time.Millisecond)
	}
}

func percentile(took []time.Duration, p int) time.Duration {
	slices.Sort(took)
	return took[len(took)*p/100]
}
