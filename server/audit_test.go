package server

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"mend/facilitator"
)

func (w *world) trailOf(admin signedInView) (view trailView) {
	w.t.Helper()
	w.get("/api/organisation/trail", bearer(admin)...).into(&view)
	return view
}

// actions are those of the trail, oldest first, each with its role and result.
func (v trailView) actions() string {
	var all []string
	for _, e := range v.Entries {
		all = append([]string{e.Role + " " + e.Action + " " + e.Result}, all...)
	}
	return strings.Join(all, "\n")
}

func TestTheAuditTrailSaysWhatWasDoneAndNotByWhom(t *testing.T) {
	w := newWorld(t)
	rosa := w.setUpAccount("Rosa Quillfeather")
	ben := w.invited(rosa, "Ben Brambleton", facilitating)
	w.post("/api/organisation/invitations", map[string]string{"role": "facilitator"}, bearer(ben)...).refused(403, "denied", "not_administrator")
	var started struct{ Session, Code string }
	w.post("/api/sessions", map[string]string{"programme": w.programmes[0].ID}, bearer(ben)...).into(&started)
	var lead, guest pass
	w.post("/api/sessions/"+started.Session+"/seat", nil, bearer(ben)...).into(&lead)
	w.join(started.Code, "Larkspur").into(&guest)
	do := func(p facilitator.PersonID, c facilitator.Command) error {
		return w.node.Do(t.Context(), started.Session, facilitator.Seat{Person: p}, c)
	}
	if do(guest.Person, facilitator.Remove{Person: lead.Person}) == nil {
		t.Error("a participant removed the facilitator")
	}
	must(t, do(lead.Person, facilitator.Remove{Person: guest.Person}))
	must(t, do(lead.Person, facilitator.RaiseHand{}))
	const want = `nobody account.make done
administrator invitation.make done
nobody account.make done
nobody account.make setup_key
facilitator invitation.make not_administrator
facilitator session.open done
participant person.remove not_keeping
facilitator person.remove done`
	var view trailView
	eventually(t, func() bool {
		view = w.trailOf(rosa)
		return strings.HasSuffix(view.actions(), "person.remove done")
	})
	if got := view.actions(); got != want {
		t.Errorf("the trail reads\n%s\nand not\n%s", got, want)
	}
	if !view.Whole || view.Entries[0].Session != started.Session || len(view.Entries[0].Hour) != len("2030-01-31T14Z") {
		t.Errorf("trail %+v", view)
	}
	text, err := json.Marshal(view)
	must(t, err)
	for _, name := range []string{"Rosa", "Ben", "Larkspur", string(lead.Person), string(guest.Person), accountID("Ben Brambleton")} {
		if bytes.Contains(text, []byte(name)) {
			t.Errorf("the trail holds %q: %s", name, text)
		}
	}
	w.get("/api/organisation/trail", bearer(ben)...).refused(403, "denied", "not_administrator")
}

func TestATrailThatWasTamperedWithSaysSo(t *testing.T) {
	w := newWorld(t)
	rosa := w.setUpAccount("Rosa")
	for range 3 {
		w.trail.note("s1", "facilitator", "room.freeze", nil)
	}
	eventually(t, func() bool { return len(w.trailOf(rosa).Entries) == 4 })
	forged, err := json.Marshal(trailEntry{Hour: "2030-01-31T14Z", Role: "facilitator", Action: "door.set", Result: "done", Before: []byte("a guess")})
	must(t, err)
	_, err = w.store.JS.Publish(t.Context(), trailSubject, forged)
	must(t, err)
	if view := w.trailOf(rosa); view.Whole || len(view.Entries) != 5 {
		t.Errorf("a forged entry passes: %+v", view)
	}
}
