package server

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"mend/facilitator"
)

const goodPassword = "three calm herons"

// account sets the server's first account up and answers how it is signed in.
func (w *world) setUpAccount(name string) signedInView {
	w.t.Helper()
	link, err := w.SetupLink(w.t.Context())
	must(w.t, err)
	var in signedInView
	w.post("/api/setup", map[string]string{"key": fragment(w.t, link), "name": name, "password": goodPassword}).into(&in)
	return in
}

func TestTheSetupLinkWorksOnce(t *testing.T) {
	w := newWorld(t)
	link, err := w.SetupLink(t.Context())
	must(t, err)
	key := fragment(t, link)
	again, err := w.SetupLink(t.Context())
	must(t, err)
	if again != link || !strings.HasPrefix(link, w.base+"/setup#") || len(key) < 22 {
		t.Fatalf("links %q, %q", link, again)
	}
	w.post("/api/setup", map[string]string{"key": "guess", "name": "Rosa", "password": goodPassword}).refused(403, "denied", "setup_key")
	w.post("/api/setup", map[string]string{"key": key, "name": "Rosa", "password": "short"}).refused(400, "invalid", "password_length")
	w.post("/api/setup", map[string]string{"key": key, "name": " ", "password": goodPassword}).refused(400, "invalid", "alias_empty")
	in := w.setUpAccount("Rosa")
	if in.Name != "Rosa" || in.Expires < facilitator.Time(w.now().UnixMilli()) || in.Lasts != accessTokenLives.Milliseconds() {
		t.Errorf("%+v", in)
	}
	w.post("/api/setup", map[string]string{"key": key, "name": "Eve", "password": goodPassword}).refused(410, "closed", "setup_used")
	w.post("/api/signin", map[string]string{"name": "Eve", "password": goodPassword}).refused(401, "denied", "wrong_sign_in")
	if link, err := w.SetupLink(t.Context()); link != "" || err != nil {
		t.Errorf("link %q after the set-up, %v", link, err)
	}
}

func TestOfTwoWhoHoldTheSetupLinkOneGetsIn(t *testing.T) {
	w := newWorld(t)
	link, err := w.SetupLink(t.Context())
	must(t, err)
	var wg sync.WaitGroup
	statuses := make(chan int, 4)
	for _, name := range []string{"Ana", "Ben", "Cleo", "Dov"} {
		wg.Go(func() {
			statuses <- w.post("/api/setup", map[string]string{"key": fragment(t, link), "name": name, "password": goodPassword}).status
		})
	}
	wg.Wait()
	close(statuses)
	got := map[int]int{}
	for status := range statuses {
		got[status]++
	}
	if got[200] != 1 || got[410] != 3 {
		t.Errorf("statuses %v", got)
	}
	if all, err := w.records.keys(t.Context(), accountPrefix); len(all) != 1 || err != nil {
		t.Errorf("accounts %v, %v", all, err)
	}
}

func TestASetupThatStoppedHalfwayIsFinished(t *testing.T) {
	w := newWorld(t)
	w.setUpAccount("Rosa")
	_, err := change(t.Context(), w.records, firstAccountKey, func(first *firstAccount) error {
		found, err := w.accounts.noted(t.Context(), first.ID)
		first.Account = &found
		return err
	})
	must(t, err)
	must(t, w.records.remove(t.Context(), accountPrefix+accountID("Rosa")))
	if link, err := w.SetupLink(t.Context()); link != "" || err != nil {
		t.Errorf("link %q, %v", link, err)
	}
	w.post("/api/signin", map[string]string{"name": "Rosa", "password": goodPassword}).into(&signedInView{})
}

func TestSignIn(t *testing.T) {
	w := newWorld(t)
	w.setUpAccount("Rosa Núñez")
	w.client = newBrowser()
	var in signedInView
	w.post("/api/signin", map[string]string{"name": " rosa nu\u0301n\u0303ez ", "password": goodPassword}).into(&in)
	w.get("/api/home").refused(401, "denied", "not_signed_in")
	var view home
	w.get("/api/home", "Authorization", "Bearer "+in.Access).into(&view)
	if view.Name != "Rosa Núñez" || len(view.Programmes) == 0 || view.Programmes[0].Minutes != 90 {
		t.Errorf("%+v", view)
	}
	wrong := w.post("/api/signin", map[string]string{"name": "Rosa Núñez", "password": "three wet herons"}).refused(401, "denied", "wrong_sign_in")
	nobody := w.post("/api/signin", map[string]string{"name": "Nobody", "password": "three wet herons"}).refused(401, "denied", "wrong_sign_in")
	if string(wrong.body) != string(nobody.body) {
		t.Errorf("answers differ: %s, %s", wrong.body, nobody.body)
	}
	w.clock.advance(accessTokenLives)
	w.get("/api/home", "Authorization", "Bearer "+in.Access).refused(401, "denied", "not_signed_in")
}

// Unknown names are hashed like known ones: each waits for its turn to be, because timing a shared machine tells little.
func TestAnUnknownNameCostsAHash(t *testing.T) {
	w := newWorld(t)
	w.setUpAccount("Rosa")
	p := w.accounts.passwords
	p.turn = make(chan struct{}) // whoever wants a turn is given it here
	for _, name := range []string{"Rosa", "Nobody"} {
		answered := make(chan error, 1)
		go func() {
			_, _, err := w.accounts.signIn(t.Context(), name, "three wet herons")
			answered <- err
		}()
		select {
		case <-p.turn:
			p.turn <- struct{}{}
			if err := <-answered; err != errWrongPassword {
				t.Errorf("%s: %v", name, err)
			}
		case err := <-answered:
			t.Errorf("%s was answered without a hash: %v", name, err)
		}
	}
	hash, err := newPasswords(w.cfg.passwordTake).hash(t.Context(), goodPassword)
	must(t, err)
	if as := strings.SplitAfter(p.dummy, "$"); !strings.HasPrefix(hash, strings.Join(as[:4], "")) {
		t.Errorf("nobody's hash is made as %s", p.dummy)
	}
}

func TestPasswordsWaitForTheirTurn(t *testing.T) {
	p := newPasswords(argonMemory)
	p.turn <- struct{}{}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := p.matches(ctx, goodPassword, ""); err == nil {
		t.Error("two passwords were hashed at once")
	}
	<-p.turn
	hash, err := p.hash(t.Context(), goodPassword)
	must(t, err)
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=65536,t=3,p=1$") {
		t.Errorf("hash %s", hash)
	}
	for password, want := range map[string]bool{goodPassword: true, goodPassword + " ": false, "": false} {
		if ok, err := p.matches(t.Context(), password, hash); ok != want || err != nil {
			t.Errorf("%q matches: %v, %v", password, ok, err)
		}
	}
}

func TestPasswordsThatAreTriedFirstAreRefused(t *testing.T) {
	for _, password := range []string{"password1234", "qwertyuiop[]", "aaaaaaaaaaaaaa", "123456789012", "Rosa Núñez123", "iloveyou1234", "abcabcabcabc"} {
		if err := checkPassword(password, "Rosa Núñez"); err == nil {
			t.Errorf("%q was taken", password)
		}
	}
	for _, password := range []string{goodPassword, "five mild otters swim", "four quiet words here", "correcthorsebatterystaple", "tres garzas tranquilas", "ночной поезд в горах", strings.Repeat("x", passwordLongest)} {
		if err := checkPassword(password, "Rosa Núñez"); err != nil {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestPasswordsHaveTwelveToTwoHundredCharacters(t *testing.T) {
	for _, password := range []string{"", "wet heron 7", strings.Repeat("x", passwordLongest+1)} {
		if err := checkPassword(password); err == nil {
			t.Errorf("%q was taken", password)
		}
	}
	for _, password := range []string{"wet heron 7!", "ночной поезд", strings.Repeat("語", passwordLongest)} {
		if err := checkPassword(password); err != nil {
			t.Errorf("%q: %v", password, err)
		}
	}
}

// A password is taken as it is typed; only how a device writes its accents makes no difference.
func TestAPasswordIsExact(t *testing.T) {
	p := newPasswords(1 << 10)
	hash, err := p.hash(t.Context(), "Tres garzas pequeñas")
	must(t, err)
	for password, want := range map[string]bool{"Tres garzas peque\u006e\u0303as": true, "tres garzas pequeñas": false, "Tres garzas pequenas": false,
		" Tres garzas pequeñas": false, "Tres garzas pequeña": false} {
		if ok, err := p.matches(t.Context(), password, hash); ok != want || err != nil {
			t.Errorf("%q matches: %v, %v", password, ok, err)
		}
	}
}

func TestGuessingPasswordsIsThrottled(t *testing.T) {
	w := newWorld(t)
	w.clock.stand()
	w.setUpAccount("Rosa")
	for range 9 {
		w.post("/api/demo/seat", map[string]string{"key": "x"}).refused(403, "denied", "demo_key")
	}
	w.post("/api/signin", map[string]string{"name": "Rosa", "password": "x"}).refused(401, "denied", "wrong_sign_in")
	w.post("/api/signin", map[string]string{"name": "Rosa", "password": goodPassword}).refused(429, "denied", "throttled")
	w.post("/api/setup", map[string]string{"key": "x", "name": "Rosa", "password": goodPassword}).refused(429, "denied", "throttled")
	w.post("/api/demo/seat", map[string]string{"key": "x"}).refused(429, "denied", "throttled")
	w.clock.advance(11 * time.Second)
	w.post("/api/signin", map[string]string{"name": "Rosa", "password": goodPassword}).into(&signedInView{})
}

func (w *world) cookieValue() string {
	u, _ := url.Parse(w.base)
	for _, cookie := range w.client.Jar.Cookies(u) {
		if cookie.Name == w.cookieName() {
			return cookie.Value
		}
	}
	return ""
}

func (w *world) setCookieValue(value string) {
	u, _ := url.Parse(w.base)
	w.client.Jar.SetCookies(u, []*http.Cookie{{Name: w.cookieName(), Value: value, Path: "/"}})
}

func TestTheRefreshCookieIsReplaced(t *testing.T) {
	w := newWorld(t)
	w.setUpAccount("Rosa")
	first := w.cookieValue()
	var in signedInView
	w.post("/api/refresh", nil).into(&in)
	second := w.cookieValue()
	if first == "" || second == "" || first == second {
		t.Fatalf("cookies %q, %q", first, second)
	}
	w.get("/api/home", "Authorization", "Bearer "+in.Access).into(&home{})

	w.setCookieValue(first) // another tab, a moment late
	w.post("/api/refresh", nil).into(&in)
	if w.cookieValue() != first {
		t.Error("the late tab was given a third cookie")
	}
	w.clock.advance(refreshGrace)
	w.setCookieValue(first) // a thief, later
	w.post("/api/refresh", nil).refused(401, "denied", "not_signed_in")
	w.setCookieValue(second) // and so the owner has to sign in again
	w.post("/api/refresh", nil).refused(401, "denied", "not_signed_in")
	if w.cookieValue() != "" {
		t.Error("a dead cookie is left in the browser")
	}
}

func TestRefreshCookiesThatAreNone(t *testing.T) {
	w := newWorld(t)
	w.setUpAccount("Rosa")
	id := accountID("Rosa")
	for _, value := range []string{"", "x", "a.b.c", id + ".x.y", id + ".>.y", "*.*.*", strings.Repeat("a.", 400), id + "..y"} {
		w.setCookieValue(value)
		w.post("/api/refresh", nil).refused(401, "denied", "not_signed_in")
		if status := w.post("/api/signout", nil).status; status != 204 {
			t.Errorf("signing %q out: %d", value, status)
		}
	}
}

func TestARefreshCookieEnds(t *testing.T) {
	w := newWorld(t)
	w.setUpAccount("Rosa")
	value := w.cookieValue()
	w.clock.advance(refreshLives + time.Second)
	w.setCookieValue(value)
	w.post("/api/refresh", nil).refused(401, "denied", "not_signed_in")
	w.client = newBrowser()
	w.post("/api/signin", map[string]string{"name": "Rosa", "password": goodPassword}).into(&signedInView{})
	chains, err := w.records.keys(t.Context(), refreshPrefix)
	must(t, err)
	if len(chains) != 1 {
		t.Errorf("ended sign-ins are kept: %v", chains)
	}
}

func TestSigningOut(t *testing.T) {
	w := newWorld(t)
	phone := w.setUpAccount("Rosa")
	phoneClient := w.client
	w.client = newBrowser()
	var laptop signedInView
	w.post("/api/signin", map[string]string{"name": "Rosa", "password": goodPassword}).into(&laptop)

	if got := w.post("/api/signout", nil); got.status != 204 {
		t.Fatalf("status %d", got.status)
	}
	w.post("/api/refresh", nil).refused(401, "denied", "not_signed_in")
	w.ask(phoneClient, "POST", "/api/refresh", nil).into(&phone)

	w.client = newBrowser()
	w.post("/api/signin", map[string]string{"name": "Rosa", "password": goodPassword}).into(&laptop)
	if got := w.post("/api/signout-everywhere", nil, "Authorization", "Bearer "+laptop.Access); got.status != 204 {
		t.Fatalf("status %d", got.status)
	}
	w.get("/api/home", "Authorization", "Bearer "+phone.Access).refused(401, "denied", "not_signed_in")
	w.ask(phoneClient, "POST", "/api/refresh", nil).refused(401, "denied", "not_signed_in")
	w.post("/api/signout-everywhere", nil).refused(401, "denied", "not_signed_in")
}

func TestTheCookieOverHTTPS(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Base, c.Public = &url.URL{Scheme: "https", Host: "rooms.example.org"}, true })
	link, err := w.SetupLink(t.Context())
	must(t, err)
	if !strings.HasPrefix(link, "https://rooms.example.org/setup#") {
		t.Errorf("link %s", link)
	}
	got := w.post("/api/setup", map[string]string{"key": fragment(t, link), "name": "Rosa", "password": goodPassword})
	cookie := got.header.Get("Set-Cookie")
	for _, part := range []string{"__Host-mend-refresh=", "path=/", "HttpOnly", "secure", "SameSite=Strict"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("cookie %q lacks %s", cookie, part)
		}
	}
	if strings.Contains(strings.ToLower(cookie), "domain") || got.header.Get("Strict-Transport-Security") == "" {
		t.Errorf("cookie %q, headers %v", cookie, got.header)
	}
}

func TestASessionSpeaksTheWordsOfItsRoom(t *testing.T) {
	w := newWorld(t)
	auth := []string{"Authorization", "Bearer " + w.setUpAccount("Rosa").Access}
	var view home
	w.get("/api/home", auth...).into(&view)
	for _, pack := range append(view.Packs, packView{ID: "", Words: view.Packs[0].Words}) {
		var started struct{ Session, Code string }
		w.post("/api/sessions", map[string]string{"programme": "making-amends", "pack": pack.ID}, auth...).into(&started)
		must(t, w.node.Read(t.Context(), started.Session, func(s *facilitator.Session) {
			leaders, ok := s.View(facilitator.ForFacilitators).(facilitator.ForLeaders)
			if words, _ := json.Marshal(leaders); !ok || !strings.Contains(string(words), strings.TrimSpace(pack.Words.Opening["es"])[:40]) {
				t.Errorf("%q: the opening words are not in %s", pack.ID, words)
			}
		}))
	}
}

func TestAFacilitatorsSessions(t *testing.T) {
	w := newWorld(t)
	in := w.setUpAccount("Rosa")
	auth := []string{"Authorization", "Bearer " + in.Access}
	look := func() (view home) {
		w.get("/api/home", auth...).into(&view)
		return view
	}
	w.post("/api/sessions", map[string]string{"programme": "nothing"}, auth...).refused(404, "not_found", "no_programme")
	w.post("/api/sessions", map[string]string{"programme": look().Programmes[0].ID, "pack": "nothing"}, auth...).refused(404, "not_found", "no_pack")
	w.post("/api/sessions", map[string]string{"programme": look().Programmes[0].ID}).refused(401, "denied", "not_signed_in")
	var started struct{ Session, Code string }
	w.post("/api/sessions", map[string]string{"programme": look().Programmes[0].ID}, auth...).into(&started)

	var seat, again, guest pass
	w.post("/api/sessions/"+started.Session+"/seat", nil, auth...).into(&seat)
	w.post("/api/sessions/"+started.Session+"/seat", nil, auth...).into(&again)
	w.join(started.Code, "Otter").into(&guest)
	if seat.Person != again.Person || seat.Person == guest.Person {
		t.Errorf("seats %v, %v, %v", seat.Person, again.Person, guest.Person)
	}
	if running := look().Running; len(running) != 1 || running[0].Code != started.Code || running[0].People != 2 {
		t.Errorf("running %+v", running)
	}
	if got := w.everyone(started.Session); got.Lead != seat.Person || got.People[seat.Person].Alias != "Rosa" {
		t.Errorf("led by %v: %+v", got.Lead, got.People)
	}
	w.post("/api/sessions/"+started.Session+"/seat", nil).refused(401, "denied", "not_signed_in")
	w.post("/api/sessions/other/seat", nil, auth...).refused(404, "not_found", "no_session")
	demo, _ := w.demoSession()
	w.post("/api/sessions/"+demo.Session+"/seat", nil, auth...).refused(404, "not_found", "no_session")

	must(t, w.node.Do(t.Context(), started.Session, facilitator.Seat{Person: seat.Person}, facilitator.Close{}))
	view := w.untilOver(auth)
	if view.Over[0].Session != started.Session || view.Over[0].Summary.People != 2 || len(view.Running) != 0 {
		t.Errorf("over %+v, running %+v", view.Over, view.Running)
	}
	w.post("/api/sessions/"+started.Session+"/seat", nil, auth...).refused(410, "closed", "session_over")
}

// untilOver waits for the counts of a closed session, which follow its closing.
func (w *world) untilOver(auth []string) (view home) {
	w.t.Helper()
	eventually(w.t, func() bool {
		view = home{}
		w.get("/api/home", auth...).into(&view)
		return len(view.Over) == 1
	})
	return view
}

// eventually asks until it is so.
func eventually(t *testing.T, so func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never came to be")
		}
	}
}
