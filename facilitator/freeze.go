package facilitator

import (
	"maps"
	"slices"
)

// Freeze stops everybody's input and all time, hides the exercise and closes the door, until it is undone.
// Without, with Frozen false, goes on without the newest arrivals: they are back at the door.
type Freeze struct {
	Frozen  bool `json:"frozen"`
	Without bool `json:"without,omitempty"`
}

// Frozen is the fact of it.
type Frozen struct {
	Frozen bool `json:"frozen"`
	At     Time `json:"at,omitempty"`
}

var freezeOrders = []order{{name: "room.freeze", who: forKeepers, sample: Freeze{}}}

var freezeFacts = []fact{{"room.frozen", Frozen{}}}

// newFor is how long somebody counts as one of the newest arrivals.
const newFor = 5 * minute

func (c Freeze) decide(s *Session, in Input) ([]Event, error) {
	if s.frozen == c.Frozen {
		return nil, nil
	}
	events := []Event{Frozen{Frozen: c.Frozen, At: in.At}}
	switch {
	case c.Frozen && s.pausedAt == 0:
		events = append(events, Paused{At: in.At, Freeze: true})
	case !c.Frozen && s.frozeTime:
		events = append(events, Resumed{At: in.At})
	}
	if c.Frozen || !c.Without {
		return events, nil
	}
	then := s.after(events...)
	if then.door.mode == DoorOpen {
		shut := DoorSet{Mode: DoorKnock, At: in.At}
		then.Apply(shut)
		events = append(events, shut)
	}
	for _, p := range s.newest() {
		more := then.toDoor(p, true, in)
		for _, e := range more {
			then.Apply(e)
		}
		events = append(events, more...)
	}
	return events, nil
}

func (e Frozen) apply(s *Session) Touched {
	s.frozen, s.frozeAt = e.Frozen, e.At
	if e.Frozen {
		s.freezes++
	}
	return everybody // practice rooms are shut to their readers meanwhile
}

// newest lists the participants who came shortly before the room was frozen, as they came. Without a pause it is nobody.
func (s *Session) newest() []PersonID {
	if !s.frozen {
		return nil
	}
	var fresh []PersonID
	inOrder := func(a, b PersonID) int { return s.people[a].number - s.people[b].number }
	for _, id := range slices.SortedFunc(maps.Keys(s.people), inOrder) {
		if p := s.people[id]; p.role == Participant && !p.guest && p.joined != 0 && s.frozeAt.since(p.joined) < newFor {
			fresh = append(fresh, id)
		}
	}
	return fresh
}
