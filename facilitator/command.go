package facilitator

// Command is an order somebody gives. The unexported method seals the set; the registry names it.
type Command interface {
	decide(s *Session, in Input) ([]Event, error)
}

// Event is a fact. What is stored is events; old ones stay readable for ever.
type Event interface {
	apply(s *Session) Touched
}

// Input is what the outside world lends to a decision.
type Input struct {
	At      Time
	By      Seat
	ID      func() string                    // a fresh random id
	Shuffle func(n int, swap func(i, j int)) // a fair shuffle
}

// Touched names the people whose own document an event may have changed, and the practice rooms whose
// document may have. The documents that many read (everyone, facilitators, keepers, stage) may have changed
// with any event that happened inside; the keepers' alone with one before the door. Soon is an event that those inside
// wait to see: all that happen inside, but for somebody coming in.
type Touched struct {
	Inside bool
	Soon   bool
	All    bool
	People []PersonID
	Rooms  []RoomID
}

var (
	nobody    = Touched{Inside: true, Soon: true}
	everybody = Touched{Inside: true, Soon: true, All: true}
)

func only(p ...PersonID) Touched { return Touched{Inside: true, Soon: true, People: p} }

func inRoom(id RoomID) Touched { return Touched{Inside: true, Soon: true, Rooms: []RoomID{id}} }

func comingIn(p ...PersonID) Touched { return Touched{Inside: true, People: p} }

func atDoor(p PersonID) Touched { return Touched{People: []PersonID{p}} }

// audience says who may give an order at all; decide refines it.
type audience int

const (
	forPeople  audience = iota // anybody with a seat of their own
	forKeepers                 // those, and the keepers
	forLeaders                 // the facilitator and the co-facilitators
	forSystem                  // the server: joining, presence, timers
)

// order names a command and says who may give it.
type order struct {
	name   string
	who    audience
	sample Command
	always bool // also while the room is frozen, and for somebody asked to only listen
	silent bool // also for somebody asked to only listen: it shows others nothing of theirs
	door   bool // also for somebody before the door
}

// fact names an event as it is stored.
type fact struct {
	name   string
	sample Event
}

// admit refuses what the seat may not order now, whatever the command's own rules.
func (s *Session) admit(o order, by Seat) error {
	if _, opening := o.sample.(Open); opening != (s.phase == unopened) {
		return refuse(NotFound, "no_session", "There is no such session. Check the code, or ask the facilitator for a new one.")
	}
	if s.phase == over {
		return refuse(Closed, "session_over", "This session is over. Nothing can be changed any more.")
	}
	if by.Role == System {
		return nil
	}
	if o.who == forSystem {
		return refuse(Denied, "not_yours", "Only the server does this.")
	}
	p, seated := s.people[by.Person]
	if _, knocks := s.door.knocking[by.Person]; knocks && o.door && by.Role != Stage {
		return nil
	}
	if !seated || by.Role == Stage {
		return refuse(Denied, "no_seat", "You have no seat in this room. Join again with the code.")
	}
	if o.who == forLeaders && !p.role.leads() {
		return refuse(Denied, "not_leading", "Only the facilitator can do this. Ask them to.")
	}
	if o.who == forKeepers && !p.role.keeps() {
		return refuse(Denied, "not_keeping", "Only the keeper or the facilitator can do this. Ask them to.")
	}
	if s.frozen && !o.always && !p.role.keeps() {
		return refuse(Closed, "frozen", "The facilitator has paused the room for a moment. Try again when it goes on.")
	}
	if p.quiet && !o.always && !o.silent {
		return refuse(Denied, "quieted", "For now you are asked to listen only. You can still ask for support, and the keeper will tell you more.")
	}
	return nil
}
