package facilitator

import "slices"

// In two lines people face each other, a room for each pair. After a short round one line moves a seat on; half-way
// through, the other line speaks. Whoever has nobody opposite sits with the last pairs and watches until the line moves.

// MoveRow moves the line on although some have not yet stepped out of role; it moves by itself once all have.
type MoveRow struct{}

// RowMoved says who faces whom from now on. Nothing of what was said stays in the rooms.
type RowMoved struct {
	Step  StepID       `json:"step"`
	Round int          `json:"round"`
	Rooms []SeatedRoom `json:"rooms"`
	Tight bool         `json:"tight,omitempty"`
}

var linesFacts = []fact{{"practice.row", RowMoved{}}}

func (MoveRow) decide(s *Session, in Input) ([]Event, error) {
	x, _, err := present[*practice](s)
	switch {
	case err != nil:
		return nil, err
	case x.script.Form != "lines" || x.stands != roomsOpen:
		return nil, roomsShut()
	case !x.all(inOut, inWaiting, inDone):
		return nil, refuse(Conflict, "rooms_at_it", "Some rooms are still at it. Wait until they step out of role.")
	}
	c := follow(s, in)
	c.moveRow()
	return c.events, nil
}

// sides is who speaks and who listens when a round of the lines begins.
func (x *practice) sides(r *practiceRoom) (speaker, listener PersonID) {
	if x.round > x.script.Rounds {
		return r.players[1], r.players[0]
	}
	return r.players[0], r.players[1]
}

// moveRow moves the second line on and begins the next round, or ends the last.
func (c *course) moveRow() {
	rooms := slices.DeleteFunc(c.x.inOrder(), func(id RoomID) bool { return c.x.rooms[id].phase == inDone })
	var begun []PhaseBegun
	if c.x.round >= 2*c.x.script.Rounds {
		for _, id := range rooms {
			begun = append(begun, c.x.at(id, inDone))
		}
		c.begin(begun...)
		return
	}
	c.add(c.x.moved(c.id, rooms))
	for _, id := range rooms {
		begun = append(begun, c.x.turn(c.s, id))
	}
	c.begin(begun...)
}

// moved is the next round's seats: the nearest move of the line that keeps apart who is to be.
func (x *practice) moved(step StepID, rooms []RoomID) RowMoved {
	var stay, move []PersonID
	for _, id := range rooms {
		stay = append(stay, x.rooms[id].players[0])
		move = append(move, x.rooms[id].players[1])
	}
	for _, id := range rooms {
		move = append(move, x.rooms[id].players[2:]...)
	}
	best, least := 1, len(rooms)+1
	for by := 1; by <= len(move) && least > 0; by++ {
		if n := x.facing(stay, move, by); n < least {
			best, least = by, n
		}
	}
	row := RowMoved{Step: step, Round: x.round + 1, Tight: least > 0}
	for i, id := range rooms {
		row.Rooms = append(row.Rooms, SeatedRoom{Room: id, Players: []PersonID{stay[i], move[(i+best)%len(move)]}, Watchers: x.rooms[id].watchers})
	}
	for i := len(rooms); i < len(move); i++ {
		row.seatExtra(move[(i+best)%len(move)])
	}
	return row
}

// seatExtra gives whoever has nobody opposite a chair at the last room with space.
func (e *RowMoved) seatExtra(p PersonID) {
	for i := len(e.Rooms) - 1; i >= 0; i-- {
		if r := &e.Rooms[i]; len(r.Players)+len(r.Watchers) < mostInRoom {
			r.Players = append(r.Players, p)
			return
		}
	}
}

// facing counts those who would face somebody they are to be kept from.
func (x *practice) facing(stay, move []PersonID, by int) int {
	n := 0
	for i, p := range stay {
		if x.apart(p, move[(i+by)%len(move)]) {
			n++
		}
	}
	return n
}

func (e RowMoved) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	x.round, x.tight = e.Round, x.tight || e.Tight
	for _, seated := range e.Rooms {
		r := x.change(seated.Room)
		r.players, r.watchers = slices.Clone(seated.Players), slices.Clone(seated.Watchers)
		r.hush()
		r.phase, r.limits, r.terms, r.marks = "", nil, Terms{}, nil
		for _, p := range r.people() {
			x.where[p] = seated.Room
		}
	}
	return everybody
}
