package facilitator

import "slices"

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

var roundFacts = []fact{
	{"practice.phases", PhasesBegan{}},
	{"practice.last", LastMinutesBegan{}},
}

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

// turn is a room's next turn. In the lines the sides take turns, all at once.
func (x *practice) turn(s *Session, id RoomID) PhaseBegun {
	r := x.rooms[id]
	begun, anew := x.at(id, inConsent), r.phase == inConsent || r.phase == inPrepare
	if !anew {
		begun.Turn++
	}
	switch {
	case x.stands == goingBack && !anew || len(r.players) < leastInRoom || r.ended:
		return x.at(id, inDone)
	case x.script.Form == "lines" && r.phase == inOut:
		return x.at(id, inWaiting)
	case x.script.Form == "lines":
		begun.Turn = x.round
		begun.Speaker, begun.Listener = x.sides(r)
		return begun
	}
	begun.Speaker, begun.Listener = pairUp(r.players, x.took, s.there)
	if begun.Speaker == "" {
		return x.at(id, inDone)
	}
	return begun
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
		if r.phase == inOut && x.inRole[p].room != "" || r.phase != inOut && !r.ready[p] {
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
	case r.phase == inDone:
		c.resume(id)
	case c.x.agreed(c.s, id):
		c.begin(c.x.next(c.s, id))
	}
}

// resume begins a further turn in a room that was done, for somebody who has come or come back since.
func (c *course) resume(id RoomID) {
	if c.x.stands != roomsOpen || c.x.script.Form == "lines" {
		return
	}
	if begun := c.x.turn(c.s, id); begun.Phase != inDone {
		c.begin(begun)
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
	t := nobody
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
	if b.Phase == inSpeaker {
		x.rehearsed(s, b.Room)
	}
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
		x.count(r)
	}
}

// played is a role that somebody took, where, and in which turn of that room.
type played struct {
	room     RoomID
	turn     int
	role     string
	scenario string
	awaits   RoomID // where a rehearsal began before they stepped out of this
}

// takeRoles gives everybody in a room their role. Whoever has not stepped out of an earlier one keeps that until they do.
func (x *practice) takeRoles(id RoomID) {
	for _, p := range x.rooms[id].people() {
		if x.inEarlierRole(p, id) {
			was := x.inRole[p]
			was.awaits = id
			x.inRole[p] = was
		} else {
			x.takeRole(p, id)
		}
	}
}

func (x *practice) takeRole(p PersonID, id RoomID) {
	r := x.rooms[id]
	x.inRole[p] = played{room: id, turn: r.turn, role: r.held(p), scenario: r.terms.Scenario}
}

// inEarlierRole reports whether somebody still has a role from another turn or from another room than this one.
func (x *practice) inEarlierRole(p PersonID, id RoomID) bool {
	was := x.inRole[p]
	return was.room != "" && (was.room != id || was.turn != x.rooms[id].turn)
}

// mustStepOut reports whether somebody in a room has a role to leave before they do anything else there: an earlier one,
// or that of a turn which is agreed on anew.
func (x *practice) mustStepOut(p PersonID, id RoomID) bool {
	r := x.rooms[id]
	return r != nil && x.inRole[p].room != "" && (x.inEarlierRole(p, id) || !r.phase.played() && r.phase != inOut)
}
