package server

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"mend/facilitator"
)

// TestWhatDoesNotBelongInAPracticeRoomIsRefused goes over real sockets: six people in two rooms, and each tries what is
// not theirs to do. None of it reaches anybody, and nothing of what they say is logged.
func TestWhatDoesNotBelongInAPracticeRoomIsRefused(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Programme = "practising-amends" })
	demo, leading := w.demoSession()
	lead := w.hello(leading.Token)
	lead.welcomed()
	lines, rooms := map[facilitator.PersonID]*wire{}, map[facilitator.RoomID][]facilitator.PersonID{}
	for i := range 6 {
		var seat pass
		w.join(demo.Code, fmt.Sprint("Person ", i)).into(&seat)
		lines[seat.Person] = w.hello(seat.Token)
		lines[seat.Person].welcomed()
	}
	for _, order := range []struct{ name, with string }{{"agenda.open", `{"step": "threes"}`}, {"practice.form", "{}"}, {"practice.open", "{}"}} {
		if no := lead.do(order.name, json.RawMessage(order.with)); no != nil {
			t.Fatalf("%s: %v", order.name, no)
		}
	}
	for p := range lines {
		room := w.practice(demo.Session, p).Room
		rooms[room] = append(rooms[room], p)
	}
	if len(rooms) != 2 {
		t.Fatalf("the rooms are %v", rooms)
	}
	var ids []facilitator.RoomID
	for room := range rooms {
		ids = append(ids, room)
	}
	mine, theirs := ids[0], ids[1]
	holds := map[string]facilitator.PersonID{}
	for _, p := range rooms[mine] {
		holds[w.practice(demo.Session, p).Role] = p
	}
	speaker, listener, observer := holds["speaker"], holds["listener"], holds["observer"]
	for _, c := range []struct {
		by     facilitator.PersonID
		do     string
		with   map[string]any
		reason string
	}{
		{speaker, "practice.write", map[string]any{"room": theirs, "text": "canary-across"}, "not_your_room"},
		{speaker, "practice.ready", map[string]any{"room": theirs, "phase": "consent", "turn": 1}, "not_your_room"},
		{speaker, "practice.help", map[string]any{"room": theirs, "help": "help"}, "not_your_room"},
		{speaker, "practice.write", map[string]any{"room": mine, "text": strings.Repeat("canary-long ", 334)}, "message_too_long"},
		{speaker, "practice.limits", map[string]any{"room": mine, "text": strings.Repeat("canary-long ", 334)}, "too_long"},
		{listener, "practice.terms", map[string]any{"room": mine, "scenario": "own"}, "not_speaker"},
		{speaker, "practice.terms", map[string]any{"room": mine, "scenario": "canary-scenario"}, "scenario_unknown"},
		{listener, "practice.mark", map[string]any{"room": mine, "behaviour": "silence"}, "not_observer"},
		{observer, "practice.mark", map[string]any{"room": mine, "behaviour": "silence", "heard": "canary-heard"}, "nothing_to_observe"},
		{observer, "practice.mark", map[string]any{"room": theirs, "behaviour": "silence"}, "not_your_room"},
		{listener, "practice.aloud", map[string]any{"person": rooms[theirs][0]}, "not_your_room"},
		{listener, "practice.enter", map[string]any{"room": theirs}, "not_leading"},
		{listener, "practice.back", map[string]any{"minutes": 2}, "not_leading"},
		{listener, "practice.handin", map[string]any{"in": true}, "nothing_to_hand_in"},
	} {
		if no := lines[c.by].do(c.do, c.with); no == nil || no.Reason != c.reason {
			t.Errorf("%s %.60v: %+v, want %s", c.do, c.with, no, c.reason)
		}
	}

	call := lines[speaker]
	for i, to := range append(rooms[theirs], speaker, leading.Person, "nobody") {
		call.last++
		call.say(map[string]any{"id": call.last, "signal": map[string]any{"to": to, "data": "canary-signal"}})
		if f := call.until(func(f frame) bool { return f.No == call.last || f.OK == call.last }); f.Error == nil || f.Error.Reason != "signal_outside" {
			t.Errorf("signal %d to %s: %+v", i, to, f)
		}
	}
	call.last++
	call.say(map[string]any{"id": call.last, "signal": map[string]any{"to": listener, "data": "within"}})
	if f := call.until(func(f frame) bool { return f.No == call.last || f.OK == call.last }); f.OK == 0 {
		t.Errorf("a signal within the room was refused: %v", f.Error)
	}
	lines[listener].until(func(f frame) bool { return f.Signal != nil && string(f.Signal.Data) == `"within"` })
	for _, p := range rooms[theirs] {
		lines[p].quietUntilBeat("canary")
	}
	lead.quietUntilBeat("canary")
	if strings.Contains(w.said.String(), "canary") {
		t.Error("what was said is in the log")
	}
}

// practice is somebody's own part of the practice that is on.
func (w *world) practice(session string, p facilitator.PersonID) facilitator.PracticeOwn {
	w.t.Helper()
	view, err := w.node.View(w.t.Context(), session, facilitator.ForPerson(p))
	must(w.t, err)
	own, _ := view.(facilitator.Own).Exercise.(facilitator.PracticeOwn)
	return own
}

// quietUntilBeat reads all there is, up to the answer to a beat, and finds no such word in it and no signal.
func (l *wire) quietUntilBeat(word string) {
	l.t.Helper()
	l.say(map[string]any{"beat": 1})
	l.until(func(f frame) bool {
		if f.Signal != nil || strings.Contains(string(f.Is)+string(f.Patch), word) {
			l.t.Errorf("this was delivered to somebody else: %+v", f)
		}
		return f.Beat > 0
	})
}

// TestGuestsGoOnAfterAStop: after a stop the guests of a room do what the one person in it chose, and go on with the round.
func TestGuestsGoOnAfterAStop(t *testing.T) {
	for _, choice := range []string{"on", "change", "end"} {
		t.Run(choice, func(t *testing.T) {
			p := newParty(t, 2, func(c *Config) { c.Programme = "practising-amends" })
			p.pass("both are here", func(room facilitator.Everyone) bool { return len(room.People) == 3 })
			p.orders(facilitator.OpenStep{Step: "threes"})
			p.orders(facilitator.Wish{Part: facilitator.Plays})
			p.orders(facilitator.FormRooms{})
			p.orders(facilitator.OpenRooms{})
			p.pass("they rehearse", func(facilitator.Everyone) bool { return p.playAlong() == "rehearse" })
			p.orders(facilitator.Stop{})
			room := p.room()
			p.orders(facilitator.ChooseAfterStop{Room: room.Room, Choice: facilitator.Choice(choice)})
			p.pass("the room goes on", func(facilitator.Everyone) bool { return !p.room().Stopped })
			want := map[string]string{"on": "rehearse", "change": "consent", "end": "out"}[choice]
			if phase := p.room().Phase; string(phase) != want {
				t.Errorf("it goes on in %s, want %s", phase, want)
			}
			p.pass("the room is done", func(facilitator.Everyone) bool { return p.playAlong() == "done" })
		})
	}
}

// TestGuestsAloneInAStoppedRoomGoOn: who stopped it sits out, and nobody is left to choose.
func TestGuestsAloneInAStoppedRoomGoOn(t *testing.T) {
	p := newParty(t, 2, func(c *Config) { c.Programme = "practising-amends" })
	p.pass("both are here", func(room facilitator.Everyone) bool { return len(room.People) == 3 })
	p.orders(facilitator.OpenStep{Step: "threes"})
	p.orders(facilitator.Wish{Part: facilitator.Watches})
	p.orders(facilitator.FormRooms{})
	p.orders(facilitator.OpenRooms{})
	p.pass("they rehearse", func(facilitator.Everyone) bool { return p.playAlong() == "rehearse" })
	p.orders(facilitator.Stop{})
	p.orders(facilitator.Wish{Part: facilitator.Rests})
	p.pass("the room goes on", func(facilitator.Everyone) bool {
		for _, room := range p.glances() {
			return !room.Paused
		}
		return false
	})
}

// room is the one the facilitator takes part in.
func (p *party) room() facilitator.RoomView {
	p.t.Helper()
	view, err := p.node.View(p.t.Context(), p.demo.Session, facilitator.ForRoom(p.practice(p.demo.Session, p.lead.Person).Room))
	must(p.t, err)
	return view.(facilitator.RoomView)
}

func (p *party) glances() map[facilitator.RoomID]facilitator.RoomGlance {
	p.t.Helper()
	view, err := p.node.View(p.t.Context(), p.demo.Session, facilitator.ForFacilitators)
	must(p.t, err)
	return view.(facilitator.ForLeaders).Exercise.(facilitator.PracticeFacilitators).Rooms
}

// playAlong does what the facilitator's own screen asks for, and answers the phase their room is in.
func (p *party) playAlong() facilitator.Phase {
	p.t.Helper()
	own, room := p.practice(p.demo.Session, p.lead.Person), p.room()
	switch {
	case own.OutFirst:
		p.orders(facilitator.StepOut{})
	case room.Phase == "consent" && room.Terms.Scenario == "":
		if own.Role == "speaker" {
			p.orders(facilitator.SetTerms{Room: room.Room, Terms: facilitator.Terms{Scenario: "own"}})
		}
	case room.Phase == "out" && own.InRole:
		p.orders(facilitator.StepOut{})
	case room.Phase != "out" && room.Phase != "done" && !room.Stopped && !room.Members[p.lead.Person].Ready:
		p.orders(facilitator.ReadyToGoOn{Room: room.Room, Phase: room.Phase, Turn: room.Turn})
	}
	return room.Phase
}
