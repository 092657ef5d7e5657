package main

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"mend/facilitator"
	"mend/realtime"
)

// serve is what "mend serve" is told, by flags or by MEND_ variables.
type serve struct {
	Listen       string   `default:"127.0.0.1:8080" help:"Address to answer on; port 0 takes a free one."`
	Data         string   `default:"mend-data" help:"Folder for the store and for automatic certificates."`
	NATS         string   `name:"nats" placeholder:"URLS" help:"NATS servers to keep everything on instead, separated by commas."`
	Replicas     int      `default:"0" help:"How many of these servers keep each stream, 1 or 3; 0 means 3 on a cluster."`
	Keys         string   `placeholder:"FOLDER" help:"Keys that \"mend keys make\" wrote. Left out, they are made beside the embedded store; on NATS of its own they then stand in the store itself. MEND_KEY_TOKENS, MEND_KEY_LINKS and MEND_KEY_SEALS give them without files."`
	PublicURL    string   `name:"public-url" placeholder:"URL" help:"Where people reach this server, such as https://rooms.example.org. With https, no --tls-cert, and --listen beyond localhost, its certificate is fetched and renewed automatically (Let's Encrypt)."`
	TLSCert      string   `name:"tls-cert" placeholder:"FILE" help:"Certificate chain, PEM."`
	TLSKey       string   `name:"tls-key" placeholder:"FILE" help:"Its private key, PEM."`
	InsecureHTTP bool     `name:"insecure-http" help:"Speak plain http on more than localhost: to a proxy that brings the https, or to try things on a network you trust."`
	TrustProxy   []string `placeholder:"CIDR" help:"Reverse proxies whose X-Forwarded-For counts."`
	Care         string   `placeholder:"FILE" help:"Crisis lines in place of the built-in ones."`
	Resources    string   `placeholder:"FILE" help:"People near here who can help, for the board that everybody can open."`
	MaxPeople    int      `default:"1200" help:"Seats in one session."`
	Demo         bool     `help:"Open a session at once and print the links into it."`
	Programme    string   `default:"making-amends" help:"The demo's programme, by its name in facilitator/programmes, such as practising-amends, or a file of your own that ends in .yaml."`
	ICE          string   `name:"ice" placeholder:"FILE" help:"STUN and TURN servers for voice in practice rooms: a JSON list of {\"urls\", \"username\", \"credential\"}. Everybody with a seat is told them. None are built in."`
	Scenarios    string   `placeholder:"FOLDER" help:"Folder of further scenarios for practice rooms, a .yaml file each, as 'mend check' accepts them. One with the name of a built-in scenario takes its place."`
	Guests       int      `default:"0" help:"Simulated people in the demo session."`
}

// settled is a checked configuration, read and resolved.
type settled struct {
	serve
	public  *url.URL // nil without --public-url
	proxies []netip.Prefix
	care    []byte
	helpers []byte
	ice     []realtime.ICEServer
	own     []facilitator.Scenario
	trial   *facilitator.Programme
	given   givenKeys // by the environment
}

func (f serve) settle() (s settled, err error) {
	s.serve = f
	if err := f.check(); err != nil {
		return s, err
	}
	if f.PublicURL != "" {
		if s.public, err = readPublicURL(f.PublicURL); err != nil {
			return s, err
		}
	}
	if f.automatic() && onlyLocal(s.public.Hostname()) {
		return s, misused("--public-url %s: nobody gives certificates for this name. Give --tls-cert and --tls-key", f.PublicURL)
	}
	for _, proxy := range f.TrustProxy {
		prefix, err := readPrefix(proxy)
		if err != nil {
			return s, misused("--trust-proxy %s: expected an address or a range such as 10.0.0.0/8", proxy)
		}
		s.proxies = append(s.proxies, prefix)
	}
	if f.Care != "" {
		if s.care, err = os.ReadFile(f.Care); err != nil {
			return s, misused("--care: %w", err)
		}
	}
	if f.Resources != "" {
		if s.helpers, err = os.ReadFile(f.Resources); err != nil {
			return s, misused("--resources: %w", err)
		}
	}
	if f.ICE != "" {
		if s.ice, err = readICE(f.ICE); err != nil {
			return s, misused("--ice: %w", err)
		}
	}
	if f.Scenarios != "" {
		if s.own, err = readScenarios(f.Scenarios); err != nil {
			return s, misused("--scenarios: %w", err)
		}
	}
	if strings.HasSuffix(f.Programme, ".yaml") {
		if s.trial, err = readProgramme(f.Programme, s.own); err != nil {
			return s, misused("--programme: %w", err)
		}
		return s, nil
	}
	return s, f.checkProgramme()
}

func (f serve) checkProgramme() error {
	all, err := facilitator.BuiltIn()
	if err != nil {
		return err
	}
	var names []string
	for _, programme := range all {
		names = append(names, programme.ID)
	}
	if !slices.Contains(names, f.Programme) {
		return misused("--programme %s: there is none of this name. There are %s; a file of your own ends in .yaml", f.Programme, strings.Join(names, ", "))
	}
	return nil
}

func (f serve) check() error {
	host, _, err := net.SplitHostPort(f.Listen)
	switch {
	case err != nil:
		return misused("--listen %s: expected HOST:PORT, such as 127.0.0.1:8080", f.Listen)
	case (f.TLSCert == "") != (f.TLSKey == ""):
		return misused("--tls-cert and --tls-key belong together: give both or neither")
	case f.Guests < 0 || f.Guests > 200:
		return misused("--guests %d: expected 0 to 200", f.Guests)
	case f.Guests > 0 && !f.Demo:
		return misused("--guests sit in the demo session: add --demo")
	case f.MaxPeople < 2:
		return misused("--max-people %d: expected at least 2", f.MaxPeople)
	case f.Replicas != 0 && f.Replicas != 1 && f.Replicas != 3:
		return misused("--replicas %d: expected 1 or 3", f.Replicas)
	case f.plain() && !onlyLocal(host) && !f.InsecureHTTP:
		return misused("--listen %s is reachable from other machines, and plain http lets everybody on the way read and change what people say. "+
			"Give --tls-cert and --tls-key, or --public-url https://… to have a certificate fetched, or accept it with --insecure-http", f.Listen)
	}
	return nil
}

// automatic says that the certificate for the public name is fetched and renewed by the program itself: people are told
// to use https, and nothing else is told to bring it.
func (f serve) automatic() bool {
	host, _, _ := net.SplitHostPort(f.Listen)
	return f.TLSCert == "" && !f.InsecureHTTP && !onlyLocal(host) && strings.HasPrefix(f.PublicURL, "https://")
}

func (f serve) plain() bool { return f.TLSCert == "" && !f.automatic() }

func (f serve) scheme() string {
	if f.plain() {
		return "http"
	}
	return "https"
}

func onlyLocal(host string) bool {
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback() || strings.EqualFold(host, "localhost")
}

func readPublicURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
		return nil, misused("--public-url: expected a scheme and a host, such as https://rooms.example.org, without a path")
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

func readPrefix(raw string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(raw); err == nil {
		return netip.PrefixFrom(address, address.BitLen()), nil
	}
	return netip.ParsePrefix(raw)
}

// show prints the effective configuration, without what only the operator should know.
func (s settled) show(w io.Writer, address, base string) {
	store := "embedded, in " + s.Data
	if s.NATS != "" {
		store = withoutSecrets(s.NATS)
	}
	certificate := "none (plain http)"
	switch {
	case s.automatic():
		certificate = "automatic, for " + s.public.Hostname()
	case s.TLSCert != "":
		certificate = s.TLSCert
	}
	for _, line := range [][2]string{
		{"listen", address}, {"links begin with", base}, {"store", store}, {"keys", s.keysAt()}, {"session keys", s.sessionKeysAt()}, {"certificate", certificate},
		{"trusted proxies", orNone(strings.Join(s.TrustProxy, ", "))}, {"crisis lines", orElse(s.Care, "built in")},
		{"who can help", orNone(s.Resources)},
		{"seats in a session", fmt.Sprint(s.MaxPeople)}, {"servers for calls", fmt.Sprint(len(s.ice))}, {"own scenarios", fmt.Sprint(len(s.own))}, {"demo", fmt.Sprint(s.Demo)}, {"simulated guests", fmt.Sprint(s.Guests)},
	} {
		fmt.Fprintf(w, "%-20s%s\n", line[0], line[1])
	}
}

func (s settled) keysAt() string {
	switch {
	case len(s.given) > 0:
		return "from the environment"
	case s.Keys != "":
		return s.Keys
	case s.NATS != "":
		return "in the store, beside what they protect (--keys FOLDER keeps them apart)"
	}
	return "beside the store"
}

func (s settled) sessionKeysAt() string {
	if s.NATS == "" {
		return filepath.Join(s.Data, unsaved) + ", which backups leave out"
	}
	return "in the store's stream mend-keys, sealed with the keys: leave that stream out of backups, or they open what was forgotten"
}

func orNone(value string) string { return orElse(value, "none") }

func orElse(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// withoutSecrets leaves user names, passwords and tokens out of server addresses.
func withoutSecrets(urls string) string {
	parts := strings.Split(urls, ",")
	for i, part := range parts {
		if at := strings.LastIndex(part, "@"); at >= 0 {
			scheme, _, _ := strings.Cut(part, "//")
			parts[i] = scheme + "//" + part[at+1:]
		}
	}
	return strings.Join(parts, ",")
}

// warnPlain says what plain http costs.
func (s settled) warnPlain(w io.Writer) {
	host, _, _ := net.SplitHostPort(s.Listen)
	if !s.plain() || onlyLocal(host) {
		return
	}
	if s.public != nil && s.public.Scheme == "https" {
		fmt.Fprintf(w, "warning: plain http on %s. Something in front must speak https for %s, and only it should reach this port.\n", s.Listen, s.public)
		return
	}
	fmt.Fprint(w, `warning: plain http (--insecure-http). Fine to try things on a network you trust; not for a real workshop:
  - everybody on the network can read and change what people say, and take over their seats
  - on other machines than this one browsers withhold their cryptography (crypto.subtle): anonymous shares will not work
  - they also withhold keeping the screen awake, copying to the clipboard and offline use
  - the facilitator's sign-in cookie travels unprotected
`)
}
