package facilitator

// In a programme with family seats there are people in recovery and people who are close to somebody who is. Which of the
// two somebody is, they may say on their own device. It stands in their own document and in no other, not even as a
// number: whoever knows who came in together would read a name from it. It changes what their own phone says, and
// with whom a practice puts them.

// Side is on which side somebody sits.
type Side string

// The sides. Who has not said sits with those in recovery.
const (
	FamilySide   Side = "family"
	RecoverySide Side = "recovery"
)

// FamilyWords is what a step says on the phone of somebody with a family seat: its text in place of the usual one, and
// cards below it, such as how to listen, that one may refuse, and where one's own support is.
type FamilyWords struct {
	Phone Text   `json:"phone" yaml:"phone" about:"What stands there instead of “phone”."`
	Cards []Text `json:"cards,omitempty" yaml:"cards" schema:"max=6" about:"Short cards below it."`
}

const mostFamilyCards = 6

// SitWith says on which side one sits, privately.
type SitWith struct {
	Side Side `json:"side"`
}

// SatWith is the fact of it.
type SatWith struct {
	Person PersonID `json:"person"`
	Side   Side     `json:"side"`
}

var familyOrders = []order{{name: "family.sit", who: forPeople, sample: SitWith{}}}

var familyFacts = []fact{{"family.sat", SatWith{}}}

func (c SitWith) decide(s *Session, in Input) ([]Event, error) {
	switch {
	case !s.programme.Family:
		return nil, refuse(Conflict, "no_family_seats", "This programme has no family seats.")
	case c.Side != FamilySide && c.Side != RecoverySide:
		return nil, refuse(Invalid, "side", "Choose one of the two, or leave it open.")
	case s.sides[in.By.Person] == c.Side:
		return nil, nil
	}
	return []Event{SatWith{Person: in.By.Person, Side: c.Side}}, nil
}

func (e SatWith) apply(s *Session) Touched {
	s.sides[e.Person] = e.Side
	return only(e.Person)
}

// familyWords is what the present step says to somebody with a family seat, nil where it is what it says to all.
func (s *Session) familyWords(id PersonID) *FamilyWords {
	if s.sides[id] != FamilySide || s.frozen || s.phase == over {
		return nil
	}
	if words := s.agenda.steps[s.agenda.now].script.Family; len(words.Phone) > 0 {
		return &words
	}
	return nil
}
