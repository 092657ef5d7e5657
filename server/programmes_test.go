package server

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"mend/facilitator"
)

// secondAccount is another facilitator of the same server.
func (w *world) secondAccount(name string) []string {
	w.t.Helper()
	hash, err := w.accounts.passwords.hash(w.t.Context(), goodPassword)
	must(w.t, err)
	must(w.t, w.records.create(w.t.Context(), accountPrefix+accountID(name), account{Name: name, Role: facilitating, Password: hash, Handle: newHandle(), Created: w.now()}))
	var in signedInView
	w.ask(newBrowser(), "POST", "/api/signin", map[string]string{"name": name, "password": goodPassword}).into(&in)
	return bearer(in)
}

// copied puts a copy of a built-in programme on somebody's shelf.
func (w *world) copied(from string, auth []string) (p workingCopy) {
	w.t.Helper()
	w.post("/api/programmes", map[string]string{"from": from}, auth...).into(&p)
	return p
}

// with is a draft in which something was changed.
func with(t *testing.T, draft json.RawMessage, old, new string) json.RawMessage {
	t.Helper()
	if !strings.Contains(string(draft), old) {
		t.Fatalf("the draft has no %s", old)
	}
	return json.RawMessage(strings.Replace(string(draft), old, new, 1))
}

type save struct {
	Revision  uint64          `json:"revision"`
	Programme json.RawMessage `json:"programme"`
	SetAside  bool            `json:"setAside,omitempty"`
}

// TestWhoMayTouchAProgramme asks for everything there is about one facilitator's programme, as each who could ask.
func TestWhoMayTouchAProgramme(t *testing.T) {
	w := newWorld(t)
	ada := bearer(w.setUpAccount("Ada")) // an administrator, as the first account is
	rosa, eve := w.secondAccount("Rosa"), w.secondAccount("Eve")
	_, lead := w.demoSession()
	p := w.copied("making-amends", rosa)
	saved := save{Revision: p.Revision, Programme: json.RawMessage(`{}`)}
	ways := []struct {
		method, path string
		body         any
	}{
		{"GET", "", nil},
		{"POST", "", saved},
		{"POST", "/remove", map[string]string{}},
		{"POST", "/return", map[string]string{}},
		{"GET", "/versions", nil},
		{"GET", "/versions/1", nil},
		{"GET", "/file", nil},
	}
	for _, way := range ways {
		path := programmesPath + "/" + p.ID + way.path
		w.ask(newBrowser(), way.method, path, way.body).refused(401, "denied", "not_signed_in")
		w.ask(newBrowser(), way.method, path, way.body, "Authorization", "Bearer "+lead.Token).refused(401, "denied", "not_signed_in")
		w.ask(newBrowser(), way.method, path, way.body, eve...).refused(404, "not_found", "no_programme")
		for _, id := range []string{"..", "*", "a.b", "%3E", strings.Repeat("x", 400)} {
			if a := w.ask(newBrowser(), way.method, programmesPath+"/"+id+way.path, way.body, rosa...); a.status/100 != 4 {
				t.Errorf("%s of %q: %d %s", way.path, id, a.status, a.body)
			}
		}
	}
	for _, path := range []string{"", "/import", "/check"} {
		w.ask(newBrowser(), "POST", programmesPath+path, map[string]string{}).refused(401, "denied", "not_signed_in")
	}
	w.ask(newBrowser(), "GET", programmesPath+"/steps", nil).refused(401, "denied", "not_signed_in")
	w.post("/api/programmes", map[string]string{"from": p.ID}, eve...).refused(404, "not_found", "no_programme")
	w.post("/api/sessions", map[string]string{"programme": p.ID}, eve...).refused(404, "not_found", "no_programme")

	var shelf home
	if w.get("/api/home", eve...).into(&shelf); len(shelf.Own)+len(shelf.Removed) != 0 {
		t.Errorf("Eve is shown %v", shelf.Own)
	}
	if w.get("/api/home", rosa...).into(&shelf); len(shelf.Own) != 1 || shelf.Own[0].ID != p.ID || shelf.Own[0].Mistakes != 0 || shelf.Own[0].Minutes != 90 {
		t.Errorf("Rosa is shown %+v", shelf.Own)
	}
	for _, way := range ways {
		if way.path == "/remove" || way.path == "/return" || way.path == "/versions/1" {
			continue
		}
		body := way.body
		if body != nil {
			body = save{Revision: p.Revision, Programme: p.Draft}
		}
		if a := w.ask(newBrowser(), way.method, programmesPath+"/"+p.ID+way.path, body, ada...); a.status != 200 {
			t.Errorf("an administrator is answered %d %s to %s%s", a.status, a.body, way.method, way.path)
		}
	}
	var read workingCopy
	if w.get(programmesPath+"/"+p.ID, rosa...).into(&read); read.Revision == p.Revision || !bytes.Equal(read.Draft, p.Draft) {
		t.Error("what the administrator saved is not what Rosa reads")
	}
}

func TestASaveNamesWhatItReplaces(t *testing.T) {
	w := newWorld(t)
	rosa := bearer(w.setUpAccount("Rosa"))
	p := w.copied("making-amends", rosa)
	at := programmesPath + "/" + p.ID
	first, second := with(t, p.Draft, `"minutes":6`, `"minutes":7`), with(t, p.Draft, `"minutes":6`, `"minutes":8`)

	var one struct{ Revision uint64 }
	w.post(at, save{Revision: p.Revision, Programme: first}, rosa...).into(&one)
	w.post(at, save{Revision: p.Revision, Programme: second}, rosa...).refused(409, "conflict", "programme_changed")
	var read workingCopy
	if w.get(at, rosa...).into(&read); !bytes.Equal(read.Draft, first) || read.Revision != one.Revision {
		t.Error("the other tab's save was overwritten")
	}
	// Gone on with all the same: what the other tab wrote is a version.
	w.post(at, save{Revision: read.Revision, Programme: second, SetAside: true}, rosa...).into(&one)
	var kept struct{ Versions []versionView }
	w.get(at+"/versions", rosa...).into(&kept)
	if len(kept.Versions) != 1 || kept.Versions[0].Minutes != 91 {
		t.Fatalf("versions %+v", kept.Versions)
	}
	w.get(at+"/versions/"+strconv.FormatUint(kept.Versions[0].Version, 10), rosa...).into(&read)
	if !bytes.Equal(read.Draft, first) {
		t.Error("the version holds something else")
	}
	w.get(at+"/versions/1", rosa...).refused(404, "not_found", "no_version")
	w.get(at+"/versions/first", rosa...).refused(404, "not_found", "no_version")
	w.post(at, save{Revision: one.Revision, Programme: json.RawMessage(`"x"`)}, rosa...).into(&one)
	w.post(at, `{"revision":1,"programme":`, rosa...).refused(400, "invalid", "not_json")
}

// TestVersions holds that the saves of one sitting are one version, and that old ones make room.
func TestVersions(t *testing.T) {
	w := newWorld(t)
	rosa := bearer(w.setUpAccount("Rosa"))
	p := w.copied("making-amends", rosa)
	own, err := w.shelf.find(t.Context(), accountID("Rosa"), p.ID)
	must(t, err)
	count := func() int {
		all, err := w.shelf.versions(t.Context(), p.ID)
		must(t, err)
		return len(all)
	}
	draft := json.RawMessage(`{"programme":"small"}`)
	for range 3 {
		own, err = w.shelf.save(t.Context(), own, draft, false)
		must(t, err)
	}
	if got := count(); got != 0 {
		t.Errorf("three saves in a moment are %d versions", got)
	}
	w.clock.advance(sitting + time.Second)
	own, err = w.shelf.save(t.Context(), own, draft, false)
	must(t, err)
	if got := count(); got != 1 {
		t.Errorf("after a rest there are %d versions", got)
	}
	for range mostVersions + 3 {
		own, err = w.shelf.save(t.Context(), own, draft, true)
		must(t, err)
	}
	all, err := w.shelf.versions(t.Context(), p.ID)
	must(t, err)
	if len(all) != mostVersions || all[0].revision < all[1].revision {
		t.Errorf("%d versions", len(all))
	}
}

func TestARemovedProgrammeCanBeTakenBackForAWeek(t *testing.T) {
	w := newWorld(t)
	rosa := bearer(w.setUpAccount("Rosa"))
	p := w.copied("making-amends", rosa)
	at := programmesPath + "/" + p.ID
	if a := w.post(at+"/remove", map[string]string{}, rosa...); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var shelf home
	if w.get("/api/home", rosa...).into(&shelf); len(shelf.Own) != 0 || len(shelf.Removed) != 1 {
		t.Errorf("%+v", shelf)
	}
	w.post(at, save{Revision: p.Revision, Programme: p.Draft}, rosa...).refused(409, "conflict", "programme_changed")
	w.post("/api/sessions", map[string]string{"programme": p.ID}, rosa...).refused(404, "not_found", "no_programme")
	if a := w.post(at+"/return", map[string]string{}, rosa...); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if w.get("/api/home", rosa...).into(&shelf); len(shelf.Own) != 1 || len(shelf.Removed) != 0 {
		t.Errorf("%+v", shelf)
	}
	own, err := w.shelf.find(t.Context(), accountID("Rosa"), p.ID)
	must(t, err)
	must(t, w.shelf.setAside(t.Context(), own))
	must(t, w.shelf.remove(t.Context(), own))
	w.clock.advance(keepsRemoved)
	_, removed, err := w.shelf.list(t.Context(), accountID("Rosa"))
	must(t, err)
	if keys, err := w.shelf.records.keys(t.Context(), ""); len(removed) != 0 || len(keys) != 0 || err != nil {
		t.Errorf("after a week %v, %v, %v", removed, keys, err)
	}
}

// TestASessionKeepsTheProgrammeItBeganWith opens one from an own programme, changes that, and finds the session as it was.
func TestASessionKeepsTheProgrammeItBeganWith(t *testing.T) {
	w := newWorld(t)
	rosa := bearer(w.setUpAccount("Rosa"))
	p := w.copied("making-amends", rosa)
	at := programmesPath + "/" + p.ID
	var now struct{ Revision uint64 }
	changed := with(t, p.Draft, `"en":"Arriving"`, `"en":"Coming in"`)
	w.post(at, save{Revision: p.Revision, Programme: changed}, rosa...).into(&now)
	var opened struct{ Session string }
	w.post("/api/sessions", map[string]string{"programme": p.ID}, rosa...).into(&opened)
	w.post(at, save{Revision: now.Revision, Programme: with(t, p.Draft, `"en":"Arriving"`, `"en":"Too late"`)}, rosa...).into(&now)
	if got := w.everyone(opened.Session).Agenda["welcome"].Title["en"]; got != "Coming in" {
		t.Errorf("the session's first step is %q", got)
	}
	w.post(at, save{Revision: now.Revision, Programme: with(t, p.Draft, `"en":"Arriving"`, `"en":""`)}, rosa...).into(&now)
	w.post("/api/sessions", map[string]string{"programme": p.ID}, rosa...).refused(409, "conflict", "programme_unfinished")
}

func TestFilesComeInAndGoOut(t *testing.T) {
	w := newWorld(t)
	rosa := bearer(w.setUpAccount("Rosa"))
	yaml := append([]string{"Content-Type", "application/yaml"}, rosa...)
	short, err := os.ReadFile("../facilitator/testdata/programmes/short.yaml")
	must(t, err)
	var p workingCopy
	w.post(programmesPath+"/import?name=short.yaml", string(short), yaml...).into(&p)
	file := w.get(programmesPath+"/"+p.ID+"/file", rosa...)
	want, err := facilitator.ParseProgramme("short.yaml", short)
	must(t, err)
	if how := file.header.Get("Content-Disposition"); !strings.HasPrefix(how, "attachment") {
		t.Errorf("a file is shown as a page: %q", how)
	}
	got, err := facilitator.ParseProgramme("exported.yaml", file.body)
	must(t, err)
	if a, b := asJSON(t, got), asJSON(t, want); a != b {
		t.Errorf("went out as %s\nand came in as %s", a, b)
	}
	if builtIn := w.get(programmesPath+"/making-amends/file", rosa...); !bytes.HasPrefix(builtIn.body, []byte("#")) {
		t.Error("a built-in programme is its own file, with its remarks")
	}

	var said struct{ Mistakes []mistakeView }
	broken := w.post(programmesPath+"/import?name=../x/broken.yaml", strings.Replace(string(short), "minutes: 2", "minutes: 2000", 1), yaml...)
	must(t, json.Unmarshal(broken.refused(400, "invalid", "programme_mistakes").body, &said))
	if len(said.Mistakes) != 1 || said.Mistakes[0].Line != 27 || said.Mistakes[0].Column == 0 || said.Mistakes[0].What == "" {
		t.Errorf("mistakes %+v", said.Mistakes)
	}

	hostile := map[string]string{
		"nesting":   strings.Repeat("[", 5000),
		"flow":      strings.Repeat("{a: ", 3000),
		"bomb":      "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n",
		"tags":      "programme: !!python/object:os.system [x]",
		"binary":    "\x00\x01\xff\xfe",
		"empty":     "",
		"many keys": strings.Repeat("k: 1\n", 40_000),
	}
	for name, file := range hostile {
		began := time.Now()
		w.post(programmesPath+"/import?name="+strings.ReplaceAll(name, " ", "-"), file, yaml...).refused(400, "invalid", "programme_mistakes")
		if took := time.Since(began); took > requestWithin {
			t.Errorf("%s took %v", name, took)
		}
	}
	var shelf home
	if w.get("/api/home", rosa...).into(&shelf); len(shelf.Own) != 1 {
		t.Errorf("%d programmes are kept", len(shelf.Own))
	}
	marked := strings.Replace(string(short), "Hello.", "<script>alert(1)</script>", 1)
	w.post(programmesPath+"/import", marked, yaml...).into(&p) // words; nothing that shows them makes markup of them
	if parsed, err := facilitator.ParseDraft(p.Draft); err != nil || parsed.Steps[0].Say["en"] != "<script>alert(1)</script>" {
		t.Errorf("the words were changed to %v, %v", parsed.Steps, err)
	}
}

// TestAnEndlessFileIsRefusedBeforeItIsRead announces a gigabyte and sends nothing of it.
func TestAnEndlessFileIsRefusedBeforeItIsRead(t *testing.T) {
	w := newWorld(t)
	in := w.setUpAccount("Rosa")
	for _, c := range []struct{ name, head string }{
		{"announced", "Authorization: Bearer " + in.Access + "\r\nContent-Length: 1073741824\r\n"},
		{"by a stranger", "Content-Length: 65536\r\n"},
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(w.base, "http://"))
		must(t, err)
		_, err = conn.Write([]byte("POST /api/programmes/import HTTP/1.1\r\nHost: x\r\nContent-Type: application/yaml\r\n" + c.head + "\r\n"))
		must(t, err)
		must(t, conn.SetReadDeadline(time.Now().Add(patience)))
		answer := make([]byte, 12)
		if _, err := conn.Read(answer); err != nil || string(answer) != "HTTP/1.1 413" {
			t.Errorf("%s: %s, %v", c.name, answer, err)
		}
		conn.Close()
	}
	a := w.post(programmesPath+"/import", strings.Repeat("# words\n", largestFile/8+1), append([]string{"Content-Type", "application/yaml"}, bearer(in)...)...)
	a.refused(413, "invalid", "programme_large")
}

func TestCheckingADraft(t *testing.T) {
	w := newWorld(t)
	rosa := bearer(w.setUpAccount("Rosa"))
	p := w.copied("making-amends", rosa)
	type asked struct {
		Programme json.RawMessage `json:"programme"`
		Step      int             `json:"step"`
		People    int             `json:"people"`
		Language  string          `json:"language"`
	}
	var said struct {
		Mistakes []mistakeView
		Times    map[string]facilitator.StepTime
		Shown    *facilitator.Rehearsal
	}
	w.post(programmesPath+"/check", asked{Programme: p.Draft, Step: 1, People: 12, Language: "es"}, rosa...).into(&said)
	if len(said.Mistakes) != 0 || said.Shown == nil || len(said.Times) == 0 {
		t.Fatalf("%+v", said)
	}
	if raw := asJSON(t, said.Shown); !strings.Contains(raw, `"kind":"checkin"`) {
		t.Errorf("the seats show %s", raw)
	}
	said.Shown = nil
	wrong := with(t, p.Draft, `"en":"Arriving"`, `"en":""`)
	w.post(programmesPath+"/check", asked{Programme: wrong, Step: 0}, rosa...).into(&said)
	if len(said.Mistakes) != 1 || said.Mistakes[0].Path != "steps[0].title.en" || said.Shown == nil {
		t.Errorf("%+v", said)
	}
	said.Shown = nil
	w.post(programmesPath+"/check", asked{Programme: with(t, p.Draft, `"kind":"welcome"`, `"kind":"party"`), Step: 0}, rosa...).into(&said)
	if len(said.Mistakes) == 0 || said.Shown != nil {
		t.Errorf("%+v", said)
	}
	for _, language := range []string{"en", "es"} {
		said.Shown = nil
		w.post(programmesPath+"/check", asked{Programme: p.Draft, Step: 0, People: 1000, Language: language}, rosa...).into(&said)
		if said.Shown == nil {
			t.Errorf("%s: no room of %d can be rehearsed", language, mostPretend)
		}
	}
	w.post(programmesPath+"/check", asked{Programme: p.Draft, Step: 1000, People: -1}, rosa...).into(&said)
	w.post(programmesPath+"/check", asked{Programme: json.RawMessage(strings.Repeat("[", 40) + strings.Repeat("]", 40))}, rosa...).refused(400, "invalid", "draft_form")
}

func TestStepsToAdd(t *testing.T) {
	w := newWorld(t)
	rosa := bearer(w.setUpAccount("Rosa"))
	var library struct{ Steps []libraryStep }
	w.get(programmesPath+"/steps", rosa...).into(&library)
	if len(library.Steps) < 10 {
		t.Fatalf("%d steps", len(library.Steps))
	}
	first := library.Steps[0]
	var one struct{ Step struct{ ID, Kind string } }
	w.get(programmesPath+"/steps/"+first.Programme+"/"+first.Step, rosa...).into(&one)
	if one.Step.ID != first.Step || one.Step.Kind != first.Kind {
		t.Errorf("%+v", one)
	}
	w.get(programmesPath+"/steps/"+first.Programme+"/nowhere", rosa...).refused(404, "not_found", "no_step")
	w.get(programmesPath+"/steps/nowhere/"+first.Step, rosa...).refused(404, "not_found", "no_step")
}

func TestProgrammesAreHandedOver(t *testing.T) {
	w := newWorld(t)
	rosa := bearer(w.setUpAccount("Rosa"))
	eve := w.secondAccount("Eve")
	p := w.copied("making-amends", rosa)
	must(t, w.handOver(t.Context(), accountID("Rosa"), accountID("Eve")))
	var shelf home
	if w.get("/api/home", rosa...).into(&shelf); len(shelf.Own) != 0 {
		t.Errorf("Rosa still has %+v", shelf.Own)
	}
	var read workingCopy
	if w.get(programmesPath+"/"+p.ID, eve...).into(&read); !bytes.Equal(read.Draft, p.Draft) {
		t.Error("Eve got something else")
	}
}

// TestOnlyThePreviewStandsInAFrame holds who may frame whom: the editor its preview, and nobody anything else.
func TestOnlyThePreviewStandsInAFrame(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string][3]string{
		"/":                   {"frame-src 'none'", "frame-ancestors 'none'", "DENY"},
		"/lead":               {"frame-src 'none'", "frame-ancestors 'none'", "DENY"},
		"/lead/programmes/ab": {"frame-src 'self'", "frame-ancestors 'none'", "DENY"},
		"/lead/preview":       {"frame-src 'none'", "frame-ancestors 'self'", "SAMEORIGIN"},
		"/lead/preview/":      {"frame-src 'none'", "frame-ancestors 'none'", "DENY"},
		"/api/home":           {"frame-src 'none'", "frame-ancestors 'none'", "DENY"},
	} {
		header := w.get(path).header
		csp := header.Get("Content-Security-Policy")
		if !strings.Contains(csp, want[0]) || !strings.Contains(csp, want[1]) || header.Get("X-Frame-Options") != want[2] {
			t.Errorf("%s: %s; %s", path, csp, header.Get("X-Frame-Options"))
		}
	}
}

func TestNobodyFillsTheShelf(t *testing.T) {
	w := newWorld(t)
	for range mostOwn {
		_, err := w.shelf.add(t.Context(), "rosa", json.RawMessage(`{}`))
		must(t, err)
	}
	_, err := w.shelf.add(t.Context(), "rosa", json.RawMessage(`{}`))
	if refusal, ok := err.(*facilitator.Refusal); !ok || refusal.Reason != "programmes_full" {
		t.Errorf("one more: %v", err)
	}
	if _, err := w.shelf.add(t.Context(), "eve", json.RawMessage(`{}`)); err != nil {
		t.Error(err)
	}
	stream, err := w.store.JS.Stream(t.Context(), "KV_"+shelfBucket)
	must(t, err)
	if stream.CachedInfo().Config.AllowDirect {
		t.Error("programmes are read from copies that may be behind")
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	must(t, err)
	return string(raw)
}

// A draft as long as a request may be is refused in the same words as a file.
func TestADraftIsNoLargerThanAFile(t *testing.T) {
	w := newWorld(t)
	rosa := bearer(w.setUpAccount("Rosa"))
	for _, text := range []string{strings.Repeat("a", largestFile), strings.Repeat(`","`, largestFile/2)} {
		w.post(programmesPath, `{"programme":["`+text+`"]}`, rosa...).refused(413, "invalid", "programme_large")
	}
}
