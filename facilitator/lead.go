package facilitator

// GiveRole makes somebody co-facilitator or takes that back.
type GiveRole struct {
	Person PersonID `json:"person"`
	Role   Role     `json:"role"`
}

// GiveLead hands the chair to a co-facilitator, or back to the facilitator.
type GiveLead struct {
	Person PersonID `json:"person"`
}

// TakeLead brings the chair back to the facilitator who opened the session.
type TakeLead struct{}

// RoleGiven says what role somebody has now.
type RoleGiven struct {
	Person PersonID `json:"person"`
	Role   Role     `json:"role"`
}

// LeadPassed says who leads now.
type LeadPassed struct {
	Person PersonID `json:"person"`
}

var leadOrders = []order{
	{name: "role.give", who: forLeaders, sample: GiveRole{}},
	{name: "lead.give", who: forLeaders, sample: GiveLead{}},
	{name: "lead.take", who: forLeaders, sample: TakeLead{}},
}

var leadFacts = []fact{
	{"role.given", RoleGiven{}},
	{"lead.passed", LeadPassed{}},
}

func (c GiveRole) decide(s *Session, in Input) ([]Event, error) {
	p, ok := s.people[c.Person]
	switch {
	case !ok:
		return nil, noPerson()
	case s.people[in.By.Person].role != Facilitator:
		return nil, refuse(Denied, "not_facilitator", "Only the facilitator gives roles.")
	case p.role == Facilitator || c.Role != CoFacilitator && c.Role != Participant:
		return nil, refuse(Invalid, "role", "A person can be made co-facilitator or participant.")
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
	if x := s.nowPractice(); x != nil && !e.Role.leads() {
		return x.endVisit(e.Person)
	}
	return only(e.Person)
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

// succession passes the lead when the person who leads is not here: to the co-facilitator who has been
// in the room longest, or to the facilitator. If there is neither, nobody is promoted and the room waits.
func (s *Session) succession() []Event {
	if p, ok := s.people[s.lead]; ok && p.here && p.role.leads() {
		return nil
	}
	var next PersonID
	for id, p := range s.people {
		if id != s.lead && p.here && p.role.leads() && (next == "" || p.number < s.people[next].number) {
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
