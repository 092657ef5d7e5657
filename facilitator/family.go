package facilitator

import "slices"

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

// SitWith says on which side one sits, privately. Across says that one would also practise with somebody of the other
// side; it comes to that only where both said so.
type SitWith struct {
	Side   Side `json:"side"`
	Across bool `json:"across,omitempty"`
}

// SatWith is the fact of it.
type SatWith struct {
	Person PersonID `json:"person"`
	SitWith
}

var familyOrders = []order{{name: "family.sit", who: forPeople, sample: SitWith{}}}

var familyFacts = []fact{{"family.sat", SatWith{}}}

func (c SitWith) decide(s *Session, in Input) ([]Event, error) {
	switch {
	case !s.programme.Family:
		return nil, refuse(Conflict, "no_family_seats", "This programme has no family seats.")
	case c.Side != FamilySide && c.Side != RecoverySide:
		return nil, refuse(Invalid, "side", "Choose one of the two, or leave it open.")
	case s.sides[in.By.Person] == c:
		return nil, nil
	}
	return []Event{SatWith{Person: in.By.Person, SitWith: c}}, nil
}

func (e SatWith) apply(s *Session) Touched {
	s.sit(e.Person, e.SitWith)
	return only(e.Person)
}

// sit notes where somebody sits, for the practices too.
func (s *Session) sit(p PersonID, on SitWith) {
	s.sides[p] = on
	for _, x := range s.doing {
		if rooms, ok := x.(*practice); ok {
			rooms.sat[p] = on
		}
	}
}

func (c SitWith) family() bool { return c.Side == FamilySide }

// apart reports whether two people sit on different sides and not both of them would practise across.
func (c SitWith) apart(other SitWith) bool {
	return c.family() != other.family() && !(c.Across && other.Across)
}

// pools parts the players of a practice so that nobody in a pool is apart from another by their side. Nobody is left
// alone whose own side has somebody to spare.
func pools(players []PersonID, sides map[PersonID]SitWith) [][]PersonID {
	var family, recovery, mixed []PersonID
	pool := func(p PersonID) *[]PersonID {
		if sides[p].family() {
			return &family
		}
		return &recovery
	}
	for _, p := range players {
		if sides[p].Across {
			mixed = append(mixed, p)
		} else {
			own := pool(p)
			*own = append(*own, p)
		}
	}
	for i := len(mixed) - 1; i >= 0; i-- {
		if own := pool(mixed[i]); len(*own) == 1 {
			*own = append(*own, mixed[i])
			mixed = slices.Delete(mixed, i, i+1)
		}
	}
	if !slices.ContainsFunc(mixed, func(p PersonID) bool { return sides[p].family() != sides[mixed[0]].family() }) {
		for _, p := range mixed {
			own := pool(p)
			*own = append(*own, p)
		}
		mixed = nil
	}
	return [][]PersonID{family, recovery, mixed}
}

// familyWords is what the present step says to somebody with a family seat, nil where it is what it says to all.
func (s *Session) familyWords(id PersonID) *FamilyWords {
	if !s.sides[id].family() || s.frozen || s.phase == over {
		return nil
	}
	if words := s.agenda.steps[s.agenda.now].script.Family; len(words.Phone) > 0 {
		return &words
	}
	return nil
}
