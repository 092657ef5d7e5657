package server

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/descope/virtualwebauthn"
)

// atName is the address of a test's server under a name, which passkeys need.
func (w *world) atName() string { return strings.Replace(w.base, "127.0.0.1", "localhost", 1) }

// key is an authenticator with one passkey for this world.
type key struct {
	w    *world
	rp   virtualwebauthn.RelyingParty
	auth virtualwebauthn.Authenticator
	cred virtualwebauthn.Credential
}

func (w *world) newKey() *key {
	w.base = w.atName()
	return &key{w: w, rp: virtualwebauthn.RelyingParty{ID: "localhost", Name: "Mend", Origin: w.base},
		auth: virtualwebauthn.NewAuthenticator(), cred: virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)}
}

type question struct {
	PublicKey json.RawMessage
	Ticket    string
}

// make answers a question for a new passkey.
func (k *key) make(q question) map[string]any {
	k.w.t.Helper()
	options, err := virtualwebauthn.ParseAttestationOptions(string(q.PublicKey))
	must(k.w.t, err)
	k.auth.Options.UserHandle = []byte(options.UserID)
	made := virtualwebauthn.CreateAttestationResponse(k.rp, k.auth, k.cred, *options)
	return map[string]any{"ticket": q.Ticket, "credential": json.RawMessage(made), "label": "Laptop"}
}

// show answers a question for one that is there.
func (k *key) show(q question) map[string]any {
	k.w.t.Helper()
	options, err := virtualwebauthn.ParseAssertionOptions(string(q.PublicKey))
	must(k.w.t, err)
	k.cred.Counter++
	shown := virtualwebauthn.CreateAssertionResponse(k.rp, k.auth, k.cred, *options)
	return map[string]any{"ticket": q.Ticket, "credential": json.RawMessage(shown)}
}

func (w *world) question(path string, body any, headers ...string) (q question) {
	w.t.Helper()
	w.post(path, body, headers...).into(&q)
	return q
}

func bearer(in signedInView) []string { return []string{"Authorization", "Bearer " + in.Access} }

func TestAnAccountWithAPasskeyAndNoPassword(t *testing.T) {
	w := newWorld(t)
	k := w.newKey()
	link, err := w.SetupLink(t.Context())
	must(t, err)
	setup := fragment(t, link)
	w.post("/api/setup/passkey", map[string]string{"key": "guess", "name": "Rosa"}).refused(403, "denied", "setup_key")
	made := k.make(w.question("/api/setup/passkey", map[string]string{"key": setup, "name": "Rosa"}))
	made["key"], made["name"] = setup, "Rosa"
	var in signedInView
	w.post("/api/setup", made).into(&in)
	w.post("/api/setup", made).refused(410, "closed", "setup_used")
	if in.Name != "Rosa" {
		t.Errorf("signed in as %q", in.Name)
	}

	w.client = newBrowser()
	w.post("/api/signin", map[string]string{"name": "Rosa", "password": ""}).refused(401, "denied", "wrong_sign_in")
	shown := k.show(w.question("/api/passkey", nil))
	w.post("/api/signin/passkey", shown).into(&in)
	w.get("/api/home", bearer(in)...).into(&home{})
	w.post("/api/signin/passkey", shown).refused(401, "denied", "passkey") // overheard, and played again

	var self selfView
	w.get("/api/account", bearer(in)...).into(&self)
	if self.Password || len(self.Passkeys) != 1 || self.Passkeys[0].Label != "Laptop" || len(self.Devices) != 2 {
		t.Errorf("account %+v", self)
	}
	w.post("/api/account/passkeys/"+self.Passkeys[0].ID+"/remove", nil, bearer(in)...).refused(409, "conflict", "last_way_in")
	w.post("/api/account/codes", nil, bearer(in)...).refused(409, "conflict", "no_password")
}

func TestPasskeysThatDoNotOpen(t *testing.T) {
	w := newWorld(t)
	k, in := w.newKey(), w.setUpAccount("Rosa")
	made := k.make(w.question("/api/account/passkeys/new", nil, bearer(in)...))
	var self selfView
	w.post("/api/account/passkeys", made, bearer(in)...).into(&self)

	stranger := w.newKey()
	stranger.auth.Options.UserHandle = k.auth.Options.UserHandle
	nobody := w.newKey()
	nobody.auth.Options.UserHandle = []byte("nobody")
	elsewhere := *k
	elsewhere.rp.Origin = "https://elsewhere.example"
	unseen := *k
	unseen.auth.Options.UserNotVerified = true
	for name, other := range map[string]*key{"a stranger's": stranger, "nobody's": nobody, "another site's": &elsewhere, "without the person": &unseen} {
		t.Run(name, func(t *testing.T) {
			w.in(t).post("/api/signin/passkey", other.show(w.question("/api/passkey", nil))).refused(401, "denied", "passkey")
		})
	}
	late := k.show(w.question("/api/passkey", nil))
	w.clock.advance(ticketLives)
	w.post("/api/signin/passkey", late).refused(401, "denied", "passkey")
	shown := k.show(w.question("/api/passkey", nil))
	shown["credential"] = "no credential"
	w.post("/api/signin/passkey", shown).refused(401, "denied", "passkey")

	w.post("/api/signin/passkey", k.show(w.question("/api/passkey", nil))).into(&in)
	w.post("/api/account/passkeys/"+self.Passkeys[0].ID+"/remove", nil, bearer(in)...).into(&self)
	if len(self.Passkeys) != 0 {
		t.Errorf("passkeys left: %+v", self.Passkeys)
	}
	w.post("/api/signin/passkey", k.show(w.question("/api/passkey", nil))).refused(401, "denied", "passkey")
}

func TestPasskeysNeedAName(t *testing.T) {
	w := newWorld(t)
	w.post("/api/passkey", nil).refused(400, "invalid", "passkeys_need_name")
	w = newWorld(t, func(c *Config) { c.Base, c.Public = &url.URL{Scheme: "http", Host: "rooms.example.org"}, true })
	w.post("/api/passkey", nil).refused(400, "invalid", "passkeys_need_name")
	w = newWorld(t, func(c *Config) { c.Base, c.Public = &url.URL{Scheme: "https", Host: "rooms.example.org"}, true })
	if q := w.question("/api/passkey", nil); !strings.Contains(string(q.PublicKey), `"rpId":"rooms.example.org"`) {
		t.Errorf("asked %s", q.PublicKey)
	}
}
