package server

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"strings"
	"time"
)

// A refresh chain is one signed-in browser. Its cookie is account.chain.secret; each use replaces the secret. A secret
// that was replaced before and comes again means that two hold the same cookie: the chain ends for both.
type refreshChain struct {
	Device   string    `json:"device"` // what its owner knows it by, such as "Firefox, Android"; no version, no address
	Begun    time.Time `json:"begun"`
	Proved   time.Time `json:"proved"`           // when a password or passkey was last shown on it
	Second   bool      `json:"second,omitempty"` // more than a password was shown on it, or set up
	Secret   []byte    `json:"secret"`           // SHA-256
	Previous []byte    `json:"previous,omitempty"`
	Rotated  time.Time `json:"rotated"`
	Ends     time.Time `json:"ends"`
}

const (
	refreshPrefix = "refresh."
	refreshLives  = 30 * 24 * time.Hour
	// refreshGrace lets two tabs of one browser refresh in the same moment: the later one presents the secret the
	// earlier one just replaced, and is answered without a new cookie (the browser has it already).
	refreshGrace = 10 * time.Second
)

// startChain begins one and sweeps the account's expired ones.
func (a *accounts) startChain(ctx context.Context, id, device string, second bool) (cookie string, err error) {
	if err := a.endChains(ctx, id, func(c refreshChain) bool { return a.now().After(c.Ends) }); err != nil {
		return "", err
	}
	chain, secret := rand.Text(), rand.Text()
	now := a.now()
	fresh := refreshChain{Device: device, Begun: now, Proved: now, Second: second, Secret: digest(secret), Rotated: now, Ends: now.Add(refreshLives)}
	return id + "." + chain + "." + secret, a.records.create(ctx, refreshPrefix+id+"."+chain, fresh)
}

// renewed is what a refresh comes to. The cookie is empty when the present one stays right.
type renewed struct {
	id     string
	found  account
	proved time.Time
	cookie string
}

func (a *accounts) refresh(ctx context.Context, cookie string) (r renewed, err error) {
	id, key, secret, ok := cutCookie(cookie)
	if !ok {
		return r, notSignedIn()
	}
	r.id = id
	if _, err := a.records.get(ctx, accountPrefix+id, &r.found); err != nil {
		return r, orNotSignedIn(err)
	}
	demanded, err := a.demanded(ctx)
	if err != nil {
		return r, err
	}
	fresh, stolen := rand.Text(), false
	_, err = change(ctx, a.records, key, func(c *refreshChain) error {
		now, sum := a.now(), digest(secret)
		stolen, r.proved = false, c.Proved
		switch {
		case now.After(c.Ends), demanded && !c.Second && !r.found.lacks(): // they have one, and it was not shown here
			return notSignedIn()
		case subtle.ConstantTimeCompare(sum, c.Secret) == 1:
			c.Secret, c.Previous, c.Rotated, c.Ends = digest(fresh), sum, now, now.Add(refreshLives)
			return nil
		case subtle.ConstantTimeCompare(sum, c.Previous) == 1 && now.Sub(c.Rotated) < refreshGrace:
			return errKeepCookie
		}
		stolen = true
		return notSignedIn()
	})
	switch {
	case stolen:
		return r, errors.Join(a.records.remove(ctx, key), notSignedIn())
	case errors.Is(err, errKeepCookie):
		return r, nil
	case err != nil:
		return r, orNotSignedIn(err)
	}
	r.cookie = strings.TrimSuffix(cookie, secret) + fresh
	return r, nil
}

// showed reports whether more than a password was shown on the browser with this cookie.
func (a *accounts) showed(ctx context.Context, cookie string) (bool, error) {
	var c refreshChain
	_, key, secret, ok := cutCookie(cookie)
	if !ok {
		return false, nil
	}
	_, err := a.records.get(ctx, key, &c)
	if errors.Is(err, errMissing) {
		err = nil
	}
	return c.Second && c.holds(secret), err
}

// shows notes that more than a password was shown on it.
func (a *accounts) shows(ctx context.Context, cookie string) error {
	_, key, secret, ok := cutCookie(cookie)
	if !ok {
		return nil
	}
	_, err := change(ctx, a.records, key, func(c *refreshChain) error {
		if !c.holds(secret) {
			return errMissing
		}
		c.Second = true
		return nil
	})
	if errors.Is(err, errMissing) {
		err = nil
	}
	return err
}

func (c refreshChain) holds(secret string) bool {
	return subtle.ConstantTimeCompare(digest(secret), c.Secret) == 1
}

var errKeepCookie = errors.New("the cookie was just rotated")

func orNotSignedIn(err error) error {
	if errors.Is(err, errMissing) {
		return notSignedIn()
	}
	return err
}

// signOut ends one browser's chain. A cookie that is not one is signed out already.
func (a *accounts) signOut(ctx context.Context, cookie string) error {
	id, key, secret, ok := cutCookie(cookie)
	if !ok {
		return nil
	}
	return a.endChains(ctx, id, func(c refreshChain) bool { return c.holds(secret) }, key)
}

// signOutEverywhere ends all chains and every access token already handed out.
func (a *accounts) signOutEverywhere(ctx context.Context, id string) error {
	_, err := change(ctx, a.records, accountPrefix+id, func(found *account) error {
		found.Epoch++
		return nil
	})
	return errors.Join(err, a.endChains(ctx, id, func(refreshChain) bool { return true }))
}

// endChains removes those of an account's chains (or of the named ones) that ends agrees to.
func (a *accounts) endChains(ctx context.Context, id string, ends func(refreshChain) bool, named ...string) (err error) {
	if named == nil {
		if named, err = a.records.keys(ctx, refreshPrefix+id+"."); err != nil {
			return err
		}
	}
	for _, key := range named {
		var c refreshChain
		_, err := a.records.get(ctx, key, &c)
		if errors.Is(err, errMissing) || err == nil && !ends(c) {
			continue
		}
		if err == nil {
			err = a.records.remove(ctx, key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func cutCookie(cookie string) (id, key, secret string, ok bool) {
	parts := strings.Split(cookie, ".")
	if len(parts) != 3 || len(cookie) > 200 || strings.ContainsAny(cookie, "*> ") {
		return "", "", "", false
	}
	return parts[0], refreshPrefix + parts[0] + "." + parts[1], parts[2], true
}

func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
