package facilitator

import (
	"maps"
	"slices"
)

// course is what follows from something that happened in the rooms: events, each decided on the session as those before
// it leave it.
type course struct {
	s      *Session // a copy of its own
	x      *practice
	id     StepID
	in     Input
	events []Event
}

func follow(s *Session, in Input) *course {
	c := &course{s: s.Clone(), id: s.agenda.now, in: in}
	c.x = c.s.nowPractice()
	return c
}

func (c *course) add(e Event) {
	c.events = append(c.events, e)
	c.s.Apply(e)
}

// leave takes somebody out of their room and lets the others go on without them.
func (c *course) leave(p PersonID) {
	id := c.x.where[p]
	if id == "" {
		return
	}
	held := c.x.rooms[id].held(p)
	c.add(SeatChanged{Step: c.id, Person: p})
	c.mend(id, held)
	c.lookAll()
}

// changeSeat makes a player one who watches, or the other way around, in their own room.
func (c *course) changeSeat(p PersonID, id RoomID) {
	held := c.x.rooms[id].held(p)
	c.add(SeatChanged{Step: c.id, Person: p, Room: id, Watches: c.x.part(c.s, p) == Watches})
	c.mend(id, held)
	c.lookAll()
}

// mend sees to a room that somebody left who held a role. Without two players the others find new rooms; everybody else
// stays where they are.
func (c *course) mend(id RoomID, held string) {
	r := c.x.rooms[id]
	switch {
	case r == nil || !c.x.running() || r.phase == "":
	case len(r.players) < leastInRoom:
		c.dissolve(id)
	case held != speaks && held != listens || r.phase == inOut || r.phase == inWaiting || r.phase == inDone:
		c.look(id)
	case r.phase == inConsent || r.phase == inPrepare:
		c.begin(c.x.turn(c.s, id))
	default:
		c.begin(c.x.at(id, inOut))
	}
}

// dissolve finds a new room for each of those who are left over.
func (c *course) dissolve(id RoomID) {
	left := c.x.rooms[id].people()
	for _, p := range left {
		c.add(SeatChanged{Step: c.id, Person: p})
	}
	for _, p := range left {
		c.place(p)
	}
}

// place finds a room for somebody who has none: the smallest where nobody is whom they are to be kept from, or a new one
// with somebody else who waits. Where there is neither they wait, and the facilitators see it.
func (c *course) place(p PersonID) {
	if c.x.where[p] != "" || c.x.stands != roomsOpen {
		return
	}
	if room := c.x.smallest(p); room != "" {
		c.add(SeatChanged{Step: c.id, Person: p, Room: room, Watches: c.x.part(c.s, p) == Watches})
		return
	}
	if c.x.part(c.s, p) != Plays {
		return
	}
	for _, q := range c.x.waiting(c.s) {
		if q != p && c.x.part(c.s, q) == Plays && !c.x.apart(p, q) {
			room := RoomID(c.in.ID())
			c.add(SeatChanged{Step: c.id, Person: q, Room: room})
			c.add(SeatChanged{Step: c.id, Person: p, Room: room})
			c.look(room)
			return
		}
	}
}

// smallest is the room with the fewest people that still takes somebody in.
func (x *practice) smallest(p PersonID) RoomID {
	var best RoomID
	for _, id := range x.inOrder() {
		r := x.rooms[id]
		if r.size() >= mostInRoom || r.phase == inDone || slices.ContainsFunc(r.people(), func(q PersonID) bool { return x.apart(p, q) }) {
			continue
		}
		if best == "" || r.size() < x.rooms[best].size() {
			best = id
		}
	}
	return best
}

// inOrder is the rooms by their numbers.
func (x *practice) inOrder() []RoomID {
	return slices.SortedFunc(maps.Keys(x.rooms), func(a, b RoomID) int { return x.rooms[a].number - x.rooms[b].number })
}

// waiting is who takes part and has no room, in the order in which they came.
func (x *practice) waiting(s *Session) []PersonID {
	var none []PersonID
	for p := range s.people {
		if x.where[p] == "" && s.there(p) && x.part(s, p) != Rests {
			none = append(none, p)
		}
	}
	slices.SortFunc(none, func(a, b PersonID) int { return s.people[a].number - s.people[b].number })
	return none
}

// absent is somebody stepping away, or leaving for good. Whoever steps back finds a room again.
func (x *practice) absent(s *Session, p PersonID, in Input) []Event {
	c := follow(s, in)
	c.leave(p)
	return c.events
}

// noticed is somebody coming, coming back, or losing their connection: who comes gets a place in the smallest room, and no
// room waits for a phone that is gone.
func (x *practice) noticed(s *Session, p PersonID, in Input) []Event {
	c := follow(s, in)
	switch room := c.x.where[p]; {
	case !c.x.running():
	case room != "":
		c.look(room)
	case c.s.there(p) && c.x.part(c.s, p) != Rests:
		c.place(p)
	}
	return c.events
}

// leaving ends the rooms when the session goes on to another step.
func (x *practice) leaving(_ *Session, id StepID) []Event {
	if len(x.rooms) == 0 && x.stands == forming {
		return nil
	}
	return []Event{StageChanged{Step: id, Stage: forming}}
}
