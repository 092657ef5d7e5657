package facilitator

import (
	"maps"
	"slices"
)

// KnockView is somebody before the door, as it is kept and as keepers see it. They have a seat's id and token, and read
// their own document only.
type KnockView struct {
	Alias  string `json:"alias"`
	Order  int    `json:"n"`
	At     Time   `json:"at"`
	Inside bool   `json:"inside,omitempty"` // had a seat until the room went on without the newest
	Back   bool   `json:"back,omitempty"`   // sent back: let in one by one, not with the others
	Gone   bool   `json:"gone,omitempty"`   // not connected
}

// line is who stands before the door. A map of it never changes: another takes its place. So what happens inside copies
// nobody who waits, and shows them to nobody again.
type line map[PersonID]KnockView

func (l *line) put(p PersonID, k KnockView) {
	next := make(line, len(*l)+1)
	maps.Copy(next, *l)
	next[p] = k
	*l = next
}

func (l *line) drop(p PersonID) {
	if _, there := (*l)[p]; there {
		next := maps.Clone(*l)
		delete(next, p)
		*l = next
	}
}

// Admit lets somebody in.
type Admit struct {
	Person PersonID `json:"person"`
}

// AdmitAll lets in everybody who waits and was not sent back, or of them only those who were inside before.
type AdmitAll struct {
	Inside bool `json:"inside,omitempty"`
}

// SendBack sends somebody back to the start of the line.
type SendBack struct {
	Person PersonID `json:"person"`
}

// Knocked says that somebody waits before the door.
type Knocked struct {
	Person PersonID `json:"person"`
	Alias  string   `json:"alias"`
	At     Time     `json:"at"`
}

// SentBack says that they stand at the start of the line again.
type SentBack struct {
	Person PersonID `json:"person"`
	At     Time     `json:"at"`
}

var knockOrders = []order{
	{name: "door.admit", who: forKeepers, sample: Admit{}},
	{name: "door.admitAll", who: forKeepers, sample: AdmitAll{}},
	{name: "door.back", who: forKeepers, sample: SendBack{}},
}

var knockFacts = []fact{
	{"door.knocked", Knocked{}},
	{"door.sentBack", SentBack{}},
}

// mostKnocking is how many may wait before the door. Whoever comes beyond is asked to come again, so that
// a raid fills no keeper's list without end.
const mostKnocking = 500

// knock is a newcomer before a door that does not simply open.
func (s *Session) knock(c Join, in Input) ([]Event, error) {
	if len(s.door.knocking) >= mostKnocking {
		return nil, refuse(Closed, "many_knocking", "Many people wait before the door. Come back in a few minutes.")
	}
	return []Event{Knocked{Person: c.Person, Alias: c.Alias, At: in.At}}, nil
}

func (e Knocked) apply(s *Session) Touched {
	s.door.knocks++
	s.door.knocking.put(e.Person, KnockView{Alias: e.Alias, Order: s.door.knocks, At: e.At})
	return atDoor(e.Person)
}

func (c Admit) decide(s *Session, in Input) ([]Event, error) {
	k, ok := s.door.knocking[c.Person]
	if !ok {
		if _, inside := s.people[c.Person]; inside {
			return nil, nil
		}
		return nil, notKnocking()
	}
	return s.admitted(c.Person, k, in), nil
}

func (s *Session) admitted(p PersonID, k KnockView, in Input) []Event {
	join := Join{Person: p, Alias: k.Alias, Role: Participant}
	events := []Event{Joined{Join: join, At: in.At}}
	if k.Gone {
		events = append(events, PersonWent{Person: p})
	}
	return s.notice(events, p, in)
}

func (c AdmitAll) decide(s *Session, in Input) ([]Event, error) {
	line := slices.SortedFunc(maps.Keys(s.door.knocking), func(a, b PersonID) int {
		return s.door.knocking[a].Order - s.door.knocking[b].Order
	})
	var events []Event
	then := s.Clone()
	for _, p := range line {
		if k := then.door.knocking[p]; !k.Back && !k.Gone && (k.Inside || !c.Inside) {
			more := then.admitted(p, k, in)
			for _, e := range more {
				then.Apply(e)
			}
			events = append(events, more...)
		}
	}
	return events, nil
}

func (c SendBack) decide(s *Session, in Input) ([]Event, error) {
	if _, ok := s.door.knocking[c.Person]; !ok {
		return nil, notKnocking()
	}
	return []Event{SentBack{Person: c.Person, At: in.At}}, nil
}

func (e SentBack) apply(s *Session) Touched {
	if k, ok := s.door.knocking[e.Person]; ok {
		s.door.knocks++
		k.Order, k.At, k.Inside, k.Back = s.door.knocks, e.At, false, true
		s.door.knocking.put(e.Person, k)
	}
	return only(e.Person)
}

func notKnocking() error {
	return refuse(NotFound, "not_knocking", "That person does not wait before the door any more.")
}

func (s *Session) setKnockerAlias(p PersonID, alias string) Touched {
	if k, ok := s.door.knocking[p]; ok {
		k.Alias = alias
		s.door.knocking.put(p, k)
	}
	return atDoor(p)
}

// FromOutside reports whether a command comes from before the door: somebody joins late, or somebody who knocks does
// something, comes back or goes. It can wait until those inside were served. While a group gathers, and where many are
// expected, everybody who joins is as good as inside.
func (s *Session) FromOutside(c Command, by Seat) bool {
	who := by.Person
	switch c := c.(type) {
	case Join:
		return c.Role == Participant && s.Started() && !s.door.wide
	case Came:
		who = c.Person
	case Went:
		who = c.Person
	}
	_, knocks := s.door.knocking[who]
	return knocks
}

// OwnDoor is what somebody before the door sees of it.
type OwnDoor struct {
	Alias  string `json:"alias"`
	Inside bool   `json:"inside,omitempty"`
	Back   bool   `json:"back,omitempty"`
	Title  Text   `json:"title"`
	Room   Text   `json:"room"`
}

func (s *Session) ownDoor(k KnockView) *OwnDoor {
	return &OwnDoor{Alias: k.Alias, Inside: k.Inside, Back: k.Back, Title: s.programme.Title, Room: s.programme.Room}
}
