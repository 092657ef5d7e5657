package server

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/golang-jwt/jwt/v5"

	"mend/facilitator"
)

// wire is one socket, as PROTOCOL.md has it.
type wire struct {
	t    *testing.T
	conn *websocket.Conn
	last uint64
}

type frame struct {
	Welcome *struct {
		Session string               `json:"session"`
		Person  facilitator.PersonID `json:"person"`
		Role    facilitator.Role     `json:"role"`
		Docs    map[string]uint64    `json:"docs"`
	} `json:"welcome"`
	Doc    string                            `json:"doc"`
	Is     json.RawMessage                   `json:"is"`
	Patch  json.RawMessage                   `json:"patch"`
	Signal *struct{ Data json.RawMessage }   `json:"signal"`
	Beat   uint64                            `json:"beat"`
	OK     uint64                            `json:"ok"`
	No     uint64                            `json:"no"`
	Error  *facilitator.Refusal              `json:"error"`
	Bye    *struct{ Reason, Message string } `json:"bye"`
}

// hello opens a socket as a browser on our own page does.
func (w *world) hello(token string) *wire {
	w.t.Helper()
	conn, response, err := websocket.DefaultDialer.DialContext(w.t.Context(), "ws"+strings.TrimPrefix(w.base, "http")+"/ws", http.Header{"Origin": {w.base}})
	must(w.t, err)
	response.Body.Close()
	w.t.Cleanup(func() { conn.Close() })
	l := &wire{t: w.t, conn: conn}
	l.say(map[string]any{"hello": map[string]any{"token": token, "client": rand.Text(), "docs": map[string]int{}}})
	return l
}

func (l *wire) say(v any) {
	l.t.Helper()
	must(l.t, l.conn.WriteJSON(v))
}

// until reads frames up to one that fits.
func (l *wire) until(fits func(frame) bool) frame {
	l.t.Helper()
	must(l.t, l.conn.SetReadDeadline(time.Now().Add(patience)))
	for {
		var f frame
		if err := l.conn.ReadJSON(&f); err != nil {
			l.t.Fatalf("waiting for a frame: %v", err)
		}
		if fits(f) {
			return f
		}
	}
}

// closed reads to the end, and answers the close code.
func (l *wire) closed() (code int, reason string) {
	l.t.Helper()
	must(l.t, l.conn.SetReadDeadline(time.Now().Add(patience)))
	for {
		var f frame
		err := l.conn.ReadJSON(&f)
		if f.Bye != nil {
			reason = f.Bye.Reason
		}
		if end := (*websocket.CloseError)(nil); errors.As(err, &end) {
			return end.Code, reason
		}
		must(l.t, err)
	}
}

// do gives a command and waits for its answer.
func (l *wire) do(name string, with any) *facilitator.Refusal {
	l.t.Helper()
	l.last++
	l.say(map[string]any{"id": l.last, "do": name, "with": with})
	return l.until(func(f frame) bool { return f.OK == l.last || f.No == l.last }).Error
}

func (l *wire) welcomed() frame {
	l.t.Helper()
	return l.until(func(f frame) bool { return f.Welcome != nil })
}

func TestASeatIsTakenAgainWithItsToken(t *testing.T) {
	w := newWorld(t)
	demo, lead := w.demoSession()
	var seat pass
	w.join(demo.Code, "Otter").into(&seat)
	for range 2 { // and a reload
		hello := w.hello(seat.Token).welcomed().Welcome
		if hello.Session != demo.Session || hello.Person != seat.Person || hello.Role != facilitator.Participant {
			t.Errorf("%+v", hello)
		}
	}
	if role := w.hello(lead.Token).welcomed().Welcome.Role; role != facilitator.Facilitator {
		t.Errorf("the demo's facilitator is welcomed as %s", role)
	}
	code, key, _ := strings.Cut(fragment(t, demo.Stage), ".")
	w.post("/api/stage", map[string]string{"code": code, "key": key}).into(&seat)
	if stage := w.hello(seat.Token).welcomed().Welcome; stage.Role != facilitator.Stage || stage.Person != "" {
		t.Errorf("%+v", stage)
	}
}

func TestARemovedPersonsTokenStopsWorking(t *testing.T) {
	w := newWorld(t)
	demo, lead := w.demoSession()
	var seat pass
	w.join(demo.Code, "Otter").into(&seat)
	line := w.hello(seat.Token)
	line.welcomed()
	leader := w.hello(lead.Token)
	leader.welcomed()
	if refused := leader.do("person.remove", map[string]any{"person": seat.Person}); refused != nil {
		t.Fatal(refused)
	}
	if code, _ := line.closed(); code != 4403 {
		t.Errorf("closed with %d", code)
	}
	if code, _ := w.hello(seat.Token).closed(); code != 4403 {
		t.Errorf("let in again, or closed with %d", code)
	}
	w.join(demo.Code, "Otter").into(&seat) // back at the door, with a new seat
	w.hello(seat.Token).welcomed()
}

func TestForgedTokensOpenNoRoom(t *testing.T) {
	w := newWorld(t)
	demo, lead := w.demoSession()
	access, err := w.keys.accessToken(string(lead.Person), 0, w.now(), w.now())
	must(t, err)
	public, _ := w.keys.verifying(w.keys.kid())
	_, private := testKeys(t).signing()
	claim := jwt.MapClaims{"iss": "mend", "aud": "room", "sub": lead.Person, "session": demo.Session, "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix()}
	for name, token := range map[string]string{
		"none":     forge(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, w.keys.kid(), claim),
		"HS256":    forge(t, jwt.SigningMethodHS256, []byte(public), w.keys.kid(), claim),
		"foreign":  forge(t, jwt.SigningMethodEdDSA, private, w.keys.kid(), claim),
		"audience": access,
		"nothing":  "",
	} {
		if code, reason := w.hello(token).closed(); code != 4401 {
			t.Errorf("%s: closed with %d %s", name, code, reason)
		}
	}
	w.clock.advance(roomTokenLives)
	if code, _ := w.hello(lead.Token).closed(); code != 4401 {
		t.Errorf("expired: closed with %d", code)
	}
}

func TestAStopSendsEverybodyToComeBack(t *testing.T) {
	w := newWorld(t)
	_, lead := w.demoSession()
	line := w.hello(lead.Token)
	line.welcomed()
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		w.stop()
	}()
	if code, _ := line.closed(); code != 1012 {
		t.Errorf("closed with %d", code)
	}
	<-stopped
}

// After a session closed, no byte of the data folder and no log line holds a name or a word of it.
func TestAClosedSessionIsForgotten(t *testing.T) {
	w := newWorld(t)
	in := w.setUpAccount("Rosa")
	auth := []string{"Authorization", "Bearer " + in.Access}
	var view home
	w.get("/api/home", auth...).into(&view)
	var started struct{ Session, Code string }
	w.post("/api/sessions", map[string]string{"programme": view.Programmes[0].ID}, auth...).into(&started)
	var seat, lead pass
	w.post("/api/sessions/"+started.Session+"/seat", nil, auth...).into(&lead)
	w.join(started.Code, "Quetzalcoatlus").into(&seat)
	leader, line := w.hello(lead.Token), w.hello(seat.Token)
	leader.welcomed()
	line.welcomed()
	said := func(refused *facilitator.Refusal) {
		t.Helper()
		if refused != nil {
			t.Fatalf("%+v", *refused)
		}
	}
	said(line.do("support.ask", map[string]any{"note": "Xylophonwort"}))
	said(leader.do("agenda.next", map[string]any{}))
	said(leader.do("agenda.next", map[string]any{}))
	said(line.do("checkin.answer", map[string]any{"reading": 2, "word": "Brombeerranke"}))
	said(line.do("person.rename", map[string]any{"alias": "Archaeopteryx"}))
	secrets := []string{"Quetzalcoatlus", "Archaeopteryx", "Xylophonwort", "Brombeerranke", seat.Token, lead.Token}
	said(leader.do("session.close", map[string]any{}))
	closed := w.untilOver(auth).Over[0].Summary
	if closed.People != 2 || closed.Support != 1 {
		t.Errorf("counts %+v", closed)
	}
	eventually(t, func() bool { _, err := w.log.Key(t.Context(), started.Session); return err != nil })
	w.stop()
	seen := 0
	must(t, filepath.WalkDir(w.folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		seen += len(data)
		for _, secret := range secrets {
			if strings.Contains(string(data), secret) {
				t.Errorf("%s holds %q", path, secret)
			}
		}
		return err
	}))
	if seen < 1000 {
		t.Errorf("only %d bytes were searched", seen)
	}
	for _, secret := range secrets {
		if strings.Contains(w.said.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}
