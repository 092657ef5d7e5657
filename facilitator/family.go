package facilitator

import (
	"errors"
	"slices"
)

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

// What an exercise itself asks somebody with a family seat stands in its script. An author may leave it out: the web app
// has questions of its own for every such exercise. All readers get both, and each phone shows its own person's.
//
// Asked of each side for itself, because both write for themselves alone: the amends map (what I was touched by), the
// commitments (my boundaries), the letter, the other's shoes (told by somebody who stood by me), amends to oneself (what I
// put aside), and when the answer is no (saying it). Asked alike of both: a check-in, a poll, a sort and the feedback, which
// end in one spread; a bowl and say it better, where another question would show from which side an answer comes; a
// go-around and a practice, where both hear each other; and the welcome, readings, quiet, grounding, helpers and closing,
// which ask nothing. There the family words of the step are enough.

// FamilyPrompt is the invitation to write, from the family's side.
type FamilyPrompt struct {
	Prompt Text `json:"prompt" yaml:"prompt" about:"The invitation to write, from the family's side."`
}

// FamilyPrompts has questions beside it.
type FamilyPrompts struct {
	Prompt  Text   `json:"prompt" yaml:"prompt" about:"The invitation to write, from the family's side."`
	Prompts []Text `json:"prompts" yaml:"prompts" schema:"min=1,max=7" about:"Questions to write along, from the family's side."`
}

func (f FamilyPrompts) check() error {
	if len(f.Prompt) > 0 && (len(f.Prompts) < 1 || len(f.Prompts) > 7) {
		return errors.New("family: prompts needs between 1 and 7 of them")
	}
	return nil
}

// asksFamily is a script with questions for family seats, if they are there.
type asksFamily interface{ family() bool }

// given is what is there, nil for nothing.
func given[T any](asked T, there bool) *T {
	if !there {
		return nil
	}
	return &asked
}

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
