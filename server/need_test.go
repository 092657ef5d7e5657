package server

import (
	"strings"
	"testing"
	"time"
)

// need is what a route asks of whoever comes.
type need string

const (
	nothing  need = "nothing"
	signedIn need = "signed in"
	proven   need = "proved a moment ago" // before export, deletion, change of role, and every change to a way in
	either   need = "proved, but for one's own device"
)

// needs is every route of the API. administering says that it is for administrators only.
var needs = []struct {
	need          need
	administering bool
	routes        string
}{
	{nothing, false, `POST /api/join, POST /api/stage, GET /api/door/:code, POST /api/door, POST /api/code, GET /api/alias, GET /api/care, GET /api/resources,
		GET /api/knows, GET /api/openapi.json, POST /api/demo/seat, POST /api/bowl/:session/:step`}, // their own keys and tokens
	{nothing, false, `POST /api/setup, POST /api/setup/passkey, POST /api/signin, POST /api/signin/second, POST /api/signin/passkey, POST /api/passkey,
		POST /api/recover, POST /api/refresh, POST /api/signout`},
	{signedIn, false, `POST /api/prove, GET /api/account, GET /api/home, POST /api/sessions, POST /api/sessions/:id/seat`},
	{signedIn, false, `POST /api/programmes, POST /api/programmes/import, POST /api/programmes/check, GET /api/programmes/steps,
		GET /api/programmes/steps/:programme/:step, GET /api/programmes/:id, POST /api/programmes/:id, POST /api/programmes/:id/return,
		GET /api/programmes/:id/versions, GET /api/programmes/:id/versions/:version`},
	{proven, false, `GET /api/programmes/:id/file, POST /api/programmes/:id/remove`},
	{proven, false, `POST /api/account/password, POST /api/account/passkeys/new, POST /api/account/passkeys, POST /api/account/passkeys/:id/remove,
		POST /api/account/codes, POST /api/account/codes/confirm, POST /api/account/codes/remove, POST /api/account/recovery`},
	{either, false, `POST /api/account/devices/:id/signout`},
	{signedIn, true, `GET /api/organisation, GET /api/organisation/trail, POST /api/organisation/invitations/:id/withdraw`},
	{proven, true, `POST /api/organisation/invitations, POST /api/organisation/demand, POST /api/organisation/members/:id/role,
		POST /api/organisation/members/:id/recovery, POST /api/organisation/members/:id/leave`},
	{signedIn, false, `POST /api/signout-everywhere`}, // the last: nobody is signed in then
}

func TestEveryRouteAsksForWhatItNeeds(t *testing.T) {
	w := newWorld(t)
	rosa := w.setUpAccount("Rosa")
	ben := w.invited(rosa, "Ben", facilitating)
	served := map[string]bool{}
	for _, route := range w.app.GetRoutes(true) {
		if strings.HasPrefix(route.Path, "/api/") && route.Method != "HEAD" {
			served[route.Method+" "+route.Path] = true
		}
	}
	named := strings.NewReplacer(":code", "CCCCCC", ":id", "x", ":session", "x", ":step", "x", ":programme", "x", ":version", "1")
	ask := func(route string, headers ...string) answer {
		method, path, _ := strings.Cut(named.Replace(route), " ")
		return w.ask(newBrowser(), method, path, map[string]string{}, headers...)
	}
	each := func(do func(n need, administering bool, route string)) {
		for _, row := range needs {
			for route := range strings.SplitSeq(row.routes, ",") {
				do(row.need, row.administering, strings.TrimSpace(route))
			}
		}
	}
	each(func(n need, administering bool, route string) {
		t.Log(route)
		if !served[route] {
			t.Errorf("%s is not served, or stands here twice", route)
		}
		delete(served, route)
		nobody := ask(route)
		if n == nothing {
			own := route == "POST /api/refresh" || route == "POST /api/signin/second" // a cookie, a ticket
			if strings.Contains(string(nobody.body), "not_signed_in") != own {
				t.Errorf("%s: %s", route, nobody.body)
			}
			return
		}
		nobody.refused(401, "denied", "not_signed_in")
		if administering {
			ask(route, bearer(ben)...).refused(403, "denied", "not_administrator")
		}
	})
	for route := range served {
		t.Errorf("%s stands in no row of needs", route)
	}
	w.clock.advance(proofLasts + time.Second)
	each(func(n need, _ bool, route string) {
		t.Log(route)
		if n == proven || n == either {
			ask(route, bearer(rosa)...).refused(401, "denied", "prove_again")
		} else if got := ask(route, bearer(rosa)...); strings.Contains(string(got.body), "prove_again") {
			t.Errorf("%s: %s", route, got.body)
		}
	})
}
