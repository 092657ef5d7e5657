package facilitator

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// spokenIn is a mark in words that are spoken in one room.
func spokenIn(room RoomID, p PersonID, n int) string {
	return fmt.Sprintf("canary-%s-in-%s-%d-end", p, room, n)
}

var saidIn = regexp.MustCompile(`canary-(\w+)-in-(\w+)-\d-end`)

// spoken puts canaries into what a command says in a practice room, so that it can be told where they come up.
func spoken(s *Session, c Command, by Seat) Command {
	x := s.nowPractice()
	if x == nil {
		return c
	}
	room := x.where[by.Person]
	switch own := c.(type) {
	case WriteToRoom:
		if own.Text != "" {
			own.Text = spokenIn(own.Room, by.Person, 0)
		}
		return own
	case SetLimits:
		own.Text = spokenIn(room, by.Person, 1)
		return own
	case SetTerms:
		own.StopWord = "canary-stop-end"
		return own
	case Mark:
		own.Heard = spokenIn(room, by.Person, 2)
		return own
	}
	return c
}

// TestPracticeLaws plays practices as people would, with some who leave, stop, come late or tap at the wrong time, and
// holds after each step what must always hold.
func TestPracticeLaws(t *testing.T) {
	for _, form := range []string{"threes", "pairs", "lines"} {
		t.Run(form, func(t *testing.T) {
			rapid.Check(t, func(r *rapid.T) {
				w := newWorldOf(t, withPractice(t))
				w.join("Alias-0", Facilitator)
				for i := range rapid.IntRange(2, 9).Draw(r, "people") {
					w.join(fmt.Sprintf("Alias-%d", i+1), Participant)
				}
				w.must(OpenStep{Step: StepID(form)}, Seat{Person: "p1"})
				h := hearsay{w: w, heard: map[string]map[PersonID]bool{}}
				h.play(r, FormRooms{}, "p1")
				h.play(r, OpenRooms{}, "p1")
				for range rapid.IntRange(5, 80).Draw(r, "steps") {
					h.step(r)
				}
			})
		})
	}
}

// hearsay knows who could read what was said when it was said.
type hearsay struct {
	w     *world
	n     int
	heard map[string]map[PersonID]bool
	apart bool // somebody asked not to be with another
	roles map[PersonID]played
}

func (h *hearsay) play(r *rapid.T, c Command, by PersonID) {
	if text, ok := h.speech(&c, by); ok {
		h.heard[text] = map[PersonID]bool{}
		for _, p := range h.w.who {
			if h.w.s.reads(p) == h.w.s.reads(by) {
				h.heard[text][p] = true
			}
		}
	}
	holdDecide(r, h.w, c, Seat{Person: by})
	h.hold(r)
	if _, out := c.(StepOut); !out {
		h.holdRoles(r)
	}
	h.roles = maps.Clone(h.w.s.nowPractice().inRole)
}

// holdRoles: nothing but stepping out ends a role in which one spoke or was spoken to.
func (h *hearsay) holdRoles(r *rapid.T) {
	now := h.w.s.nowPractice().inRole
	for p, was := range h.roles {
		is := now[p]
		if was.awaits, is.awaits = "", ""; was.role != observes && is != was {
			r.Fatalf("%s was %+v and is %+v without having stepped out", p, was, is)
		}
	}
}

// speech replaces what is said by something said nowhere else.
func (h *hearsay) speech(c *Command, by PersonID) (string, bool) {
	h.n++
	text := fmt.Sprintf("hearsay-%d-end", h.n)
	switch own := (*c).(type) {
	case WriteToRoom:
		own.Text = text
		*c = own
	case Mark:
		own.Heard = text
		*c = own
	default:
		return "", false
	}
	return text, true
}

// step is one thing that happens: mostly somebody doing what their phone offers.
func (h *hearsay) step(r *rapid.T) {
	w := h.w
	x := w.s.nowPractice()
	by := anyone(r, w)
	room := x.where[by]
	ready := func() Command {
		if rm := x.rooms[room]; rm != nil {
			if rm.phase == inConsent && rm.terms.Scenario == "" {
				by = rm.speaker
				return SetTerms{Room: room, Terms: Terms{Scenario: "short", Stance: "angry", Difficulty: 2}}
			}
			if rm.stopped {
				return ChooseAfterStop{Room: room, Choice: rapid.SampledFrom([]Choice{goOn, goOn, change, end}).Draw(r, "choice")}
			}
			return ReadyToGoOn{Room: room, Phase: rm.phase, Turn: rm.turn}
		}
		return StepOut{}
	}
	var c Command
	switch rapid.IntRange(0, 24).Draw(r, "what") {
	case 0:
		c = Stop{}
	case 1:
		wish := Wish{Part: rapid.SampledFrom([]Part{Plays, Watches, Rests}).Draw(r, "part")}
		if rapid.IntRange(0, 5).Draw(r, "apart") == 0 {
			wish.NotWith, h.apart = []PersonID{anyone(r, w)}, true
		}
		c = wish
	case 2:
		c = StepAway{}
	case 3:
		c = StepBack{}
	case 4:
		c = AskHelp{Room: room, Help: NeedsHelp}
	case 5, 6:
		c = WriteToRoom{Room: room, Text: "x"}
	case 7:
		c = Mark{Room: room, Behaviour: "silence"}
	case 8:
		by, c = "p1", EnterRoom{Room: rapid.SampledFrom(append(roomsOf(w.s), "")).Draw(r, "room")}
	case 9:
		by, c = "p1", MoreTime{Room: "", Minutes: 1}
	case 10:
		w.pass(Millis(rapid.SampledFrom([]int{30, 60, 200}).Draw(r, "wait")) * second)
		h.hold(r)
		return
	case 11:
		if rapid.IntRange(0, 5).Draw(r, "leader") > 0 {
			h.late(r)
			return
		}
		by, c = "p1", rapid.SampledFrom([]Command{CallBack{Minutes: 1}, BeginDebrief{}, FormRooms{}, OpenRooms{}, MoveRow{}}).Draw(r, "order")
	case 12, 13, 14:
		c = StepOut{}
	default:
		c = ready()
	}
	h.play(r, c, by)
}

// late is somebody who comes through the door now.
func (h *hearsay) late(r *rapid.T) {
	w := h.w
	id := w.seat()
	alias := fmt.Sprintf("Alias-%d", w.seats)
	w.who[alias] = id
	holdDecide(r, w, Join{Person: id, Alias: alias, Role: Participant}, Seat{Role: System})
	h.hold(r)
}

func (h *hearsay) hold(r *rapid.T) {
	s := h.w.s
	holdState(r, h.w)
	docs := documents(r, s)
	for text, could := range h.heard {
		for _, p := range h.w.who {
			for _, d := range s.Documents(Seat{Person: p}) {
				if !could[p] && strings.Contains(docs[d], text) {
					r.Fatalf("%s reads in %s what was said when they were not there", p, d)
				}
			}
		}
		if strings.Contains(docs[ForStage], text) {
			r.Fatalf("the stage shows what was said in a room")
		}
	}
	holdRooms(r, s)
	if !h.apart {
		holdPlaces(r, s)
	}
	holdWishes(r, s, docs)
}

// holdRooms: everybody is in one room at most, an open one has two to four people and two players in it, roles are held by
// its players, and nobody who takes part is alone while there is a place.
func holdRooms(r *rapid.T, s *Session) {
	x := s.nowPractice()
	seen := map[PersonID]bool{}
	for id, room := range x.rooms {
		for _, p := range room.people() {
			if seen[p] || x.where[p] != id {
				r.Fatalf("%s is in two rooms, or thinks so", p)
			}
			seen[p] = true
		}
		if !x.running() {
			continue
		}
		if len(room.players) < leastInRoom || room.size() > mostInRoom {
			r.Fatalf("a room of %v and %v is open", room.players, room.watchers)
		}
		if room.role(room.speaker) == speaks && (!slices.Contains(room.players, room.speaker) || !slices.Contains(room.players, room.listener) || room.speaker == room.listener) {
			r.Fatalf("in %+v a role is held by nobody, or by one for two", room)
		}
	}
	for p := range x.where {
		if !seen[p] {
			r.Fatalf("%s thinks to be in a room that is not there", p)
		}
	}
}

// holdPlaces: where nobody is to be kept apart, nobody who takes part waits while an open room has a place, or while
// another waits.
func holdPlaces(r *rapid.T, s *Session) {
	x := s.nowPractice()
	if x.stands != roomsOpen {
		return
	}
	players := 0
	for _, p := range x.waiting(s) {
		if x.part(s, p) == Plays {
			players++
		}
		if room := x.smallest(p); room != "" {
			r.Fatalf("%s waits, and room %d has a place", p, x.rooms[room].number)
		}
	}
	if players > 1 {
		r.Fatalf("%d people wait alone", players)
	}
}

// holdWishes: were somebody's list another, no document but their own would be.
func holdWishes(r *rapid.T, s *Session, docs map[Document]string) {
	x := s.nowPractice()
	for p, w := range x.wishes {
		was := w
		w.notWith = nil
		x.wishes[p] = w
		other := documents(r, s)
		x.wishes[p] = was
		for d, text := range docs {
			if d != ForPerson(p) && other[d] != text {
				r.Fatalf("%s depends on whom %s would rather not be with", d, p)
			}
		}
	}
}

// TestEverybodyTakesEachRoleOnce goes through whole rounds with nobody leaving.
func TestEverybodyTakesEachRoleOnce(t *testing.T) {
	for _, form := range []string{"threes", "pairs", "lines"} {
		for people := 2; people <= 13; people++ {
			t.Run(fmt.Sprintf("%s of %d", form, people), func(t *testing.T) {
				w := newWorldOf(t, withPractice(t))
				w.join("Lead", Facilitator)
				for i := range people {
					w.join(fmt.Sprintf("P%d", i), Participant)
				}
				w.must(OpenStep{Step: StepID(form)}, Seat{Person: "p1"})
				w.must(FormRooms{}, Seat{Person: "p1"})
				w.must(OpenRooms{}, Seat{Person: "p1"})
				held := map[string]map[PersonID]int{speaks: {}, listens: {}, observes: {}}
				playThrough(t, w, func(r *practiceRoom) {
					for _, p := range r.people() {
						held[r.role(p)][p]++
					}
				})
				for i := range people {
					p := PersonID(fmt.Sprintf("p%d", i+2))
					if form != "lines" && (held[speaks][p] != 1 || held[listens][p] != 1) || held[speaks][p] == 0 || held[listens][p] == 0 {
						t.Errorf("%s was speaker %d times and listener %d times", p, held[speaks][p], held[listens][p])
					}
					if form == "threes" && people >= 3 && people%3 != 2 && held[observes][p] == 0 {
						t.Errorf("%s never observed", p)
					}
				}
			})
		}
	}
}

// playThrough has everybody tap what they are asked for until all rooms are done, and shows each turn as it is rehearsed.
func playThrough(t *testing.T, w *world, rehearsed func(*practiceRoom)) {
	t.Helper()
	for range 3000 {
		x := w.s.nowPractice()
		if x.all(inDone) {
			return
		}
		for _, id := range x.inOrder() {
			room := w.s.nowPractice().rooms[id]
			switch room.phase {
			case inConsent:
				if room.terms.Scenario == "" {
					w.must(SetTerms{Room: id, Terms: Terms{Scenario: "short"}}, Seat{Person: room.speaker})
				}
			case inOut:
				for _, p := range room.people() {
					w.must(StepOut{}, Seat{Person: p})
				}
				continue
			case inRehearse:
				rehearsed(room)
			}
			for _, p := range room.people() {
				w.must(ReadyToGoOn{Room: id, Phase: room.phase, Turn: room.turn}, Seat{Person: p})
			}
		}
	}
	t.Fatal("the rooms never get done")
}
