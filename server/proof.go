package server

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

// proofLasts is how long after showing a password or passkey its owner may do what cannot be taken back.
const proofLasts = 5 * time.Minute

// proved is who is signed in, if they showed who they are a moment ago: an open laptop that somebody else sits down at
// exports, deletes and gives away nothing.
func (s *Server) proved(c *fiber.Ctx) (string, account, error) {
	id, found, err := s.provedAnyhow(c)
	if err == nil {
		err = s.accounts.suffices(c.UserContext(), found)
	}
	return id, found, err
}

// sure answers only those who are proved.
func (s *Server) sure(do fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if _, _, err := s.proved(c); err != nil {
			return err
		}
		return do(c)
	}
}

// provedAnyhow lets those pass too who have yet to set up what their organisation demands.
func (s *Server) provedAnyhow(c *fiber.Ctx) (string, account, error) {
	said, found, err := s.token(c)
	if err == nil && s.now().Sub(time.Unix(said.Proved, 0)) > proofLasts {
		err = &problem{Refusal: &facilitator.Refusal{Code: facilitator.Denied, Reason: "prove_again",
			Message: "This needs your password or passkey once more. Show it and try again."}, status: fiber.StatusUnauthorized}
	}
	return said.Subject, found, err
}

// prove shows it again, and answers an access token that says so.
func (s *Server) prove(c *fiber.Ctx) error {
	id, found, err := s.signedInAnyhow(c)
	if err != nil {
		return err
	}
	var in struct {
		Password, Code string
		answered
	}
	if err := body(c, &in); err != nil {
		return err
	}
	return s.guarded(c, func() error {
		if in.Ticket != "" {
			by, _, err := s.byPasskey(c, in.answered)
			if err == nil && by != id {
				err = errPasskey("This passkey belongs to another account.")
			}
			if err != nil {
				return err
			}
		} else if err := s.provePassword(c, id, found, in.Password, in.Code); err != nil {
			return err
		}
		if in.Ticket != "" || found.coded() {
			if err := s.accounts.shows(c.UserContext(), s.cookie(c)); err != nil {
				return err
			}
		}
		return s.answerSignIn(c, renewed{id: id, found: found, proved: s.now()})
	})
}

func (s *Server) provePassword(c *fiber.Ctx, id string, found account, password, code string) error {
	right, err := s.accounts.passwords.matches(c.UserContext(), password, found.Password)
	if err != nil {
		return err
	}
	if !right {
		return errWrongPassword
	}
	if err := s.accounts.byPasswordAlone(c.UserContext(), found); err != nil {
		return err
	}
	return s.accounts.second(c.UserContext(), id, code)
}
