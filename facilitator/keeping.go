package facilitator

// KeepFor says for how many days after its end the session can still be read, by those who could read it then. Nothing
// is kept unless the facilitator asks for it.
type KeepFor struct {
	Days int `json:"days"`
}

// KeepingSet is the fact of it.
type KeepingSet struct {
	Days int `json:"days"`
}

var keepingOrders = []order{
	{name: "session.keep", who: forLeaders, sample: KeepFor{}, always: true},
}

var keepingFacts = []fact{
	{"session.keeping", KeepingSet{}},
}

const (
	maxKeepDays = 30
	day         = 24 * 3600 * second
)

// decide lets it be shortened at any time, and lengthened only while nobody has been asked for anything: what people say
// under one promise is not kept under another.
func (c KeepFor) decide(s *Session, in Input) ([]Event, error) {
	switch {
	case in.By.Person != s.lead:
		return nil, refuse(Denied, "not_lead", "Only the person who leads the session can decide this.")
	case c.Days < 0 || c.Days > maxKeepDays:
		return nil, refuse(Invalid, "keep_range", "Choose 0 to 30 days.")
	case c.Days > s.keep && len(s.doing) > 0:
		return nil, refuse(Conflict, "keep_promised", "The workshop has begun with another promise. It can be forgotten sooner now, not later.")
	case c.Days == s.keep:
		return nil, nil
	}
	return []Event{KeepingSet(c)}, nil
}

func (e KeepingSet) apply(s *Session) Touched {
	s.keep = e.Days
	return nobody
}

// Forgets is when a session that is over is forgotten for good, zero while it runs.
func (s *Session) Forgets() Time {
	if s.phase != over {
		return 0
	}
	return s.closed + Time(s.keep)*Time(day)
}
