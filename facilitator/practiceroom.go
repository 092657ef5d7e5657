package facilitator

import (
	"maps"
	"slices"
)

// RoomID names a practice room within one session.
type RoomID string

// ForRoom is a practice room's document.
func ForRoom(id RoomID) Document { return Document("room/" + id) }

// practiceRoom is two to four people and where they are in their round. It is changed only as a copy that nobody else
// holds yet.
type practiceRoom struct {
	number   int
	players  []PersonID // in the order in which they speak
	watchers []PersonID

	phase    Phase // empty before the rooms open
	turn     int   // from 1: each is the speaker once
	speaker  PersonID
	listener PersonID
	ready    map[PersonID]bool // to go on
	last     bool              // it has its last minute
	terms    Terms
	limits   map[PersonID]string // what is off limits for each

	ended   bool // it has chosen to have no further turn
	stopped bool
	left    Millis // of the phase when it was stopped
	choices map[PersonID]Choice

	help     Help
	messages []message
	marks    []mark
}

func (r *practiceRoom) size() int { return len(r.players) + len(r.watchers) }

// cut reports whether a turn ended because one of the two who speak with each other went.
func (r *practiceRoom) cut() bool {
	return r.phase == inOut && !(slices.Contains(r.players, r.speaker) && slices.Contains(r.players, r.listener))
}

func (r *practiceRoom) people() []PersonID { return slices.Concat(r.players, r.watchers) }

func (r *practiceRoom) remove(p PersonID) {
	same := func(q PersonID) bool { return q == p }
	r.players, r.watchers = slices.DeleteFunc(r.players, same), slices.DeleteFunc(r.watchers, same)
	delete(r.ready, p)
	delete(r.limits, p)
	delete(r.choices, p)
}

// reseat puts somebody at the end of the players, or of those who watch.
func (r *practiceRoom) reseat(p PersonID, watches bool) {
	r.remove(p)
	if watches {
		r.watchers = append(r.watchers, p)
	} else {
		r.players = append(r.players, p)
	}
}

// hush forgets what was said. What was seen stays, without the words.
func (r *practiceRoom) hush() {
	r.messages = nil
	for i := range r.marks {
		r.marks[i].heard = ""
	}
}

// change is a room as its own copy in x, to be changed before anybody looks.
func (x *practice) change(id RoomID) *practiceRoom {
	r := x.rooms[id]
	if r == nil {
		return &practiceRoom{} // of nobody: an old event about a room that is gone
	}
	c := *r
	c.players, c.watchers = slices.Clone(r.players), slices.Clone(r.watchers)
	c.ready, c.limits, c.choices = maps.Clone(r.ready), maps.Clone(r.limits), maps.Clone(r.choices)
	c.messages, c.marks = slices.Clone(r.messages), slices.Clone(r.marks)
	x.rooms[id] = &c
	return &c
}

// own is the room somebody is a member of, which their order must be meant for: screens may be behind.
func (x *practice) own(p PersonID, id RoomID) (*practiceRoom, error) {
	switch {
	case !x.running():
		return nil, roomsShut()
	case x.where[p] == "" || x.where[p] != id:
		return nil, refuse(Denied, "not_your_room", "You are not in that room. Your screen will follow in a moment.")
	}
	return x.rooms[id], nil
}

// reads is the room whose document somebody reads: their own, or the one they entered as a facilitator.
func (s *Session) reads(p PersonID) RoomID {
	x := s.nowPractice()
	if x == nil || !x.running() || s.frozen || s.phase != open {
		return ""
	}
	if id := x.where[p]; id != "" {
		return id
	}
	if id := x.visits[p]; s.people[p].role.leads() {
		return id
	}
	return ""
}

// Together reports whether two people are in the same practice room now.
func (s *Session) Together(a, b PersonID) bool {
	room := s.reads(a)
	return a != b && room != "" && room == s.reads(b)
}

// touched is what a change in rooms may have changed: their own documents and those of the people in them. Who visits is
// among them, as they lose the document when the room ends.
func (x *practice) touched(ids ...RoomID) Touched {
	t := nobody
	for _, id := range ids {
		if r := x.rooms[id]; r != nil {
			t.People = append(t.People, r.people()...)
			t.Rooms = append(t.Rooms, id)
		}
	}
	for p, id := range x.visits {
		if slices.Contains(ids, id) {
			t.People = append(t.People, p)
		}
	}
	return t
}

// closeRooms ends all rooms: what was said there is gone from every document.
func (s *Session) closeRooms(x *practice) {
	for id := range x.rooms {
		delete(s.timers, roomTimer(id))
	}
	delete(s.timers, backTimer)
	clear(x.rooms)
	clear(x.where)
	clear(x.visits)
	clear(x.took)
	x.round, x.said = 0, Announcement{}
}

// RoomView is what the people in a practice room read, and a facilitator who entered it.
type RoomView struct {
	Room     RoomID                  `json:"room"`
	Number   int                     `json:"number"`
	Members  map[PersonID]MemberView `json:"members"`
	Visitors map[PersonID]bool       `json:"visitors,omitempty"`
	Phase    Phase                   `json:"phase"`
	Turn     int                     `json:"turn"`
	Turns    int                     `json:"turns"`
	Extra    bool                    `json:"extra,omitempty"` // in consent: the speaker has spoken already, and the listener has not listened
	Cut      bool                    `json:"cut,omitempty"`   // stepping out: the turn ended because its speaker or listener is no longer in it
	Timer    *Timer                  `json:"timer,omitempty"`
	Last     bool                    `json:"last,omitempty"` // its last minute: come to an end, then the next phase begins by itself
	Terms    Terms                   `json:"terms"`
	Scenario *RoomScenario           `json:"scenario,omitempty"`
	Stopped  bool                    `json:"stopped,omitempty"`
	Help     Help                    `json:"help,omitempty"`
	Messages map[string]MessageView  `json:"messages"`
	Marks    map[string]MarkView     `json:"marks,omitempty"` // once the observer speaks
}

// MemberView is one of the people in the room. Role is absent when they have none at the moment.
type MemberView struct {
	Order   int    `json:"n"`
	Role    string `json:"role,omitempty"` // speaker, listener or observer
	Watches bool   `json:"watches,omitempty"`
	Ready   bool   `json:"ready,omitempty"`
	InRole  bool   `json:"inRole,omitempty"` // and has not stepped out of it
	Choice  Choice `json:"choice,omitempty"` // after a stop
	Limits  string `json:"limits,omitempty"`
}

// RoomScenario is what everybody in the room knows of the scenario.
type RoomScenario struct {
	Title     Text   `json:"title"`
	Form      string `json:"form"`
	Notes     Text   `json:"notes"`
	Situation Text   `json:"situation"`
	Debrief   []Text `json:"debrief"`
}

// roomView is the document of a room, or nil if there is none.
func (s *Session) roomView(id RoomID) any {
	x := s.nowPractice()
	if x == nil || !x.running() || s.frozen || s.phase != open || x.rooms[id] == nil {
		return nil
	}
	r := x.rooms[id]
	v := RoomView{
		Room: id, Number: r.number, Members: x.members(r), Phase: r.phase, Turn: r.turn, Turns: x.turns(r), Extra: x.extra(r), Cut: r.cut(), Timer: s.timer(roomTimer(id)),
		Last: r.last, Terms: r.terms, Stopped: r.stopped, Help: r.help, Messages: r.messageView(), Marks: r.markView(), Visitors: s.visitors(x, id),
	}
	if sc, ok := s.scenario(r.terms.Scenario); ok {
		v.Scenario = &RoomScenario{Title: sc.Title, Form: sc.Form, Notes: sc.Notes, Situation: sc.Situation, Debrief: sc.Debrief}
	}
	return v
}

func (x *practice) members(r *practiceRoom) map[PersonID]MemberView {
	view := make(map[PersonID]MemberView, r.size())
	for i, p := range r.people() {
		view[p] = MemberView{
			Order: i, Role: r.role(p), Watches: i >= len(r.players), Ready: r.ready[p], InRole: x.inRole[p].room != "",
			Choice: r.choices[p], Limits: r.limits[p],
		}
	}
	return view
}
