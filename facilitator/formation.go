package facilitator

import (
	"maps"
	"slices"
)

// FormRooms puts everybody who takes part into rooms, or does it anew. Nobody but the facilitators sees them before they
// are opened.
type FormRooms struct{}

// MoveToRoom puts somebody into a room: before the rooms are opened anybody into any, afterwards only those who are in
// none. New makes a room for them; with neither they are taken out.
type MoveToRoom struct {
	Person PersonID `json:"person"`
	Room   RoomID   `json:"room,omitempty"`
	New    bool     `json:"new,omitempty"`
}

// RoomsFormed says who is in which room. What was formed before is gone.
type RoomsFormed struct {
	Step  StepID       `json:"step"`
	Rooms []SeatedRoom `json:"rooms"`
	Tight bool         `json:"tight,omitempty"`
}

// SeatedRoom is a room and the people in it, in the order in which they take the roles.
type SeatedRoom struct {
	Room     RoomID     `json:"room"`
	Players  []PersonID `json:"players"`
	Watchers []PersonID `json:"watchers,omitempty"`
}

// SeatChanged says that somebody is in a room now, or in none.
type SeatChanged struct {
	Step    StepID   `json:"step"`
	Person  PersonID `json:"person"`
	Room    RoomID   `json:"room,omitempty"`
	Watches bool     `json:"watches,omitempty"`
}

var formOrders = []order{
	{name: "practice.form", who: forLeaders, sample: FormRooms{}},
	{name: "practice.move", who: forLeaders, sample: MoveToRoom{}},
}

var formFacts = []fact{
	{"practice.formed", RoomsFormed{}},
	{"practice.seated", SeatChanged{}},
}

func (FormRooms) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	if err != nil {
		return nil, err
	}
	if x.running() {
		return nil, refuse(Conflict, "rooms_open", "The rooms are open. Bring everybody back before you form new ones.")
	}
	players, watchers := x.crew(s)
	if len(players) < leastInRoom {
		return nil, tooFewPlayers()
	}
	formed := RoomsFormed{Step: id}
	for _, pool := range pools(players, x.sat) {
		rooms, tight := x.form(pool, in)
		formed.Rooms, formed.Tight = append(formed.Rooms, rooms...), formed.Tight || tight
	}
	if len(formed.Rooms) == 0 {
		return nil, tooFewPlayers()
	}
	seatWatchers(formed.Rooms, watchers, x.apart)
	return []Event{formed}, nil
}

func tooFewPlayers() error {
	return refuse(Conflict, "too_few_players", "It takes two people who want to take part. You can join them yourself.")
}

// crew is who plays and who watches, of those who are here.
func (x *practice) crew(s *Session) (players, watchers []PersonID) {
	for _, p := range slices.Sorted(maps.Keys(s.people)) {
		switch part := x.part(s, p); {
		case !s.there(p):
		case part == Plays:
			players = append(players, p)
		case part == Watches:
			watchers = append(watchers, p)
		}
	}
	return players, watchers
}

func (x *practice) form(players []PersonID, in Input) ([]SeatedRoom, bool) {
	want := leastInRoom
	if x.script.Form == "threes" {
		want = 3
	}
	numbers := make(map[PersonID]int, len(players))
	for i, p := range players {
		numbers[p] = i
	}
	pairs := newPairing(len(players), want, in.Shuffle)
	for i, p := range players {
		if x.script.Mixing {
			pairs.experience = append(pairs.experience, int(x.wishes[p].experience))
		}
		for _, q := range x.wishes[p].notWith {
			if j, plays := numbers[q]; plays {
				pairs.keepApart(i, j)
			}
		}
	}
	rooms, tight := pairs.form()
	seated := make([]SeatedRoom, len(rooms))
	for i, room := range rooms {
		seated[i].Room = RoomID(in.ID())
		for _, n := range room {
			seated[i].Players = append(seated[i].Players, players[n])
		}
	}
	return seated, tight
}

// seatWatchers gives each a seat in the emptiest room where nobody is whom they are to be kept from. For whom there is
// none, there is the whole group.
func seatWatchers(rooms []SeatedRoom, watchers []PersonID, apart func(a, b PersonID) bool) {
	for _, w := range watchers {
		best := -1
		for i, r := range rooms {
			people := slices.Concat(r.Players, r.Watchers)
			if len(people) >= mostInRoom || slices.ContainsFunc(people, func(p PersonID) bool { return apart(w, p) }) {
				continue
			}
			if best < 0 || len(people) < len(rooms[best].Players)+len(rooms[best].Watchers) {
				best = i
			}
		}
		if best >= 0 {
			rooms[best].Watchers = append(rooms[best].Watchers, w)
		}
	}
}

func (e RoomsFormed) apply(s *Session) Touched {
	if x := s.practiceOf(e.Step); x != nil {
		s.closeRooms(x)
		x.stands, x.tight, x.made = forming, e.Tight, 0
		for _, r := range e.Rooms {
			x.seatRoom(r)
		}
	}
	return everybody
}

func (x *practice) seatRoom(seated SeatedRoom) {
	x.made++
	x.rooms[seated.Room] = &practiceRoom{number: x.made, players: slices.Clone(seated.Players), watchers: slices.Clone(seated.Watchers)}
	for _, p := range x.rooms[seated.Room].people() {
		x.where[p] = seated.Room
	}
}

func (c MoveToRoom) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	if err != nil {
		return nil, err
	}
	if _, ok := s.people[c.Person]; !ok {
		return nil, noPerson()
	}
	if c.New {
		c.Room = RoomID(in.ID())
	} else if _, ok := x.rooms[c.Room]; c.Room != "" && !ok {
		return nil, noRoom()
	}
	switch {
	case x.stands == debriefed || x.stands == grounded:
		return nil, roomsShut()
	case x.running() && (x.where[c.Person] != "" || c.New || c.Room == ""):
		return nil, refuse(Conflict, "room_has_begun", "The rooms are open, so only somebody who is in none can be given a place.")
	case x.where[c.Person] == c.Room:
		return nil, nil
	case x.rooms[c.Room] != nil && x.rooms[c.Room].size() >= mostInRoom:
		return nil, refuse(Conflict, "room_full", "Four is the most for one room. Move somebody out first.")
	}
	moved := SeatChanged{Step: id, Person: c.Person, Room: c.Room, Watches: x.part(s, c.Person) == Watches}
	if !x.running() {
		return []Event{moved}, nil
	}
	course := follow(s, in)
	course.add(moved)
	course.look(c.Room)
	return course.events, nil
}

func (e SeatChanged) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	touched := x.touched(x.where[e.Person], e.Room)
	if x.where[e.Person] == e.Room && e.Room != "" {
		x.change(e.Room).reseat(e.Person, e.Watches)
		return touched
	}
	if e.Room != "" {
		visit := x.endVisit(e.Person)
		touched.Rooms, touched.People = append(touched.Rooms, visit.Rooms...), append(touched.People, visit.People...)
	}
	s.takeOut(x, e.Person)
	if e.Room != "" {
		x.takeIn(e)
		touched.Rooms = append(touched.Rooms, e.Room)
	}
	touched.People = append(touched.People, e.Person)
	return touched
}

// takeOut takes somebody out of the room they are in, and the room away with its last one.
func (s *Session) takeOut(x *practice, p PersonID) {
	id := x.where[p]
	delete(x.where, p)
	if id == "" {
		return
	}
	r := x.change(id)
	r.remove(p)
	if r.size() > 0 {
		return
	}
	delete(x.rooms, id)
	delete(s.timers, roomTimer(id))
	maps.DeleteFunc(x.visits, func(_ PersonID, at RoomID) bool { return at == id })
}

// takeIn gives somebody a seat. Whoever comes into an open room finds nothing there of what was said before.
func (x *practice) takeIn(e SeatChanged) {
	if x.rooms[e.Room] == nil {
		x.seatRoom(SeatedRoom{Room: e.Room})
	}
	r := x.change(e.Room)
	r.reseat(e.Person, e.Watches)
	r.hush()
	x.where[e.Person] = e.Room
}

func noRoom() error {
	return refuse(NotFound, "no_room", "That room is not there any more.")
}

func roomsShut() error {
	return refuse(Conflict, "rooms_shut", "The rooms are closed. Your screen will follow in a moment.")
}
