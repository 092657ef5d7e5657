package facilitator

import (
	"maps"
	"slices"
)

// Part is how somebody wants to take part in a practice.
type Part string

// The parts. Whoever watches is in a room and never speaks or listens in a role; whoever rests is in none.
const (
	Plays   Part = "play"
	Watches Part = "watch"
	Rests   Part = "rest"
)

// Experience is how much of this somebody has done before, from 1, a first time, to 3; 0 is not said.
type Experience int

// wish is what a person asked for. Whom they would rather not be with is seen in no document but their own.
type wish struct {
	part       Part
	experience Experience
	notWith    []PersonID
}

// Wish says how one wants to take part. It replaces what one said before.
type Wish struct {
	Part       Part       `json:"part"`
	Experience Experience `json:"experience,omitempty"`
	NotWith    []PersonID `json:"notWith,omitempty"`
}

// Wished is the fact of it.
type Wished struct {
	Step   StepID   `json:"step"`
	Person PersonID `json:"person"`
	Wish
}

var wishOrders = []order{{name: "practice.wish", who: forPeople, sample: Wish{}}}

var wishFacts = []fact{{"practice.wished", Wished{}}}

const mostNotWith = 20

func (c Wish) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	if err != nil {
		return nil, err
	}
	if err := c.check(s, in.By.Person); err != nil {
		return nil, err
	}
	slices.Sort(c.NotWith)
	c.NotWith = slices.Compact(c.NotWith)
	was := x.part(s, in.By.Person)
	if w, said := x.wishes[in.By.Person]; said && w.part == c.Part && w.experience == c.Experience && slices.Equal(w.notWith, c.NotWith) {
		return nil, nil
	}
	wished := Wished{Step: id, Person: in.By.Person, Wish: c}
	if was == c.Part {
		return []Event{wished}, nil
	}
	return append([]Event{wished}, x.changePart(s.after(wished), in.By.Person, in)...), nil
}

func (c Wish) check(s *Session, by PersonID) error {
	switch {
	case c.Part != Plays && c.Part != Watches && c.Part != Rests:
		return refuse(Invalid, "part", "Choose to take part, to watch, or to sit this one out.")
	case c.Experience < 0 || c.Experience > 3:
		return refuse(Invalid, "experience_range", "Choose one of the three, or leave it open.")
	case len(c.NotWith) > mostNotWith:
		return refuse(Invalid, "not_with_many", "Name at most twenty people. If it is more, sit this one out or talk to the facilitator.")
	}
	for _, p := range c.NotWith {
		if _, ok := s.people[p]; !ok || p == by {
			return noPerson()
		}
	}
	return nil
}

func (e Wished) apply(s *Session) Touched {
	if x := s.practiceOf(e.Step); x != nil {
		x.wishes[e.Person] = wish{part: e.Part, experience: e.Experience, notWith: append([]PersonID(nil), e.NotWith...)}
	}
	return only(e.Person)
}

// changePart follows a change of part in the rooms; s is the session after it.
func (x *practice) changePart(s *Session, p PersonID, in Input) []Event {
	c := follow(s, in)
	room, part := c.x.where[p], c.x.part(c.s, p)
	switch {
	case part == Rests:
		c.leave(p)
	case room != "":
		c.changeSeat(p, room)
	case c.x.running() && c.s.there(p):
		c.place(p)
	}
	return c.events
}

// rememberWishes takes over from the practice before whom people would rather not be with, so that nobody has to say it
// twice. How they take part they choose anew.
func (s *Session) rememberWishes(id StepID) {
	x := s.practiceOf(id)
	if x == nil {
		return
	}
	maps.Copy(x.sat, s.sides)
	for _, earlier := range s.agenda.order {
		before := s.practiceOf(earlier)
		if before == nil || before == x {
			continue
		}
		for p, w := range before.wishes {
			x.wishes[p] = wish{experience: w.experience, notWith: w.notWith}
		}
	}
}

// part is what somebody asked for. Unasked, people play and those who lead do not.
func (x *practice) part(s *Session, p PersonID) Part {
	if w := x.wishes[p]; w.part != "" {
		return w.part
	}
	if s.people[p].role.leads() {
		return Rests
	}
	return Plays
}

// apart reports whether either asked not to be with the other, or they sit on different sides and not both would practise
// across.
func (x *practice) apart(a, b PersonID) bool {
	return slices.Contains(x.wishes[a].notWith, b) || slices.Contains(x.wishes[b].notWith, a) || x.sat[a].apart(x.sat[b])
}
