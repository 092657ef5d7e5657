package facilitator

// Help is what a room asks of the facilitators: nothing, help, or simply to come by.
type Help string

// The sorts of it.
const (
	NeedsHelp Help = "help"
	Invites   Help = "invite"
)

// AskHelp asks the facilitators into the room, or takes that back when Help is empty. Nothing says who asked.
type AskHelp struct {
	Room RoomID `json:"room"`
	Help Help   `json:"help,omitempty"`
}

// EnterRoom is a facilitator coming into a room that asked for one. Its people see them.
type EnterRoom struct {
	Room RoomID `json:"room"`
}

// LeaveVisit is a facilitator going out again.
type LeaveVisit struct{}

// HelpAsked is the fact of it.
type HelpAsked struct {
	Step StepID `json:"step"`
	Room RoomID `json:"room"`
	Help Help   `json:"help,omitempty"`
}

// RoomEntered says that a facilitator came in.
type RoomEntered struct {
	Step   StepID   `json:"step"`
	Room   RoomID   `json:"room"`
	Person PersonID `json:"person"`
}

// RoomLeft says that they went.
type RoomLeft struct {
	Step   StepID   `json:"step"`
	Person PersonID `json:"person"`
}

var visitOrders = []order{
	{name: "practice.help", who: forPeople, sample: AskHelp{}},
	{name: "practice.enter", who: forLeaders, sample: EnterRoom{}},
	{name: "practice.leave", who: forLeaders, sample: LeaveVisit{}},
}

var visitFacts = []fact{
	{"practice.helped", HelpAsked{}},
	{"practice.entered", RoomEntered{}},
	{"practice.left", RoomLeft{}},
}

func (c AskHelp) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	if err != nil {
		return nil, err
	}
	r, err := x.own(in.By.Person, c.Room)
	switch {
	case err != nil || r.help == c.Help:
		return nil, err
	case c.Help != "" && c.Help != NeedsHelp && c.Help != Invites:
		return nil, refuse(Invalid, "help", "Ask for help, or invite the facilitator in.")
	}
	return []Event{HelpAsked{Step: id, Room: c.Room, Help: c.Help}}, nil
}

func (e HelpAsked) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	x.change(e.Room).help = e.Help
	return x.touched(e.Room)
}

func (c EnterRoom) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	if err != nil {
		return nil, err
	}
	r := x.rooms[c.Room]
	switch {
	case !x.running():
		return nil, roomsShut()
	case r == nil:
		return nil, noRoom()
	case x.visits[in.By.Person] == c.Room:
		return nil, nil
	case x.where[in.By.Person] != "":
		return nil, refuse(Conflict, "in_a_room", "You take part in a room yourself. Sit out first, or ask another facilitator to go.")
	case r.help == "":
		return nil, refuse(Denied, "not_invited", "A room is entered when it asks for help or invites you.")
	}
	return []Event{RoomEntered{Step: id, Room: c.Room, Person: in.By.Person}}, nil
}

// apply lets the facilitator find nothing there of what was said before.
func (e RoomEntered) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil || x.rooms[e.Room] == nil {
		return nobody
	}
	touched := x.touched(x.visits[e.Person], e.Room)
	r := x.change(e.Room)
	r.help = ""
	r.hush()
	x.visits[e.Person] = e.Room
	touched.People = append(touched.People, e.Person)
	return touched
}

func (LeaveVisit) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	if err != nil || x.visits[in.By.Person] == "" {
		return nil, err
	}
	return []Event{RoomLeft{Step: id, Person: in.By.Person}}, nil
}

func (e RoomLeft) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	return x.endVisit(e.Person)
}

func (x *practice) endVisit(p PersonID) Touched {
	touched := x.touched(x.visits[p])
	touched.People = append(touched.People, p)
	delete(x.visits, p)
	return touched
}

// visitors is who came into a room as a facilitator and is still one.
func (s *Session) visitors(x *practice, id RoomID) map[PersonID]bool {
	var view map[PersonID]bool
	for p, at := range x.visits {
		if at == id && s.people[p].role.leads() {
			if view == nil {
				view = map[PersonID]bool{}
			}
			view[p] = true
		}
	}
	return view
}
