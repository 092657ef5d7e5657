package server

import (
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

// signedInView is what a facilitator's browser keeps in memory. The refresh cookie, which it cannot read, renews it.
// Second, when it stands alone, is the ticket for the second factor, which is still to come.
type signedInView struct {
	Access  string           `json:"access,omitempty"`
	Expires facilitator.Time `json:"expires,omitempty"`
	Lasts   int64            `json:"lasts,omitempty"` // milliseconds, for a browser whose clock is wrong
	Name    string           `json:"name,omitempty"`
	Second  string           `json:"second,omitempty"`
}

// setUp makes an account for whoever holds the set-up link or an invitation, with a password or with a passkey.
func (s *Server) setUp(c *fiber.Ctx) error {
	var in struct {
		Key, Name, Password, Label string
		answered
	}
	if err := body(c, &in); err != nil {
		return err
	}
	return s.guarded(c, func() error {
		ctx := c.UserContext()
		admitted, err := s.accounts.admitted(ctx, in.Key)
		if err != nil {
			return err
		}
		if in.Ticket == "" && in.Password == "" {
			return checkPassword("")
		}
		fresh, err := s.accounts.compose(ctx, in.Name, in.Password)
		if err != nil {
			return err
		}
		if in.Ticket != "" {
			fresh.Handle = nil // the passkey's
			var first passkey
			if first, fresh, err = s.made(c, in.answered, fresh); err != nil {
				return err
			}
			if first.Label, err = facilitator.CleanAlias(in.Label); err != nil {
				return err
			}
			fresh.Passkeys = []passkey{first}
		}
		if err := admitted(ctx, fresh); err != nil {
			return err
		}
		return s.beginSignIn(c, accountID(fresh.Name), in.Ticket != "")
	})
}

// askSetUp begins the making of a passkey for an account that is not there yet.
func (s *Server) askSetUp(c *fiber.Ctx) error {
	var in struct{ Key, Name string }
	if err := body(c, &in); err != nil {
		return err
	}
	return s.guarded(c, func() error {
		if _, err := s.accounts.admitted(c.UserContext(), in.Key); err != nil {
			return err
		}
		fresh, err := s.accounts.compose(c.UserContext(), in.Name, "")
		if err != nil {
			return err
		}
		return s.askForNew(c, fresh)
	})
}

func (s *Server) signIn(c *fiber.Ctx) error {
	var in struct{ Name, Password string }
	if err := body(c, &in); err != nil {
		return err
	}
	return s.guarded(c, func() error {
		id, found, err := s.accounts.signIn(c.UserContext(), in.Name, in.Password)
		if err != nil {
			return err
		}
		if err := s.accounts.byPasswordAlone(c.UserContext(), found); err != nil {
			return err
		}
		if !found.coded() {
			return s.beginSignIn(c, id, false)
		}
		ticket := claims{Epoch: found.Epoch}
		ticket.Subject = id
		second, err := s.keys.sign(ticket, audienceSecond, s.now(), ticketLives)
		if err != nil {
			return err
		}
		return c.JSON(signedInView{Second: second})
	})
}

// signInSecond takes the code that a right password asked for.
func (s *Server) signInSecond(c *fiber.Ctx) error {
	var in struct{ Ticket, Code string }
	if err := body(c, &in); err != nil {
		return err
	}
	return s.guarded(c, func() error {
		ticket, err := s.keys.parse(in.Ticket, audienceSecond, s.now)
		if err != nil {
			return notSignedIn()
		}
		if err := s.accounts.second(c.UserContext(), ticket.Subject, in.Code); err != nil {
			return err
		}
		return s.beginSignIn(c, ticket.Subject, true)
	})
}

func (s *Server) signInPasskey(c *fiber.Ctx) error {
	var in answered
	if err := body(c, &in); err != nil {
		return err
	}
	return s.guarded(c, func() error {
		id, _, err := s.byPasskey(c, in)
		if err != nil {
			return err
		}
		return s.beginSignIn(c, id, true)
	})
}

// recover is the way in with a recovery code: it sets a new password and signs everybody else out.
func (s *Server) recover(c *fiber.Ctx) error {
	var in struct{ Name, Code, Password string }
	if err := body(c, &in); err != nil {
		return err
	}
	return s.guarded(c, func() error {
		id, _, err := s.accounts.recover(c.UserContext(), in.Name, in.Code, in.Password)
		if err != nil {
			return err
		}
		return s.beginSignIn(c, id, true) // the code stands for what was lost
	})
}

// guarded counts what was denied against the address it came from.
func (s *Server) guarded(c *fiber.Ctx, try func() error) error {
	address := s.proxies.client(c)
	if wait := s.signIns.wait(address, s.now()); wait > 0 {
		return throttled(wait)
	}
	err := try()
	if refusal := (*facilitator.Refusal)(nil); errors.As(err, &refusal) && refusal.Code == facilitator.Denied {
		s.signIns.failed(address, s.now())
	}
	return err
}

// beginSignIn opens the account on this browser; second says that more than a password was shown.
func (s *Server) beginSignIn(c *fiber.Ctx, id string, second bool) error {
	found, err := s.accounts.noted(c.UserContext(), id)
	if err != nil {
		return err
	}
	cookie, err := s.accounts.startChain(c.UserContext(), id, deviceOf(c), second)
	if err != nil {
		return err
	}
	return s.answerSignIn(c, renewed{id: id, found: found, proved: s.now(), cookie: cookie})
}

func (s *Server) answerSignIn(c *fiber.Ctx, r renewed) error {
	access, err := s.keys.accessToken(r.id, r.found.Epoch, r.proved, s.now())
	if err != nil {
		return err
	}
	if r.cookie != "" {
		s.setCookie(c, r.cookie, refreshLives)
	}
	return c.JSON(signedInView{
		Access:  access,
		Expires: facilitator.Time(s.now().Add(accessTokenLives).UnixMilli()),
		Lasts:   accessTokenLives.Milliseconds(),
		Name:    r.found.Name,
	})
}

func (s *Server) refresh(c *fiber.Ctx) error {
	r, err := s.accounts.refresh(c.UserContext(), s.cookie(c))
	if err != nil {
		if p, _ := asProblem(err); p.status == fiber.StatusUnauthorized {
			s.setCookie(c, "", -time.Hour)
		}
		return err
	}
	return s.answerSignIn(c, r)
}

func (s *Server) signOut(c *fiber.Ctx) error {
	if err := s.accounts.signOut(c.UserContext(), s.cookie(c)); err != nil {
		return err
	}
	s.setCookie(c, "", -time.Hour)
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) signOutEverywhere(c *fiber.Ctx) error {
	id, _, err := s.signedInAnyhow(c)
	if err != nil {
		return err
	}
	if err := s.accounts.signOutEverywhere(c.UserContext(), id); err != nil {
		return err
	}
	s.setCookie(c, "", -time.Hour)
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) signedIn(c *fiber.Ctx) (string, account, error) {
	id, found, err := s.signedInAnyhow(c)
	if err == nil {
		err = s.accounts.suffices(c.UserContext(), found)
	}
	return id, found, err
}

// signedInAnyhow lets those pass too who have yet to set up what their organisation demands.
func (s *Server) signedInAnyhow(c *fiber.Ctx) (string, account, error) {
	said, found, err := s.token(c)
	return said.Subject, found, err
}

func (s *Server) token(c *fiber.Ctx) (claims, account, error) {
	token, bearer := strings.CutPrefix(c.Get(fiber.HeaderAuthorization), "Bearer ")
	if !bearer {
		return claims{}, account{}, notSignedIn()
	}
	return s.accounts.byToken(c.UserContext(), strings.Clone(token))
}

// cookieName carries the prefix that binds a cookie to this host and to https, wherever the browser honours it.
func (s *Server) cookieName() string {
	if s.secure {
		return "__Host-mend-refresh"
	}
	return "mend-refresh"
}

func (s *Server) cookie(c *fiber.Ctx) string { return strings.Clone(c.Cookies(s.cookieName())) }

func (s *Server) setCookie(c *fiber.Ctx, value string, lives time.Duration) {
	c.Cookie(&fiber.Cookie{Name: s.cookieName(), Value: value, Path: "/", Secure: s.secure, HTTPOnly: true,
		SameSite: fiber.CookieSameSiteStrictMode, Expires: s.now().Add(lives)})
}
