package server

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"mend/facilitator"
	"mend/realtime"
	"mend/realtime/sharer"
)

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
	case <-time.After(patience):
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
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
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
