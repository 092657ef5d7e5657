package server

import (
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

// signedInView is what a facilitator's browser keeps in memory. The refresh cookie, which it cannot read, renews it.
type signedInView struct {
	Access  string           `json:"access"`
	Expires facilitator.Time `json:"expires"`
	Name    string           `json:"name"`
}

func (s *Server) setUp(c *fiber.Ctx) error {
	var in struct{ Key, Name, Password string }
	if err := body(c, &in); err != nil {
		return err
	}
	return s.guarded(c, func() error {
		id, made, err := s.accounts.setUp(c.UserContext(), in.Key, in.Name, in.Password)
		if err != nil {
			return err
		}
		return s.beginSignIn(c, id, made)
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
		return s.beginSignIn(c, id, found)
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

func (s *Server) beginSignIn(c *fiber.Ctx, id string, found account) error {
	cookie, err := s.accounts.startChain(c.UserContext(), id)
	if err != nil {
		return err
	}
	return s.answerSignIn(c, id, found, cookie)
}

func (s *Server) answerSignIn(c *fiber.Ctx, id string, found account, cookie string) error {
	access, err := s.keys.accessToken(id, found.Epoch, s.now())
	if err != nil {
		return err
	}
	if cookie != "" {
		s.setCookie(c, cookie, refreshLives)
	}
	return c.JSON(signedInView{Access: access, Name: found.Name, Expires: facilitator.Time(s.now().Add(accessTokenLives).UnixMilli())})
}

func (s *Server) refresh(c *fiber.Ctx) error {
	id, found, next, err := s.accounts.refresh(c.UserContext(), s.cookie(c))
	if err != nil {
		if p, _ := asProblem(err); p.status == fiber.StatusUnauthorized {
			s.setCookie(c, "", -time.Hour)
		}
		return err
	}
	return s.answerSignIn(c, id, found, next)
}

func (s *Server) signOut(c *fiber.Ctx) error {
	if err := s.accounts.signOut(c.UserContext(), s.cookie(c)); err != nil {
		return err
	}
	s.setCookie(c, "", -time.Hour)
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) signOutEverywhere(c *fiber.Ctx) error {
	id, _, err := s.signedIn(c)
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
	token, bearer := strings.CutPrefix(c.Get(fiber.HeaderAuthorization), "Bearer ")
	if !bearer {
		return "", account{}, notSignedIn()
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
