package facilitator

import "slices"

const backTimer timerName = "practice.back"

// OpenRooms opens the rooms as they were formed.
type OpenRooms struct{}

// CallBack warns that all come back in so many minutes. When they are over each room that is still at it has its last
// minute.
type CallBack struct {
	Minutes int `json:"minutes"`
}

// BeginDebrief brings the whole group together to talk about it; it begins by itself once every room has stepped out of
// role.
type BeginDebrief struct{}

// BeginGrounding ends the practice quietly.
type BeginGrounding struct{}

// MoreTime gives a room minutes, or all of them.
type MoreTime struct {
	Room    RoomID `json:"room,omitempty"`
	Minutes int    `json:"minutes"`
}

// SayToRooms says something to all rooms.
type SayToRooms struct {
	Text string `json:"text"`
}

// StageChanged says where the whole group stands. Whenever the rooms end, what was said in them is gone from every
// document.
type StageChanged struct {
	Step   StepID        `json:"step"`
	Stage  PracticeStage `json:"stage"`
	At     Time          `json:"at,omitempty"`
	Length Millis        `json:"length,omitempty"` // of the warning
}

// TimeGiven says that rooms have more time.
type TimeGiven struct {
	Step  StepID   `json:"step"`
	At    Time     `json:"at"`
	Rooms []RoomID `json:"rooms"`
	By    Millis   `json:"by"`
}

// SaidToRooms is the fact of an announcement.
type SaidToRooms struct {
	Step StepID `json:"step"`
	Text string `json:"text"`
	At   Time   `json:"at"`
}

var stageOrders = []order{
	{name: "practice.open", who: forLeaders, sample: OpenRooms{}},
	{name: "practice.back", who: forLeaders, sample: CallBack{}},
	{name: "practice.debrief", who: forLeaders, sample: BeginDebrief{}},
	{name: "practice.ground", who: forLeaders, sample: BeginGrounding{}},
	{name: "practice.more", who: forLeaders, sample: MoreTime{}},
	{name: "practice.say", who: forLeaders, sample: SayToRooms{}},
	{name: "practice.row", who: forLeaders, sample: MoveRow{}},
}

var stageFacts = []fact{
	{"practice.stage", StageChanged{}},
	{"practice.more", TimeGiven{}},
	{"practice.said", SaidToRooms{}},
}

func (OpenRooms) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	if err != nil || x.running() {
		return nil, err
	}
	if len(x.rooms) == 0 {
		return nil, refuse(Conflict, "no_rooms", "Form the rooms first.")
	}
	for _, r := range x.rooms {
		if len(r.players) < leastInRoom || r.size() > mostInRoom {
			return nil, refuse(Conflict, "room_size", "Each room needs two to four people, at least two of whom take part. Move somebody, or form the rooms anew.")
		}
	}
	c := follow(s, in)
	c.add(StageChanged{Step: id, Stage: roomsOpen, At: in.At})
	var begun []PhaseBegun
	for _, room := range c.x.inOrder() {
		begun = append(begun, c.x.turn(c.s, room))
	}
	c.begin(begun...)
	return c.events, nil
}

func (c CallBack) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	switch {
	case err != nil || x.stands == goingBack:
		return nil, err
	case x.stands != roomsOpen:
		return nil, roomsShut()
	case c.Minutes < 1 || c.Minutes > 10:
		return nil, refuse(Invalid, "warning_range", "Warn the rooms from 1 to 10 minutes before.")
	case x.all(inDone):
		return []Event{StageChanged{Step: id, Stage: debriefed, At: in.At}}, nil
	}
	return []Event{StageChanged{Step: id, Stage: goingBack, At: in.At, Length: Millis(c.Minutes) * minute}}, nil
}

func (BeginDebrief) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	switch {
	case err != nil || x.stands == debriefed:
		return nil, err
	case !x.running():
		return nil, roomsShut()
	case !x.all(inOut, inWaiting, inDone):
		return nil, refuse(Conflict, "rooms_at_it", "Some rooms are still at it. Call them back first: each gets its last minute.")
	}
	return []Event{StageChanged{Step: id, Stage: debriefed, At: in.At}}, nil
}

func (BeginGrounding) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	switch {
	case err != nil || x.stands == grounded:
		return nil, err
	case x.running():
		return nil, refuse(Conflict, "rooms_open", "The rooms are open. Bring everybody back first.")
	}
	return []Event{StageChanged{Step: id, Stage: grounded, At: in.At}}, nil
}

func (e StageChanged) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	switch e.Stage {
	case roomsOpen:
		x.round, x.made = 1, len(x.rooms)
		for i, id := range x.inOrder() {
			x.change(id).number = i + 1 // some were made and dropped while they were drafted
		}
	case goingBack:
		s.setTimer(backTimer, e.At, e.Length)
	default:
		s.closeRooms(x)
	}
	x.stands = e.Stage
	return everybody
}

func (c MoreTime) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	switch {
	case err != nil:
		return nil, err
	case !x.running():
		return nil, roomsShut()
	case c.Room != "" && x.rooms[c.Room] == nil:
		return nil, noRoom()
	case c.Minutes < 1 || c.Minutes > 30:
		return nil, refuse(Invalid, "more_range", "Give from 1 to 30 minutes at a time.")
	}
	given := TimeGiven{Step: id, At: in.At, By: Millis(c.Minutes) * minute}
	for _, room := range x.inOrder() {
		if _, timed := s.timers[roomTimer(room)]; timed && (c.Room == "" || c.Room == room) {
			given.Rooms = append(given.Rooms, room)
		}
	}
	if len(given.Rooms) == 0 {
		return nil, nil
	}
	return []Event{given}, nil
}

func (e TimeGiven) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	for _, id := range e.Rooms {
		if t, ok := s.timers[roomTimer(id)]; ok && x.rooms[id] != nil {
			t.Ends = max(t.Ends, s.running(e.At)).add(e.By)
			t.Over = false
			s.timers[roomTimer(id)] = t
			x.change(id).last = false
		}
	}
	return x.touched(e.Rooms...)
}

// Announcement is what the facilitator said to all rooms last.
type Announcement struct {
	Text string `json:"text"`
	At   Time   `json:"at"`
}

func (c SayToRooms) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	switch {
	case err != nil:
		return nil, err
	case !x.running():
		return nil, roomsShut()
	}
	text, err := cleanWords(c.Text, maxNote)
	if err != nil || text == x.said.Text {
		return nil, err
	}
	return []Event{SaidToRooms{Step: id, Text: text, At: in.At}}, nil
}

func (e SaidToRooms) apply(s *Session) Touched {
	if x := s.practiceOf(e.Step); x != nil {
		x.said = Announcement{Text: e.Text, At: e.At}
	}
	return nobody
}

func (x *practice) announcement() *Announcement {
	if x.said.Text == "" {
		return nil
	}
	said := x.said
	return &said
}

// PracticeFacilitators is how the rooms stand, and nothing of what is said in them.
type PracticeFacilitators struct {
	Rooms    map[RoomID]RoomGlance           `json:"rooms"`
	Waiting  map[PersonID]bool               `json:"waiting"`            // they take part and have no room
	Watching map[PersonID]bool               `json:"watching,omitempty"` // they asked to watch only
	Resting  map[PersonID]bool               `json:"resting,omitempty"`  // they sit this one out
	Tight    bool                            `json:"tight,omitempty"`    // not every wish could be kept
	HandedIn map[PersonID]map[Competency]int `json:"handedIn,omitempty"`
}

// RoomGlance is a room as the facilitators see it from outside.
type RoomGlance struct {
	Number   int               `json:"number"`
	Members  map[PersonID]bool `json:"members"` // false for those who only watch
	Phase    Phase             `json:"phase,omitempty"`
	Turn     int               `json:"turn,omitempty"`
	Turns    int               `json:"turns,omitempty"`
	Timer    *Timer            `json:"timer,omitempty"`
	Last     bool              `json:"last,omitempty"`
	Paused   bool              `json:"paused,omitempty"` // it has stopped
	Help     Help              `json:"help,omitempty"`
	Visitors map[PersonID]bool `json:"visitors,omitempty"`
}

func (x *practice) facilitators(s *Session, _ StepID) any {
	v := PracticeFacilitators{
		Rooms: map[RoomID]RoomGlance{}, Waiting: map[PersonID]bool{}, Watching: map[PersonID]bool{}, Resting: map[PersonID]bool{},
		Tight: x.tight, HandedIn: x.tallies(),
	}
	for id, r := range x.rooms {
		v.Rooms[id] = RoomGlance{
			Number: r.number, Members: r.glance(), Phase: r.phase, Turn: r.turn, Turns: x.turns(r), Timer: s.timer(roomTimer(id)),
			Last: r.last, Paused: r.stopped, Help: r.help, Visitors: s.visitors(x, id),
		}
	}
	for _, p := range x.waiting(s) {
		v.Waiting[p] = true
	}
	for p := range s.people {
		switch x.part(s, p) {
		case Watches:
			v.Watching[p] = true
		case Rests:
			v.Resting[p] = true
		}
	}
	return v
}

func (r *practiceRoom) glance() map[PersonID]bool {
	view := make(map[PersonID]bool, r.size())
	for _, p := range r.people() {
		view[p] = slices.Contains(r.players, p)
	}
	return view
}
