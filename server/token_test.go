package server

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"mend/facilitator"
)

func testKeys(t *testing.T) *keys {
	t.Helper()
	k := &keys{now: time.Now}
	must(t, k.use(testKeyring()))
	return k
}

func testKeyring() Keyring {
	return Keyring{Tokens: []Key{newKey(time.Now())}, Links: []Key{newKey(time.Now())}, Seals: []Key{newKey(time.Now())}}
}

func (k *keys) kid() string {
	kid, _ := k.signing()
	return kid
}

func TestARoomTokenNamesItsSeat(t *testing.T) {
	k := testKeys(t)
	for _, seat := range []facilitator.Seat{{Person: "p1"}, {Role: facilitator.Stage}} {
		token, err := k.roomToken("s1", seat, time.Now())
		must(t, err)
		session, got, err := k.seat(token, time.Now)
		if err != nil || session != "s1" || got != seat {
			t.Errorf("%+v came back as %+v in %q, %v", seat, got, session, err)
		}
	}
}

// forge signs claims as told, whatever they are.
func forge(t *testing.T, method jwt.SigningMethod, key any, kid any, c jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, c)
	if kid != nil {
		token.Header["kid"] = kid
	}
	signed, err := token.SignedString(key)
	must(t, err)
	return signed
}

func TestForgedForeignAndExpiredTokens(t *testing.T) {
	k := testKeys(t)
	k1, private := k.signing()
	_, foreign := testKeys(t).signing()
	now := time.Now()
	good := func(change func(jwt.MapClaims)) jwt.MapClaims {
		c := jwt.MapClaims{"iss": "mend", "aud": "room", "sub": "p1", "session": "s1", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()}
		change(c)
		return c
	}
	as := func(c jwt.MapClaims) string { return forge(t, jwt.SigningMethodEdDSA, private, k1, c) }
	without := func(name string) string { return as(good(func(c jwt.MapClaims) { delete(c, name) })) }
	with := func(name string, value any) string { return as(good(func(c jwt.MapClaims) { c[name] = value })) }
	plain := good(func(jwt.MapClaims) {})
	if _, _, err := k.seat(as(plain), time.Now); err != nil {
		t.Fatalf("the good one was refused: %v", err)
	}
	public, _ := k.verifying(k1)
	spki, err := x509.MarshalPKIXPublicKey(public)
	must(t, err)
	for name, token := range map[string]string{
		"alg none":                      forge(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, k1, plain),
		"HS256 with the public key":     forge(t, jwt.SigningMethodHS256, []byte(public), k1, plain),
		"HS256 with its DER":            forge(t, jwt.SigningMethodHS256, spki, k1, plain),
		"another server's key":          forge(t, jwt.SigningMethodEdDSA, foreign, k1, plain),
		"unknown kid":                   forge(t, jwt.SigningMethodEdDSA, private, "k2", plain),
		"no kid":                        forge(t, jwt.SigningMethodEdDSA, private, nil, plain),
		"kid of another type":           forge(t, jwt.SigningMethodEdDSA, private, []string{k1}, plain),
		"account's audience":            with("aud", "account"),
		"two audiences":                 with("aud", []string{"room", "account"}),
		"foreign issuer":                with("iss", "elsewhere"),
		"from the future":               with("iat", now.Add(time.Hour).Unix()),
		"a role nobody is given":        with("seat", "facilitator"),
		"system's seat":                 with("seat", "system"),
		"no exp":                        without("exp"),
		"no iss":                        without("iss"),
		"no aud":                        without("aud"),
		"no sub":                        without("sub"),
		"no iat":                        without("iat"),
		"no session":                    without("session"),
		"empty":                         "",
		"not a token":                   "hello",
		"changed claims, old signature": resign(t, as(plain)),
	} {
		_, _, err := k.seat(token, time.Now)
		if refusal := (*facilitator.Refusal)(nil); !errors.As(err, &refusal) || refusal.Code != facilitator.Denied || refusal.Reason != "token_unknown" {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, _, err = k.seat(with("exp", now.Add(-time.Second).Unix()), time.Now)
	if refusal := (*facilitator.Refusal)(nil); !errors.As(err, &refusal) || refusal.Reason != "token_expired" {
		t.Errorf("expired: %v", err)
	}
}

// resign puts other claims before a token's own signature.
func resign(t *testing.T, token string) string {
	t.Helper()
	parts := strings.Split(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	must(t, err)
	var c map[string]any
	must(t, json.Unmarshal(raw, &c))
	c["sub"] = "p2"
	raw, err = json.Marshal(c)
	must(t, err)
	return parts[0] + "." + base64.RawURLEncoding.EncodeToString(raw) + "." + parts[2]
}

func TestARoomTokenOpensNoAccount(t *testing.T) {
	w := newWorld(t)
	demo, lead := w.demoSession()
	w.get("/api/home", "Authorization", "Bearer "+lead.Token).refused(401, "denied", "not_signed_in")
	access, err := w.keys.accessToken("a1", 0, w.now(), w.now())
	must(t, err)
	if _, _, err := w.keys.seat(access, w.now); err == nil {
		t.Errorf("an access token opened a room of %s", demo.Session)
	}
	w.get("/api/home", "Authorization", "Bearer "+access).refused(401, "denied", "not_signed_in")
}

func TestKeysAreSharedByAllNodesOfOneStore(t *testing.T) {
	w := newWorld(t)
	made := make(chan *keys, 8)
	for range cap(made) {
		go func() {
			k, err := openKeys(t.Context(), w.records, nil, time.Now)
			if err != nil {
				t.Error(err)
			}
			made <- k
		}()
	}
	for range cap(made) {
		if k := <-made; k == nil || k.kid() != w.keys.kid() || k.link("stage", "s1") != w.keys.link("stage", "s1") {
			t.Errorf("a node has keys of its own: %+v", k)
		}
	}
	must(t, w.records.remove(t.Context(), keysKey))
	for range cap(made) {
		go func() {
			k, err := openKeys(t.Context(), w.records, nil, time.Now)
			if err != nil {
				t.Error(err)
			}
			made <- k
		}()
	}
	first := <-made
	for range cap(made) - 1 {
		if k := <-made; k.kid() != first.kid() {
			t.Errorf("of nodes starting at once, one has keys of its own")
		}
	}
}
