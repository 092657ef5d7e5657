package server

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

// pass is what lets a device into a room. Person is empty for the stage.
type pass struct {
	Token   string               `json:"token"`
	Session string               `json:"session"`
	Person  facilitator.PersonID `json:"person,omitempty"`
}

// door is what somebody who has the code may know before joining.
type door struct {
	Title facilitator.Text `json:"title"`
	State string           `json:"state"` // open, knock, locked, full, over
}

// call is what somebody at the door has: the code, and perhaps a link that lets one person in.
type call struct {
	Code string
	Link facilitator.LinkID
}

func (s *Server) join(c *fiber.Ctx) error {
	var in struct {
		call
		Alias string
	}
	if err := body(c, &in); err != nil {
		return err
	}
	record, err := s.knock(c, in.Code)
	if err != nil {
		return err
	}
	way, err := s.admits(c, record, in.call)
	if err != nil {
		return err
	}
	if err := s.slowDown(c, way); err != nil {
		return err
	}
	person := newPerson()
	join := facilitator.Join{Person: person, Alias: in.Alias, Role: facilitator.Participant, Link: in.Link}
	if err := s.node.Do(c.UserContext(), record.Session, system, join); err != nil {
		return err
	}
	return s.admit(c, record.Session, facilitator.Seat{Person: person})
}

func (s *Server) stage(c *fiber.Ctx) error {
	var in struct{ Code, Key string }
	if err := body(c, &in); err != nil {
		return err
	}
	record, err := s.knock(c, in.Code)
	if err != nil {
		return err
	}
	if !s.keys.opens(in.Key, stagePurpose, record.Session) {
		s.door.failed(s.proxies.client(c), s.now())
		return refuse(facilitator.Denied, "stage_key", "This stage link is not valid here. Take it anew from the facilitator's view.")
	}
	if record.Over != nil {
		return errSessionOver
	}
	return s.admit(c, record.Session, facilitator.Seat{Role: facilitator.Stage})
}

func (s *Server) admit(c *fiber.Ctx, session string, seat facilitator.Seat) error {
	token, err := s.keys.roomToken(session, seat, s.now())
	if err != nil {
		return fmt.Errorf("sign a room token: %w", err)
	}
	return c.JSON(pass{Token: token, Session: session, Person: seat.Person})
}

func (s *Server) atDoor(c *fiber.Ctx) error {
	return s.showDoor(c, call{Code: strings.Clone(c.Params("code"))})
}

// atDoorWith is atDoor for somebody who has a link, which stands in no address.
func (s *Server) atDoorWith(c *fiber.Ctx) error {
	var in call
	if err := body(c, &in); err != nil {
		return err
	}
	return s.showDoor(c, in)
}

func (s *Server) showDoor(c *fiber.Ctx, in call) error {
	record, err := s.knock(c, in.Code)
	if err != nil {
		return err
	}
	way, err := s.admits(c, record, in)
	if refusal := (*facilitator.Refusal)(nil); errors.As(err, &refusal) && doorStates[refusal.Reason] != "" {
		way.state = doorStates[refusal.Reason]
	} else if err != nil {
		return err
	}
	return c.JSON(door{Title: record.Title, State: way.state})
}

func (s *Server) suggestAlias(c *fiber.Ctx) error {
	return c.JSON(map[string]string{"alias": s.aliases.suggest(c.Query("lang"))})
}

// knock finds the session a code opens. Wrong codes count against the address, right ones never do.
func (s *Server) knock(c *fiber.Ctx, typed string) (sessionRecord, error) {
	address := s.proxies.client(c)
	if wait := s.door.wait(address, s.now()); wait > 0 {
		return sessionRecord{}, throttled(wait)
	}
	record, err := s.byCode(c.UserContext(), typed)
	if refusal := (*facilitator.Refusal)(nil); errors.As(err, &refusal) {
		s.door.failed(address, s.now())
	}
	return record, err
}

var doorStates = map[string]string{"session_over": "over", "session_full": "full", "door_locked": "locked"}

// way is how somebody could come in now.
type way struct {
	state   string // open or knock
	started bool   // the group has begun
}

// admits says whether a further participant may come in now, or knock. The session decides again when they join; only how
// many there is room for is decided here, and that a code which was replaced opens nothing but the links made under it.
func (s *Server) admits(c *fiber.Ctx, record sessionRecord, in call) (w way, err error) {
	if record.Over != nil {
		return w, errSessionOver
	}
	var over, invited bool
	var people int
	var code string
	var mode facilitator.DoorMode
	err = s.node.Read(c.UserContext(), record.Session, func(session *facilitator.Session) {
		over, people, code = session.Closed(), session.People(), session.Code()
		mode, invited, w.started = session.Mode(), session.Invites(in.Link) && !session.Frozen(), session.Started()
	})
	if err != nil {
		return w, err
	}
	typed, _ := readCode(in.Code)
	switch w.state = "open"; {
	case over:
		return w, errSessionOver
	case typed != code && !invited:
		s.door.failed(s.proxies.client(c), s.now())
		return w, errCodeUnknown
	case people >= s.maxPeople:
		return w, refuse(facilitator.Closed, "session_full", "Every seat in this session is taken. Ask the facilitator.")
	case invited || mode == facilitator.DoorOpen:
	case mode == facilitator.DoorKnock:
		w.state = "knock"
	default:
		return w, refuse(facilitator.Closed, "door_locked", "The door is closed at the moment. Ask the facilitator to open it.")
	}
	return w, nil
}

// slowDown lets those who come late from one address come one after the other. While a group gathers nobody is slowed
// down: a hall of a thousand phones behind one address joins freely.
func (s *Server) slowDown(c *fiber.Ctx, w way) error {
	if !w.started {
		return nil
	}
	address := s.proxies.client(c)
	if wait := s.joins.wait(address, s.now()); wait > 0 {
		return crowded(wait)
	}
	s.joins.failed(address, s.now())
	return nil
}

// changeCode gives the session another code in the name of a keeper in it. Who has a seat keeps it, and so do the links.
func (s *Server) changeCode(c *fiber.Ctx) error {
	token, _ := strings.CutPrefix(c.Get(fiber.HeaderAuthorization), "Bearer ")
	session, seat, err := s.keys.seat(strings.Clone(token), s.now)
	if err != nil {
		return err
	}
	ctx, keeps := c.UserContext(), false
	if err := s.node.Read(ctx, session, func(room *facilitator.Session) { keeps = room.Keeps(seat.Person) && !room.Closed() }); err != nil {
		return err
	}
	if !keeps {
		return refuse(facilitator.Denied, "not_keeping", "Only the keeper or the facilitator can do this. Ask them to.")
	}
	if wait := s.codes.wait(s.proxies.client(c), s.now()); wait > 0 {
		return throttled(wait)
	}
	s.codes.failed(s.proxies.client(c), s.now())
	code, err := s.takeCode(ctx, session)
	if err != nil {
		return err
	}
	if err := s.node.Do(ctx, session, system, facilitator.SetCode{Code: code}); err != nil {
		return err
	}
	_, err = change(ctx, s.records, sessionPrefix+session, func(r *sessionRecord) error {
		r.Code = code
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(map[string]string{"code": code})
}

var errSessionOver = refuse(facilitator.Closed, "session_over", "This session is over. Nothing can be changed any more.")

// system is the seat the server itself decides from.
var system = facilitator.Seat{Role: facilitator.System}

// newPerson is unique within its session, and says nothing.
func newPerson() facilitator.PersonID {
	return facilitator.PersonID(strings.ToLower(rand.Text()[:10]))
}
