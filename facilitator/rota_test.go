package facilitator

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// rounds plays a practice from outside and notes who took which role for a whole rehearsal.
type rounds struct {
	w                        *world
	spoke, listened, watched map[PersonID]int
	began                    map[RoomID][]PersonID // who was there when its rehearsal began
	needless                 string
}

func newRounds(t testing.TB, form string, people int) *rounds {
	w := newWorldOf(t, withPractice(t))
	w.join("Lead", Facilitator)
	for i := range people {
		w.join(fmt.Sprintf("P%d", i), Participant)
	}
	for _, c := range []Command{OpenStep{Step: StepID(form)}, FormRooms{}, OpenRooms{}} {
		w.must(c, Seat{Person: "p1"})
	}
	return &rounds{w: w, spoke: map[PersonID]int{}, listened: map[PersonID]int{}, watched: map[PersonID]int{}, began: map[RoomID][]PersonID{}}
}

// play does something and looks which rooms began or ended a rehearsal by it.
func (o *rounds) play(c Command, by PersonID) {
	before := map[RoomID]*practiceRoom{}
	for id, r := range o.w.s.nowPractice().rooms {
		before[id] = r
	}
	seat := Seat{Person: by}
	if by == "" {
		seat.Role = System
	}
	_, _ = o.w.do(c, seat) // what is refused happens as little as it would in a room
	for id, r := range o.w.s.nowPractice().rooms {
		was := before[id]
		switch {
		case was == nil || was.phase == r.phase:
		case r.phase == inRehearse:
			o.began[id] = r.people()
		case was.phase == inRehearse && r.phase == inSpeaker:
			o.note(id, was)
		}
	}
}

func (o *rounds) note(id RoomID, r *practiceRoom) {
	if o.spoke[r.speaker] > 0 && (o.listened[r.listener] > 0 || o.watched[r.listener] == 0) {
		o.needless = fmt.Sprintf("%s speaks again and %s listens", r.speaker, r.listener)
	}
	o.spoke[r.speaker]++
	o.listened[r.listener]++
	for _, p := range r.people() {
		if p != r.speaker && p != r.listener && slices.Contains(o.began[id], p) && o.w.s.there(p) {
			o.watched[p]++
		}
	}
}

// tap is everybody in a room doing what they are asked for, once.
func (o *rounds) tap(id RoomID) {
	room := o.w.s.nowPractice().rooms[id]
	if room == nil {
		return
	}
	if room.phase == inConsent {
		o.play(SetTerms{Room: id, Terms: Terms{Scenario: "short"}}, room.speaker)
	}
	for _, p := range room.people() {
		switch {
		case !o.w.s.there(p):
		case room.phase == inOut || o.w.s.nowPractice().mustStepOut(p, id):
			o.play(StepOut{}, p)
		default:
			o.play(ReadyToGoOn{Room: id, Phase: room.phase, Turn: room.turn}, p)
		}
	}
}

// end goes on until every room is done.
func (o *rounds) end() {
	for range 400 {
		x := o.w.s.nowPractice()
		if x.all(inDone) {
			return
		}
		for _, id := range x.inOrder() {
			o.tap(id)
		}
	}
	o.w.t.Fatal("the rooms never get done")
}

// missing is who took part and was left out of a role.
func (o *rounds) missing() string {
	x := o.w.s.nowPractice()
	for id, r := range x.rooms {
		for _, p := range r.players {
			if o.spoke[p] == 0 {
				return fmt.Sprintf("%s in %s was never the speaker", p, id)
			}
			if o.watched[p] > 0 && o.listened[p] == 0 {
				return fmt.Sprintf("%s in %s was there and never the listener", p, id)
			}
		}
	}
	return o.needless
}

// TestEachRoleOnceWhoeverComesAndGoes: everybody who takes part speaks once, and whoever was there for a rehearsal in
// which they had nothing to do listens once, whoever else leaves, comes late, steps away or turns from watching to taking
// part. Nobody speaks again but for somebody who has not listened.
func TestEachRoleOnceWhoeverComesAndGoes(t *testing.T) {
	for _, form := range []string{"threes", "pairs"} {
		t.Run(form, func(t *testing.T) {
			rapid.Check(t, func(r *rapid.T) {
				o := newRounds(t, form, rapid.IntRange(2, 8).Draw(r, "people"))
				for range rapid.IntRange(1, 40).Draw(r, "steps") {
					o.disturb(r)
				}
				for id := range o.w.s.people {
					o.play(Came{Person: id}, "")
				}
				o.end()
				if missing := o.missing(); missing != "" {
					r.Fatal(missing)
				}
			})
		})
	}
}

func (o *rounds) disturb(r *rapid.T) {
	w := o.w
	by := anyone(r, w)
	switch rapid.IntRange(0, 14).Draw(r, "what") {
	case 0:
		id := w.seat()
		alias := fmt.Sprintf("Late-%d", w.seats)
		w.who[alias] = id
		o.play(Join{Person: id, Alias: alias, Role: Participant}, "")
	case 1:
		o.play(Leave{}, by)
	case 2:
		o.play(StepAway{}, by)
	case 3:
		o.play(StepBack{}, by)
	case 4:
		o.play(Wish{Part: rapid.SampledFrom([]Part{Plays, Watches}).Draw(r, "part")}, by)
	case 5:
		o.play(Went{Person: by}, "")
	case 6:
		o.play(Came{Person: by}, "")
	default:
		if rooms := roomsOf(w.s); len(rooms) > 0 {
			o.tap(rapid.SampledFrom(rooms).Draw(r, "room"))
		}
	}
}

// TestListenersAreMadeUpFor: the first listener of a three leaves and somebody comes in their place. Of the three who are
// there in the end two had a turn in which they could listen; the third has one more.
func TestListenersAreMadeUpFor(t *testing.T) {
	o := newRounds(t, "threes", 3)
	id := o.w.s.nowPractice().inOrder()[0]
	for range 3 {
		o.tap(id) // consent, prepare, rehearse
	}
	if phase := o.w.s.nowPractice().rooms[id].phase; phase != inSpeaker {
		t.Fatalf("the room is at %s", phase)
	}
	o.play(Leave{}, o.w.s.nowPractice().rooms[id].listener)
	o.play(Join{Person: o.w.seat(), Alias: "Late", Role: Participant}, "")
	if turns := o.w.s.nowPractice().turns(o.w.s.nowPractice().rooms[id]); turns != 4 {
		t.Errorf("%d turns are announced, want 4", turns)
	}
	extra := false
	for range 60 {
		o.tap(id)
		extra = extra || o.w.s.nowPractice().extra(o.w.s.nowPractice().rooms[id])
	}
	if missing := o.missing(); missing != "" || !extra {
		t.Errorf("%s; a turn more was announced: %v", missing, extra)
	}
	if turn := o.w.s.nowPractice().rooms[id].turn; turn != 4 {
		t.Errorf("%d turns, want 4", turn)
	}
}
