package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"mend/facilitator"
)

// Audiences, so that a token for one thing never opens another.
const (
	tokenIssuer      = "mend"
	audienceRoom     = "room"
	audienceAccount  = "account"
	audienceSecond   = "second"   // the password was right; the second factor is asked for
	audienceCeremony = "ceremony" // what a passkey has to answer
)

const (
	// roomTokenLives long enough for a day of training and a dead battery; a session that closes ends it at once,
	// because the session's state decides who has a seat.
	roomTokenLives   = 24 * time.Hour
	accessTokenLives = 10 * time.Minute
	// ticketLives is how long somebody may look for their code or their passkey.
	ticketLives = 5 * time.Minute
)

// claims are the same for all audiences; each uses its own part. Subject is a person or an account.
type claims struct {
	jwt.RegisteredClaims
	Session  string           `json:"session,omitempty"`  // room
	Seat     facilitator.Role `json:"seat,omitempty"`     // room: "stage", or empty for a person
	Epoch    int              `json:"epoch,omitempty"`    // account, second: counts "sign out everywhere"
	Proved   int64            `json:"proved,omitempty"`   // account: when they last showed who they are, in Unix seconds
	Ceremony json.RawMessage  `json:"ceremony,omitempty"` // ceremony: what was asked of the passkey
}

func (k *keys) roomToken(session string, seat facilitator.Seat, now time.Time) (string, error) {
	c := claims{Session: session}
	c.Subject = string(seat.Person)
	if seat.Role == facilitator.Stage {
		c.Seat, c.Subject = facilitator.Stage, "stage"
	}
	return k.sign(c, audienceRoom, now, roomTokenLives)
}

func (k *keys) accessToken(account string, epoch int, proved, now time.Time) (string, error) {
	c := claims{Epoch: epoch, Proved: proved.Unix()}
	c.Subject = account
	return k.sign(c, audienceAccount, now, accessTokenLives)
}

func (k *keys) sign(c claims, audience string, now time.Time, lives time.Duration) (string, error) {
	c.Issuer, c.Audience = tokenIssuer, jwt.ClaimStrings{audience}
	c.IssuedAt, c.ExpiresAt = jwt.NewNumericDate(now), jwt.NewNumericDate(now.Add(lives))
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, c)
	kid, private := k.signing()
	token.Header["kid"] = kid
	return token.SignedString(private)
}

// parse is the only reader of tokens.
func (k *keys) parse(token, audience string, now func() time.Time) (claims, error) {
	var c claims
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithExpirationRequired(),
		jwt.WithIssuer(tokenIssuer), jwt.WithAudience(audience), jwt.WithIssuedAt(), jwt.WithStrictDecoding(), jwt.WithTimeFunc(now))
	_, err := parser.ParseWithClaims(token, &c, func(t *jwt.Token) (any, error) {
		kid, _ := t.Header["kid"].(string)
		if public, known := k.verifying(kid); known {
			return public, nil
		}
		return nil, fmt.Errorf("unknown key")
	})
	if err == nil && (c.Subject == "" || c.IssuedAt == nil || len(c.Audience) != 1) {
		err = errors.New("a claim is missing")
	}
	return c, err
}

// seat reads a room token. What the seat may do, and whether it still exists, is the session's to say.
func (k *keys) seat(token string, now func() time.Time) (session string, seat facilitator.Seat, err error) {
	c, err := k.parse(token, audienceRoom, now)
	if errors.Is(err, jwt.ErrTokenExpired) {
		return "", seat, refuse(facilitator.Denied, "token_expired", "This seat was left open too long ago. Enter the code again.")
	}
	if err != nil || c.Session == "" || c.Seat != "" && c.Seat != facilitator.Stage {
		return "", seat, refuse(facilitator.Denied, "token_unknown", "This device's pass to the room is not valid here. Enter the code again.")
	}
	if c.Seat == facilitator.Stage {
		return c.Session, facilitator.Seat{Role: facilitator.Stage}, nil
	}
	return c.Session, facilitator.Seat{Person: facilitator.PersonID(c.Subject)}, nil
}
