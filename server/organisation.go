package server

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

// organisationView is who has an account here, for its administrators.
type organisationView struct {
	Members     []memberView     `json:"members"`
	Invitations []invitationView `json:"invitations"`
	Demanded    string           `json:"demanded,omitempty"` // the date from which everybody needs a passkey or a code app
}

type memberView struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Role     standing `json:"role"`
	Since    string   `json:"since"`           // a date
	Sessions int      `json:"sessions"`        // running
	Lacks    bool     `json:"lacks,omitempty"` // a password alone opens this account
	Self     bool     `json:"self,omitempty"`
}

// administers is the account of whoever asks, if it is an administrator's; as says how surely that must be known.
func (s *Server) administers(c *fiber.Ctx, as func(*fiber.Ctx) (string, account, error)) (string, error) {
	id, found, err := as(c)
	if err == nil && found.Role != administrator {
		err = refuse(facilitator.Denied, "not_administrator", "Only an administrator of this organisation can do this. Ask one of them.")
	}
	return id, err
}

func (s *Server) organisation(c *fiber.Ctx) error {
	id, err := s.administers(c, s.signedIn)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	view := organisationView{Members: []memberView{}}
	if view.Invitations, err = s.accounts.invitations(ctx); err != nil {
		return err
	}
	asked, err := s.accounts.demand(ctx)
	if err != nil {
		return err
	}
	if !asked.From.IsZero() {
		view.Demanded = asked.From.UTC().Format(time.DateOnly)
	}
	running, err := s.runningByOwner(ctx)
	if err != nil {
		return err
	}
	err = s.accounts.each(ctx, func(of string, found account) {
		view.Members = append(view.Members, memberView{ID: of, Name: found.Name, Role: found.Role,
			Since: found.Created.UTC().Format(time.DateOnly), Sessions: running[of], Lacks: found.lacks(), Self: of == id})
	})
	if err != nil {
		return err
	}
	slices.SortFunc(view.Members, func(a, b memberView) int { return strings.Compare(a.Name, b.Name) })
	return c.JSON(view)
}

func (a *accounts) each(ctx context.Context, see func(id string, found account)) error {
	keys, err := a.records.keys(ctx, accountPrefix)
	if err != nil {
		return err
	}
	for _, key := range keys {
		var found account
		_, err := a.records.get(ctx, key, &found)
		if errors.Is(err, errMissing) {
			continue
		}
		if err != nil {
			return err
		}
		see(strings.TrimPrefix(key, accountPrefix), found)
	}
	return nil
}

func (s *Server) runningByOwner(ctx context.Context) (map[string]int, error) {
	running := map[string]int{}
	return running, s.eachSession(ctx, func(r sessionRecord) error {
		if r.Over == nil {
			running[r.Owner]++
		}
		return nil
	})
}

// changeRole never leaves the organisation without an administrator.
func (s *Server) changeRole(c *fiber.Ctx) error {
	if _, err := s.administers(c, s.proved); err != nil {
		return err
	}
	var in struct{ Role standing }
	if err := body(c, &in); err != nil {
		return err
	}
	if in.Role != administrator && in.Role != facilitating {
		return invalid("standing", "A role is facilitator or administrator.")
	}
	ctx, of := c.UserContext(), strings.Clone(c.Params("id"))
	if in.Role == facilitating {
		if err := s.accounts.othersAdminister(ctx, of); err != nil {
			return err
		}
	}
	if _, err := s.amendMember(ctx, of, func(found *account) error { found.Role = in.Role; return nil }); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) amendMember(ctx context.Context, of string, edit func(*account) error) (account, error) {
	found, err := change(ctx, s.records, accountPrefix+of, edit)
	if errors.Is(err, errMissing) {
		err = errNoMember
	}
	return found, err
}

var errNoMember = refuse(facilitator.NotFound, "no_member", "Nobody here has this account any more. Reload the list.")

func (a *accounts) othersAdminister(ctx context.Context, than string) error {
	others := 0
	err := a.each(ctx, func(id string, found account) {
		if id != than && found.Role == administrator {
			others++
		}
	})
	if err == nil && others == 0 {
		err = refuse(facilitator.Conflict, "last_administrator", "This is the only administrator. Make somebody else one first.")
	}
	return err
}

// helpMember gives an administrator one recovery code to hand over to somebody who is locked out.
func (s *Server) helpMember(c *fiber.Ctx) error {
	if _, err := s.administers(c, s.proved); err != nil {
		return err
	}
	var code string
	_, err := s.amendMember(c.UserContext(), strings.Clone(c.Params("id")), func(found *account) error {
		codes, kept := newRecovery()
		code = codes[0]
		found.Recovery = append(found.Recovery, kept[0])
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(recoveryView{Codes: []string{code}})
}

// leave ends an account; its sessions become somebody else's, with everything that belongs to them.
func (s *Server) leave(c *fiber.Ctx) error {
	by, err := s.administers(c, s.proved)
	if err != nil {
		return err
	}
	var in struct{ To string }
	if err := body(c, &in); err != nil {
		return err
	}
	ctx, of := c.UserContext(), strings.Clone(c.Params("id"))
	if in.To == "" {
		in.To = by
	}
	if in.To == of {
		return invalid("hand_over_to", "Choose somebody else to take over.")
	}
	var leaving, taking account
	if _, err := s.records.get(ctx, accountPrefix+of, &leaving); err != nil {
		return orNoMember(err)
	}
	if _, err := s.records.get(ctx, accountPrefix+in.To, &taking); err != nil {
		return orNoMember(err)
	}
	if err := s.accounts.othersAdminister(ctx, of); err != nil {
		return err
	}
	if err := s.handOver(ctx, of, in.To); err != nil {
		return err
	}
	if err := s.accounts.drop(ctx, of, leaving); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func orNoMember(err error) error {
	if errors.Is(err, errMissing) {
		return errNoMember
	}
	return err
}

// handOver makes what one account owns another's. Doing it twice does no harm.
func (s *Server) handOver(ctx context.Context, from, to string) error {
	if err := s.shelf.handOver(ctx, from, to); err != nil {
		return err
	}
	return s.eachSession(ctx, func(r sessionRecord) error {
		if r.Owner != from {
			return nil
		}
		_, err := change(ctx, s.records, sessionPrefix+r.Session, func(r *sessionRecord) error {
			r.Owner = to
			return nil
		})
		return err
	})
}
