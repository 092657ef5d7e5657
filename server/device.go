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

// signedInDevice is one browser that is signed in, as its owner sees it. Seen is a day, not an hour.
type signedInDevice struct {
	ID     string `json:"id"`
	Device string `json:"device"`
	Begun  string `json:"begun"` // dates, such as 2030-01-31
	Seen   string `json:"seen"`
	This   bool   `json:"this,omitempty"`
}

// browsers and systems in the order in which their names betray them: many carry the names of others.
var (
	browsers = [][2]string{{"Edg", "Edge"}, {"OPR", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"},
		{"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}}
	systems = [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "Mac"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}}
)

// deviceOf is what its owner will know this browser by, and no more: neither version nor address.
func deviceOf(c *fiber.Ctx) string {
	agent := c.Get(fiber.HeaderUserAgent)
	named := func(of [][2]string) string {
		i := slices.IndexFunc(of, func(n [2]string) bool { return strings.Contains(agent, n[0]) })
		if i < 0 {
			return ""
		}
		return of[i][1]
	}
	return strings.Trim(named(browsers)+", "+named(systems), ", ")
}

// devices lists where an account is signed in, the newest use first.
func (a *accounts) devices(ctx context.Context, id, cookie string) ([]signedInDevice, error) {
	keys, err := a.records.keys(ctx, refreshPrefix+id+".")
	if err != nil {
		return nil, err
	}
	_, this, _, _ := cutCookie(cookie)
	all := []signedInDevice{}
	for _, key := range keys {
		var chain refreshChain
		_, err := a.records.get(ctx, key, &chain)
		if errors.Is(err, errMissing) || err == nil && a.now().After(chain.Ends) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, signedInDevice{ID: strings.TrimPrefix(key, refreshPrefix+id+"."), Device: chain.Device,
			Begun: chain.Begun.UTC().Format(time.DateOnly), Seen: chain.Rotated.UTC().Format(time.DateOnly), This: key == this})
	}
	slices.SortFunc(all, func(a, b signedInDevice) int { return strings.Compare(b.Seen+a.ID, a.Seen+b.ID) })
	return all, nil
}

// signOutDevice ends one browser's sign-in. What it holds ends with it, so the present browser is answered a new token.
func (s *Server) signOutDevice(c *fiber.Ctx) error {
	said, _, err := s.token(c)
	if err != nil {
		return err
	}
	id, which, ctx := said.Subject, strings.Clone(c.Params("id")), c.UserContext()
	if _, this, _, ok := cutCookie(s.cookie(c)); !ok || this != refreshPrefix+id+"."+which {
		if _, _, err := s.proved(c); err != nil { // one's own may always be left
			return err
		}
	}
	if which == "" || strings.ContainsAny(which, ".*> ") {
		return refuse(facilitator.NotFound, "no_device", "This device is not signed in any more.")
	}
	found, err := s.accounts.amend(ctx, id, func(found *account) error { found.Epoch++; return nil })
	if err == nil {
		err = s.accounts.endChains(ctx, id, func(refreshChain) bool { return true }, refreshPrefix+id+"."+which)
	}
	if err != nil {
		return err
	}
	return s.answerSignIn(c, renewed{id: id, found: found, proved: time.Unix(said.Proved, 0)})
}
