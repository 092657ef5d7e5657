package facilitator

// LockDoor lets nobody new in; who has a seat keeps it.
type LockDoor struct {
	Locked bool `json:"locked"`
}

// Freeze stops everybody's input and all time, hides the exercise and closes the door, until it is undone.
type Freeze struct {
	Frozen bool `json:"frozen"`
}

// DoorLocked is the fact of it.
type DoorLocked struct {
	Locked bool `json:"locked"`
}

// Frozen is the fact of it.
type Frozen struct {
	Frozen bool `json:"frozen"`
}

var doorOrders = []order{
	{name: "door.lock", who: forLeaders, sample: LockDoor{}},
	{name: "room.freeze", who: forLeaders, sample: Freeze{}},
}

var doorFacts = []fact{
	{"door.locked", DoorLocked{}},
	{"room.frozen", Frozen{}},
}

func (c LockDoor) decide(s *Session, _ Input) ([]Event, error) {
	if s.locked == c.Locked {
		return nil, nil
	}
	return []Event{DoorLocked(c)}, nil
}

func (e DoorLocked) apply(s *Session) Touched {
	s.locked = e.Locked
	return nobody
}

func (c Freeze) decide(s *Session, in Input) ([]Event, error) {
	if s.frozen == c.Frozen {
		return nil, nil
	}
	events := []Event{Frozen(c)}
	switch {
	case c.Frozen && s.pausedAt == 0:
		events = append(events, Paused{At: in.At, Freeze: true})
	case !c.Frozen && s.frozeTime:
		events = append(events, Resumed{At: in.At})
	}
	return events, nil
}

func (e Frozen) apply(s *Session) Touched {
	s.frozen = e.Frozen
	return everybody // practice rooms are shut to their readers meanwhile
}
