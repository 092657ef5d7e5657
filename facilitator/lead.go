package facilitator

import "slices"

// GiveRole makes somebody co-facilitator or keeper, or takes that back.
type GiveRole struct {
	Person PersonID `json:"person"`
	Role   Role     `json:"role"`
}

// GiveLead hands the chair to a co-facilitator, or back to the facilitator.
type GiveLead struct {
	Person PersonID `json:"person"`
}

// SetSuccession says who leads when whoever leads loses their connection: the first of these
// co-facilitators who is here. Those not named come after them, in the order in which they joined.
type SetSuccession struct {
	People []PersonID `json:"people"`
}

// TakeLead brings the chair back to the facilitator who opened the session.
type TakeLead struct{}

// RoleGiven says what role somebody has now.
type RoleGiven struct {
	Person PersonID `json:"person"`
	Role   Role     `json:"role"`
}

// SuccessionSet is the fact of that order.
type SuccessionSet struct {
	People []PersonID `json:"people"`
}

// LeadPassed says who leads now.
type LeadPassed struct {
	Person PersonID `json:"person"`
}

var leadOrders = []order{
	{name: "role.give", who: forLeaders, sample: GiveRole{}},
	{name: "lead.give", who: forLeaders, sample: GiveLead{}},
	{name: "lead.order", who: forLeaders, sample: SetSuccession{}},
	{name: "lead.take", who: forLeaders, sample: TakeLead{}},
}

var leadFacts = []fact{
	{"role.given", RoleGiven{}},
	{"lead.passed", LeadPassed{}},
	{"lead.ordered", SuccessionSet{}},
}

func (c GiveRole) decide(s *Session, in Input) ([]Event, error) {
	p, ok := s.people[c.Person]
	switch {
	case !ok:
		return nil, noPerson()
	case s.people[in.By.Person].role != Facilitator:
		return nil, refuse(Denied, "not_facilitator", "Only the facilitator gives roles.")
	case p.role == Facilitator || c.Role != CoFacilitator && c.Role != Keeper && c.Role != Participant:
		return nil, refuse(Invalid, "role", "A person can be made co-facilitator, keeper or participant.")
	case p.role == c.Role:
		return nil, nil
	}
	given := RoleGiven(c)
	return append([]Event{given}, s.after(given).succession()...), nil
}

func (e RoleGiven) apply(s *Session) Touched {
	p := s.people[e.Person]
	p.role = e.Role
	s.people[e.Person] = p
	asked := s.endTalksOf(e.Person)
	if x := s.nowPractice(); x != nil && !e.Role.leads() {
		touched := x.endVisit(e.Person)
		touched.People = append(touched.People, asked...)
		return touched
	}
	return only(append(asked, e.Person)...)
}

func (c GiveLead) decide(s *Session, in Input) ([]Event, error) {
	p, ok := s.people[c.Person]
	switch {
	case !ok:
		return nil, noPerson()
	case in.By.Person != s.lead && s.people[in.By.Person].role != Facilitator:
		return nil, refuse(Denied, "not_lead", "Only the person who leads can hand over.")
	case !p.role.leads():
		return nil, refuse(Invalid, "not_co", "Make this person co-facilitator first.")
	case c.Person == s.lead:
		return nil, nil
	}
	return []Event{LeadPassed(c)}, nil
}

func (c SetSuccession) decide(s *Session, in Input) ([]Event, error) {
	if s.people[in.By.Person].role != Facilitator {
		return nil, refuse(Denied, "not_facilitator", "Only the facilitator says who follows.")
	}
	for i, p := range c.People {
		if !s.people[p].role.leads() || slices.Contains(c.People[:i], p) {
			return nil, refuse(Invalid, "not_co", "Only co-facilitators can follow, each once. Make this person co-facilitator first.")
		}
	}
	if slices.Equal(c.People, s.heirs) {
		return nil, nil
	}
	return []Event{SuccessionSet(c)}, nil
}

func (e SuccessionSet) apply(s *Session) Touched {
	s.heirs = e.People
	return nobody
}

func (TakeLead) decide(s *Session, in Input) ([]Event, error) {
	if s.people[in.By.Person].role != Facilitator {
		return nil, refuse(Denied, "not_facilitator", "Only the facilitator who opened the session can take the lead back.")
	}
	if s.lead == in.By.Person {
		return nil, nil
	}
	return []Event{LeadPassed{Person: in.By.Person}}, nil
}

func (e LeadPassed) apply(s *Session) Touched {
	s.lead = e.Person
	return nobody
}

// succession passes the lead when the person who leads is not here: in the order the facilitator set, then
// to whoever of the facilitators has been in the room longest. Nobody else is promoted: the room waits.
func (s *Session) succession() []Event {
	if p, ok := s.people[s.lead]; ok && p.here && p.role.leads() {
		return nil
	}
	could := func(id PersonID) bool { return id != s.lead && s.people[id].here && s.people[id].role.leads() }
	if i := slices.IndexFunc(s.heirs, could); i >= 0 {
		return []Event{LeadPassed{Person: s.heirs[i]}}
	}
	var next PersonID
	for id, p := range s.people {
		if could(id) && (next == "" || p.number < s.people[next].number) {
			next = id
		}
	}
	if next == "" {
		return nil
	}
	return []Event{LeadPassed{Person: next}}
}

// waiting reports whether nobody who could lead is here.
func (s *Session) waiting() bool {
	for _, p := range s.people {
		if p.here && p.role.leads() {
			return false
		}
	}
	return true
}

func noPerson() error {
	return refuse(NotFound, "no_person", "That person is not in the room any more.")
}
