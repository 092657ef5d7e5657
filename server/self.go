package server

import (
	"time"

	"github.com/gofiber/fiber/v2"
)

// selfView is what a facilitator sees of their own account.
type selfView struct {
	Name     string           `json:"name"`
	Role     standing         `json:"role"`
	Password bool             `json:"password"`
	Passkeys []passkeyView    `json:"passkeys"`
	Codes    bool             `json:"codes"`              // a code app is asked for after the password
	Recovery int              `json:"recovery"`           // codes not yet used
	Demanded string           `json:"demanded,omitempty"` // the date from which a passkey or a code app is needed, if they lack both
	Devices  []signedInDevice `json:"devices"`
}

type passkeyView struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Added string `json:"added"` // dates
	Used  string `json:"used"`
}

func (s *Server) self(c *fiber.Ctx) error {
	id, found, err := s.signedInAnyhow(c)
	if err != nil {
		return err
	}
	return s.showSelf(c, id, found)
}

func (s *Server) showSelf(c *fiber.Ctx, id string, found account) error {
	view := selfView{Name: found.Name, Role: found.Role, Password: found.Password != "", Passkeys: []passkeyView{},
		Codes: found.coded(), Recovery: len(found.Recovery)}
	for _, p := range found.Passkeys {
		view.Passkeys = append(view.Passkeys, passkeyView{ID: p.id(), Label: p.Label,
			Added: p.Added.UTC().Format(time.DateOnly), Used: p.Used.UTC().Format(time.DateOnly)})
	}
	var err error
	if view.Demanded, err = s.accounts.demandedOf(c.UserContext(), found); err != nil {
		return err
	}
	view.Devices, err = s.accounts.devices(c.UserContext(), id, s.cookie(c))
	if err != nil {
		return err
	}
	return c.JSON(view)
}

// changePassword sets one, or the first; every other device is signed out.
func (s *Server) changePassword(c *fiber.Ctx) error {
	id, found, err := s.proved(c)
	if err != nil {
		return err
	}
	var in struct{ Password string }
	if err := body(c, &in); err != nil {
		return err
	}
	if err := checkPassword(in.Password, found.Name); err != nil {
		return err
	}
	ctx := c.UserContext()
	hash, err := s.accounts.passwords.hash(ctx, in.Password)
	if err != nil {
		return err
	}
	if _, err := s.accounts.amend(ctx, id, func(found *account) error { found.Password = hash; return nil }); err != nil {
		return err
	}
	second, err := s.accounts.showed(ctx, s.cookie(c))
	if err != nil {
		return err
	}
	if err := s.accounts.signOutEverywhere(ctx, id); err != nil {
		return err
	}
	return s.beginSignIn(c, id, second)
}

func (s *Server) askNewPasskey(c *fiber.Ctx) error {
	_, found, err := s.provedAnyhow(c)
	if err != nil {
		return err
	}
	return s.askForNew(c, found)
}

func (s *Server) addPasskey(c *fiber.Ctx) error {
	id, found, err := s.provedAnyhow(c)
	if err != nil {
		return err
	}
	var in struct {
		Label string
		answered
	}
	if err := body(c, &in); err != nil {
		return err
	}
	fresh, _, err := s.made(c, in.answered, found)
	if err != nil {
		return err
	}
	if found, err = s.accounts.addPasskey(c.UserContext(), id, fresh, in.Label); err != nil {
		return err
	}
	if err := s.accounts.shows(c.UserContext(), s.cookie(c)); err != nil {
		return err
	}
	return s.showSelf(c, id, found)
}

func (s *Server) removePasskey(c *fiber.Ctx) error {
	id, _, err := s.proved(c)
	if err != nil {
		return err
	}
	found, err := s.accounts.removePasskey(c.UserContext(), id, c.Params("id"))
	if err != nil {
		return err
	}
	return s.showSelf(c, id, found)
}

func (s *Server) offerCodes(c *fiber.Ctx) error {
	id, _, err := s.provedAnyhow(c)
	if err != nil {
		return err
	}
	out, err := s.accounts.offerFactor(c.UserContext(), id)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

// recoveryView is shown once.
type recoveryView struct {
	Codes []string `json:"codes"`
}

func (s *Server) confirmCodes(c *fiber.Ctx) error {
	id, _, err := s.provedAnyhow(c)
	if err != nil {
		return err
	}
	var in struct{ Code string }
	if err := body(c, &in); err != nil {
		return err
	}
	return s.guarded(c, func() error {
		codes, err := s.accounts.confirmFactor(c.UserContext(), id, in.Code)
		if err != nil {
			return err
		}
		if err := s.accounts.shows(c.UserContext(), s.cookie(c)); err != nil {
			return err
		}
		return c.JSON(recoveryView{Codes: codes})
	})
}

func (s *Server) removeCodes(c *fiber.Ctx) error {
	id, _, err := s.proved(c)
	if err != nil {
		return err
	}
	if err := s.accounts.removeFactor(c.UserContext(), id); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) newRecoveryCodes(c *fiber.Ctx) error {
	id, _, err := s.proved(c)
	if err != nil {
		return err
	}
	codes, err := s.accounts.renewRecovery(c.UserContext(), id)
	if err != nil {
		return err
	}
	return c.JSON(recoveryView{Codes: codes})
}
