package facilitator

// Choice is how a member of a room that stopped would go on.
type Choice string

// The choices: go on where it stopped, agree anew on the same turn, or end this room's practice.
const (
	goOn   Choice = "on"
	change Choice = "change"
	end    Choice = "end"
)

// Stop halts the room one is in: the clock stands, roles drop. Any member may, without a reason, and nothing says who.
type Stop struct{}

// ChooseAfterStop says how to go on. It happens once everybody who is here wants the same.
type ChooseAfterStop struct {
	Room   RoomID `json:"room"`
	Choice Choice `json:"choice"`
}

// RoomStopped is the fact of a stop.
type RoomStopped struct {
	Step StepID `json:"step"`
	Room RoomID `json:"room"`
	At   Time   `json:"at"`
}

// StopChoiceMade is the fact of a choice.
type StopChoiceMade struct {
	Step   StepID   `json:"step"`
	Person PersonID `json:"person"`
	Choice Choice   `json:"choice"`
}

// RoomWentOn says that a room goes on where it stopped.
type RoomWentOn struct {
	Step StepID `json:"step"`
	Room RoomID `json:"room"`
	At   Time   `json:"at"`
}

var stopOrders = []order{
	{name: "practice.stop", who: forPeople, sample: Stop{}, always: true},
	{name: "practice.choose", who: forPeople, sample: ChooseAfterStop{}},
}

var stopFacts = []fact{
	{"practice.stopped", RoomStopped{}},
	{"practice.chosen", StopChoiceMade{}},
	{"practice.resumed", RoomWentOn{}},
}

const leastAfterStop = 30 * second

func (Stop) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	if err != nil {
		return nil, err
	}
	r := x.rooms[x.where[in.By.Person]]
	switch {
	case r == nil || !x.running():
		return nil, roomsShut()
	case r.stopped || r.phase == inOut || r.phase == inWaiting || r.phase == inDone:
		return nil, nil // it has halted, and there are no roles
	}
	return []Event{RoomStopped{Step: id, Room: x.where[in.By.Person], At: in.At}}, nil
}

func (e RoomStopped) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	r := x.change(e.Room)
	r.stopped, r.ready, r.choices = true, map[PersonID]bool{}, map[PersonID]Choice{}
	r.left = max(0, s.timers[roomTimer(e.Room)].Ends.since(s.running(e.At)))
	delete(s.timers, roomTimer(e.Room))
	return x.touched(e.Room)
}

func (c ChooseAfterStop) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	if err != nil {
		return nil, err
	}
	r, err := x.own(in.By.Person, c.Room)
	switch {
	case err != nil:
		return nil, err
	case !r.stopped:
		return nil, refuse(Conflict, "not_stopped", "This room has gone on already.")
	case c.Choice != goOn && c.Choice != change && c.Choice != end:
		return nil, refuse(Invalid, "choice", "Choose to go on, to change something, or to end.")
	case r.choices[in.By.Person] == c.Choice:
		return nil, nil
	}
	course := follow(s, in)
	course.add(StopChoiceMade{Step: id, Person: in.By.Person, Choice: c.Choice})
	course.look(c.Room)
	return course.events, nil
}

func (e StopChoiceMade) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	if r := x.change(x.where[e.Person]); r.choices != nil {
		r.choices[e.Person] = e.Choice
	}
	return x.touched(x.where[e.Person])
}

// lookStopped does what everybody who is here has chosen.
func (c *course) lookStopped(id RoomID) {
	r := c.x.rooms[id]
	switch r.choice(c.s.there) {
	case goOn:
		c.add(RoomWentOn{Step: c.id, Room: id, At: c.in.At})
	case change:
		c.begin(c.x.at(id, inConsent))
	case end:
		out := c.x.at(id, inOut)
		out.End = true
		c.begin(out)
	}
}

// choice is what all who are here chose, or empty.
func (r *practiceRoom) choice(there func(PersonID) bool) Choice {
	var same Choice
	for _, p := range r.people() {
		switch chosen := r.choices[p]; {
		case !there(p):
		case chosen == "" || same != "" && same != chosen:
			return ""
		default:
			same = chosen
		}
	}
	return same
}

func (e RoomWentOn) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil || x.rooms[e.Room] == nil {
		return nobody
	}
	r := x.change(e.Room)
	r.stopped, r.choices = false, nil
	if r.phase.played() {
		x.takeRoles(e.Room)
	}
	s.setTimer(roomTimer(e.Room), e.At, max(r.left, leastAfterStop))
	return x.touched(e.Room)
}
