package facilitator

// What a keeper does to one person can be undone for a minute, and is recorded without words or names.

// DeedID names something a keeper did.
type DeedID string

// DeedKind says what.
type DeedKind string

// The kinds of deeds.
const (
	DeedQuiet  DeedKind = "quiet"
	DeedDoor   DeedKind = "door"
	DeedRemove DeedKind = "remove"
)

// deed is a deed and what it takes to undo it. It is forgotten soon after that is not possible any more.
type deed struct {
	kind   DeedKind
	person PersonID
	by     PersonID
	at     Time
	was    *person // their seat, if they had one
	side   SitWith // what they had said of themselves, where there are family seats
	knock  *KnockView
	opened bool // the door was open before
}

// undoFor is how long a deed can be undone.
const undoFor = minute

// QuietPerson asks one person to only listen: what they write, hands and turns are not taken. They keep
// their seat, support, and what is their own.
type QuietPerson struct {
	Person PersonID `json:"person"`
	Quiet  bool     `json:"quiet"`
}

// SendToDoor takes somebody's seat; they wait before the door, where they can be let in again.
type SendToDoor struct {
	Person PersonID `json:"person"`
}

// Remove takes somebody's seat for this session. An open door becomes one to knock at, because nothing
// else tells who comes by the code again.
type Remove struct {
	Person PersonID `json:"person"`
}

// Undo undoes a deed within a minute.
type Undo struct {
	Deed DeedID `json:"deed"`
}

// GiveAlias gives somebody another name.
type GiveAlias struct {
	Person PersonID `json:"person"`
	Alias  string   `json:"alias"`
}

// PersonQuieted says that somebody is to listen, or may speak again.
type PersonQuieted struct {
	Person PersonID `json:"person"`
	Quiet  bool     `json:"quiet"`
	Deed   DeedID   `json:"deed,omitempty"`
	By     PersonID `json:"by,omitempty"`
	At     Time     `json:"at"`
}

// SentToDoor says that somebody is before the door again.
type SentToDoor struct {
	Person PersonID `json:"person"`
	Deed   DeedID   `json:"deed"`
	By     PersonID `json:"by"`
	At     Time     `json:"at"`
	Newest bool     `json:"newest,omitempty"` // with the newest arrivals, and not for themselves
}

// Removed says that a seat is gone. A deed is named if a keeper did it, and none if its owner did.
type Removed struct {
	Person PersonID `json:"person"`
	Deed   DeedID   `json:"deed,omitempty"`
	By     PersonID `json:"by,omitempty"`
	At     Time     `json:"at,omitempty"`
}

// Undone says that it is as it was before a deed.
type Undone struct {
	Deed DeedID `json:"deed"`
}

var deedOrders = []order{
	{name: "person.quiet", who: forKeepers, sample: QuietPerson{}},
	{name: "person.door", who: forKeepers, sample: SendToDoor{}},
	{name: "person.remove", who: forKeepers, sample: Remove{}},
	{name: "person.alias", who: forKeepers, sample: GiveAlias{}},
	{name: "deed.undo", who: forKeepers, sample: Undo{}},
}

var deedFacts = []fact{
	{"person.quieted", PersonQuieted{}},
	{"person.sentToDoor", SentToDoor{}},
	{"person.removed", Removed{}},
	{"deed.undone", Undone{}},
}

// overPeople checks that a keeper may do something to a person: to a participant always, and to a keeper
// or co-facilitator only as the facilitator.
func (s *Session) overPeople(id PersonID, by PersonID) (person, error) {
	p, ok := s.people[id]
	switch {
	case !ok:
		return p, noPerson()
	case p.role == Facilitator || id == by || p.role != Participant && s.people[by].role != Facilitator:
		return p, refuse(Denied, "not_removable", "This is possible with participants only. The facilitator can take a role back first.")
	}
	return p, nil
}

func (c QuietPerson) decide(s *Session, in Input) ([]Event, error) {
	p, err := s.overPeople(c.Person, in.By.Person)
	if err != nil || p.quiet == c.Quiet {
		return nil, err
	}
	e := PersonQuieted{Person: c.Person, Quiet: c.Quiet, By: in.By.Person, At: in.At}
	if !c.Quiet {
		return []Event{e}, nil
	}
	e.Deed = DeedID(in.ID())
	events := []Event{e}
	if p.hand != 0 {
		events = append(events, HandLowered{Person: c.Person})
	}
	if x := s.doing[s.agenda.now]; x != nil {
		events = append(events, x.absent(s.after(events...), c.Person, in)...)
	}
	return events, nil
}

func (e PersonQuieted) apply(s *Session) Touched {
	p, ok := s.people[e.Person]
	if !ok {
		return nobody
	}
	s.keepDeed(e.Deed, deed{kind: DeedQuiet, person: e.Person, by: e.By, at: e.At})
	p.quiet = e.Quiet
	s.people[e.Person] = p
	return only(e.Person)
}

func (c SendToDoor) decide(s *Session, in Input) ([]Event, error) {
	if _, err := s.overPeople(c.Person, in.By.Person); err != nil {
		return nil, err
	}
	return s.toDoor(c.Person, false, in), nil
}

// toDoor lets the exercise go on without a person before they stand at the door.
func (s *Session) toDoor(p PersonID, newest bool, in Input) []Event {
	sent := SentToDoor{Person: p, Deed: DeedID(in.ID()), By: in.By.Person, At: in.At, Newest: newest}
	events := append(s.absence(p, in), sent)
	return append(events, s.after(events...).succession()...)
}

func (e SentToDoor) apply(s *Session) Touched {
	p, ok := s.people[e.Person]
	if !ok {
		return nobody
	}
	if e.Newest {
		s.done[DeedDoor]++ // no deed each: they are let in together again
	} else {
		s.keepDeed(e.Deed, deed{kind: DeedDoor, person: e.Person, by: e.By, at: e.At, was: &p, side: s.sides[e.Person]})
	}
	s.stand(e.Person)
	s.door.knocks++
	s.door.knocking.put(e.Person, KnockView{Alias: p.alias, Order: s.door.knocks, At: e.At, Inside: e.Newest, Back: !e.Newest, Gone: !p.here})
	return everybody
}

func (c Remove) decide(s *Session, in Input) ([]Event, error) {
	if _, before := s.door.knocking[c.Person]; !before {
		if _, ok := s.people[c.Person]; !ok {
			return nil, nil
		}
		if _, err := s.overPeople(c.Person, in.By.Person); err != nil {
			return nil, err
		}
	}
	events := s.seatGiven(c.Person, Removed{Person: c.Person, Deed: DeedID(in.ID()), By: in.By.Person, At: in.At}, in)
	if s.door.mode == DoorOpen {
		events = append(events, DoorSet{Mode: DoorKnock, At: in.At})
	}
	return events, nil
}

func (e Removed) apply(s *Session) Touched {
	d := deed{kind: DeedRemove, person: e.Person, by: e.By, at: e.At, opened: s.door.mode == DoorOpen}
	if p, ok := s.people[e.Person]; ok {
		d.was, d.side = &p, s.sides[e.Person]
	}
	if k, ok := s.door.knocking[e.Person]; ok {
		d.knock = &k
	}
	s.keepDeed(e.Deed, d)
	s.stand(e.Person)
	s.door.knocking.drop(e.Person)
	s.removed[e.Person] = true
	return everybody
}

// stand takes somebody's seat, and what only somebody in the room has.
func (s *Session) stand(id PersonID) {
	delete(s.people, id)
	delete(s.sides, id)
	for r, req := range s.support {
		if req.taken == id {
			req.taken, req.talk = "", false
			s.support[r] = req
		}
		if req.person == id {
			delete(s.support, r)
		}
	}
	s.hold.forget(id)
	for _, x := range s.doing {
		x.left(id)
	}
}

func (c Undo) decide(s *Session, in Input) ([]Event, error) {
	d, ok := s.deeds[c.Deed]
	if !ok || in.At.since(d.at) > undoFor {
		return nil, refuse(Conflict, "undo_late", "A minute has passed since. Let the person in again at the door instead.")
	}
	if d.was != nil && s.taken(d.was.alias, d.person) || d.knock != nil && s.taken(d.knock.Alias, d.person) {
		return nil, aliasTaken()
	}
	events := []Event{Undone(c)}
	if d.opened && s.door.mode == DoorKnock {
		events = append(events, DoorSet{Mode: DoorOpen, At: in.At})
	}
	if d.was != nil {
		return s.notice(events, d.person, in), nil
	}
	return events, nil
}

func (e Undone) apply(s *Session) Touched {
	d := s.deeds[e.Deed]
	delete(s.deeds, e.Deed)
	delete(s.removed, d.person)
	if d.kind == DeedQuiet {
		if p, ok := s.people[d.person]; ok {
			p.quiet = false
			s.people[d.person] = p
		}
		return only(d.person)
	}
	if d.knock != nil {
		s.door.knocking.put(d.person, *d.knock)
	}
	if d.was == nil || s.people[d.person].number != 0 {
		return everybody
	}
	s.door.knocking.drop(d.person)
	p := *d.was
	p.hand, p.here = 0, true
	s.people[d.person] = p
	if d.side.Side != "" {
		s.sit(d.person, d.side)
	}
	for _, x := range s.doing {
		x.joined(s, d.person)
	}
	return everybody
}

// keepDeed counts a deed and keeps it for as long as it can be undone, and those before it no longer.
func (s *Session) keepDeed(id DeedID, d deed) {
	if id == "" {
		return
	}
	for old, was := range s.deeds {
		if d.at.since(was.at) > undoFor || was.person == d.person {
			delete(s.deeds, old)
		}
	}
	s.deeds[id] = d
	s.done[d.kind]++
}

func (c GiveAlias) decide(s *Session, in Input) ([]Event, error) {
	old, knocks := s.door.knocking[c.Person]
	if !knocks {
		p, err := s.overPeople(c.Person, in.By.Person)
		if err != nil {
			return nil, err
		}
		old.Alias = p.alias
	}
	alias, err := s.freeAlias(c.Alias, c.Person, s.people[c.Person].role)
	if err != nil || alias == old.Alias {
		return nil, err
	}
	return []Event{Renamed{Person: c.Person, Alias: alias}}, nil
}

// DeedView is a deed as keepers see it while it can be undone.
type DeedView struct {
	Kind   DeedKind `json:"kind"`
	Person PersonID `json:"person"`
	Alias  string   `json:"alias,omitempty"` // of somebody who is not in the room any more
	By     PersonID `json:"by"`
	At     Time     `json:"at"`
}

func (s *Session) deedView() map[DeedID]DeedView {
	view := make(map[DeedID]DeedView, len(s.deeds))
	for id, d := range s.deeds {
		v := DeedView{Kind: d.kind, Person: d.person, By: d.by, At: d.at}
		if d.was != nil {
			v.Alias = d.was.alias
		} else if d.knock != nil {
			v.Alias = d.knock.Alias
		}
		view[id] = v
	}
	return view
}
