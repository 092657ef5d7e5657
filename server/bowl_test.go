package server

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"mend/facilitator"
	"mend/realtime"
	"mend/realtime/sharer"
)

// withBowl puts a programme with a bowl before the built-in ones.
func withBowl(t *testing.T, w *world, window int) {
	t.Helper()
	text := facilitator.Text{"en": "bowl", "es": "cuenco"}
	with, err := json.Marshal(facilitator.BowlScript{Questions: []facilitator.Text{text}, Window: window})
	must(t, err)
	w.programmes = append([]facilitator.Programme{{
		ID: "bowl", Version: 1, Title: text, Languages: []string{"en", "es"},
		Steps: []facilitator.StepScript{{ID: "bowl", Kind: "bowl", Title: text, Minutes: 15, Say: text, Phone: text, Stage: text, With: with}},
	}}, w.programmes...)
}

// member is somebody in a bowl, with nothing but a socket and requests, as a browser is.
type member struct {
	t      *testing.T
	base   string
	pass   pass
	client string // the tab
	sharer *sharer.Sharer

	mu      sync.Mutex
	conn    *websocket.Conn
	docs    map[string]any
	answers map[uint64]chan given
	last    uint64
}

// given is the answer to a command.
type given struct {
	Error *facilitator.Refusal `json:"error"`
	With  *realtime.Signatures `json:"with"`
}

func newMember(t *testing.T, base string, seat pass) *member {
	m := &member{t: t, base: base, pass: seat, client: rand.Text()}
	m.connect(base)
	return m
}

// connect comes in, or in again.
func (m *member) connect(base string) {
	m.t.Helper()
	conn, response, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(base, "http")+"/ws", http.Header{"Origin": {base}})
	must(m.t, err)
	response.Body.Close()
	m.mu.Lock()
	m.base, m.conn, m.docs, m.answers = base, conn, map[string]any{}, map[uint64]chan given{}
	m.mu.Unlock()
	must(m.t, conn.WriteJSON(map[string]any{"hello": map[string]any{"token": m.pass.Token, "client": m.client}}))
	m.t.Cleanup(func() { conn.Close() })
	go m.listen(conn)
}

func (m *member) listen(conn *websocket.Conn) {
	for {
		var f struct {
			given
			OK, No    uint64
			Doc       string
			Is, Patch json.RawMessage
		}
		if conn.ReadJSON(&f) != nil {
			return
		}
		m.mu.Lock()
		var v any
		switch {
		case f.Is != nil:
			json.Unmarshal(f.Is, &v)
			m.docs[f.Doc] = v
		case f.Patch != nil:
			json.Unmarshal(f.Patch, &v)
			m.docs[f.Doc] = merged(m.docs[f.Doc], v)
		case f.OK+f.No > 0 && m.answers[f.OK+f.No] != nil:
			m.answers[f.OK+f.No] <- f.given
		}
		m.mu.Unlock()
	}
}

// merged is RFC 7396.
func merged(target, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	out := map[string]any{}
	if was, ok := target.(map[string]any); ok {
		for k, v := range was {
			out[k] = v
		}
	}
	for k, v := range changes {
		if v == nil {
			delete(out, k)
		} else {
			out[k] = merged(out[k], v)
		}
	}
	return out
}

func (m *member) do(name string, with any) given {
	m.t.Helper()
	m.mu.Lock()
	m.last++
	answer := make(chan given, 1)
	m.answers[m.last] = answer
	err := m.conn.WriteJSON(map[string]any{"id": m.last, "do": name, "with": with})
	m.mu.Unlock()
	must(m.t, err)
	select {
	case g := <-answer:
		return g
	case <-time.After(20 * time.Second):
		m.t.Fatalf("%s was not answered", name)
		return given{}
	}
}

func (m *member) must(name string, with any) given {
	m.t.Helper()
	g := m.do(name, with)
	if g.Error != nil {
		m.t.Fatalf("%s: %+v", name, g.Error)
	}
	return g
}

// bowl is what this member reads of it in a document.
func (m *member) bowl() (v facilitator.BowlEveryone) {
	m.read("everyone", &v, "step", "exercise")
	return v
}

func (m *member) moderation() (v facilitator.BowlFacilitators) {
	m.read("facilitators", &v, "exercise")
	return v
}

func (m *member) read(doc string, into any, path ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := m.docs[doc]
	for _, key := range path {
		inner, _ := at.(map[string]any)
		at = inner[key]
	}
	raw, _ := json.Marshal(at)
	json.Unmarshal(raw, into)
}

func (m *member) until(what string, ok func(facilitator.BowlEveryone) bool) facilitator.BowlEveryone {
	m.t.Helper()
	for end := time.Now().Add(40 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if v := m.bowl(); ok(v) {
			return v
		}
	}
	m.t.Fatalf("waited in vain until %s: %q", what, m.bowl().Phase)
	return facilitator.BowlEveryone{}
}

func in(phase facilitator.BowlPhase) func(facilitator.BowlEveryone) bool {
	return func(v facilitator.BowlEveryone) bool { return v.Phase == phase }
}

// sign gets this member's tokens over the socket.
func (m *member) sign() {
	m.t.Helper()
	v := m.until("there are keys", func(v facilitator.BowlEveryone) bool { return v.Keys != nil })
	s, ask, err := sharer.New(m.pass.Session, v.Bowl, *v.Keys)
	must(m.t, err)
	given := m.must("bowl.sign", ask).With
	must(m.t, s.Take(given.Share, given.Marks))
	m.sharer = s
}

func (m *member) share(words string) []byte {
	m.t.Helper()
	body, err := m.sharer.Share(words)
	must(m.t, err)
	return body
}

// post hands in, with headers (name, value …) besides; it returns the status and the reason.
func (m *member) post(body []byte, headers ...string) (int, string) {
	m.t.Helper()
	request, err := http.NewRequest("POST", m.base+"/api/bowl/"+m.pass.Session+"/bowl", bytes.NewReader(body))
	must(m.t, err)
	request.Header.Set("Content-Type", "application/octet-stream")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	must(m.t, err)
	defer response.Body.Close()
	var said struct{ Error facilitator.Refusal }
	raw, _ := io.ReadAll(response.Body)
	json.Unmarshal(raw, &said)
	return response.StatusCode, said.Error.Reason
}

func (m *member) mustPost(body []byte) {
	m.t.Helper()
	if status, reason := m.post(body); status != 204 {
		m.t.Fatalf("%d %s", status, reason)
	}
}

// circle is a demo session with a bowl open and so many members who have their tokens.
func circle(t *testing.T, base, code string, leadSeat pass, people int) (lead *member, members []*member) {
	t.Helper()
	w := &world{t: t, base: base, client: newBrowser()}
	lead = newMember(t, base, leadSeat)
	for i := range people {
		var seat pass
		w.join(code, fmt.Sprintf("Canary Heron %d", i)).into(&seat)
		members = append(members, newMember(t, base, seat))
	}
	lead.must("agenda.next", map[string]any{})
	lead.must("bowl.open", map[string]any{"question": 1})
	for _, m := range members {
		m.sign()
	}
	return lead, members
}

// A bowl over HTTP: all that is taken is answered alike; whoever names themselves is turned away; and of
// what was written nothing stands in the data folder, nothing at all in what the server says.
func TestABowlKeepsItsSecretsOverHTTP(t *testing.T) {
	w := newWorld(t)
	withBowl(t, w, 1)
	w.said.text.Reset()
	demo, leadSeat := w.demoSession()
	lead, members := circle(t, w.base, demo.Code, leadSeat, 6)
	body := members[0].share("canary-words of the first")
	for name, header := range map[string]string{"Cookie": "seat=1", "Authorization": "Bearer x", "Referer": w.base + "/j/ABC"} {
		if status, reason := members[0].post(body, name, header); status != 400 || reason != "bowl_identified" {
			t.Errorf("%s: %d %s", name, status, reason)
		}
	}
	if status, reason := members[0].post(body, "Origin", "https://elsewhere.example"); status != 403 || reason != "foreign_origin" {
		t.Errorf("%d %s", status, reason)
	}
	if status, reason := members[0].post(bytes.Repeat([]byte("x"), bodyLimit+1)); status != 413 || reason != "too_large" {
		t.Errorf("%d %s", status, reason)
	}
	members[0].mustPost(body)
	if status, reason := members[0].post(body); status != 409 || reason != "bowl_token_spent" {
		t.Errorf("%d %s", status, reason)
	}
	for i, m := range members[1:] {
		if i%2 == 0 {
			m.mustPost(m.share(fmt.Sprintf("canary-words of %d", i)))
		} else {
			m.mustPost(m.sharer.Blank())
		}
	}
	lead.must("bowl.close", map[string]any{})
	v := lead.until("it is poured", in(facilitator.BowlIsPoured))
	if len(v.Spent) != 6 {
		t.Errorf("%d tokens are spent", len(v.Spent))
	}
	eventually(t, func() bool { return len(lead.moderation().Shares) == 4 })
	for id := range lead.moderation().Shares {
		lead.must("share.open", map[string]any{"share": id})
		lead.must("share.show", map[string]any{})
	}
	members[5].until("all are shown", func(v facilitator.BowlEveryone) bool { return len(v.Shares) == 4 })
	holdNoCanary(t, w, members)
}

// holdNoCanary searches the folder's bytes and the server's own words.
func holdNoCanary(t *testing.T, w *world, members []*member) {
	t.Helper()
	canaries := []string{"canary-words", "Canary Heron"}
	for _, m := range members {
		canaries = append(canaries, string(m.sharer.Token()))
	}
	must(t, filepath.WalkDir(w.folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for _, c := range canaries {
			if bytes.Contains(data, []byte(c)) {
				t.Errorf("%s holds %q", path, c)
			}
		}
		return err
	}))
	for _, c := range append(canaries, "/bowl", "127.0.0.1") {
		if strings.Contains(w.said.String(), c) {
			t.Errorf("the server said %q: %s", c, w.said)
		}
	}
}

// TestServeForAnother is the process that TestKilledBetweenWritingAndOpening kills. By itself it does nothing.
func TestServeForAnother(t *testing.T) {
	folder := os.Getenv("MEND_TEST_FOLDER")
	if folder == "" {
		return
	}
	w := newWorldIn(t, folder, realtime.NATSConfig{}, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(os.Stderr, nil)) })
	withBowl(t, w, 3)
	demo, err := w.OpenDemo(t.Context())
	must(t, err)
	fmt.Printf("serving %s %s %s\n", w.base, demo.Code, demo.Facilitator)
	io.Copy(io.Discard, os.Stdin) // until the other one ends
}

// served is a server in a process of its own.
type served struct {
	process *exec.Cmd
	said    *log
	base    string
	code    string
	key     string
}

func serveIn(t *testing.T, folder string) *served {
	t.Helper()
	s := &served{process: exec.Command(os.Args[0], "-test.run=^TestServeForAnother$"), said: &log{}}
	s.process.Env = append(os.Environ(), "MEND_TEST_FOLDER="+folder)
	s.process.Stderr = s.said
	in, err := s.process.StdinPipe()
	must(t, err)
	out, err := s.process.StdoutPipe()
	must(t, err)
	must(t, s.process.Start())
	t.Cleanup(func() {
		in.Close()
		s.process.Process.Kill()
		s.process.Wait()
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if words := strings.Fields(lines.Text()); len(words) == 4 && words[0] == "serving" {
			link, err := url.Parse(words[3])
			must(t, err)
			s.base, s.code, s.key = words[1], words[2], link.Fragment
			return s
		}
	}
	t.Fatalf("the other process did not serve: %s", s.said)
	return nil
}

// kill -9 between writing and opening: whoever is still there posts again, so no share of theirs is lost,
// and none is there twice.
func TestKilledBetweenWritingAndOpening(t *testing.T) {
	folder := t.TempDir()
	first := serveIn(t, folder)
	var leadSeat pass
	(&world{t: t, base: first.base, client: newBrowser()}).post("/api/demo/seat", map[string]string{"key": first.key}).into(&leadSeat)
	lead, members := circle(t, first.base, first.code, leadSeat, 6)
	for i, m := range members {
		m.mustPost(m.share(fmt.Sprintf("canary-words %d", i)))
	}
	lead.must("bowl.close", map[string]any{})
	must(t, first.process.Process.Kill())
	first.process.Wait()

	second := serveIn(t, folder)
	lead.connect(second.base)
	for _, m := range members[:5] { // the sixth has gone home
		m.connect(second.base)
	}
	members[0].until("the missing are asked again", in(facilitator.BowlRecovery))
	for i, m := range members[:5] {
		if v := m.bowl(); v.Heard[m.sharer.Token()] || v.Spent[m.sharer.Token()] {
			t.Errorf("%d was heard by the process that was killed", i)
		}
		m.mustPost(m.share(fmt.Sprintf("canary-words %d", i)))
	}
	v := lead.until("it is poured", in(facilitator.BowlIsPoured))
	eventually(t, func() bool { return len(lead.moderation().Shares) == 5 })
	texts := map[string]bool{}
	for _, sh := range lead.moderation().Shares {
		texts[sh.Text] = true
	}
	if len(texts) != 5 || len(v.Spent) != 5 || v.Spent[members[5].sharer.Token()] {
		t.Errorf("%d texts, %d spent", len(texts), len(v.Spent))
	}
	if both := first.said.String() + second.said.String(); strings.Contains(both, "canary") || strings.Contains(both, "/bowl") {
		t.Errorf("the servers said %s", both)
	}
}
