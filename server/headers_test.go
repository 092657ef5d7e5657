package server

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"testing"
)

// holdHeaders wants of an answer, whatever it is, what every answer carries. All requests of these tests pass here.
func (w *world) holdHeaders(what string, header http.Header) {
	w.t.Helper()
	for name, want := range map[string]string{"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex, nofollow",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": permissions,
		"Server": "", "Access-Control-Allow-Origin": ""} {
		if header.Get(name) != want {
			w.t.Errorf("%s: %s is %q", what, name, header.Get(name))
		}
	}
	policy := header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none';", "script-src 'self';", "style-src 'self';", "base-uri 'none';", "frame-ancestors '"} {
		if !strings.Contains(policy, part) || strings.Contains(policy, "unsafe") {
			w.t.Errorf("%s: policy %q", what, policy)
		}
	}
	framed := strings.Contains(policy, "frame-ancestors 'self'")
	if framed != strings.HasSuffix(what, " "+previewPath) || framed == (header.Get("X-Frame-Options") == "DENY") {
		w.t.Errorf("%s: may be framed: %v, %s", what, framed, header.Get("X-Frame-Options"))
	}
	secure := w.Server != nil && w.secure
	if secure && header.Get("Strict-Transport-Security") == "" {
		w.t.Errorf("%s: may be asked for without https", what)
	}
	if kind := header.Get("Content-Type"); strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "charset=utf-8") || kind == "" && header.Get("Content-Length") > "0" {
		w.t.Errorf("%s: type %q", what, kind)
	}
	for _, cookie := range header.Values("Set-Cookie") {
		if !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Strict") || !strings.Contains(cookie, "path=/") || secure != strings.HasPrefix(cookie, "__Host-") {
			w.t.Errorf("%s: cookie %s", what, cookie)
		}
	}
}

// Every route, asked for by nobody in particular and mostly in vain.
func TestHeadersOnEveryAnswer(t *testing.T) {
	w := newWorld(t)
	named := strings.NewReplacer(":code", "CCCCCC", ":id", "x", ":session", "x", ":step", "x", ":programme", "x", ":version", "1", "*", "mend.svg")
	kept := map[string]bool{"/api/knows": true, "/api/resources": true} // the same for everybody
	for _, route := range w.app.GetRoutes(true) {
		path := named.Replace(route.Path)
		got := w.ask(w.client, route.Method, path, map[string]string{})
		if strings.HasPrefix(path, "/api/") && !kept[path] && got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s %s: Cache-Control %q", route.Method, path, got.header.Get("Cache-Control"))
		}
	}
	if policy := w.get("/").header.Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self' ws"+strings.TrimPrefix(w.base, "http")+";") {
		t.Errorf("policy %q", policy)
	}
}

// What no handler sees is answered with them too.
func TestHeadersWhereNoHandlerAnswers(t *testing.T) {
	w := newWorld(t)
	socket := "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
	for _, c := range []struct {
		name, sent string
		status     int
	}{
		{"a huge header", "GET / HTTP/1.1\r\nHost: x\r\nX-A: " + strings.Repeat("a", 1<<16) + "\r\n\r\n", 431},
		{"a huge body", "POST /api/join HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n", 413},
		{"another protocol", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400},
		{"two lengths", "POST /api/join HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400},
		{"an unknown method", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
		{"a trace", "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 404},
		{"a preflight", "OPTIONS /api/join HTTP/1.1\r\nHost: x\r\nOrigin: https://example.org\r\nAccess-Control-Request-Method: POST\r\n\r\n", 403},
		{"no socket", "GET /ws HTTP/1.1\r\nHost: x\r\n\r\n", 426},
		{"an old socket", socket + "Sec-WebSocket-Version: 7\r\n\r\n", 426},
		{"a socket for another site", socket + "Sec-WebSocket-Version: 13\r\nOrigin: https://example.org\r\n\r\n", 403},
		{"a socket", socket + "Sec-WebSocket-Version: 13\r\n\r\n", 101},
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(w.base, "http://"))
		must(t, err)
		_, _ = conn.Write([]byte(c.sent)) // it may be cut before all is written
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		must(t, err)
		if answer.StatusCode != c.status {
			t.Errorf("%s: %s", c.name, answer.Status)
		}
		w.holdHeaders(c.name, answer.Header)
		answer.Body.Close()
		conn.Close()
	}
}
