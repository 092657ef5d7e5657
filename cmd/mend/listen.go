package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// door is where people come in: the listener and, with automatic certificates, the plain port that sends them there.
type door struct {
	net.Listener
	plain *http.Server // nil without
	ended chan struct{}
}

// listen takes the port. What it answers speaks TLS unless the configuration says plain http.
func (s settled) listen(stderr io.Writer) (*door, error) {
	var security *tls.Config
	var certificates *autocert.Manager
	switch {
	case s.automatic():
		certificates = s.certificates()
		security = certificates.TLSConfig()
		security.MinVersion = tls.VersionTLS12
		security.NextProtos = []string{"http/1.1", acme.ALPNProto} // the HTTP server speaks no HTTP/2
	case s.TLSCert != "":
		pair, err := tls.LoadX509KeyPair(s.TLSCert, s.TLSKey)
		if err != nil {
			return nil, misused("--tls-cert, --tls-key: %w", err)
		}
		security = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}, NextProtos: []string{"http/1.1"}}
	}
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return nil, fail("address", withRemedy(err))
	}
	d := &door{Listener: listener}
	if security != nil {
		d.Listener = tls.NewListener(listener, security)
	}
	if certificates != nil {
		d.redirect(certificates, stderr)
	}
	return d, nil
}

func withRemedy(err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%w. Stop the program that answers there, or choose another address with --listen", err)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("%w. --listen takes an address of this machine; 0.0.0.0 stands for all of them", err)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("%w. Ports under 1024 need CAP_NET_BIND_SERVICE, as deploy/mend.service gives it; or choose a higher one with --listen", err)
	}
	return err
}

func (s settled) certificates() *autocert.Manager {
	return &autocert.Manager{Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(s.public.Hostname()),
		Cache: autocert.DirCache(filepath.Join(s.Data, "certificates"))}
}

// redirect answers plain http on port 80 beside the listener, for people who type no https and for the authority's check.
// Without it the certificate is still fetched, over the listener itself.
func (d *door) redirect(certificates *autocert.Manager, stderr io.Writer) {
	host, _, _ := net.SplitHostPort(d.Addr().String())
	listener, err := net.Listen("tcp", net.JoinHostPort(host, "80"))
	if err != nil {
		fmt.Fprintf(stderr, "warning: port 80 is not available (%v): people have to type https://\n", err)
		return
	}
	d.plain = &http.Server{Handler: certificates.HTTPHandler(nil), ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second}
	d.ended = make(chan struct{})
	go func() {
		defer close(d.ended)
		_ = d.plain.Serve(listener) // always an error: Close ends it
	}()
}

// Close gives the ports back.
func (d *door) Close() error {
	if d.plain != nil {
		d.plain.Close()
		<-d.ended
	}
	return d.Listener.Close()
}

// base is what links begin with: the public address if there is one, else one under which this machine is reached.
func (s settled) base(port string) *url.URL {
	if s.public != nil {
		return s.public
	}
	host, _, _ := net.SplitHostPort(s.Listen)
	if address := net.ParseIP(host); host == "" || address != nil && address.IsUnspecified() {
		host = ownAddress()
	}
	host = net.JoinHostPort(host, port)
	usual := map[string]string{"http": ":80", "https": ":443"}[s.scheme()]
	return &url.URL{Scheme: s.scheme(), Host: strings.TrimSuffix(host, usual)}
}

// ownAddress is this machine's on its local network, for links that other devices can open.
func ownAddress() string {
	addresses, _ := net.InterfaceAddrs()
	for _, address := range addresses {
		if ip, ok := address.(*net.IPNet); ok && ip.IP.To4() != nil && ip.IP.IsPrivate() {
			return ip.IP.String()
		}
	}
	return "127.0.0.1"
}
