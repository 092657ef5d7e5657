package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

// invitation is a one-time link to an account. Its record is named by a hash of the link's key, so whoever reads the
// store can invite nobody.
type invitation struct {
	Role standing  `json:"role"`
	By   string    `json:"by"` // an account
	Ends time.Time `json:"ends"`
}

const (
	invitationPrefix = "invitation."
	invitationLives  = 7 * 24 * time.Hour
)

func invitationKey(key string) string { return invitationPrefix + hex.EncodeToString(digest(key)) }

// admitted says whether a set-up link or an invitation opens, and answers how the account is then kept.
func (a *accounts) admitted(ctx context.Context, key string) (func(context.Context, account) error, error) {
	if a.keys.opens(key, setupPurpose, "") {
		if left, err := a.setupKey(ctx); err != nil || left == "" {
			return nil, errors.Join(err, errSetupUsed(err))
		}
		return a.setUp, nil
	}
	var found invitation
	_, err := a.records.get(ctx, invitationKey(key), &found)
	if errors.Is(err, errMissing) {
		return nil, refuse(facilitator.Denied, "setup_key", "This link is not valid here, or was used already. Ask whoever gave it to you for a new one.")
	}
	if err == nil && a.now().After(found.Ends) {
		err = refuse(facilitator.Closed, "invitation_over", "This invitation is more than a week old. Ask for a new one.")
	}
	return func(ctx context.Context, made account) error {
		made.Role = found.Role
		if err := a.put(ctx, made); err != nil {
			return err
		}
		return a.spend(ctx, key, made)
	}, err
}

func errSetupUsed(err error) error {
	if err != nil {
		return nil
	}
	return refuse(facilitator.Closed, "setup_used", "This set-up link was used already. Sign in instead.")
}

// spend takes the invitation away. Of two who hold it, the one who was second loses the account again.
func (a *accounts) spend(ctx context.Context, key string, made account) error {
	err := a.records.take(ctx, invitationKey(key))
	if errors.Is(err, errMissing) || errors.Is(err, errRaced) {
		return errors.Join(a.drop(ctx, accountID(made.Name), made),
			refuse(facilitator.Closed, "setup_used", "This set-up link was used already. Sign in instead."))
	}
	return err
}

// drop removes an account and everything that leads to it.
func (a *accounts) drop(ctx context.Context, id string, found account) error {
	return errors.Join(a.records.remove(ctx, handleKey(found.Handle)),
		a.endChains(ctx, id, func(refreshChain) bool { return true }), a.records.remove(ctx, accountPrefix+id))
}

// invitationView is one that is open. Its key is not known any more.
type invitationView struct {
	ID   string   `json:"id"`
	Role standing `json:"role"`
	Ends string   `json:"ends"` // a date
}

func (a *accounts) invitations(ctx context.Context) ([]invitationView, error) {
	keys, err := a.records.keys(ctx, invitationPrefix)
	all := []invitationView{}
	for _, key := range keys {
		var one invitation
		_, err := a.records.get(ctx, key, &one)
		if errors.Is(err, errMissing) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if a.now().After(one.Ends) {
			if err := a.records.remove(ctx, key); err != nil {
				return nil, err
			}
			continue
		}
		all = append(all, invitationView{ID: key[len(invitationPrefix):], Role: one.Role, Ends: one.Ends.UTC().Format(time.DateOnly)})
	}
	return all, err
}

func (s *Server) invite(c *fiber.Ctx) error {
	id, err := s.administers(c, s.proved)
	if err != nil {
		return err
	}
	var in struct{ Role standing }
	if err := body(c, &in); err != nil {
		return err
	}
	if in.Role != administrator && in.Role != facilitating {
		return invalid("standing", "A role is facilitator or administrator.")
	}
	key, ends := rand.Text(), s.now().Add(invitationLives)
	if err := s.records.create(c.UserContext(), invitationKey(key), invitation{Role: in.Role, By: id, Ends: ends}); err != nil {
		return err
	}
	return c.Status(fiber.StatusCreated).JSON(map[string]string{"link": s.link("/setup", key), "ends": ends.UTC().Format(time.DateOnly)})
}

func (s *Server) withdrawInvitation(c *fiber.Ctx) error {
	if _, err := s.administers(c, s.signedIn); err != nil {
		return err
	}
	which := c.Params("id")
	if raw, err := hex.DecodeString(which); err != nil || len(raw) != 32 {
		return refuse(facilitator.NotFound, "no_invitation", "This invitation was used or taken back already.")
	}
	if err := s.records.remove(c.UserContext(), invitationPrefix+which); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
