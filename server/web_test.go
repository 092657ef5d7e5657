package server

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"mend/facilitator"
)

func TestPages(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/", "/j/ABCDEF", "/j/ABCDEF?seat=new", "/stage", "/demo", "/lead", "/setup", "/mine"} {
		got := w.get(path)
		if got.status != 200 || !strings.Contains(string(got.body), "<title>Mend") || got.header.Get("Cache-Control") != "no-store" ||
			!strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %s %v", path, got.status, got.body, got.header)
		}
	}
	if got := w.get("/nowhere"); got.status != 404 || !strings.Contains(string(got.body), "<title>Mend") {
		t.Errorf("a mistyped address: %d %s", got.status, got.body)
	}
	for _, path := range []string{"/assets/gone-AbCd1234.js", "/api/nothing", "/.vite/manifest.json", "/../server.go", "/assets/../../etc/passwd.txt"} {
		w.get(path).refused(404, "not_found", "no_such_address")
	}
	w.post("/nowhere", nil).refused(404, "not_found", "no_such_address")
}

func TestAssets(t *testing.T) {
	w := newWorld(t)
	w.client.Transport = &http.Transport{DisableCompression: true}
	plain := w.get("/assets/main-AbCd1234.js")
	if string(plain.body) != "console.log(1)" || plain.header.Get("Cache-Control") != cacheForever || !strings.Contains(plain.header.Get("Content-Type"), "javascript") {
		t.Errorf("%s %v", plain.body, plain.header)
	}
	packed := w.get("/assets/main-AbCd1234.js", "Accept-Encoding", "gzip, br")
	if string(packed.body) != "brotli bytes" || packed.header.Get("Content-Encoding") != "br" || packed.header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("%s %v", packed.body, packed.header)
	}
	picture := w.get("/mend.svg")
	if picture.header.Get("Cache-Control") != cacheAsk {
		t.Errorf("%v", picture.header)
	}
	if again := w.get("/mend.svg", "If-None-Match", picture.header.Get("ETag")); again.status != 304 || len(again.body) != 0 {
		t.Errorf("%d %s", again.status, again.body)
	}
}

func TestAssetsArePacked(t *testing.T) {
	long := []byte(strings.Repeat("console.log('a stitch in time')\n", 200))
	w := newWorld(t, func(c *Config) {
		c.Files = fstest.MapFS{"assets/long-AbCd1234.js": {Data: long}, "photo.png": {Data: long}}
	})
	w.client.Transport = &http.Transport{DisableCompression: true}
	for encoding, opened := range map[string]func(io.Reader) io.Reader{
		"br":   func(r io.Reader) io.Reader { return brotli.NewReader(r) },
		"gzip": func(r io.Reader) io.Reader { g, err := gzip.NewReader(r); must(t, err); return g },
	} {
		got := w.get("/assets/long-AbCd1234.js", "Accept-Encoding", encoding)
		body, err := io.ReadAll(opened(bytes.NewReader(got.body)))
		if err != nil || !bytes.Equal(body, long) || got.header.Get("Content-Encoding") != encoding || len(got.body) > len(long)/5 {
			t.Errorf("%s: %d bytes, %v", encoding, len(got.body), err)
		}
	}
	if got := w.get("/photo.png", "Accept-Encoding", "br, gzip"); got.header.Get("Content-Encoding") != "" {
		t.Error("a picture was packed again")
	}
}

func TestWithoutAWebAppItSaysSo(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Files = fstestEmpty })
	w.get("/").refused(503, "internal", "no_web_app")
}

func TestForeignOrigins(t *testing.T) {
	w := newWorld(t)
	for _, origin := range []string{"https://example.org", "http://127.0.0.1:1", "null", "http://localhost.example.org", strings.Replace(w.base, "http:", "https:", 1) + ".example.org"} {
		w.post("/api/join", map[string]string{"code": "CCCCCC"}, "Origin", origin).refused(403, "denied", "foreign_origin")
		w.get("/ws", "Origin", origin, "Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==").refused(403, "denied", "foreign_origin")
	}
	w.post("/api/join", map[string]string{"code": "CCCCCC"}, "Origin", w.base).refused(404, "not_found", "code_unknown")
}

func TestASocketIsAskedFor(t *testing.T) {
	newWorld(t).get("/ws").refused(426, "invalid", "bad_request")
}

func TestOwnOrigins(t *testing.T) {
	public := &url.URL{Scheme: "https", Host: "rooms.example.org"}
	for _, c := range []struct {
		public       *url.URL
		origin, host string
		own          bool
	}{
		{nil, "http://127.0.0.1:8080", "127.0.0.1:8080", true},
		{nil, "http://localhost:5173", "localhost:5173", true},
		{nil, "http://[::1]:8080", "[::1]:8080", true},
		{nil, "http://10.0.0.7:8080", "10.0.0.7:8080", true},
		{nil, "http://rebound.example.org:8080", "rebound.example.org:8080", false}, // a name that was made to point here
		{nil, "http://127.0.0.1:8080", "127.0.0.1:9090", false},
		{public, "https://rooms.example.org", "rooms.example.org", true},
		{public, "https://rooms.example.org:443", "10.0.0.1:8080", true}, // behind a proxy
		{public, "https://ROOMS.example.org", "rooms.example.org", true},
		{public, "http://rooms.example.org", "rooms.example.org", false},
		{public, "https://rooms.example.org:8443", "rooms.example.org:8443", false},
		{public, "https://127.0.0.1:8080", "127.0.0.1:8080", false},
		{public, "null", "rooms.example.org", false},
		{public, "https://rooms.example.org.example.net", "rooms.example.org", false},
	} {
		if got := (origins{public: c.public}).allows(c.origin, c.host); got != c.own {
			t.Errorf("%s to %s with %v: %v", c.origin, c.host, c.public, got)
		}
	}
}

func TestSocketsInThePolicy(t *testing.T) {
	public := &url.URL{Scheme: "https", Host: "rooms.example.org"}
	for _, c := range []struct {
		public     *url.URL
		host, want string
	}{
		{nil, "127.0.0.1:8080", " ws://127.0.0.1:8080"}, {nil, "[::1]:8080", " ws://[::1]:8080"}, {nil, "localhost", " ws://localhost"},
		{nil, "example.org", ""}, {nil, "127.0.0.1; script-src *", ""}, {nil, "127.0.0.1/x", ""}, {nil, "a@127.0.0.1", ""}, {nil, "", ""},
		{public, "anything", " wss://rooms.example.org"},
	} {
		if got := (origins{public: c.public}).socket(c.public != nil, c.host); got != c.want {
			t.Errorf("%q: %q, want %q", c.host, got, c.want)
		}
	}
}

func TestAddressesBehindProxies(t *testing.T) {
	behind := proxies{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct {
		proxies            proxies
		from, header, want string
	}{
		{nil, "203.0.113.7", "", "203.0.113.7"},
		{nil, "203.0.113.7", "198.51.100.1", "203.0.113.7"}, // nobody's word counts
		{behind, "10.0.0.1", "198.51.100.1", "198.51.100.1"},
		{behind, "10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"}, // the first was written by the client
		{behind, "203.0.113.7", "198.51.100.1", "203.0.113.7"},
		{behind, "10.0.0.1", "", "10.0.0.1"},
		{behind, "10.0.0.1", "nonsense", "10.0.0.1"},
	} {
		request := &fasthttp.RequestCtx{}
		request.Init(&fasthttp.Request{}, &net.TCPAddr{IP: net.ParseIP(c.from)}, nil)
		request.Request.Header.Set("X-Forwarded-For", c.header)
		plain := fiber.New()
		ctx := plain.AcquireCtx(request)
		if got := c.proxies.client(ctx).String(); got != c.want {
			t.Errorf("%s, X-Forwarded-For %q: %s, want %s", c.from, c.header, got, c.want)
		}
		plain.ReleaseCtx(ctx)
	}
}

func TestAPanicSaysNothing(t *testing.T) {
	w := newWorld(t)
	broken := fiber.New(fiber.Config{ErrorHandler: answerError(w.logger)})
	broken.Use(recoverPanics(w.logger))
	broken.Get("/", func(*fiber.Ctx) error { panic("what Ana wrote") })
	request, err := http.NewRequest("GET", "/", nil)
	must(t, err)
	response, err := broken.Test(request, 5000)
	must(t, err)
	defer response.Body.Close()
	var said struct {
		Error struct{ Code, Reason, Message string }
	}
	must(t, json.NewDecoder(response.Body).Decode(&said))
	if response.StatusCode != 500 || said.Error.Code != "internal" || said.Error.Reason != "internal" {
		t.Errorf("%d %+v", response.StatusCode, said)
	}
	if logged := w.said.String(); strings.Contains(logged, "Ana") || !strings.Contains(logged, "panic") || !strings.Contains(logged, "stack") {
		t.Errorf("logged %s", logged)
	}
}

func TestOpenAPIHoldsEveryRoute(t *testing.T) {
	w := newWorld(t)
	var described struct {
		Paths map[string]map[string]struct {
			OperationID string                     `json:"operationId"`
			Responses   map[string]json.RawMessage `json:"responses"`
			Security    []any                      `json:"security"`
		} `json:"paths"`
	}
	w.get("/api/openapi.json").into(&described)
	written := map[string]bool{}
	for path, operations := range described.Paths {
		for method, operation := range operations {
			written[strings.ToUpper(method)+" "+path] = true
			if operation.OperationID == "" || len(operation.Responses) == 0 {
				t.Errorf("%s %s is not described", method, path)
			}
		}
	}
	pages := regexp.MustCompile(`^/($|\*$|j$|j/|stage$|demo$|lead$|lead/|setup$|mine$|knows$)`)
	served := map[string]bool{}
	for _, route := range w.app.GetRoutes(true) {
		if (route.Method == "GET" || route.Method == "POST") && !pages.MatchString(route.Path) {
			served[route.Method+" "+regexp.MustCompile(`:(\w+)`).ReplaceAllString(route.Path, "{$1}")] = true
		}
	}
	if !maps.Equal(written, served) {
		t.Errorf("described: %v\nserved: %v", slices.Sorted(maps.Keys(written)), slices.Sorted(maps.Keys(served)))
	}
}

func TestTheSchemaOfProgrammesIsServed(t *testing.T) {
	got := newWorld(t).get("/programme.schema.json")
	if kind := got.header.Get("Content-Type"); kind != "application/schema+json" || !bytes.Equal(got.body, facilitator.ProgrammeSchema()) {
		t.Errorf("%s: %.80s", kind, got.body)
	}
}

func TestOpenAPIReferencesLeadSomewhere(t *testing.T) {
	var document map[string]any
	must(t, json.Unmarshal(openapi, &document))
	for _, found := range regexp.MustCompile(`"\$ref": "#/([^"]+)"`).FindAllStringSubmatch(string(openapi), -1) {
		var at any = document
		for part := range strings.SplitSeq(found[1], "/") {
			at, _ = at.(map[string]any)[part]
		}
		if at == nil {
			t.Errorf("%s leads nowhere", found[1])
		}
	}
}

// Requests that are broken on the level of HTTP get the same form of error, or a closed connection, and nobody else notices.
func TestBrokenHTTP(t *testing.T) {
	w := newWorld(t)
	for name, sent := range map[string]string{
		"huge header": "GET / HTTP/1.1\r\nHost: x\r\nX-A: " + strings.Repeat("a", 1<<16) + "\r\n\r\n",
		"not HTTP":    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
		"huge body":   fmt.Sprintf("POST /api/join HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", 1<<30),
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(w.base, "http://"))
		must(t, err)
		_, _ = conn.Write([]byte(sent)) // it may be cut before all is written
		if line, err := bufio.NewReader(conn).ReadString('\n'); err == nil && !strings.Contains(line, " 4") {
			t.Errorf("%s: %s", name, line)
		}
		conn.Close()
	}
	if got := w.get("/healthz"); got.status != 200 {
		t.Errorf("status %d", got.status)
	}
}
