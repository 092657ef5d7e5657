package server

import (
	"testing"
	"time"
)

func (w *world) invited(admin signedInView, name string, role standing) signedInView {
	w.t.Helper()
	var link struct{ Link, Ends string }
	w.post("/api/organisation/invitations", map[string]any{"role": role}, bearer(admin)...).into(&link)
	w.client = newBrowser()
	var in signedInView
	w.post("/api/setup", map[string]string{"key": fragment(w.t, link.Link), "name": name, "password": goodPassword}).into(&in)
	w.post("/api/setup", map[string]string{"key": fragment(w.t, link.Link), "name": name + " 2", "password": goodPassword}).refused(403, "denied", "setup_key")
	return in
}

func (w *world) members(admin signedInView) map[string]memberView {
	w.t.Helper()
	var view organisationView
	w.get("/api/organisation", bearer(admin)...).into(&view)
	by := map[string]memberView{}
	for _, m := range view.Members {
		by[m.Name] = m
	}
	return by
}

func TestInvitations(t *testing.T) {
	w := newWorld(t)
	rosa := w.setUpAccount("Rosa")
	ben := w.invited(rosa, "Ben", facilitating)
	w.get("/api/organisation", bearer(ben)...).refused(403, "denied", "not_administrator")
	w.post("/api/organisation/invitations", map[string]string{"role": "facilitator"}, bearer(ben)...).refused(403, "denied", "not_administrator")
	w.post("/api/organisation/invitations", map[string]string{"role": "owner"}, bearer(rosa)...).refused(400, "invalid", "standing")
	if all := w.members(rosa); len(all) != 2 || all["Ben"].Role != facilitating || all["Rosa"].Role != administrator || !all["Rosa"].Self {
		t.Errorf("members %+v", all)
	}

	var link struct{ Link string }
	w.post("/api/organisation/invitations", map[string]string{"role": "facilitator"}, bearer(rosa)...).into(&link)
	key := fragment(t, link.Link)
	w.post("/api/setup", map[string]string{"key": key, "name": "Ben", "password": goodPassword}).refused(409, "conflict", "name_taken")
	var view organisationView
	w.get("/api/organisation", bearer(rosa)...).into(&view)
	if len(view.Invitations) != 1 {
		t.Fatalf("invitations %+v", view.Invitations)
	}
	w.post("/api/organisation/invitations/"+view.Invitations[0].ID+"/withdraw", nil, bearer(rosa)...)
	w.post("/api/setup", map[string]string{"key": key, "name": "Cleo", "password": goodPassword}).refused(403, "denied", "setup_key")

	w.post("/api/organisation/invitations", map[string]string{"role": "facilitator"}, bearer(rosa)...).into(&link)
	w.clock.advance(invitationLives + time.Second)
	w.post("/api/setup", map[string]string{"key": fragment(t, link.Link), "name": "Cleo", "password": goodPassword}).refused(410, "closed", "invitation_over")
}

func TestRolesAndLeaving(t *testing.T) {
	w := newWorld(t)
	rosa := w.setUpAccount("Rosa")
	ben := w.invited(rosa, "Ben", facilitating)
	var started struct{ Session, Code string }
	w.post("/api/sessions", map[string]string{"programme": w.programmes[0].ID}, bearer(ben)...).into(&started)
	ids := w.members(rosa)
	if ids["Ben"].Sessions != 1 {
		t.Errorf("Ben leads %d sessions", ids["Ben"].Sessions)
	}
	to := func(name string) string { return "/api/organisation/members/" + ids[name].ID }
	w.post(to("Rosa")+"/role", map[string]string{"role": "facilitator"}, bearer(rosa)...).refused(409, "conflict", "last_administrator")
	w.post(to("Rosa")+"/leave", map[string]string{"to": ids["Ben"].ID}, bearer(rosa)...).refused(409, "conflict", "last_administrator")
	w.post(to("Ben")+"/role", map[string]string{"role": "administrator"}, bearer(ben)...).refused(403, "denied", "not_administrator")
	w.post(to("Ben")+"/leave", map[string]string{"to": ids["Ben"].ID}, bearer(rosa)...).refused(400, "invalid", "hand_over_to")
	w.post("/api/organisation/members/nobody/leave", map[string]string{}, bearer(rosa)...).refused(404, "not_found", "no_member")

	var code recoveryView
	w.post(to("Ben")+"/recovery", nil, bearer(rosa)...).into(&code)
	w.post("/api/recover", map[string]string{"name": "Ben", "code": code.Codes[0], "password": "five mild otters swim"}).into(&ben)

	if got := w.post(to("Ben")+"/leave", map[string]string{}, bearer(rosa)...); got.status != 204 {
		t.Fatalf("leaving: %d %s", got.status, got.body)
	}
	w.get("/api/home", bearer(ben)...).refused(401, "denied", "not_signed_in")
	w.post("/api/refresh", nil).refused(401, "denied", "not_signed_in")
	var seat pass
	w.post("/api/sessions/"+started.Session+"/seat", nil, bearer(rosa)...).into(&seat)
	if all := w.members(rosa); len(all) != 1 || all["Rosa"].Sessions != 1 {
		t.Errorf("members %+v", all)
	}
}

func TestDevices(t *testing.T) {
	w := newWorld(t)
	w.setUpAccount("Rosa")
	laptop := w.client
	w.client = newBrowser()
	var phone signedInView
	w.post("/api/signin", map[string]string{"name": "Rosa", "password": goodPassword},
		"User-Agent", "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0").into(&phone)
	var self selfView
	w.get("/api/account", bearer(phone)...).into(&self)
	if len(self.Devices) != 2 {
		t.Fatalf("devices %+v", self.Devices)
	}
	for _, device := range self.Devices {
		if device.This {
			if device.Device != "Firefox, Android" {
				t.Errorf("known as %q", device.Device)
			}
			continue
		}
		w.clock.advance(proofLasts + time.Second)
		w.post("/api/account/devices/"+device.ID+"/signout", nil, bearer(phone)...).refused(401, "denied", "prove_again")
		w.post("/api/prove", map[string]string{"password": goodPassword}, bearer(phone)...).into(&phone)
		w.post("/api/account/devices/"+device.ID+"/signout", nil, bearer(phone)...).into(&phone)
	}
	w.ask(laptop, "POST", "/api/refresh", nil).refused(401, "denied", "not_signed_in")
	w.get("/api/home", bearer(phone)...).into(&home{})
	w.post("/api/account/devices/*/signout", nil, bearer(phone)...).refused(404, "not_found", "no_device")
}
