package server

import (
	"net/http"
	"slices"
	"testing"
	"time"
)

func TestAnOrganisationDemandsMoreThanAPassword(t *testing.T) {
	w := newWorld(t)
	rosa := w.setUpAccount("Rosa")
	ben := w.invited(rosa, "Ben", facilitating)
	demand := func(in signedInView, demanded bool, from string) answer {
		return w.post("/api/organisation/demand", map[string]any{"demanded": demanded, "from": from}, bearer(in)...)
	}
	demand(ben, true, "").refused(403, "denied", "not_administrator")
	demand(rosa, true, "").refused(409, "conflict", "second_first")

	var offer offered
	w.post("/api/account/codes", nil, bearer(rosa)...).into(&offer)
	w.post("/api/account/codes/confirm", map[string]string{"code": w.codeFor(offer.Secret)}, bearer(rosa)...).into(&recoveryView{})
	demand(rosa, true, "soon").refused(400, "invalid", "date")

	// From a day on: until then everybody is only told.
	day := w.now().Add(36 * time.Hour).UTC().Format(time.DateOnly)
	if got := demand(rosa, true, day); got.status != 204 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	var at home
	w.get("/api/home", bearer(ben)...).into(&at)
	if at.Demanded != day {
		t.Errorf("Ben is told %q, not %q", at.Demanded, day)
	}
	if all := w.members(rosa); !all["Ben"].Lacks || all["Rosa"].Lacks {
		t.Errorf("members %+v", all)
	}
	w.post("/api/account/codes/remove", nil, bearer(rosa)...).refused(409, "conflict", "second_kept")
	w.clock.advance(48 * time.Hour)
	ben = w.password("Ben", goodPassword)

	// From then on: nothing but setting one up, wherever they are signed in.
	for _, path := range []string{"/api/home", "/api/programmes/x", "/api/organisation"} {
		w.get(path, bearer(ben)...).refused(403, "denied", "second_demanded")
	}
	w.post("/api/sessions", map[string]string{"programme": w.programmes[0].ID}, bearer(ben)...).refused(403, "denied", "second_demanded")
	w.post("/api/account/recovery", nil, bearer(ben)...).refused(403, "denied", "second_demanded")
	var self selfView
	w.get("/api/account", bearer(ben)...).into(&self)
	if self.Demanded != day {
		t.Errorf("Ben's account is told %q", self.Demanded)
	}
	w.post("/api/account/codes", nil, bearer(ben)...).into(&offer)
	w.post("/api/account/codes/confirm", map[string]string{"code": w.codeFor(offer.Secret)}, bearer(ben)...).into(&recoveryView{})
	w.get("/api/home", bearer(ben)...).into(&home{})
	if again := w.password("Ben", goodPassword); again.Access != "" || again.Second == "" {
		t.Errorf("a password alone answers %+v", again)
	}
	w.post("/api/account/codes/remove", nil, bearer(ben)...).refused(409, "conflict", "second_kept")

	w.get("/api/organisation/trail", bearer(ben)...).refused(403, "denied", "not_administrator")
	eventually(t, func() bool {
		entries, whole, err := w.trail.read(t.Context())
		must(t, err)
		return whole && slices.ContainsFunc(entries, func(e trailEntry) bool {
			return e.Action == "organisation.demand" && e.Role == "administrator" && e.Result == "done"
		})
	})
}

// Who has a passkey beside a password cannot get in by the password alone; without the demand they can.
func TestAPasswordBesideAPasskeyIsNotEnough(t *testing.T) {
	w := newWorld(t)
	w.setUpAccount("Rosa")
	id := accountID("Rosa")
	_, err := w.accounts.amend(t.Context(), id, func(found *account) error {
		found.Passkeys = []passkey{{Label: "key"}}
		return nil
	})
	must(t, err)
	rosa := w.password("Rosa", goodPassword)
	if got := w.post("/api/organisation/demand", map[string]any{"demanded": true}, bearer(rosa)...); got.status != 204 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	w.post("/api/signin", map[string]string{"name": "Rosa", "password": goodPassword}).refused(403, "denied", "passkey_demanded")
	w.post("/api/prove", map[string]string{"password": goodPassword}, bearer(rosa)...).refused(403, "denied", "passkey_demanded")
	w.post("/api/signin", map[string]string{"name": "Rosa", "password": "five mild otters swam"}).refused(401, "denied", "wrong_sign_in")
	if got := w.post("/api/organisation/demand", map[string]any{"demanded": false}, bearer(rosa)...); got.status != 204 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if in := w.password("Rosa", goodPassword); in.Access == "" {
		t.Error("the password does not open the account")
	}
}

// A browser on which a password alone was shown has to show more from the day on, also where it was signed in long before;
// the one on which it is set up goes on.
func TestTheDemandReachesBrowsersThatAreSignedIn(t *testing.T) {
	w := newWorld(t)
	w.setUpAccount("Rosa")
	before := w.client
	rosa := w.password("Rosa", goodPassword)
	here := w.client
	refreshed := func(of *http.Client) answer { return w.ask(of, "POST", "/api/refresh", nil) }

	var offer offered
	w.post("/api/account/codes", nil, bearer(rosa)...).into(&offer)
	w.post("/api/account/codes/confirm", map[string]string{"code": w.codeFor(offer.Secret)}, bearer(rosa)...).into(&recoveryView{})
	refreshed(before).into(&signedInView{})
	if got := w.post("/api/organisation/demand", map[string]any{"demanded": true, "from": w.now().Add(36 * time.Hour).UTC().Format(time.DateOnly)}, bearer(rosa)...); got.status != 204 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	refreshed(before).into(&signedInView{})
	w.clock.advance(48 * time.Hour)
	refreshed(before).refused(401, "denied", "not_signed_in")
	refreshed(here).into(&rosa)

	w.client = newBrowser()
	var in signedInView
	w.post("/api/signin", map[string]string{"name": "Rosa", "password": goodPassword}).into(&in)
	w.post("/api/signin/second", map[string]string{"ticket": in.Second, "code": w.codeFor(offer.Secret)}).into(&in)
	w.post("/api/refresh", nil).into(&in)
	w.post("/api/account/password", map[string]string{"password": goodPassword + " again"}, bearer(in)...).into(&in)
	w.post("/api/refresh", nil).into(&in)
	refreshed(here).refused(401, "denied", "not_signed_in")
}
