package facilitator

import "maps"

// What newcomers write to others can be held for their first minutes, until a keeper has read it. What is
// held is in its author's own document and in the keepers', and goes when the group goes on.

// HeldID names something that is held.
type HeldID string

// hold is how that stands.
type hold struct {
	minutes int // 0: nothing is held
	agree   int // how many keepers it takes to open something
	items   map[HeldID]held
}

// held is something that waits to be read. It is never changed in place.
type held struct {
	person PersonID
	room   RoomID
	text   string
	at     Time
	agreed map[PersonID]bool
}

func (h hold) clone() hold {
	h.items = maps.Clone(h.items)
	return h
}

// forget drops what somebody wrote.
func (h *hold) forget(p PersonID) {
	maps.DeleteFunc(h.items, func(_ HeldID, i held) bool { return i.person == p })
}

// SetHold says for how many of their first minutes newcomers' words are held, and how many keepers must
// agree to open one. 0 minutes hold nothing more.
type SetHold struct {
	Minutes int `json:"minutes"`
	Agree   int `json:"agree,omitempty"`
}

// OpenHeld agrees to let others read something.
type OpenHeld struct {
	Item HeldID `json:"item"`
}

// DropHeld keeps it from them.
type DropHeld struct {
	Item HeldID `json:"item"`
}

// HoldSet is the fact of the setting.
type HoldSet struct {
	Minutes int `json:"minutes"`
	Agree   int `json:"agree"`
}

// TextHeld says that something waits to be read.
type TextHeld struct {
	Item   HeldID   `json:"item"`
	Step   StepID   `json:"step"`
	Room   RoomID   `json:"room"`
	Person PersonID `json:"person"`
	Text   string   `json:"text"`
	At     Time     `json:"at"`
}

// HeldAgreed says that a keeper would open it.
type HeldAgreed struct {
	Item   HeldID   `json:"item"`
	Person PersonID `json:"person"`
}

// HeldSettled says that it waits no longer, for either reason.
type HeldSettled struct {
	Item HeldID `json:"item"`
}

var holdOrders = []order{
	{name: "hold.set", who: forKeepers, sample: SetHold{}},
	{name: "hold.open", who: forKeepers, sample: OpenHeld{}},
	{name: "hold.drop", who: forKeepers, sample: DropHeld{}},
}

var holdFacts = []fact{
	{"hold.set", HoldSet{}},
	{"hold.held", TextHeld{}},
	{"hold.agreed", HeldAgreed{}},
	{"hold.settled", HeldSettled{}},
}

const (
	mostHoldMinutes = 60
	mostHeldEach    = 10 // of one person; beyond, they are asked to wait
)

func (c SetHold) decide(s *Session, _ Input) ([]Event, error) {
	agree := max(1, c.Agree)
	if c.Minutes < 0 || c.Minutes > mostHoldMinutes || agree > 2 {
		return nil, refuse(Invalid, "hold_range", "Hold newcomers' words for 0 to 60 minutes, to be opened by one keeper or two.")
	}
	if c.Minutes == s.hold.minutes && agree == s.hold.agree {
		return nil, nil
	}
	return []Event{HoldSet{Minutes: c.Minutes, Agree: agree}}, nil
}

func (e HoldSet) apply(s *Session) Touched {
	s.hold.minutes, s.hold.agree = e.Minutes, e.Agree
	return nobody
}

// holds reports whether what somebody writes now has to wait.
func (s *Session) holds(p PersonID, at Time) bool {
	who := s.people[p]
	return s.hold.minutes > 0 && who.role == Participant && at.since(who.joined) < Millis(s.hold.minutes)*minute
}

// holdText holds a message for a practice room.
func (s *Session) holdText(step StepID, room RoomID, text string, in Input) ([]Event, error) {
	waiting := 0
	for _, i := range s.hold.items {
		if i.person == in.By.Person {
			waiting++
		}
	}
	if waiting >= mostHeldEach {
		return nil, refuse(Conflict, "held_many", "Your first messages wait to be read. Wait until they were.")
	}
	return []Event{TextHeld{Item: HeldID(in.ID()), Step: step, Room: room, Person: in.By.Person, Text: text, At: in.At}}, nil
}

func (e TextHeld) apply(s *Session) Touched {
	s.hold.items[e.Item] = held{person: e.Person, room: e.Room, text: e.Text, at: e.At}
	return only(e.Person)
}

func (c OpenHeld) decide(s *Session, in Input) ([]Event, error) {
	item, ok := s.hold.items[c.Item]
	if !ok {
		return nil, noHeld()
	}
	var events []Event
	agreed := len(item.agreed)
	if !item.agreed[in.By.Person] {
		events = append(events, HeldAgreed{Item: c.Item, Person: in.By.Person})
		agreed++
	}
	if agreed < s.hold.agree {
		return events, nil
	}
	events = append(events, HeldSettled(c))
	if x := s.nowPractice(); x != nil && x.running() && x.where[item.person] == item.room {
		events = append(events, WrittenToRoom{Step: s.agenda.now, Room: item.room, Person: item.person, Text: item.text, At: in.At})
	}
	return events, nil
}

func (e HeldAgreed) apply(s *Session) Touched {
	if item, ok := s.hold.items[e.Item]; ok {
		agreed := map[PersonID]bool{e.Person: true}
		maps.Copy(agreed, item.agreed)
		item.agreed = agreed
		s.hold.items[e.Item] = item
	}
	return nobody
}

func (c DropHeld) decide(s *Session, _ Input) ([]Event, error) {
	if _, ok := s.hold.items[c.Item]; !ok {
		return nil, noHeld()
	}
	return []Event{HeldSettled(c)}, nil
}

func (e HeldSettled) apply(s *Session) Touched {
	whose := s.hold.items[e.Item].person
	delete(s.hold.items, e.Item)
	return only(whose)
}

func noHeld() error {
	return refuse(NotFound, "no_held", "This does not wait any more. Somebody else saw to it, or the group has gone on.")
}

// HoldView is what waits, as keepers see it.
type HoldView struct {
	Minutes int                 `json:"minutes"`
	Agree   int                 `json:"agree"`
	Items   map[HeldID]HeldView `json:"items"`
}

// HeldView is one thing that waits.
type HeldView struct {
	Person PersonID          `json:"person"`
	Text   string            `json:"text"`
	At     Time              `json:"at"`
	Agreed map[PersonID]bool `json:"agreed,omitempty"`
}

func (s *Session) holdView() HoldView {
	v := HoldView{Minutes: s.hold.minutes, Agree: s.hold.agree, Items: make(map[HeldID]HeldView, len(s.hold.items))}
	for id, i := range s.hold.items {
		v.Items[id] = HeldView{Person: i.person, Text: i.text, At: i.at, Agreed: maps.Clone(i.agreed)}
	}
	return v
}

// ownHeld is what of somebody's own waits.
func (s *Session) ownHeld(p PersonID) map[HeldID]string {
	var own map[HeldID]string
	for id, i := range s.hold.items {
		if i.person == p {
			if own == nil {
				own = map[HeldID]string{}
			}
			own[id] = i.text
		}
	}
	return own
}
