package server

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

// origins decides which pages may talk to this server: its own. With a public URL that is the only one. Without, it is
// the address the browser used, if that is an IP address or localhost: no name a stranger owns can be made to point
// there and still pass.
type origins struct{ public *url.URL }

// own refuses a request that a page of another site makes. Programs that are no browsers send no Origin; they carry
// nobody's cookies, so there is nothing to protect.
func (o origins) own(c *fiber.Ctx) error {
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" || o.allows(origin, string(c.Request().Host())) {
		return c.Next()
	}
	return refuse(facilitator.Denied, "foreign_origin", "Another web site may not use this one. Open the page at its own address.")
}

func (o origins) allows(origin, host string) bool {
	from, err := url.Parse(origin)
	if err != nil || from.Host == "" {
		return false
	}
	if o.public != nil {
		return strings.EqualFold(from.Scheme, o.public.Scheme) && strings.EqualFold(withPort(from), withPort(o.public))
	}
	return strings.EqualFold(from.Host, host) && plainHost(from.Hostname())
}

// socket is the source under which a page of ours opens its socket, with a space before it; empty where the request's
// host is not one to repeat.
func (o origins) socket(secure bool, host string) string {
	scheme := " ws://"
	if secure {
		scheme = " wss://"
	}
	if o.public != nil {
		return scheme + o.public.Host
	}
	if at, err := url.Parse("http://" + host); err == nil && at.Host == host && plainHost(at.Hostname()) {
		return scheme + host
	}
	return ""
}

func plainHost(name string) bool {
	_, err := netip.ParseAddr(name)
	return err == nil || strings.EqualFold(name, "localhost")
}

func withPort(u *url.URL) string {
	if u.Port() != "" {
		return u.Host
	}
	return net.JoinHostPort(u.Hostname(), map[string]string{"https": "443"}[u.Scheme]+map[string]string{"http": "80"}[u.Scheme])
}

// proxies are the reverse proxies whose word about a client's address counts.
type proxies []netip.Prefix

// client is the address a request came from: the last one in X-Forwarded-For that is not a proxy of ours. What stands
// before it was written by the client and could be anything.
func (p proxies) client(c *fiber.Ctx) netip.Addr {
	address, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	address = address.Unmap()
	hops := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
	for i := len(hops) - 1; i >= 0 && p.hold(address); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		address = next.Unmap()
	}
	return address
}

func (p proxies) hold(address netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(address) {
			return true
		}
	}
	return false
}
