package server

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"mend/facilitator"
)

// factor is the second thing a password needs, where its owner asked for it: a time-based code (RFC 6238). The secret is
// sealed; it stands for nothing until a first code confirmed it.
type factor struct {
	Secret    []byte    `json:"secret"`
	Confirmed bool      `json:"confirmed,omitempty"`
	Step      int64     `json:"step,omitempty"` // of the last code taken: each is good once
	Misses    int       `json:"misses,omitempty"`
	Missed    time.Time `json:"missed,omitzero"`
}

const (
	codeEvery = 30 * time.Second
	codeSkew  = 1 // steps a phone's clock may be off, each way
	// After codeMisses wrong codes in a row, from wherever, the next has to wait: six digits are guessed in a million.
	codeMisses = 5
	codeWait   = time.Minute

	recoveryCodes  = 10
	recoveryLength = 16 // characters of base32: 80 bits
)

var codeForm = totp.ValidateOpts{Period: uint(codeEvery / time.Second), Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// offered is a fresh secret, as text and as the link a code app reads from a picture.
type offered struct {
	Secret string `json:"secret"`
	Link   string `json:"link"`
}

func totpPlace(id string) string { return "totp." + id }

// offerFactor keeps a new secret, to be confirmed.
func (a *accounts) offerFactor(ctx context.Context, id string) (offered, error) {
	var out offered
	_, err := a.amend(ctx, id, func(found *account) error {
		if found.Password == "" {
			return refuse(facilitator.Conflict, "no_password", "A code goes with a password, and you have none: your passkeys are safe without it.")
		}
		key, err := totp.Generate(totp.GenerateOpts{Issuer: "Mend", AccountName: found.Name, Period: codeForm.Period, Digits: codeForm.Digits, Algorithm: codeForm.Algorithm})
		if err != nil {
			return err
		}
		if found.Second != nil && found.Second.Confirmed {
			return refuse(facilitator.Conflict, "factor_there", "Codes are asked for already. Take them away first to begin anew.")
		}
		out = offered{Secret: key.Secret(), Link: key.URL()}
		found.Second = &factor{Secret: a.keys.seal([]byte(key.Secret()), totpPlace(id))}
		return nil
	})
	return out, err
}

// confirmFactor turns it on with a first code and answers the recovery codes, this once.
func (a *accounts) confirmFactor(ctx context.Context, id, code string) (codes []string, err error) {
	return codes, a.settleFactor(ctx, id, func(found *account) error {
		if found.Second == nil || found.Second.Confirmed {
			return refuse(facilitator.Conflict, "factor_not_offered", "Begin with a new picture for your code app.")
		}
		if err := a.takeCode(found, id, code); err != nil {
			return err
		}
		found.Second.Confirmed = true
		codes, found.Recovery = newRecovery()
		return nil
	})
}

func (a *accounts) removeFactor(ctx context.Context, id string) error {
	_, err := a.amend(ctx, id, func(found *account) error {
		if err := a.keepsSecond(ctx, account{Passkeys: found.Passkeys}); err != nil {
			return err
		}
		found.Second = nil
		return nil
	})
	return err
}

// renewRecovery replaces the recovery codes and answers the new ones, this once.
func (a *accounts) renewRecovery(ctx context.Context, id string) (codes []string, err error) {
	_, err = a.amend(ctx, id, func(found *account) error {
		codes, found.Recovery = newRecovery()
		return nil
	})
	return codes, err
}

// second takes a code of the app, or a recovery code in its place.
func (a *accounts) second(ctx context.Context, id, code string) error {
	return a.settleFactor(ctx, id, func(found *account) error {
		if !found.coded() || found.useRecovery(code) {
			return nil
		}
		return a.takeCode(found, id, code)
	})
}

// settleFactor keeps a wrong code's count although it is refused.
func (a *accounts) settleFactor(ctx context.Context, id string, edit func(*account) error) error {
	var refused error
	_, err := a.amend(ctx, id, func(found *account) error {
		refused = edit(found)
		if refused != nil && refused != errWrongCode {
			return refused
		}
		return nil
	})
	if err != nil {
		return err
	}
	return refused
}

var errWrongCode = error(&problem{Refusal: &facilitator.Refusal{Code: facilitator.Denied, Reason: "wrong_code",
	Message: "This code is not right, or was used already. Wait for the next one and try again."}, status: fiber.StatusUnauthorized})

// takeCode checks a code against this moment and the steps beside it, and counts it.
func (a *accounts) takeCode(found *account, id, code string) error {
	f, now := found.Second, a.now()
	if wait := f.Missed.Add(codeWait).Sub(now); f.Misses >= codeMisses && wait > 0 {
		return throttled(wait)
	}
	secret, err := a.keys.unseal(f.Secret, totpPlace(id))
	if err != nil {
		return err
	}
	code = strings.Join(strings.Fields(code), "")
	step := now.Unix() / int64(codeEvery/time.Second)
	for at := step - codeSkew; at <= step+codeSkew; at++ {
		want, err := totp.GenerateCodeCustom(string(secret), time.Unix(at*int64(codeEvery/time.Second), 0), codeForm)
		if err != nil {
			return err
		}
		if subtle.ConstantTimeCompare([]byte(code), []byte(want)) == 1 && at > f.Step {
			f.Step, f.Misses = at, 0
			return nil
		}
	}
	f.Misses, f.Missed = f.Misses+1, now
	return errWrongCode
}

// newRecovery makes codes to write down, and what is kept of them. They are as hard to guess as keys, so a plain hash will do.
func newRecovery() (codes []string, kept [][]byte) {
	for range recoveryCodes {
		raw := make([]byte, recoveryLength*5/8)
		rand.Read(raw)
		text := strings.ToLower(base32.StdEncoding.EncodeToString(raw))
		codes = append(codes, text[:4]+"-"+text[4:8]+"-"+text[8:12]+"-"+text[12:])
		kept = append(kept, recoveryDigest(text))
	}
	return codes, kept
}

func recoveryDigest(typed string) []byte {
	typed = strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToLower(typed))
	sum := sha256.Sum256([]byte(typed))
	return sum[:]
}

// useRecovery spends a recovery code.
func (found *account) useRecovery(code string) bool {
	sum := recoveryDigest(code)
	i := slices.IndexFunc(found.Recovery, func(kept []byte) bool { return subtle.ConstantTimeCompare(kept, sum) == 1 })
	if i >= 0 {
		found.Recovery = slices.Delete(slices.Clone(found.Recovery), i, i+1)
	}
	return i >= 0
}

// recover lets somebody in who lost their password, by a recovery code, and gives them a new one. An unknown name is
// answered like a wrong code, in words and in time.
func (a *accounts) recover(ctx context.Context, name, code, password string) (string, account, error) {
	if err := checkPassword(password, name); err != nil {
		return "", account{}, err
	}
	hash, err := a.passwords.hash(ctx, password)
	if err != nil {
		return "", account{}, err
	}
	id := accountID(name)
	found, err := change(ctx, a.records, accountPrefix+id, func(found *account) error {
		if !found.useRecovery(code) {
			return errWrongRecovery
		}
		found.Password = hash
		found.Epoch++
		return nil
	})
	if err != nil {
		if orNotSignedIn(err) != err {
			err = errWrongRecovery
		}
		return "", account{}, err
	}
	return id, found, a.endChains(ctx, id, func(refreshChain) bool { return true })
}

var errWrongRecovery = error(&problem{Refusal: &facilitator.Refusal{Code: facilitator.Denied, Reason: "wrong_recovery",
	Message: "This name and recovery code do not belong together, or the code was used. Check both, or ask an administrator for a link."}, status: fiber.StatusUnauthorized})
