package facilitator

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

// SteppedOut says that somebody left the role they had.
type SteppedOut struct {
	Step   StepID   `json:"step"`
	Person PersonID `json:"person"`
}

var tapOrders = []order{
	{name: "practice.ready", who: forPeople, sample: ReadyToGoOn{}, silent: true},
	{name: "practice.out", who: forPeople, sample: StepOut{}, silent: true},
	{name: "practice.aloud", who: forPeople, sample: HeardStepOut{}, silent: true},
}

var tapFacts = []fact{
	{"practice.ready", BecameReady{}},
	{"practice.out", SteppedOut{}},
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
	case !c.Phase.played() && x.inRole[in.By.Person].room != "":
		return nil, refuse(Conflict, "step_out_first", "Step out of the role you had first: say it aloud, or tap.")
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
	if id, earlier := s.inRoleAt(in.By.Person); earlier != nil && id != s.agenda.now {
		return []Event{SteppedOut{Step: id, Person: in.By.Person}}, nil
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
	room := x.inRole[p].room
	if room == "" {
		return nil, nil
	}
	if r := x.rooms[room]; r != nil && x.where[p] == room && r.phase.played() && !r.stopped && !x.inEarlierRole(p, room) {
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
	room := x.where[e.Person]
	was := x.inRole[e.Person]
	delete(x.inRole, e.Person)
	if r := x.rooms[room]; r != nil && was.awaits == room && r.phase.played() {
		x.takeRole(e.Person, room)
	}
	t := x.touched(room)
	t.People = append(t.People, e.Person)
	return t
}
