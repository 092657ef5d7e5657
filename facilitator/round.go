package facilitator

import (
	"slices"
	"strings"
)

// Phase is where a room stands in its round.
type Phase string

// The phases of a turn, in their order. A room waits when its turn is over and others' are not; done, it has had all.
const (
	inConsent  Phase = "consent"
	inPrepare  Phase = "prepare"
	inRehearse Phase = "rehearse"
	inSpeaker  Phase = "speaker"
	inListener Phase = "listener"
	inObserver Phase = "observer"
	inAgain    Phase = "again"
	inOut      Phase = "out" // stepping out of role
	inWaiting  Phase = "waiting"
	inDone     Phase = "done"
)

var (
	wholeTurn = []Phase{inConsent, inPrepare, inRehearse, inSpeaker, inListener, inObserver, inAgain, inOut}
	shortTurn = []Phase{inConsent, inRehearse, inSpeaker, inListener, inOut} // of the lines
)

// The roles in a room.
const (
	speaks   = "speaker"
	listens  = "listener"
	observes = "observer"
)

const lastMinute = minute

// ReadyToGoOn is one member's tap that they are ready for the next phase; in consent, that they agree. When everybody who
// is here has tapped, the room goes on. Phase and Turn say what the tap was meant for: a late one means nothing.
type ReadyToGoOn struct {
	Room  RoomID `json:"room"`
	Phase Phase  `json:"phase"`
	Turn  int    `json:"turn"`
}

// StepOut is one's own “I am not …, I am …”.
type StepOut struct{}

// HeardStepOut says that another member of the room said it aloud.
type HeardStepOut struct {
	Person PersonID `json:"person"`
}

// BecameReady is the fact of a tap.
type BecameReady struct {
	Step   StepID   `json:"step"`
	Person PersonID `json:"person"`
}

// PhasesBegan says that rooms went on. Rooms go at the same moment as far as they keep the common clock.
type PhasesBegan struct {
	Step  StepID       `json:"step"`
	At    Time         `json:"at"`
	Rooms []PhaseBegun `json:"rooms"`
}

// PhaseBegun is one room's new phase. Without a length it lasts until everybody is ready.
type PhaseBegun struct {
	Room     RoomID   `json:"room"`
	Phase    Phase    `json:"phase"`
	Turn     int      `json:"turn"`
	Speaker  PersonID `json:"speaker,omitempty"`
	Listener PersonID `json:"listener,omitempty"`
	Length   Millis   `json:"length,omitempty"`
	End      bool     `json:"end,omitempty"` // the room has chosen to have no further turn
}

// LastMinutesBegan says that a phase's time is over in some rooms, and that each has a minute to come to an end.
type LastMinutesBegan struct {
	Step  StepID   `json:"step"`
	At    Time     `json:"at"`
	Rooms []RoomID `json:"rooms"`
}

// SteppedOut says that somebody left the role they had.
type SteppedOut struct {
	Step   StepID   `json:"step"`
	Person PersonID `json:"person"`
}

var roundOrders = []order{
	{name: "practice.ready", who: forPeople, sample: ReadyToGoOn{}},
	{name: "practice.out", who: forPeople, sample: StepOut{}},
	{name: "practice.aloud", who: forPeople, sample: HeardStepOut{}},
}

var roundFacts = []fact{
	{"practice.ready", BecameReady{}},
	{"practice.phases", PhasesBegan{}},
	{"practice.last", LastMinutesBegan{}},
	{"practice.out", SteppedOut{}},
}

func roomTimer(id RoomID) timerName { return timerName("room/" + id) }

// held is somebody's role in this turn, whether they play it at the moment or not.
func (r *practiceRoom) held(p PersonID) string {
	switch {
	case r.phase == "" || r.phase == inWaiting || r.phase == inDone:
		return ""
	case p == r.speaker:
		return speaks
	case p == r.listener:
		return listens
	}
	return observes
}

// role is somebody's role at the moment: none once roles are dropped.
func (r *practiceRoom) role(p PersonID) string {
	if r.stopped || r.phase == inOut {
		return ""
	}
	return r.held(p)
}

// timed reports whether a phase ends by itself. Consent and stepping out wait for each who is here.
func (p Phase) timed() bool {
	return p != "" && p != inConsent && p != inOut && p != inWaiting && p != inDone
}

// played reports whether people are in their roles, or talking about it still in them.
func (p Phase) played() bool { return p.timed() && p != inPrepare }

// at is a room going to a phase of its present turn.
func (x *practice) at(id RoomID, phase Phase) PhaseBegun {
	r := x.rooms[id]
	return PhaseBegun{
		Room: id, Phase: phase, Turn: r.turn, Speaker: r.speaker, Listener: r.listener, Length: Millis(x.script.Minutes.each()[phase]) * minute,
	}
}

// next is what comes after a room's present phase.
func (x *practice) next(s *Session, id RoomID) PhaseBegun {
	r := x.rooms[id]
	plan := wholeTurn
	if x.script.Form == "lines" {
		plan = shortTurn
	}
	i := slices.Index(plan, r.phase)
	switch {
	case r.phase == inOut || r.phase == "":
		return x.turn(s, id)
	case i < 0:
		return x.at(id, inDone)
	case x.calledBack(s) && i < slices.Index(plan, inRehearse):
		return x.at(id, inDone)
	case x.calledBack(s):
		return x.at(id, inOut)
	case plan[i+1] == inObserver && r.size() == 2:
		i++
	}
	return x.at(id, plan[i+1])
}

// calledBack reports whether the warning is over: what is going on comes to its end, and nothing new begins.
func (x *practice) calledBack(s *Session) bool {
	return x.stands == goingBack && s.timers[backTimer].Over
}

// turn is a room's next turn: the next speaker who has not been one, and whoever sits beside them as listener. In the
// lines the sides take turns, all at once.
func (x *practice) turn(s *Session, id RoomID) PhaseBegun {
	r := x.rooms[id]
	begun := x.at(id, inConsent)
	if r.phase != inConsent {
		begun.Turn++
	}
	switch {
	case x.stands == goingBack && r.phase != inConsent || len(r.players) < leastInRoom || r.ended:
		return x.at(id, inDone)
	case x.script.Form == "lines" && r.phase == inOut:
		return x.at(id, inWaiting)
	case x.script.Form == "lines":
		begun.Turn = x.round
		begun.Speaker, begun.Listener = x.sides(r)
		return begun
	}
	begun.Speaker = first(r.players, func(p PersonID) bool { return !r.spoken[p] }, s.there)
	if begun.Speaker == "" {
		return x.at(id, inDone)
	}
	i := slices.Index(r.players, begun.Speaker)
	beside := slices.Concat(r.players[i+1:], r.players[:i])
	begun.Listener = first(beside, func(PersonID) bool { return true }, s.there)
	return begun
}

// first is the first for whom want holds, one who is here before one who is not.
func first(people []PersonID, want func(PersonID) bool, there func(PersonID) bool) PersonID {
	var other PersonID
	for _, p := range people {
		switch {
		case !want(p):
		case there(p):
			return p
		case other == "":
			other = p
		}
	}
	return other
}

// agreed reports whether a room has not to wait any longer: everybody who is here has tapped.
func (x *practice) agreed(s *Session, id RoomID) bool {
	r := x.rooms[id]
	if r.phase == inWaiting || r.phase == inDone || r.phase == "" {
		return false
	}
	here := 0
	for _, p := range r.people() {
		if !s.there(p) {
			continue
		}
		here++
		if r.phase == inOut && x.inRole[p] == id || r.phase != inOut && !r.ready[p] {
			return false
		}
	}
	return here > 0 || r.phase == inOut
}

// look lets a room go on if nothing holds it.
func (c *course) look(id RoomID) {
	r := c.x.rooms[id]
	switch {
	case r == nil:
	case r.stopped:
		c.lookStopped(id)
	case r.phase == "" && len(r.players) >= leastInRoom && c.x.running():
		c.begin(c.x.turn(c.s, id))
	case c.x.agreed(c.s, id):
		c.begin(c.x.next(c.s, id))
	}
}

// begin takes rooms into their next phases, and all on to what comes when every room is there.
func (c *course) begin(rooms ...PhaseBegun) {
	if len(rooms) == 0 {
		return
	}
	c.add(PhasesBegan{Step: c.id, At: c.in.At, Rooms: rooms})
	var done []PhaseBegun // nobody there has a role to step out of
	for _, b := range rooms {
		if b.Phase == inOut && c.x.agreed(c.s, b.Room) {
			done = append(done, c.x.next(c.s, b.Room))
		}
	}
	c.begin(done...)
	if len(done) == 0 {
		c.lookAll()
	}
}

// lookAll gives those who wait a place where there is one by now, and goes on with all rooms once every one is there.
func (c *course) lookAll() {
	for _, p := range c.x.waiting(c.s) {
		c.place(p)
	}
	switch {
	case c.x.stands == goingBack && c.x.all(inDone):
		c.add(StageChanged{Step: c.id, Stage: debriefed, At: c.in.At})
	case c.x.stands == roomsOpen && c.x.script.Form == "lines" && c.x.all(inWaiting, inDone) && !c.x.all(inDone):
		c.moveRow()
	}
}

// all reports whether every room is in one of these phases.
func (x *practice) all(phases ...Phase) bool {
	for _, r := range x.rooms {
		if !slices.Contains(phases, r.phase) {
			return false
		}
	}
	return true
}

func (e PhasesBegan) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	var t Touched
	for _, b := range e.Rooms {
		if x.rooms[b.Room] == nil {
			continue
		}
		s.enterPhase(x, b, e.At)
		touched := x.touched(b.Room)
		t.People, t.Rooms = append(t.People, touched.People...), append(t.Rooms, b.Room)
	}
	return t
}

func (s *Session) enterPhase(x *practice, b PhaseBegun, at Time) {
	r := x.change(b.Room)
	r.phase, r.turn, r.speaker, r.listener = b.Phase, b.Turn, b.Speaker, b.Listener
	r.last, r.stopped, r.ready, r.choices = false, false, map[PersonID]bool{}, nil
	r.ended = r.ended || b.End
	delete(s.timers, roomTimer(b.Room))
	if b.Length > 0 {
		s.setTimer(roomTimer(b.Room), at, b.Length)
	}
	switch b.Phase {
	case inConsent:
		r.marks = nil
		r.terms = Terms{StopWord: r.terms.StopWord, Scenario: x.onlyScenario()}
	case inRehearse:
		x.takeRoles(b.Room)
	case inOut:
		r.hasSpoken(b.Speaker)
		x.count(r)
	}
}

func (x *practice) takeRoles(id RoomID) {
	for _, p := range x.rooms[id].people() {
		x.inRole[p] = id
	}
}

func (r *practiceRoom) hasSpoken(p PersonID) {
	if r.spoken == nil {
		r.spoken = map[PersonID]bool{}
	}
	r.spoken[p] = true
}

func (c ReadyToGoOn) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	if err != nil {
		return nil, err
	}
	r, err := x.own(in.By.Person, c.Room)
	switch {
	case err != nil:
		return nil, err
	case r.phase != c.Phase || r.turn != c.Turn || r.ready[in.By.Person] || c.Phase == inOut || !c.Phase.timed() && c.Phase != inConsent:
		return nil, nil
	case r.stopped:
		return nil, refuse(Conflict, "room_stopped", "This room has stopped. Decide together how to go on.")
	case c.Phase == inConsent && r.terms.Scenario == "":
		return nil, refuse(Conflict, "no_scenario", "Choose what to practise first.")
	}
	course := follow(s, in)
	course.add(BecameReady{Step: id, Person: in.By.Person})
	course.look(c.Room)
	return course.events, nil
}

func (e BecameReady) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil || x.where[e.Person] == "" {
		return nobody
	}
	x.change(x.where[e.Person]).ready[e.Person] = true
	return x.touched(x.where[e.Person])
}

// decide finds the role wherever it was taken: somebody may step out of it when the group is at another step already.
func (StepOut) decide(s *Session, in Input) ([]Event, error) {
	for id := range s.doing {
		if x := s.practiceOf(id); x != nil && id != s.agenda.now && x.inRole[in.By.Person] != "" {
			return []Event{SteppedOut{Step: id, Person: in.By.Person}}, nil
		}
	}
	x, _, err := present[*practice](s)
	if err != nil {
		return nil, err
	}
	return x.stepOut(s, in.By.Person, in)
}

func (c HeardStepOut) decide(s *Session, in Input) ([]Event, error) {
	x, _, err := present[*practice](s)
	if err != nil {
		return nil, err
	}
	room := x.where[in.By.Person]
	if room == "" || x.where[c.Person] != room {
		return nil, refuse(Denied, "not_your_room", "You are not in that room. Your screen will follow in a moment.")
	}
	return x.stepOut(s, c.Person, in)
}

func (x *practice) stepOut(s *Session, p PersonID, in Input) ([]Event, error) {
	room := x.inRole[p]
	if room == "" {
		return nil, nil
	}
	if r := x.rooms[room]; r != nil && x.where[p] == room && r.phase.played() && !r.stopped {
		return nil, refuse(Conflict, "still_in_role", "This comes when the practice is over. To halt it now, press Stop.")
	}
	c := follow(s, in)
	c.add(SteppedOut{Step: s.agenda.now, Person: p})
	c.look(x.where[p])
	return c.events, nil
}

func (e SteppedOut) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	delete(x.inRole, e.Person)
	t := x.touched(x.where[e.Person])
	t.People = append(t.People, e.Person)
	return t
}

func (e LastMinutesBegan) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	for _, id := range e.Rooms {
		if x.rooms[id] != nil {
			x.change(id).last = true
			s.setTimer(roomTimer(id), e.At, lastMinute)
		}
	}
	return x.touched(e.Rooms...)
}

// rang is what the rooms do when timers came to their end: first their last minute, then what is next.
func (x *practice) rang(s *Session, names []timerName, in Input) []Event {
	c := follow(s, in)
	if !c.x.running() {
		return nil
	}
	rooms := []RoomID{}
	for _, name := range names {
		if id, isRoom := strings.CutPrefix(string(name), "room/"); isRoom {
			rooms = append(rooms, RoomID(id))
		}
	}
	if slices.Contains(names, backTimer) {
		rooms = c.x.inOrder()
	}
	c.timeIsUp(rooms)
	return c.events
}

// timeIsUp gives a room its last minute if people may be speaking, and takes it on if they had it.
func (c *course) timeIsUp(rooms []RoomID) {
	var last []RoomID
	var begun []PhaseBegun
	for _, id := range rooms {
		switch r := c.x.rooms[id]; {
		case r == nil || r.phase == inDone:
		case r.stopped:
			if c.x.calledBack(c.s) {
				begun = append(begun, c.x.at(id, inOut))
			}
		case r.phase == inOut:
			if c.x.agreed(c.s, id) {
				begun = append(begun, c.x.next(c.s, id))
			}
		case r.phase == inConsent || r.phase == inWaiting || r.phase == inPrepare && c.x.calledBack(c.s):
			if c.x.calledBack(c.s) {
				begun = append(begun, c.x.at(id, inDone))
			}
		case !r.last:
			last = append(last, id)
		case c.s.timers[roomTimer(id)].Over:
			begun = append(begun, c.x.next(c.s, id))
		}
	}
	if len(last) > 0 {
		c.add(LastMinutesBegan{Step: c.id, At: c.in.At, Rooms: last})
	}
	c.begin(begun...)
}
