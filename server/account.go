package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"mend/facilitator"
)

// account is a facilitator's. Its key in the records is derived from the name, so one name has one account.
type account struct {
	Name     string    `json:"name"` // as typed; also how the room sees them
	Password string    `json:"password"`
	Epoch    int       `json:"epoch"` // raised by "sign out everywhere": older access tokens stop at once
	Created  time.Time `json:"created"`
}

const (
	accountPrefix = "account."
	// While nothing stands under firstAccountKey, the set-up link works.
	firstAccountKey = "first_account"
	setupPurpose    = "setup"
)

func accountID(name string) string {
	sum := sha256.Sum256([]byte(cases.Fold().String(norm.NFKC.String(strings.TrimSpace(name)))))
	return hex.EncodeToString(sum[:16])
}

// accounts keep who may open sessions.
type accounts struct {
	records   *records
	passwords *passwords
	keys      *keys
	now       func() time.Time
}

// firstAccount is claimed and described in one write, so that two who hold the set-up link cannot both get in. The
// account itself is a second write, made again by whoever finds it missing.
type firstAccount struct {
	ID      string  `json:"id"`
	Account account `json:"account"`
}

// setupKey is the key of the one-time set-up link, empty once the first account exists.
func (a *accounts) setupKey(ctx context.Context) (string, error) {
	var first firstAccount
	_, err := a.records.get(ctx, firstAccountKey, &first)
	switch {
	case errors.Is(err, errMissing):
		return a.keys.link(setupPurpose, ""), nil
	case err != nil:
		return "", err
	}
	return "", a.stand(ctx, first)
}

// setUp makes the first account for whoever holds the link.
func (a *accounts) setUp(ctx context.Context, key, name, password string) (string, account, error) {
	if !a.keys.opens(key, setupPurpose, "") {
		return "", account{}, refuse(facilitator.Denied, "setup_key", "This set-up link is not valid here. Use the one the server printed when it started.")
	}
	id, made, err := a.compose(ctx, name, password)
	if err != nil {
		return "", account{}, err
	}
	first := firstAccount{ID: id, Account: made}
	err = a.records.create(ctx, firstAccountKey, first)
	if errors.Is(err, errRaced) {
		return "", account{}, refuse(facilitator.Closed, "setup_used", "This set-up link was used already. Sign in instead.")
	}
	if err != nil {
		return "", account{}, err
	}
	return id, made, a.stand(ctx, first)
}

func (a *accounts) stand(ctx context.Context, first firstAccount) error {
	err := a.records.create(ctx, accountPrefix+first.ID, first.Account)
	if errors.Is(err, errRaced) {
		return nil
	}
	return err
}

func (a *accounts) compose(ctx context.Context, name, password string) (string, account, error) {
	name, err := facilitator.CleanAlias(name)
	if err != nil {
		return "", account{}, err
	}
	if err := checkPassword(password); err != nil {
		return "", account{}, err
	}
	hash, err := a.passwords.hash(ctx, password)
	return accountID(name), account{Name: name, Password: hash, Created: a.now()}, err
}

// signIn answers an unknown name and a wrong password alike, in words and in time.
func (a *accounts) signIn(ctx context.Context, name, password string) (string, account, error) {
	var found account
	id := accountID(name)
	if _, err := a.records.get(ctx, accountPrefix+id, &found); err != nil && !errors.Is(err, errMissing) {
		return "", account{}, err
	}
	if len(password) > 4*passwordLongest {
		password = password[:4*passwordLongest]
	}
	ok, err := a.passwords.matches(ctx, password, found.Password)
	if err != nil {
		return "", account{}, err
	}
	if !ok {
		return "", account{}, errWrongPassword
	}
	return id, found, nil
}

var errWrongPassword = error(&problem{Refusal: &facilitator.Refusal{Code: facilitator.Denied, Reason: "wrong_sign_in",
	Message: "This name and password do not belong together. Check both and try again."}, status: 401})

// byToken is the account an access token speaks for.
func (a *accounts) byToken(ctx context.Context, token string) (string, account, error) {
	var found account
	c, err := a.keys.parse(token, audienceAccount, a.now)
	if err != nil {
		return "", account{}, notSignedIn()
	}
	if _, err = a.records.get(ctx, accountPrefix+c.Subject, &found); errors.Is(err, errMissing) || err == nil && c.Epoch != found.Epoch {
		return "", account{}, notSignedIn()
	}
	return c.Subject, found, err
}
