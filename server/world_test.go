package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"mend/facilitator"
	"mend/realtime"
)

// world is a real server on a free port, with its own store in a folder that goes with the test.
type world struct {
	*Server
	t      *testing.T
	base   string
	folder string
	store  *realtime.NATS
	clock  *clock
	said   *log // what it logged
	client *http.Client
	stop   func() // like a graceful end of the process; also called when the test ends
}

// clock can be moved by tests; the server's own tickers keep real time.
// patience is how long a test waits for what has to come. How soon it comes is no test of ours: machines are shared.
const patience = 5 * time.Minute

type clock struct {
	mu    sync.Mutex
	skew  time.Duration
	stood time.Time // since when it stands still, if it does
}

// stand stops it, for what counts how much comes within a time.
func (c *clock) stand() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stood = time.Now()
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stood.IsZero() {
		return c.stood.Add(c.skew)
	}
	return time.Now().Add(c.skew)
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.skew += d
}

type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

var fstestEmpty = fstest.MapFS{".gitkeep": {}}

var app = fstest.MapFS{
	"index.html":                 {Data: []byte("<!doctype html><title>Mend</title>")},
	"assets/main-AbCd1234.js":    {Data: []byte("console.log(1)")},
	"assets/main-AbCd1234.js.br": {Data: []byte("brotli bytes")},
	"mend.svg":                   {Data: []byte("<svg/>")},
	".vite/manifest.json":        {Data: []byte("{}")},
}

func newWorld(t *testing.T, settings ...func(*Config)) *world {
	t.Helper()
	return newWorldIn(t, t.TempDir(), realtime.NATSConfig{}, settings...)
}

func newWorldIn(t *testing.T, folder string, store realtime.NATSConfig, settings ...func(*Config)) *world {
	t.Helper()
	if store.URLs == "" {
		store.Folder = folder
	}
	nats, err := realtime.OpenNATS(t.Context(), store)
	must(t, err)
	w := &world{t: t, folder: folder, store: nats, clock: &clock{}, said: &log{}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	w.base = "http://" + listener.Addr().String()
	base, err := url.Parse(w.base)
	must(t, err)
	cfg := Config{NATS: nats, Files: app, Base: base, Now: w.clock.now, Demo: true, RecordsBytes: 4 << 20, RequestWithin: patience, builtIn: readOnce, passwordTake: 1 << 10, Logger: slog.New(slog.NewTextHandler(w.said, nil))}
	for _, set := range settings {
		set(&cfg)
	}
	w.Server, err = New(t.Context(), cfg)
	must(t, err)
	served := make(chan error, 1)
	go func() { served <- w.Serve(listener) }()
	stopped := sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		must(t, w.Server.Close(ctx))
		must(t, <-served)
		nats.Close()
	})
	t.Cleanup(stopped)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(w.said.String())
		}
	})
	w.stop = stopped
	w.client = newBrowser()
	return w
}

var builtIn = sync.OnceValues(func() ([]facilitator.Programme, error) { return facilitator.BuiltIn() })

// readOnce are the programmes that come with mend, which take a while to read.
func readOnce(own ...facilitator.Scenario) ([]facilitator.Programme, error) {
	if len(own) > 0 {
		return facilitator.BuiltIn(own...)
	}
	programmes, err := builtIn()
	return slices.Clone(programmes), err
}

// in is the same world for a subtest.
func (w *world) in(t *testing.T) *world {
	sub := *w
	sub.t = t
	return &sub
}

func newBrowser() *http.Client {
	jar, _ := cookiejar.New(nil)
	return &http.Client{Jar: jar, Timeout: patience, Transport: &http.Transport{}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// answer is one response, read.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
}

func (w *world) get(path string, headers ...string) answer {
	return w.ask(w.client, "GET", path, nil, headers...)
}

func (w *world) post(path string, body any, headers ...string) answer {
	return w.ask(w.client, "POST", path, body, headers...)
}

// ask sends a request; headers are name, value, name, value.
func (w *world) ask(client *http.Client, method, path string, body any, headers ...string) answer {
	w.t.Helper()
	var sent io.Reader
	if text, raw := body.(string); raw {
		sent = strings.NewReader(text)
	} else if body != nil {
		data, err := json.Marshal(body)
		must(w.t, err)
		sent = bytes.NewReader(data)
	}
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.base+path, sent)
	must(w.t, err)
	if sent != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := client.Do(request)
	must(w.t, err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	must(w.t, err)
	w.holdHeaders(method+" "+path, response.Header)
	return answer{t: w.t, status: response.StatusCode, header: response.Header, body: data}
}

// into decodes a success.
func (a answer) into(v any) {
	a.t.Helper()
	if a.status/100 != 2 {
		a.t.Fatalf("status %d: %s", a.status, a.body)
	}
	must(a.t, json.Unmarshal(a.body, v))
}

// refused checks the one form errors have.
func (a answer) refused(status int, code, reason string) answer {
	a.t.Helper()
	var said struct {
		Error struct{ Code, Reason, Message string }
	}
	if err := json.Unmarshal(a.body, &said); err != nil || a.status != status || said.Error.Code != code || said.Error.Reason != reason || said.Error.Message == "" {
		a.t.Fatalf("got %d %s, want %d %s %s with a message", a.status, a.body, status, code, reason)
	}
	return a
}

// demoSession opens the demo and answers it with its facilitator seated.
func (w *world) demoSession() (Demo, pass) {
	w.t.Helper()
	demo, err := w.OpenDemo(w.t.Context())
	must(w.t, err)
	var lead pass
	w.post("/api/demo/seat", map[string]string{"key": fragment(w.t, demo.Facilitator)}).into(&lead)
	return demo, lead
}

func fragment(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	must(t, err)
	return u.Fragment
}

func (w *world) join(code, alias string) answer {
	w.t.Helper()
	return w.post("/api/join", map[string]string{"code": code, "alias": alias})
}
