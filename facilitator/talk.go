package facilitator

import (
	"strconv"
	"unicode/utf8"
)

// message is something written in a practice room. It is in that room's document and in no other, until the room ends or
// somebody new comes in.
type message struct {
	n    int
	by   PersonID
	at   Time
	text string
}

const (
	maxMessage   = 1000 // characters
	messagesKept = 60
)

// WriteToRoom says something to one's room in writing.
type WriteToRoom struct {
	Room RoomID `json:"room"`
	Text string `json:"text"`
}

// WrittenToRoom is the fact of a message.
type WrittenToRoom struct {
	Step   StepID   `json:"step"`
	Room   RoomID   `json:"room"`
	Person PersonID `json:"person"`
	Text   string   `json:"text"`
	At     Time     `json:"at"`
}

var talkOrders = []order{{name: "practice.write", who: forPeople, sample: WriteToRoom{}}}

var talkFacts = []fact{{"practice.written", WrittenToRoom{}}}

func (c WriteToRoom) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*practice](s)
	if err != nil {
		return nil, err
	}
	if x.visits[in.By.Person] != c.Room || s.reads(in.By.Person) != c.Room {
		if _, err := x.own(in.By.Person, c.Room); err != nil {
			return nil, err
		}
	}
	if utf8.RuneCountInString(c.Text) > maxMessage {
		return nil, refuse(Invalid, "message_too_long", "A message holds 1000 characters. Shorten it, or send it in parts.")
	}
	text, err := cleanWords(c.Text, maxMessage)
	if err != nil {
		return nil, err
	}
	if text == "" {
		return nil, refuse(Invalid, "message_empty", "Write something first.")
	}
	if s.holds(in.By.Person, in.At) {
		return s.holdText(id, c.Room, text, in)
	}
	return []Event{WrittenToRoom{Step: id, Room: c.Room, Person: in.By.Person, Text: text, At: in.At}}, nil
}

func (e WrittenToRoom) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	r := x.change(e.Room)
	n := 1
	if len(r.messages) > 0 {
		n = r.messages[len(r.messages)-1].n + 1
	}
	r.messages = append(r.messages, message{n, e.Person, e.At, e.Text})
	if len(r.messages) > messagesKept {
		r.messages = r.messages[1:]
	}
	return inRoom(e.Room)
}

// MessageView is a message; the keys beside it are the numbers as text.
type MessageView struct {
	N    int      `json:"n"`
	By   PersonID `json:"by"`
	At   Time     `json:"at"`
	Text string   `json:"text"`
}

func (r *practiceRoom) messageView() map[string]MessageView {
	view := make(map[string]MessageView, len(r.messages))
	for _, m := range r.messages {
		view[strconv.Itoa(m.n)] = MessageView{N: m.n, By: m.by, At: m.at, Text: m.text}
	}
	return view
}
