package server

import (
	"context"
	"crypto/rand"
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
	Role     standing  `json:"role"`
	Password string    `json:"password,omitempty"` // none, if they sign in with passkeys alone
	Handle   []byte    `json:"handle"`             // what passkeys know the account by: random, so that they tell nobody the name
	Passkeys []passkey `json:"passkeys,omitempty"`
	Second   *factor   `json:"second,omitempty"`
	Recovery [][]byte  `json:"recovery,omitempty"` // SHA-256 of the codes not yet used
	Spent    []spent   `json:"spent,omitempty"`    // challenges already answered
	Epoch    int       `json:"epoch"`              // raised by "sign out everywhere": older access tokens stop at once
	Created  time.Time `json:"created"`
}

// standing is what an account may do for the organisation besides leading sessions.
type standing string

const (
	administrator standing = "administrator"
	facilitating  standing = "facilitator"
)

const (
	accountPrefix = "account."
	// While nothing stands under firstAccountKey, the set-up link works.
	firstAccountKey = "first_account"
	setupPurpose    = "setup"

	handlePrefix = "handle." // names the account a passkey belongs to
)

func accountID(name string) string {
	sum := sha256.Sum256([]byte(cases.Fold().String(norm.NFKC.String(strings.TrimSpace(name)))))
	return hex.EncodeToString(sum[:16])
}

func newHandle() []byte {
	handle := make([]byte, 32)
	rand.Read(handle)
	return handle
}

func handleKey(handle []byte) string { return handlePrefix + hex.EncodeToString(handle) }

// accounts keep who may open sessions.
type accounts struct {
	records   *records
	passwords *passwords
	keys      *keys
	now       func() time.Time
}

// firstAccount is claimed and described in one write, so that two who hold the set-up link cannot both get in. The
// account itself is a second write, made again by whoever finds it missing; then Account is dropped here, so that an
// account somebody removed does not come back.
type firstAccount struct {
	ID      string   `json:"id"`
	Account *account `json:"account,omitempty"`
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
func (a *accounts) setUp(ctx context.Context, made account) error {
	made.Role = administrator
	first := firstAccount{ID: accountID(made.Name), Account: &made}
	err := a.records.create(ctx, firstAccountKey, first)
	if errors.Is(err, errRaced) {
		return refuse(facilitator.Closed, "setup_used", "This set-up link was used already. Sign in instead.")
	}
	if err != nil {
		return err
	}
	return a.stand(ctx, first)
}

func (a *accounts) stand(ctx context.Context, first firstAccount) error {
	if first.Account == nil {
		return nil
	}
	if err := a.put(ctx, *first.Account); err != nil && !errors.Is(err, errNameTaken) {
		return err
	}
	_, err := change(ctx, a.records, firstAccountKey, func(f *firstAccount) error {
		f.Account = nil
		return nil
	})
	return err
}

// put keeps a new account, and where passkeys find it.
func (a *accounts) put(ctx context.Context, made account) error {
	id := accountID(made.Name)
	err := a.records.create(ctx, accountPrefix+id, made)
	if errors.Is(err, errRaced) {
		return errNameTaken
	}
	if err != nil {
		return err
	}
	if err := a.records.create(ctx, handleKey(made.Handle), pointer(id)); !errors.Is(err, errRaced) {
		return err
	}
	return nil // a set-up that stopped halfway is being finished
}

var errNameTaken = refuse(facilitator.Conflict, "name_taken", "Somebody here goes by this name already. Add a second name or an initial.")

// compose is a new account, not kept yet. Its password may be empty where a passkey will be added.
func (a *accounts) compose(ctx context.Context, name, password string) (made account, err error) {
	if name, err = facilitator.CleanAlias(name); err != nil {
		return account{}, err
	}
	made = account{Name: name, Role: facilitating, Handle: newHandle(), Created: a.now()}
	if password == "" {
		return made, nil
	}
	if err := checkPassword(password, name); err != nil {
		return account{}, err
	}
	made.Password, err = a.passwords.hash(ctx, password)
	return made, err
}

// signIn answers an unknown name and a wrong password alike, in words and in time.
func (a *accounts) signIn(ctx context.Context, name, password string) (string, account, error) {
	var found account
	id := accountID(name)
	if _, err := a.records.get(ctx, accountPrefix+id, &found); err != nil && !errors.Is(err, errMissing) {
		return "", account{}, err
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

// byToken is the account an access token speaks for, and what else the token says.
func (a *accounts) byToken(ctx context.Context, token string) (claims, account, error) {
	var found account
	c, err := a.keys.parse(token, audienceAccount, a.now)
	if err != nil {
		return claims{}, account{}, notSignedIn()
	}
	if _, err = a.records.get(ctx, accountPrefix+c.Subject, &found); errors.Is(err, errMissing) || err == nil && c.Epoch != found.Epoch {
		return claims{}, account{}, notSignedIn()
	}
	return c, found, err
}

// noted is an account as it stands.
func (a *accounts) noted(ctx context.Context, id string) (found account, err error) {
	_, err = a.records.get(ctx, accountPrefix+id, &found)
	return found, orNotSignedIn(err)
}

// amend changes an account.
func (a *accounts) amend(ctx context.Context, id string, edit func(*account) error) (account, error) {
	found, err := change(ctx, a.records, accountPrefix+id, edit)
	if errors.Is(err, errMissing) {
		return found, notSignedIn()
	}
	return found, err
}
