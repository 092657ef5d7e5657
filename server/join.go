package server

import (
	"context"
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
	State string           `json:"state"` // open, locked, full, over
}

func (s *Server) join(c *fiber.Ctx) error {
	var in struct{ Code, Alias string }
	if err := body(c, &in); err != nil {
		return err
	}
	record, err := s.knock(c, in.Code)
	if err != nil {
		return err
	}
	if err := s.admits(c.UserContext(), record); err != nil {
		return err
	}
	person := newPerson()
	join := facilitator.Join{Person: person, Alias: in.Alias, Role: facilitator.Participant}
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
	record, err := s.knock(c, strings.Clone(c.Params("code")))
	if err != nil {
		return err
	}
	view := door{Title: record.Title, State: "open"}
	if err := s.admits(c.UserContext(), record); err != nil {
		refusal := (*facilitator.Refusal)(nil)
		if !errors.As(err, &refusal) {
			return err
		}
		view.State = doorStates[refusal.Reason]
	}
	return c.JSON(view)
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

// admits says whether a further participant may come in now. The session decides again when they join; only how many
// there is room for is decided here.
func (s *Server) admits(ctx context.Context, record sessionRecord) error {
	if record.Over != nil {
		return errSessionOver
	}
	var over, locked bool
	var people int
	err := s.node.Read(ctx, record.Session, func(session *facilitator.Session) {
		over, locked, people = session.Closed(), session.Locked(), session.People()
	})
	switch {
	case err != nil:
		return err
	case over:
		return errSessionOver
	case locked:
		return refuse(facilitator.Closed, "door_locked", "The door is closed at the moment. Ask the facilitator to open it.")
	case people >= s.maxPeople:
		return refuse(facilitator.Closed, "session_full", "Every seat in this session is taken. Ask the facilitator.")
	}
	return nil
}

var errSessionOver = refuse(facilitator.Closed, "session_over", "This session is over. Nothing can be changed any more.")

// system is the seat the server itself decides from.
var system = facilitator.Seat{Role: facilitator.System}

// newPerson is unique within its session, and says nothing.
func newPerson() facilitator.PersonID {
	return facilitator.PersonID(strings.ToLower(rand.Text()[:10]))
}
