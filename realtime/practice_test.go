package realtime

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"mend/facilitator"
)

// practise opens a session with a practice, the lead at it and people p1 to pN.
func (h *house) practise(session, form string, people int) {
	h.t.Helper()
	with, err := json.Marshal(facilitator.PracticeScript{
		Form: form, Scenarios: []string{"all"}, Rest: text("rest"), Grounding: text("ground"),
		Minutes: facilitator.PracticeMinutes{Consent: 1, Prepare: 1, Rehearse: 1, Speaker: 1, Listener: 1, Observer: 1, Again: 1, Out: 1},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	step := facilitator.StepScript{ID: "practice", Kind: "practice", Title: text("Practice"), Minutes: 30, Say: text("say"), Phone: text("phone"), Stage: text("stage"), With: with}
	p := programme(h.t)
	p.Steps = []facilitator.StepScript{step}
	if err := h.node.Create(h.t.Context(), session, facilitator.Open{Code: "ABCDEF", StageKey: "key", Programme: p}); err != nil {
		h.t.Fatal(err)
	}
	h.do(session, system, facilitator.Join{Person: "lead", Alias: "Lead", Role: facilitator.Facilitator})
	h.do(session, lead, facilitator.SetDoor{Mode: facilitator.DoorOpen, Wide: true})
	h.do(session, lead, facilitator.NextStep{})
	h.join(session, 1, people)
}

var lead = facilitator.Seat{Person: "lead"}

// room is the practice room whose document a client reads.
func (c *client) room() string {
	for d := range c.docs {
		if strings.HasPrefix(d, "room/") {
			return d
		}
	}
	return ""
}

// inRoom waits for a practice room and returns its id.
func (c *client) inRoom(t *testing.T) string {
	t.Helper()
	c.until(t, "a room", func(received) bool { return c.room() != "" })
	return strings.TrimPrefix(c.room(), "room/")
}

// pairUp opens the rooms for p1 and p2, who connect to two houses, and p3 and p4, who do not.
func pairUp(t *testing.T, one, two *house) (a, b *client, room string) {
	t.Helper()
	one.practise("s", "pairs", 4)
	a = one.arrive(t, "s", "p1", facilitator.Participant)
	b = two.arrive(t, "s", "p2", facilitator.Participant)
	one.do("s", facilitator.Seat{Person: "p1"}, facilitator.Wish{Part: facilitator.Plays, NotWith: []facilitator.PersonID{"p3", "p4"}})
	one.do("s", lead, facilitator.FormRooms{})
	one.do("s", lead, facilitator.OpenRooms{})
	room = a.inRoom(t)
	if other := b.inRoom(t); other != room {
		t.Fatalf("p1 is in %s and p2 in %s", room, other)
	}
	return a, b, room
}

func TestASignalReachesTheRoomOnAnotherNodeAndNobodyElse(t *testing.T) {
	s := listening(t, t.TempDir(), -1)
	one, two := at(t, s), at(t, s)
	a, b, _ := pairUp(t, one, two)
	outsider := two.arrive(t, "s", "p3", facilitator.Participant)
	facilitating := two.arrive(t, "s", "lead", facilitator.Facilitator)

	a.write(opText, []byte(`{"id":1,"signal":{"to":"p2","data":{"sdp":"canary-sdp"}}}`))
	a.until(t, "the answer", func(f received) bool { return f.OK == 1 })
	f := b.until(t, "the signal", func(f received) bool { return f.Signal != nil })
	if f.Signal.From != "p1" || string(f.Signal.Data) != `{"sdp":"canary-sdp"}` || f.Signal.To != "" {
		t.Errorf("it came as %+v", f.Signal)
	}
	for _, k := range []struct{ send, reason string }{
		{`{"id":2,"signal":{"to":"p3","data":1}}`, "signal_outside"},
		{`{"id":3,"signal":{"to":"p1","data":1}}`, "signal_outside"},
		{`{"id":4,"signal":{"to":"nobody","data":1}}`, "signal_outside"},
		{`{"signal":{"to":"lead","data":1}}`, "signal_outside"},
		{`{"id":6,"signal":{"to":"p2","data":"` + strings.Repeat("x", signalMost) + `"}}`, "signal_too_long"},
	} {
		a.write(opText, []byte(k.send))
		if f := a.until(t, k.reason, func(f received) bool { return f.Error != nil }); f.Error.Reason != k.reason {
			t.Errorf("%.40s was refused with %s", k.send, f.Error.Reason)
		}
	}
	outsider.write(opText, []byte(`{"id":1,"signal":{"to":"p1","data":1}}`))
	outsider.until(t, "the refusal", func(f received) bool { return f.No == 1 && f.Error.Reason == "signal_outside" })
	for _, c := range []*client{outsider, facilitating, a} {
		c.write(opText, []byte(`{"beat":1}`))
		c.until(t, "the beat", func(f received) bool {
			if f.Signal != nil {
				t.Error("somebody else was sent the signal")
			}
			return f.Beat > 0
		})
	}
	// nothing of it is stored
	entries, err := readOn(t.Context(), one.node.log, "s", 0)
	if err != nil || len(entries) == 0 {
		t.Fatal(err)
	}
	fold, err := readLog(t.Context(), one.node.log, "s")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if plain, _ := fold.chain.seal.open(e.Sealed); strings.Contains(string(plain), "canary-sdp") {
			t.Error("the log holds a signal")
		}
	}
}

func TestTooManySignalsAreRefusedThenCutOff(t *testing.T) {
	one := embedded(t)
	a, _, _ := pairUp(t, one, one)
	go func() {
		for range signalBurst + flood + 60 {
			a.write(opText, []byte(`{"signal":{"to":"p2","data":1}}`))
		}
	}()
	a.until(t, "a refusal", func(f received) bool { return f.Error != nil && f.Error.Reason == "signal_too_fast" })
	if reason, code := a.closedWith(t); reason != "too_fast" || code != 1013 {
		t.Errorf("closed with %s, %d", reason, code)
	}
}

func TestTheOperatorsServersForCallsComeWithTheWelcome(t *testing.T) {
	n := openNATS(t, NATSConfig{Folder: t.TempDir()})
	servers := []ICEServer{{URLs: []string{"turn:turn.example.org:3478"}, Username: "mend", Credential: "secret"}}
	h := newHouse(t, NodeConfig{NATS: n, Log: openLog(t, n), ICE: servers})
	h.session("s")
	h.join("s", 1, 1)
	c, err := dial(h.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.conn.Close()
	if w := c.greet(t, testToken("s", "p1", facilitator.Participant)); len(w.ICE) != 1 || w.ICE[0].Credential != "secret" {
		t.Errorf("the welcome has %+v", w.ICE)
	}
}

// A room goes on when the node of one of its people dies in the middle: they come back at the other, to the same room with
// what was said, and can still be called.
func TestAPracticeRoomOutlivesANode(t *testing.T) {
	s := listening(t, t.TempDir(), -1)
	one, two := at(t, s), at(t, s)
	a, b, room := pairUp(t, one, two)
	a.do(1, "practice.write", fmt.Sprintf(`{"room":%q,"text":"before the node died"}`, room))
	b.until(t, "the message", func(received) bool { return path(b.docs["room/"+room], "messages", "1", "text") != nil })
	one.node.cancel()
	a.conn.Close()

	again, err := dial(two.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.conn.Close() })
	again.docs, again.revs = a.docs, a.revs
	again.greet(t, testToken("s", "p1", facilitator.Participant))
	again.do(1, "practice.write", fmt.Sprintf(`{"room":%q,"text":"before the node died"}`, room))
	again.do(2, "practice.write", fmt.Sprintf(`{"room":%q,"text":"and after"}`, room))
	b.until(t, "the second message", func(received) bool {
		return path(b.docs["room/"+room], "messages", "2", "text") == "and after"
	})
	again.until(t, "both messages", func(received) bool {
		return path(again.docs["room/"+room], "messages", "1", "text") == "before the node died" &&
			path(again.docs["room/"+room], "messages", "2", "text") == "and after"
	})
	b.write(opText, []byte(`{"signal":{"to":"p1","data":"hello"}}`))
	again.until(t, "the call", func(f received) bool { return f.Signal != nil })
	if path(b.docs["room/"+room], "messages", "3") != nil {
		t.Error("a message sent twice was written twice")
	}
}

// Who moves to another room has its document in place of the old one, and whoever returns to a server with a copy of a room
// they left is told to forget it.
func TestTheRoomOfOneWhoMovesIsTakenAway(t *testing.T) {
	h := embedded(t)
	a, b, room := pairUp(t, h, h)
	h.do("s", facilitator.Seat{Person: "p2"}, facilitator.Wish{Part: facilitator.Rests})
	for _, c := range []*client{a, b} {
		c.until(t, "that it is gone", func(f received) bool { return string(f.Gone) == "room/"+room })
		c.conn.Close()
	}
	again, err := dial(h.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer again.conn.Close()
	again.docs, again.revs = b.docs, b.revs // with the copy of the room
	again.greet(t, testToken("s", "p2", facilitator.Participant))
	again.until(t, "that it is gone", func(f received) bool { return string(f.Gone) == "room/"+room })
}

// rooms is the open practice rooms as a facilitator sees them through this house.
func (h *house) rooms(t *testing.T) map[facilitator.RoomID]facilitator.RoomGlance {
	t.Helper()
	view, err := h.node.View(t.Context(), "s", facilitator.ForFacilitators)
	if err != nil {
		t.Fatal(err)
	}
	return view.(facilitator.ForLeaders).Exercise.(facilitator.PracticeFacilitators).Rooms
}

func (h *house) practiceRoom(t *testing.T, id facilitator.RoomID) facilitator.RoomView {
	t.Helper()
	view, err := h.node.View(t.Context(), "s", facilitator.ForRoom(id))
	if err != nil {
		t.Fatal(err)
	}
	room, _ := view.(facilitator.RoomView)
	return room
}

// goOn has everybody in a room do what their phones ask of them, until it is in a later phase.
func (h *house) goOn(t *testing.T, id facilitator.RoomID) {
	t.Helper()
	room := h.practiceRoom(t, id)
	for _, p := range slices.Sorted(maps.Keys(room.Members)) {
		var do facilitator.Command = facilitator.ReadyToGoOn{Room: id, Phase: room.Phase, Turn: room.Turn}
		switch {
		case room.Phase == "consent" && room.Terms.Scenario == "" && room.Members[p].Role == "speaker":
			do = facilitator.SetTerms{Room: id, Terms: facilitator.Terms{Scenario: "own"}}
		case room.Phase == "out":
			do = facilitator.StepOut{}
		}
		err := h.node.Do(t.Context(), "s", facilitator.Seat{Person: p}, do)
		if refused := (*facilitator.Refusal)(nil); err != nil && !errors.As(err, &refused) { // a phone may be a moment behind
			t.Fatalf("%T: %v", do, err)
		}
	}
}

// Seven practise in threes, through two nodes in turn: one leaves, one comes late, one stops the room, another asks for
// help and has more time; a node dies in the middle, and all rooms go through all their turns at the other.
func TestAWholePracticeOnTwoNodesOfWhichOneDies(t *testing.T) {
	s := listening(t, t.TempDir(), -1)
	one, two := at(t, s), at(t, s)
	one.practise("s", "threes", 7)
	one.do("s", lead, facilitator.FormRooms{})
	two.do("s", lead, facilitator.OpenRooms{})
	ids := slices.Sorted(maps.Keys(two.rooms(t)))
	if len(ids) != 2 || len(two.rooms(t)[ids[0]].Members)+len(two.rooms(t)[ids[1]].Members) != 7 {
		t.Fatalf("the rooms are %v", two.rooms(t))
	}
	large, small := ids[0], ids[1]
	if len(two.rooms(t)[large].Members) < 4 {
		large, small = small, large
	}
	members := slices.Sorted(maps.Keys(two.rooms(t)[large].Members))
	one.do("s", facilitator.Seat{Person: members[0]}, facilitator.Leave{})
	one.join("s", 8, 8)
	two.do("s", facilitator.Seat{Person: members[1]}, facilitator.Stop{})
	if !two.rooms(t)[large].Paused {
		t.Error("the room does not stop")
	}
	for _, p := range slices.Sorted(maps.Keys(two.practiceRoom(t, large).Members)) {
		two.do("s", facilitator.Seat{Person: p}, facilitator.ChooseAfterStop{Room: large, Choice: "on"})
	}
	if two.rooms(t)[large].Paused {
		t.Error("the room does not go on")
	}
	two.do("s", facilitator.Seat{Person: slices.Sorted(maps.Keys(two.practiceRoom(t, small).Members))[0]}, facilitator.AskHelp{Room: small, Help: "help"})
	two.do("s", lead, facilitator.EnterRoom{Room: small})
	two.do("s", lead, facilitator.MoreTime{Room: small, Minutes: 5})
	two.do("s", lead, facilitator.LeaveVisit{})
	held := map[facilitator.PersonID]bool{}
	for n := 0; ; n++ {
		h := []*house{one, two}[n%2]
		if n == 10 {
			one.node.cancel() // without a word
		}
		if n >= 10 {
			h = two
		}
		busy := false
		for id, room := range h.rooms(t) {
			if room.Phase != "done" {
				busy = true
				h.goOn(t, id)
			}
			for p, m := range h.practiceRoom(t, id).Members {
				held[p] = held[p] || m.Role == "speaker"
			}
		}
		if !busy {
			break
		}
		if n > 200 {
			t.Fatalf("the rooms never get done: %+v", h.rooms(t))
		}
	}
	for i := 1; i <= 8; i++ {
		if p := personN(i); p != members[0] && !held[p] {
			t.Errorf("%s never spoke", p)
		}
	}
	two.do("s", lead, facilitator.CallBack{Minutes: 1})
	if len(two.rooms(t)) != 0 {
		t.Error("the rooms are not closed")
	}
}
