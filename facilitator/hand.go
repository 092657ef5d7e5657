package facilitator

// RaiseHand asks for a word.
type RaiseHand struct{}

// LowerHand takes one's hand down; a facilitator may do it for somebody.
type LowerHand struct {
	Person PersonID `json:"person,omitempty"`
}

// HandRaised and HandLowered are the facts of it.
type HandRaised struct {
	Person PersonID `json:"person"`
}

// HandLowered says that a hand is down.
type HandLowered struct {
	Person PersonID `json:"person"`
}

var handOrders = []order{
	{name: "hand.raise", who: forPeople, sample: RaiseHand{}},
	{name: "hand.lower", who: forPeople, sample: LowerHand{}, silent: true},
}

var handFacts = []fact{
	{"hand.raised", HandRaised{}},
	{"hand.lowered", HandLowered{}},
}

func (RaiseHand) decide(s *Session, in Input) ([]Event, error) {
	if s.people[in.By.Person].hand != 0 {
		return nil, nil
	}
	return []Event{HandRaised{Person: in.By.Person}}, nil
}

func (e HandRaised) apply(s *Session) Touched {
	s.hands++
	return s.setHand(e.Person, s.hands)
}

func (c LowerHand) decide(s *Session, in Input) ([]Event, error) {
	whose := c.Person
	if whose == "" {
		whose = in.By.Person
	}
	if whose != in.By.Person && !s.people[in.By.Person].role.keeps() {
		return nil, refuse(Denied, "not_keeping", "Only the keeper or the facilitator can lower somebody else's hand.")
	}
	if s.people[whose].hand == 0 {
		return nil, nil
	}
	return []Event{HandLowered{Person: whose}}, nil
}

func (e HandLowered) apply(s *Session) Touched { return s.setHand(e.Person, 0) }

func (s *Session) setHand(id PersonID, hand int) Touched {
	p := s.people[id]
	p.hand = hand
	s.people[id] = p
	return nobody
}
