package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// program is "mend" running inside the test, as a script would see it.
type program struct {
	t     *testing.T
	lines map[string]string // what it printed before "ready", by name
	said  *buffer           // on standard error
	stop  context.CancelFunc
	ended chan int
}

type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// start runs it until it is ready.
func start(t *testing.T, args ...string) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	p := &program{t: t, lines: map[string]string{}, said: &buffer{}, stop: cancel, ended: make(chan int, 1)}
	read, write := io.Pipe()
	go func() {
		p.ended <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), nil, write, p.said)
		write.Close()
	}()
	t.Cleanup(func() { p.end() })
	lines := bufio.NewScanner(read)
	for lines.Scan() {
		if lines.Text() == "ready" {
			go io.Copy(io.Discard, read)
			return p
		}
		name, value, _ := strings.Cut(lines.Text(), ": ")
		p.lines[name] = value
	}
	t.Fatalf("it ended before it was ready: %s", p.said)
	return nil
}

// end stops it as SIGTERM does, once, and checks that it went well.
func (p *program) end() {
	p.stop()
	status, running := <-p.ended
	if running && status != exitOK {
		p.t.Errorf("it ended with status %d: %s", status, p.said)
	}
	if running {
		close(p.ended)
	}
}

// attempt runs it where it should refuse to start.
func attempt(t *testing.T, env []string, args ...string) (status int, said string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	var stdout, stderr buffer
	status = run(ctx, args, env, &stdout, &stderr)
	if strings.Contains(stdout.String(), "ready") {
		t.Errorf("it became ready")
	}
	return status, stderr.String()
}

func (p *program) post(path string, body any, into any) int {
	p.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	base, err := url.Parse(p.lines["join"])
	if err != nil {
		p.t.Fatal(err)
	}
	response, err := http.Post(base.Scheme+"://"+base.Host+path, "application/json", bytes.NewReader(data))
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		p.t.Fatal(err)
	}
	return response.StatusCode
}

func TestTheDemoPrintsItsLinksAndGoesOn(t *testing.T) {
	data := t.TempDir()
	first := start(t, "--demo", "--data", data)
	for name, shape := range map[string]string{
		"facilitator": `^http://127\.0\.0\.1:\d+/demo#[\w-]{22}$`, "join": `^http://127\.0\.0\.1:\d+/j/[A-Z0-9]{6}$`,
		"code": `^[A-Z0-9]{6}$`, "stage": `^http://127\.0\.0\.1:\d+/stage#[A-Z0-9]{6}\.[\w-]{22}$`,
	} {
		if !regexp.MustCompile(shape).MatchString(first.lines[name]) {
			t.Errorf("%s: %q", name, first.lines[name])
		}
	}
	if strings.Contains(first.lines["join"], ":0/") {
		t.Errorf("the join link carries no real port: %s", first.lines["join"])
	}
	var seat struct{ Token, Session, Person string }
	if status := first.post("/api/join", map[string]string{"code": first.lines["code"], "alias": "Otter"}, &seat); status != 200 || seat.Token == "" {
		t.Fatalf("joining: %d %+v", status, seat)
	}
	for _, secret := range []string{first.lines["facilitator"], first.lines["stage"], seat.Token, "Otter"} {
		_, secret = cutLast(secret, "#")
		if strings.Contains(first.said.String(), secret) {
			t.Errorf("standard error holds %q", secret)
		}
	}
	if !strings.Contains(first.said.String(), "▀") && !strings.Contains(first.said.String(), "█") {
		t.Error("no QR code on standard error")
	}
	first.end()

	second := start(t, "--demo", "--data", data)
	for name, link := range first.lines {
		if portless(second.lines[name]) != portless(link) {
			t.Errorf("%s was %s and is %s after a restart", name, link, second.lines[name])
		}
	}
	var again struct{ Session string }
	second.post("/api/join", map[string]string{"code": second.lines["code"], "alias": "Wren"}, &again)
	if again.Session != seat.Session {
		t.Errorf("session %s went on as %s", seat.Session, again.Session)
	}
	var refused struct{ Error struct{ Reason string } }
	if second.post("/api/join", map[string]string{"code": second.lines["code"], "alias": "Otter"}, &refused); refused.Error.Reason != "alias_taken" {
		t.Errorf("the people of before are forgotten: %+v", refused)
	}
}

func portless(link string) string { return regexp.MustCompile(`:\d+/`).ReplaceAllString(link, "/") }

func cutLast(s, sep string) (string, string) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):]
	}
	return "", s
}

func TestWithoutADemoItPrintsASetupLink(t *testing.T) {
	p := start(t, "--data", t.TempDir())
	if !regexp.MustCompile(`^http://127\.0\.0\.1:\d+/setup#[\w-]{22}$`).MatchString(p.lines["setup"]) || !strings.HasSuffix(p.lines["home"], "/lead") {
		t.Errorf("%v", p.lines)
	}
	if strings.Contains(p.said.String(), p.lines["setup"]) {
		t.Error("the set-up link is in the log")
	}
}

func TestMistakesOfAnOperator(t *testing.T) {
	care := filepath.Join(t.TempDir(), "care.yaml")
	if err := os.WriteFile(care, []byte("lines:\n  - name: {en: Local}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	local := []string{"--listen", "127.0.0.1:0"}
	for name, c := range map[string]struct {
		args   []string
		env    []string
		status int
		says   string
	}{
		"no command":          {nil, nil, exitUsage, "mend --help"},
		"unknown flag":        {[]string{"--port", "80"}, nil, exitUsage, "--port"},
		"plain http for all":  {[]string{"--listen", "0.0.0.0:0"}, nil, exitUsage, "--insecure-http"},
		"the same, by name":   {[]string{"--listen", ":0"}, nil, exitUsage, "--insecure-http"},
		"the same, by env":    {nil, []string{"MEND_LISTEN=[::]:0"}, exitUsage, "--insecure-http"},
		"no port":             {[]string{"--listen", "localhost"}, nil, exitUsage, "expected HOST:PORT"},
		"address taken":       {[]string{"--listen", taken.Addr().String()}, nil, exitFailed, "choose another address"},
		"not our address":     {[]string{"--listen", "192.0.2.1:0", "--insecure-http"}, nil, exitFailed, "of this machine"},
		"half a certificate":  {append(local, "--tls-cert", "x.pem"), nil, exitUsage, "belong together"},
		"no such certificate": {append(local, "--tls-cert", "x.pem", "--tls-key", "y.pem"), nil, exitUsage, "x.pem"},
		"a path in the URL":   {append(local, "--public-url", "https://example.org/mend"), nil, exitUsage, "without a path"},
		"no URL":              {append(local, "--public-url", "example.org"), nil, exitUsage, "scheme and a host"},
		"uncertifiable":       {[]string{"--listen", "0.0.0.0:0", "--public-url", "https://localhost"}, nil, exitUsage, "nobody gives certificates"},
		"guests without demo": {append(local, "--guests", "3"), nil, exitUsage, "--demo"},
		"too many guests":     {append(local, "--demo", "--guests", "3000"), nil, exitUsage, "0 to 200"},
		"not a number":        {append(local, "--guests", "some"), nil, exitUsage, "guests"},
		"no proxy":            {append(local, "--trust-proxy", "caddy"), nil, exitUsage, "expected an address"},
		"no such care file":   {append(local, "--care", "/nowhere/care.yaml"), nil, exitUsage, "/nowhere/care.yaml"},
		"no such resources":   {append(local, "--resources", "/nowhere/help.yaml"), nil, exitUsage, "/nowhere/help.yaml"},
		"broken resources":    {append(local, "--resources", care), nil, exitFailed, "care.yaml:1:1: "},
		"a broken care file":  {append(local, "--care", care), nil, exitFailed, "care.yaml: line 1: expected"},
		"no such programme":   {append(local, "--demo", "--programme", "amends"), nil, exitUsage, "making-amends, "},
		"two copies":          {append(local, "--replicas", "2"), nil, exitUsage, "1 or 3"},
		"nobody at NATS":      {append(local, "--nats", "nats://ana:secret@127.0.0.1:9"), nil, exitFailed, "nats_unreachable"},
		"data is a file":      {append(local, "--data", care), nil, exitFailed, "may write to"},
	} {
		t.Run(name, func(t *testing.T) {
			args := c.args
			if name != "no command" {
				args = append([]string{"serve"}, c.args...)
			}
			if name != "data is a file" && name != "no command" {
				args = append(args, "--data", t.TempDir())
			}
			status, said := attempt(t, c.env, args...)
			if status != c.status || !strings.Contains(said, c.says) {
				t.Errorf("status %d: %s", status, said)
			}
			if last := lastLine(said); !regexp.MustCompile(`^mend: [a-z_]+: .{10,}`).MatchString(last) {
				t.Errorf("its last line is %q", last)
			}
			if strings.Contains(said, "secret") {
				t.Errorf("a secret is shown: %s", said)
			}
		})
	}
}

func lastLine(s string) string {
	_, last := cutLast("\n"+strings.TrimSpace(s), "\n")
	return last
}

func TestADataFolderInUse(t *testing.T) {
	data := t.TempDir()
	start(t, "--data", data)
	status, said := attempt(t, nil, "serve", "--listen", "127.0.0.1:0", "--data", data)
	if status != exitFailed || !strings.Contains(said, "mend: data_in_use: ") || !strings.Contains(said, data) {
		t.Errorf("status %d: %s", status, said)
	}
}

func TestTheEnvironmentStandsInForFlags(t *testing.T) {
	var stdout, stderr buffer
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	env := []string{"MEND_LISTEN=127.0.0.1:0", "MEND_DATA=" + t.TempDir(), "MEND_DEMO=true", "MEND_GUESTS=2", "MEND_MAX_PEOPLE=40", "MEND_NATS=", "HOME=/"}
	go func() { ended <- run(ctx, []string{"serve", "--max-people", "50"}, env, &stdout, &stderr) }()
	for deadline := time.Now().Add(10 * time.Minute); !strings.Contains(stdout.String(), "ready\n"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never ready: %s", stderr.String())
		}
	}
	cancel()
	if status := <-ended; status != exitOK {
		t.Errorf("status %d", status)
	}
	shown := regexp.MustCompile(` +`).ReplaceAllString(stderr.String(), " ")
	for _, line := range []string{"seats in a session 50\n", "simulated guests 2\n", "demo true\n", "store embedded, in "} {
		if !strings.Contains(shown, line) {
			t.Errorf("the configuration shown lacks %q: %s", line, shown)
		}
	}
}

func TestHelp(t *testing.T) {
	var stdout, stderr buffer
	if status := run(t.Context(), []string{"serve", "--help"}, nil, &stdout, &stderr); status != exitOK {
		t.Errorf("status %d", status)
	}
	for _, word := range []string{"--listen", "MEND_LISTEN", "--insecure-http", "MEND_PUBLIC_URL", "--guests"} {
		if !strings.Contains(stdout.String(), word) {
			t.Errorf("the help lacks %s: %s", word, stdout.String())
		}
	}
}

func TestPlainHTTPSaysWhatItCosts(t *testing.T) {
	p := start(t, "--demo", "--data", t.TempDir(), "--listen", "0.0.0.0:0", "--insecure-http")
	for _, word := range []string{"crypto.subtle", "anonymous shares", "take over their seats"} {
		if !strings.Contains(p.said.String(), word) {
			t.Errorf("it does not mention %s: %s", word, p.said)
		}
	}
	if strings.Contains(p.lines["join"], "0.0.0.0") {
		t.Errorf("a link nobody can open: %s", p.lines["join"])
	}
}

func TestACertificateOfOnesOwn(t *testing.T) {
	cert, key, roots := certificate(t)
	p := start(t, "--demo", "--data", t.TempDir(), "--tls-cert", cert, "--tls-key", key)
	if !strings.HasPrefix(p.lines["join"], "https://127.0.0.1:") {
		t.Fatalf("join link %s", p.lines["join"])
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	response, err := client.Get(p.lines["join"])
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.Header.Get("Strict-Transport-Security") == "" || response.Proto != "HTTP/1.1" {
		t.Errorf("%s %v", response.Proto, response.Header)
	}
	client.CloseIdleConnections()
	old := &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	if conn, err := tls.Dial("tcp", response.Request.URL.Host, old); err == nil {
		conn.Close()
		t.Error("TLS 1.1 is spoken")
	}
}

func TestOnlyPagesAreSentToHTTPS(t *testing.T) {
	public, err := readPublicURL("https://rooms.example.org")
	if err != nil {
		t.Fatal(err)
	}
	s := settled{serve: serve{Data: t.TempDir()}, public: public}
	for method, want := range map[string]int{"GET": http.StatusFound, "POST": http.StatusBadRequest} {
		answer := httptest.NewRecorder()
		s.certificates().HTTPHandler(nil).ServeHTTP(answer, httptest.NewRequest(method, "http://rooms.example.org/j/ABCDEF", nil))
		if answer.Code != want || answer.Header().Get("Location") != map[string]string{"GET": "https://rooms.example.org/j/ABCDEF"}[method] {
			t.Errorf("%s: %d %v", method, answer.Code, answer.Header())
		}
	}
}

func TestTheLogIsInUTC(t *testing.T) {
	var said bytes.Buffer
	at := time.Date(2030, 1, 31, 23, 0, 0, 0, time.FixedZone("west", -5*3600))
	record := slog.NewRecord(at, slog.LevelInfo, "two\nlines", 0)
	if err := logTo(&said).Handler().Handle(t.Context(), record); err != nil || !strings.HasPrefix(said.String(), "time=2030-02-01T04:00:00.000Z level=INFO msg=\"two\\nlines\"\n") {
		t.Errorf("%v: %s", err, &said)
	}
}

// certificate makes one for 127.0.0.1 that lasts an hour.
func certificate(t *testing.T) (certFile, keyFile string, roots *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, data := range map[string][]byte{certFile: certPEM, keyFile: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})} {
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM(certPEM)
	return certFile, keyFile, roots
}

func TestWhatLinksBeginWith(t *testing.T) {
	for _, c := range []struct {
		flags      serve
		port, want string
	}{
		{serve{Listen: "127.0.0.1:0"}, "40001", "http://127.0.0.1:40001"},
		{serve{Listen: "localhost:80"}, "80", "http://localhost"},
		{serve{Listen: "[::1]:443", TLSCert: "c"}, "443", "https://[::1]"},
		{serve{Listen: "127.0.0.1:80", TLSCert: "c"}, "80", "https://127.0.0.1:80"},
	} {
		if got := (settled{serve: c.flags}).base(c.port).String(); got != c.want {
			t.Errorf("%s on port %s: %s, want %s", c.flags.Listen, c.port, got, c.want)
		}
	}
}

func TestWhoBringsTheCertificate(t *testing.T) {
	for _, c := range []struct {
		flags     serve
		automatic bool
		base      string
	}{
		{serve{Listen: ":443", PublicURL: "https://rooms.example.org"}, true, "https"},
		{serve{Listen: "127.0.0.1:8080", PublicURL: "https://rooms.example.org"}, false, "http"}, // a proxy beside it
		{serve{Listen: "0.0.0.0:8080", PublicURL: "https://rooms.example.org", InsecureHTTP: true}, false, "http"},
		{serve{Listen: ":443", PublicURL: "https://rooms.example.org", TLSCert: "c", TLSKey: "k"}, false, "https"},
		{serve{Listen: "127.0.0.1:8080"}, false, "http"},
	} {
		if c.flags.automatic() != c.automatic || c.flags.scheme() != c.base {
			t.Errorf("%+v: automatic %v, %s", c.flags, c.flags.automatic(), c.flags.scheme())
		}
	}
}
