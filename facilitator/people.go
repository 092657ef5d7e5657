package facilitator

// person is somebody with a seat.
type person struct {
	alias  string
	role   Role
	guest  bool // simulated
	number int  // the order in which they joined, from 1
	joined Time // 0 in older logs
	here   bool // some device of theirs is connected, or was a moment ago
	away   bool // they stepped away
	hand   int  // the order in which hands were raised; 0 is down
	quiet  bool // asked to only listen
}

// mayAnswer reports whether it makes sense to wait for this person's own answer.
func (p person) mayAnswer() bool { return p.here && !p.away }

// present reports whether it makes sense to wait for this person to speak.
func (p person) present() bool { return p.mayAnswer() && !p.quiet }

// Join gives somebody a seat, or a place before the door. The server chooses the id and checks the code.
type Join struct {
	Person PersonID `json:"person"`
	Alias  string   `json:"alias"`
	Role   Role     `json:"role"`
	Guest  bool     `json:"guest,omitempty"`
	Link   LinkID   `json:"link,omitempty"` // lets them in whatever the door's mode
}

// Came says that a person who had gone is connected again.
type Came struct {
	Person PersonID `json:"person"`
}

// Went says that none of a person's devices has been connected for a while.
type Went struct {
	Person PersonID `json:"person"`
}

// StepAway takes a person out of turns and waiting until they step back.
type StepAway struct{}

// StepBack brings them back.
type StepBack struct{}

// Rename changes one's own name.
type Rename struct {
	Alias string `json:"alias"`
}

// Leave gives up one's own seat.
type Leave struct{}

// Joined and the others are the facts about people.
type Joined struct {
	Join
	At Time `json:"at,omitempty"`
}

// PersonCame says somebody is connected again.
type PersonCame struct {
	Person PersonID `json:"person"`
}

// PersonWent says somebody's connections are gone.
type PersonWent struct {
	Person PersonID `json:"person"`
}

// SteppedAway says somebody stepped away, or back.
type SteppedAway struct {
	Person PersonID `json:"person"`
	Away   bool     `json:"away"`
}

// Renamed says how somebody is called now.
type Renamed struct {
	Person PersonID `json:"person"`
	Alias  string   `json:"alias"`
}

var peopleOrders = []order{
	{name: "person.join", who: forSystem, sample: Join{}},
	{name: "person.came", who: forSystem, sample: Came{}},
	{name: "person.went", who: forSystem, sample: Went{}},
	{name: "person.away", who: forPeople, sample: StepAway{}, always: true},
	{name: "person.back", who: forPeople, sample: StepBack{}, always: true},
	{name: "person.rename", who: forPeople, sample: Rename{}, door: true},
	{name: "person.leave", who: forPeople, sample: Leave{}, always: true, door: true},
}

var peopleFacts = []fact{
	{"person.joined", Joined{}},
	{"person.came", PersonCame{}},
	{"person.went", PersonWent{}},
	{"person.away", SteppedAway{}},
	{"person.renamed", Renamed{}},
}

func (c Join) decide(s *Session, in Input) ([]Event, error) {
	_, again := s.people[c.Person]
	if _, knocks := s.door.knocking[c.Person]; again || knocks || s.removed[c.Person] || c.Person == "" {
		return nil, refuse(Conflict, "seat_taken", "This seat was given already. Join again.")
	}
	if c.Role != Facilitator && c.Role != Participant {
		return nil, refuse(Invalid, "role", "People join as facilitator or participant.")
	}
	if c.Role == Facilitator && s.lead != "" {
		return nil, refuse(Conflict, "led_already", "This session has its facilitator. Take that seat instead.")
	}
	invited := c.Link != "" && s.Invites(c.Link) && !s.frozen
	if !invited {
		c.Link = ""
	}
	if !invited && c.Role == Participant && (s.Mode() == DoorClosed || c.Guest && s.Mode() != DoorOpen) {
		return nil, refuse(Closed, "door_locked", "The door is closed at the moment. Ask the facilitator to open it.")
	}
	alias, err := s.freeAlias(c.Alias, c.Person, c.Role)
	if err != nil {
		return nil, err
	}
	c.Alias = alias
	joined := Joined{Join: c, At: in.At}
	if invited || c.Role != Participant || c.Guest {
		return s.notice([]Event{joined}, c.Person, in), nil
	}
	if s.door.wave(in.At) {
		events, err := s.knock(c, in)
		return append([]Event{DoorSet{Mode: DoorKnock, Wave: true, At: in.At}}, events...), err
	}
	if s.Mode() == DoorKnock {
		return s.knock(c, in)
	}
	return s.notice([]Event{joined}, c.Person, in), nil
}

// freeAlias cleans a name and refuses one that somebody else in the room goes by, or that makes them out to lead it.
func (s *Session) freeAlias(raw string, whose PersonID, role Role) (string, error) {
	alias, err := CleanAlias(raw)
	if err != nil {
		return "", err
	}
	if s.taken(alias, whose) {
		return "", aliasTaken()
	}
	leads := func(p person) bool { return p.role.keeps() && looksLike(alias, p.alias) }
	for id, p := range s.people {
		if id != whose && leads(p) {
			return "", aliasLookalike()
		}
	}
	if !role.keeps() && claims(alias) {
		return "", aliasLookalike()
	}
	return alias, nil
}

// taken reports whether somebody else, in the room or before the door, goes by a name.
func (s *Session) taken(alias string, whose PersonID) bool {
	for id, p := range s.people {
		if id != whose && sameName(p.alias, alias) {
			return true
		}
	}
	for id, k := range s.door.knocking {
		if id != whose && sameName(k.Alias, alias) {
			return true
		}
	}
	return false
}

func aliasTaken() error {
	return refuse(Conflict, "alias_taken", "Somebody here goes by that name. Add a letter or choose another.")
}

func aliasLookalike() error {
	return refuse(Conflict, "alias_lookalike", "This looks like the name of somebody who leads here. Choose another.")
}

func (e Joined) apply(s *Session) Touched {
	s.joined++
	s.people[e.Person] = person{alias: e.Alias, role: e.Role, guest: e.Guest, number: s.joined, joined: e.At, here: true}
	if _, admitted := s.door.knocking[e.Person]; !admitted && e.Role == Participant && !e.Guest && e.Link == "" {
		s.door.arrived(e.At)
	}
	s.door.knocking.drop(e.Person)
	delete(s.door.links, e.Link)
	if e.Role == Facilitator {
		s.lead = e.Person
	}
	for _, x := range s.doing {
		x.joined(s, e.Person)
	}
	return comingIn(e.Person)
}

func (c Came) decide(s *Session, in Input) ([]Event, error) {
	p, ok := s.people[c.Person]
	if k, knocks := s.door.knocking[c.Person]; knocks && k.Gone {
		return []Event{PersonCame(c)}, nil
	}
	if !ok || p.here {
		return nil, nil
	}
	came := PersonCame(c)
	return s.notice(append([]Event{came}, s.after(came).succession()...), c.Person, in), nil
}

func (e PersonCame) apply(s *Session) Touched { return s.setHere(e.Person, true) }

func (c Went) decide(s *Session, in Input) ([]Event, error) {
	p, ok := s.people[c.Person]
	if k, knocks := s.door.knocking[c.Person]; knocks && !k.Gone {
		return []Event{PersonWent(c)}, nil
	}
	if !ok || !p.here {
		return nil, nil
	}
	went := PersonWent(c)
	return s.notice(append([]Event{went}, s.after(went).succession()...), c.Person, in), nil
}

func (e PersonWent) apply(s *Session) Touched { return s.setHere(e.Person, false) }

func (s *Session) setHere(id PersonID, here bool) Touched {
	if k, knocks := s.door.knocking[id]; knocks {
		k.Gone = !here
		s.door.knocking.put(id, k)
		return atDoor(id)
	}
	if p, ok := s.people[id]; ok {
		p.here = here
		s.people[id] = p
	}
	return only(id)
}

func (StepAway) decide(s *Session, in Input) ([]Event, error) { return s.setAway(in, true) }
func (StepBack) decide(s *Session, in Input) ([]Event, error) { return s.setAway(in, false) }

func (s *Session) setAway(in Input, away bool) ([]Event, error) {
	if s.people[in.By.Person].away == away {
		return nil, nil
	}
	e := SteppedAway{Person: in.By.Person, Away: away}
	if x := s.doing[s.agenda.now]; away && x != nil {
		return append([]Event{e}, x.absent(s.after(e), in.By.Person, in)...), nil
	}
	return s.notice([]Event{e}, in.By.Person, in), nil
}

func (e SteppedAway) apply(s *Session) Touched {
	p := s.people[e.Person]
	p.away = e.Away
	if e.Away {
		p.hand = 0
	}
	s.people[e.Person] = p
	return only(e.Person)
}

func (c Rename) decide(s *Session, in Input) ([]Event, error) {
	alias, err := s.freeAlias(c.Alias, in.By.Person, s.people[in.By.Person].role)
	if err != nil {
		return nil, err
	}
	if alias == s.people[in.By.Person].alias || alias == s.door.knocking[in.By.Person].Alias {
		return nil, nil
	}
	return []Event{Renamed{Person: in.By.Person, Alias: alias}}, nil
}

func (e Renamed) apply(s *Session) Touched {
	p, ok := s.people[e.Person]
	if !ok {
		return s.setKnockerAlias(e.Person, e.Alias)
	}
	p.alias = e.Alias
	s.people[e.Person] = p
	return everybody // others' documents name the person who answers their request for support
}

func (Leave) decide(s *Session, in Input) ([]Event, error) {
	if s.people[in.By.Person].role == Facilitator {
		return nil, refuse(Denied, "facilitator_leaves", "You opened this session. Close it, or simply shut this page: the room will wait.")
	}
	return s.seatGiven(in.By.Person, Removed{Person: in.By.Person}, in), nil
}

// absence lets the exercise go on without a person.
func (s *Session) absence(p PersonID, in Input) []Event {
	if x := s.doing[s.agenda.now]; x != nil && s.people[p].number != 0 {
		return x.absent(s.after(SteppedAway{Person: p, Away: true}), p, in)
	}
	return nil
}

// seatGiven lets the exercise go on without a person before the seat is gone.
func (s *Session) seatGiven(p PersonID, gone Removed, in Input) []Event {
	events := append(s.absence(p, in), gone)
	return append(events, s.after(events...).succession()...)
}

// PersonView is what everybody in the room sees of a person. What is usual is left out.
type PersonView struct {
	Alias string `json:"alias"`
	Order int    `json:"n"`
	Role  Role   `json:"role,omitempty"` // absent for a participant
	Guest bool   `json:"guest,omitempty"`
	Gone  bool   `json:"gone,omitempty"` // not connected
	Away  bool   `json:"away,omitempty"` // stepped away
	Hand  int    `json:"hand,omitempty"` // raised, in this order
}

func (s *Session) peopleView() map[PersonID]PersonView {
	view := make(map[PersonID]PersonView, len(s.people))
	for id, p := range s.people {
		v := PersonView{Alias: p.alias, Order: p.number, Guest: p.guest, Gone: !p.here, Away: p.away, Hand: p.hand}
		if p.role != Participant {
			v.Role = p.role
		}
		view[id] = v
	}
	return view
}

// People counts the seats that are taken, and those who wait for one.
func (s *Session) People() int { return len(s.people) + len(s.door.knocking) }

// Here lists the people who are connected, in the room or before the door, as far as the log knows.
func (s *Session) Here() []PersonID {
	here := s.inside()
	for id, k := range s.door.knocking {
		if !k.Gone {
			here = append(here, id)
		}
	}
	return here
}

// inside lists the people in the room who are connected.
func (s *Session) inside() []PersonID {
	var inside []PersonID
	for id, p := range s.people {
		if p.here {
			inside = append(inside, id)
		}
	}
	return inside
}
