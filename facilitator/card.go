package facilitator

import (
	"maps"
	"slices"
)

// PracticeOwn is a person's own part of a practice.
type PracticeOwn struct {
	Part       Part                `json:"part"`
	Experience Experience          `json:"experience,omitempty"`
	NotWith    map[PersonID]bool   `json:"notWith,omitempty"`
	Room       RoomID              `json:"room,omitempty"`    // while the rooms are open
	Waiting    bool                `json:"waiting,omitempty"` // the rooms are open and none had a place yet
	Tight      bool                `json:"tight,omitempty"`   // somebody named above is in the same room all the same
	Role       string              `json:"role,omitempty"`
	InRole     bool                `json:"inRole,omitempty"`   // and not stepped out of it: to be asked for, wherever the group is by now
	OutFirst   bool                `json:"outFirst,omitempty"` // that role is an earlier one: nothing goes on for them here before
	Card       *RoleCard           `json:"card,omitempty"`
	Marks      map[string]MarkView `json:"marks,omitempty"`  // one's own as an observer, this turn
	Totals     map[Competency]int  `json:"totals,omitempty"` // where they may be handed in
	HandedIn   bool                `json:"handedIn,omitempty"`
}

// RoleCard is what somebody needs for the role they have; the others do not see it.
type RoleCard struct {
	Speaker  Text          `json:"speaker,omitempty"`
	Listener *ListenerCard `json:"listener,omitempty"`
	Opening  Text          `json:"opening,omitempty"`
	Turn     Text          `json:"turn,omitempty"`
	Stance   Text          `json:"stance,omitempty"` // how to play it
	Watch    []Text        `json:"watch,omitempty"`
}

// RolePlayed is a role that somebody took in a practice and has not stepped out of. Who says whom they played, as in “your
// sister”; a scenario of somebody's own has no words for it, and an observer played nobody.
type RolePlayed struct {
	Step StepID `json:"step"`
	Role string `json:"role"` // speaker, listener or observer
	Who  Text   `json:"who,omitempty"`
}

// inRoleAt is the practice in which somebody has a role still to step out of, an earlier one before the present.
func (s *Session) inRoleAt(p PersonID) (id StepID, x *practice) {
	for _, step := range slices.Sorted(maps.Keys(s.doing)) {
		if at := s.practiceOf(step); at != nil && at.inRole[p].room != "" && (x == nil || id == s.agenda.now) {
			id, x = step, at
		}
	}
	return id, x
}

func (s *Session) rolePlayed(p PersonID) *RolePlayed {
	id, x := s.inRoleAt(p)
	if x == nil {
		return nil
	}
	played := x.inRole[p]
	v := &RolePlayed{Step: id, Role: played.role}
	if sc, ok := s.scenario(played.scenario); ok {
		v.Who = sc.Parts.of(played.role)
	}
	return v
}

func (x *practice) person(s *Session, _ StepID, p PersonID) any {
	w := x.wishes[p]
	v := PracticeOwn{
		Part: x.part(s, p), Experience: w.experience, InRole: x.inRole[p].room != "", HandedIn: x.handedIn[p],
	}
	for _, q := range w.notWith {
		if v.NotWith == nil {
			v.NotWith = map[PersonID]bool{}
		}
		v.NotWith[q] = true
	}
	if t := x.totals[p]; len(t) > 0 {
		v.Totals = tally(t)
	}
	if !x.running() {
		return v
	}
	if id := x.where[p]; id != "" {
		x.inside(s, &v, p, id)
	} else {
		v.Waiting = v.Part == Plays && s.there(p)
	}
	return v
}

func (x *practice) inside(s *Session, v *PracticeOwn, p PersonID, id RoomID) {
	r := x.rooms[id]
	v.Room, v.Role, v.OutFirst = id, r.role(p), x.mustStepOut(p, id)
	for _, q := range r.people() {
		v.Tight = v.Tight || v.NotWith[q]
	}
	if v.Role == observes {
		v.Marks = marksOf(r.marks, func(m mark) bool { return m.by == p })
	}
	if sc, ok := s.scenario(r.terms.Scenario); ok && !r.stopped && r.phase != inConsent {
		v.Card = sc.card(v.Role, r.terms.Stance)
	}
}

func (sc Scenario) card(role string, stance Stance) *RoleCard {
	switch role {
	case speaks:
		return &RoleCard{Speaker: sc.Speaker}
	case listens:
		card := sc.Listener
		return &RoleCard{Listener: &card, Opening: sc.Opening, Turn: sc.Turn, Stance: sc.Stances.of(stance)}
	case observes:
		return &RoleCard{Watch: sc.Watch}
	}
	return nil
}
