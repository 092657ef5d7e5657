package facilitator

// PersonID names a person within one session and nowhere else.
type PersonID string

// Role is what a person may do in the room.
type Role string

// The roles. System is the server itself, and Stage the projector: neither is a person.
const (
	Facilitator   Role = "facilitator"
	CoFacilitator Role = "cofacilitator"
	Keeper        Role = "keeper" // looks after the people, not the programme
	Participant   Role = "participant"
	Stage         Role = "stage"
	System        Role = "system"
)

func (r Role) leads() bool { return r == Facilitator || r == CoFacilitator }

// keeps reports whether somebody of this role looks after the people in the room.
func (r Role) keeps() bool { return r.leads() || r == Keeper }

// Seat is where a command comes from and what a connection may read. For a person only Person counts:
// what they may do is in the session, not in their token.
type Seat struct {
	Person PersonID
	Role   Role
}

// Document names a document: everyone, facilitators, keepers, stage, person/<id> or room/<id>.
type Document string

// The documents that many read.
const (
	ForEveryone     Document = "everyone"
	ForFacilitators Document = "facilitators"
	ForKeepers      Document = "keepers"
	ForStage        Document = "stage"
)

// ForPerson is a person's own document.
func ForPerson(p PersonID) Document { return Document("person/" + p) }

// Documents lists what a seat may read now. It is empty when the seat is gone.
func (s *Session) Documents(seat Seat) []Document {
	if seat.Role == Stage {
		if s.phase == unopened {
			return nil
		}
		return []Document{ForStage}
	}
	p, ok := s.people[seat.Person]
	if _, knocks := s.door.knocking[seat.Person]; !ok && knocks {
		return []Document{ForPerson(seat.Person)}
	}
	if !ok {
		return nil
	}
	docs := append(make([]Document, 0, 5), ForEveryone)
	if p.role.leads() {
		docs = append(docs, ForFacilitators)
	}
	if p.role.keeps() {
		docs = append(docs, ForKeepers)
	}
	docs = append(docs, ForPerson(seat.Person))
	if room := s.reads(seat.Person); room != "" {
		docs = append(docs, ForRoom(room))
	}
	return docs
}

// Keeps reports whether a person looks after the people in the room.
func (s *Session) Keeps(p PersonID) bool { return s.people[p].role.keeps() }

// RoleOf is a person's present role, if they have a seat.
func (s *Session) RoleOf(p PersonID) (Role, bool) {
	who, ok := s.people[p]
	return who.role, ok
}
