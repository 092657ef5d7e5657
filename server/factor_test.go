package server

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// codeFor is what a code app shows at the world's time.
func (w *world) codeFor(secret string) string {
	w.t.Helper()
	code, err := totp.GenerateCodeCustom(secret, w.now(), codeForm)
	must(w.t, err)
	return code
}

// withCodes is an account that asks for a code after its password.
func (w *world) withCodes(name string) (in signedInView, secret string, recovery []string) {
	w.t.Helper()
	in = w.setUpAccount(name)
	var offer offered
	w.post("/api/account/codes", nil, bearer(in)...).into(&offer)
	w.post("/api/account/codes/confirm", map[string]string{"code": "000000"}, bearer(in)...).refused(401, "denied", "wrong_code")
	var codes recoveryView
	w.post("/api/account/codes/confirm", map[string]string{"code": w.codeFor(offer.Secret)}, bearer(in)...).into(&codes)
	return in, offer.Secret, codes.Codes
}

func (w *world) password(name, password string) (in signedInView) {
	w.t.Helper()
	w.client = newBrowser()
	w.post("/api/signin", map[string]string{"name": name, "password": password}).into(&in)
	return in
}

func TestACodeIsAskedForAfterThePassword(t *testing.T) {
	w := newWorld(t)
	w.clock.stand() // a code is another every 30 s
	_, secret, recovery := w.withCodes("Rosa")
	in := w.password("Rosa", goodPassword)
	if in.Access != "" || in.Second == "" || w.cookieValue() != "" {
		t.Fatalf("a password alone answers %+v", in)
	}
	w.get("/api/home", "Authorization", "Bearer "+in.Second).refused(401, "denied", "not_signed_in")
	used := w.codeFor(secret)
	second := func(code string) answer {
		return w.post("/api/signin/second", map[string]string{"ticket": in.Second, "code": code})
	}
	second(used).refused(401, "denied", "wrong_code") // it confirmed the app, and is good once
	w.clock.advance(codeEvery)
	second(w.codeFor(secret)).into(&signedInView{})
	second(w.codeFor(secret)).refused(401, "denied", "wrong_code")
	second(" " + recovery[0][:9] + recovery[0][9:] + " ").into(&signedInView{})
	second(recovery[0]).refused(401, "denied", "wrong_code")
	w.post("/api/signin/second", map[string]string{"ticket": "x", "code": recovery[1]}).refused(401, "denied", "not_signed_in")
	w.clock.advance(ticketLives)
	second(recovery[1]).refused(401, "denied", "not_signed_in")
}

func TestCodesAreNotGuessed(t *testing.T) {
	w := newWorld(t)
	w.clock.stand()
	_, secret, _ := w.withCodes("Rosa")
	w.clock.advance(time.Minute)
	in := w.password("Rosa", goodPassword)
	for range codeMisses {
		w.signIns = newThrottle(10, time.Second) // as from addresses everywhere
		w.post("/api/signin/second", map[string]string{"ticket": in.Second, "code": "000000"}).refused(401, "denied", "wrong_code")
	}
	w.post("/api/signin/second", map[string]string{"ticket": in.Second, "code": w.codeFor(secret)}).refused(429, "denied", "throttled")
	w.clock.advance(codeWait)
	w.post("/api/signin/second", map[string]string{"ticket": in.Second, "code": w.codeFor(secret)}).into(&signedInView{})
}

func TestAForgottenPassword(t *testing.T) {
	w := newWorld(t)
	in, _, recovery := w.withCodes("Rosa")
	const fresh = "five mild otters swim"
	try := func(name, code, password string) answer {
		return w.post("/api/recover", map[string]string{"name": name, "code": code, "password": password})
	}
	wrong := try("Rosa", "abcd-efgh-ijkl-mnop", fresh).refused(401, "denied", "wrong_recovery")
	nobody := try("Nobody", recovery[0], fresh).refused(401, "denied", "wrong_recovery")
	if string(wrong.body) != string(nobody.body) {
		t.Errorf("answers differ: %s, %s", wrong.body, nobody.body)
	}
	try("Rosa", recovery[0], "short").refused(400, "invalid", "password_length")
	try("Rosa", recovery[0], fresh).into(&signedInView{})
	try("Rosa", recovery[0], fresh).refused(401, "denied", "wrong_recovery")
	w.get("/api/home", bearer(in)...).refused(401, "denied", "not_signed_in")
	w.client = newBrowser()
	w.post("/api/signin", map[string]string{"name": "Rosa", "password": goodPassword}).refused(401, "denied", "wrong_sign_in")
	if in := w.password("Rosa", fresh); in.Second == "" {
		t.Error("the new password asks for no code any more")
	}
}

func TestTheSecretOfACodeAppIsSealed(t *testing.T) {
	w := newWorld(t)
	_, secret, _ := w.withCodes("Rosa")
	found, err := w.accounts.noted(t.Context(), accountID("Rosa"))
	must(t, err)
	plain, err := w.keys.unseal(found.Second.Secret, totpPlace(accountID("Rosa")))
	if err != nil || string(plain) != secret || string(found.Second.Secret) == secret {
		t.Errorf("kept as %q, which opens as %q: %v", found.Second.Secret, plain, err)
	}
	if _, err := w.keys.unseal(found.Second.Secret, totpPlace("another")); err == nil {
		t.Error("one account's secret opens as another's")
	}
}

func TestWhatCannotBeTakenBackNeedsAFreshProof(t *testing.T) {
	w := newWorld(t)
	in, secret, _ := w.withCodes("Rosa")
	w.clock.advance(proofLasts + time.Second)
	w.post("/api/refresh", nil).into(&in) // a cookie proves nothing about who sits there
	w.post("/api/account/codes/remove", nil, bearer(in)...).refused(401, "denied", "prove_again")
	w.post("/api/prove", map[string]string{"password": "three wet herons", "code": w.codeFor(secret)}, bearer(in)...).refused(401, "denied", "wrong_sign_in")
	w.post("/api/prove", map[string]string{"password": goodPassword, "code": "000000"}, bearer(in)...).refused(401, "denied", "wrong_code")
	w.post("/api/prove", map[string]string{"password": goodPassword, "code": w.codeFor(secret)}, bearer(in)...).into(&in)
	if got := w.post("/api/account/codes/remove", nil, bearer(in)...); got.status != 204 {
		t.Errorf("status %d: %s", got.status, got.body)
	}
	if in := w.password("Rosa", goodPassword); in.Access == "" {
		t.Error("a code is still asked for")
	}
}
