package server

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

// demand says from when everybody in the organisation needs more than a password: a passkey, or a code app with it.
type demand struct {
	From time.Time `json:"from,omitzero"` // zero if nobody asks for it
}

const demandKey = "demand"

// lacks reports an account that a password alone opens.
func (found account) lacks() bool { return len(found.Passkeys) == 0 && !found.coded() }

func (found account) coded() bool { return found.Second != nil && found.Second.Confirmed }

func (a *accounts) demand(ctx context.Context) (d demand, err error) {
	if _, err = a.records.get(ctx, demandKey, &d); errors.Is(err, errMissing) {
		err = nil
	}
	return d, err
}

// demanded reports whether it is asked for by now.
func (a *accounts) demanded(ctx context.Context) (bool, error) {
	d, err := a.demand(ctx)
	return err == nil && !d.From.IsZero() && !a.now().Before(d.From), err
}

// demandedOf is the date from which an account that lacks it will need it; empty if it has it or nobody asks.
func (a *accounts) demandedOf(ctx context.Context, found account) (string, error) {
	if !found.lacks() {
		return "", nil
	}
	d, err := a.demand(ctx)
	if err != nil || d.From.IsZero() {
		return "", err
	}
	return d.From.UTC().Format(time.DateOnly), nil
}

// suffices refuses everything but setting one up to an account that lacks what the organisation demands.
func (a *accounts) suffices(ctx context.Context, found account) error {
	if !found.lacks() {
		return nil
	}
	demanded, err := a.demanded(ctx)
	if demanded {
		err = refuse(facilitator.Denied, "second_demanded", "Your organisation asks everybody for a passkey or a code app. Set one up, and go on.")
	}
	return err
}

// byPasswordAlone refuses a right password where it is not enough: somebody who has a passkey shows that.
func (a *accounts) byPasswordAlone(ctx context.Context, found account) error {
	if found.coded() || len(found.Passkeys) == 0 {
		return nil
	}
	demanded, err := a.demanded(ctx)
	if demanded {
		err = refuse(facilitator.Denied, "passkey_demanded", "Your organisation asks for more than a password. Use your passkey.")
	}
	return err
}

// keepsSecond refuses to take away the last that an account has, once the organisation asked for it.
func (a *accounts) keepsSecond(ctx context.Context, without account) error {
	if !without.lacks() {
		return nil
	}
	d, err := a.demand(ctx)
	if err == nil && !d.From.IsZero() {
		err = refuse(facilitator.Conflict, "second_kept", "Your organisation asks everybody for a passkey or a code app, and this is your only one. Set up another first.")
	}
	return err
}

// demandSecond is an administrator's word. Whoever gives it has one already, so that nobody is shut out by a slip.
func (s *Server) demandSecond(c *fiber.Ctx) error {
	id, err := s.administers(c, s.proved)
	if err != nil {
		return err
	}
	var in struct {
		Demanded bool
		From     string // a date; empty is at once
	}
	if err := body(c, &in); err != nil {
		return err
	}
	ctx := c.UserContext()
	wanted := demand{}
	if in.Demanded {
		wanted.From = s.now()
		found, err := s.accounts.noted(ctx, id)
		if err != nil {
			return err
		}
		if found.lacks() {
			return refuse(facilitator.Conflict, "second_first", "Set up a passkey or a code app for your own account first.")
		}
	}
	if in.Demanded && in.From != "" {
		if wanted.From, err = time.Parse(time.DateOnly, in.From); err != nil {
			return invalid("date", "A date is written like 2030-01-31.")
		}
	}
	if err := s.records.create(ctx, demandKey, wanted); !errors.Is(err, errRaced) {
		return orDone(c, err)
	}
	_, err = change(ctx, s.records, demandKey, func(d *demand) error { *d = wanted; return nil })
	return orDone(c, err)
}

func orDone(c *fiber.Ctx, err error) error {
	if err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
