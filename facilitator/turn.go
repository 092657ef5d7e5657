package facilitator

import (
	"maps"
	"slices"
)

// Standing is where a person stands in a round of turns.
type Standing string

// The standings. Later has asked to be come back to, or was skipped.
const (
	Waiting  Standing = "waiting"
	Speaking Standing = "speaking"
	Later    Standing = "later"
	Spoken   Standing = "spoken"
	Passed   Standing = "passed"
)

// turns is a round in which each speaks once, in an order, and anybody may pass or be come back to.
type turns struct {
	order     []PersonID
	standings map[PersonID]Standing
	now       PersonID
}

func (t turns) clone() turns {
	t.order, t.standings = slices.Clone(t.order), maps.Clone(t.standings)
	return t
}

// add puts somebody at the end of the round.
func (t *turns) add(p PersonID) {
	t.order = append(t.order, p)
	t.standings[p] = Waiting
}

func (t *turns) remove(p PersonID) {
	t.order = slices.DeleteFunc(t.order, func(o PersonID) bool { return o == p })
	delete(t.standings, p)
	if t.now == p {
		t.now = ""
	}
}

func (t *turns) give(p PersonID) {
	if _, in := t.standings[p]; !in {
		t.order = append(t.order, p)
	}
	t.standings[p], t.now = Speaking, p
}

// end takes the turn from whoever has it. Somebody to come back to goes to the end of the line.
func (t *turns) end(p PersonID, how Standing) {
	t.standings[p] = how
	if how == Later {
		t.order = append(slices.DeleteFunc(t.order, func(o PersonID) bool { return o == p }), p)
	}
	if t.now == p {
		t.now = ""
	}
}

// next is whose turn it is after the present one: who has waited longest, then who asked to be come
// back to. People who are not there keep their place and are passed over for now.
func (t turns) next(there func(PersonID) bool) (PersonID, bool) {
	for _, want := range []Standing{Waiting, Later} {
		for _, p := range t.order {
			if t.standings[p] == want && there(p) {
				return p, true
			}
		}
	}
	return "", false
}

// toCome counts the people who are there and have not had their turn.
func (t turns) toCome(there func(PersonID) bool) int {
	n := 0
	for p, st := range t.standings {
		if (st == Waiting || st == Later) && there(p) {
			n++
		}
	}
	return n
}

// TurnView is one person's place in a round.
type TurnView struct {
	Order    int      `json:"order"`
	Standing Standing `json:"standing"`
}

func (t turns) view() map[PersonID]TurnView {
	view := make(map[PersonID]TurnView, len(t.order))
	for i, p := range t.order {
		view[p] = TurnView{Order: i, Standing: t.standings[p]}
	}
	return view
}
