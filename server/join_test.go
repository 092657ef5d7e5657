package server

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mend/facilitator"
)

func TestJoinGivesASeat(t *testing.T) {
	w := newWorld(t)
	demo, _ := w.demoSession()
	var seat pass
	w.join(demo.Code, "  Grey   Heron ").into(&seat)
	if seat.Session != demo.Session || seat.Person == "" || strings.Count(seat.Token, ".") != 2 {
		t.Fatalf("got %+v", seat)
	}
	room := w.everyone(demo.Session)
	if got := room.People[seat.Person].Alias; got != "Grey Heron" {
		t.Errorf("the room shows %q", got)
	}
}

func TestCodesAreReadAsPeopleTypeThem(t *testing.T) {
	w := newWorld(t)
	demo, _ := w.demoSession()
	typed := strings.ToLower(demo.Code[:3]) + " - " + demo.Code[3:]
	var seat pass
	w.join(typed, "Otter").into(&seat)
}

func TestCodesAreUnambiguous(t *testing.T) {
	seen := map[string]bool{}
	for range 2000 {
		code, err := newCode()
		must(t, err)
		if len(code) != 6 || strings.ContainsAny(code, "0O1IL2Z5S8BUAE") {
			t.Fatalf("code %q", code)
		}
		seen[code] = true
	}
	if len(seen) < 1990 {
		t.Errorf("only %d different codes of 2000", len(seen))
	}
}

func TestJoinRefusals(t *testing.T) {
	w := newWorld(t)
	demo, _ := w.demoSession()
	var seat pass
	w.join(demo.Code, "Otter").into(&seat)
	for name, c := range map[string]struct {
		code, alias, kind, reason string
		status                    int
	}{
		"wrong code":        {"CCCCCC", "Wren", "not_found", "code_unknown", 404},
		"no code's letters": {"zoo0l1", "Wren", "not_found", "code_unknown", 404},
		"not a code":        {"hello", "Wren", "invalid", "code_malformed", 400},
		"no code":           {"", "Wren", "invalid", "code_malformed", 400},
		"endless code":      {strings.Repeat("C", 9000), "Wren", "invalid", "code_malformed", 400},
		"code as a key":     {"*.>", "Wren", "invalid", "code_malformed", 400},
		"empty alias":       {demo.Code, "", "invalid", "alias_empty", 400},
		"blank alias":       {demo.Code, " \t\u00a0 ", "invalid", "alias_empty", 400},
		"long alias":        {demo.Code, strings.Repeat("ñ", 200), "invalid", "too_long", 400},
		"bidi alias":        {demo.Code, "Anna\u202egnp", "invalid", "hidden_characters", 400},
		"zero-width alias":  {demo.Code, "An\u200bna", "invalid", "hidden_characters", 400},
		"control alias":     {demo.Code, "An\x07na", "invalid", "hidden_characters", 400},
		"taken alias":       {demo.Code, "OTTER", "conflict", "alias_taken", 409},
	} {
		t.Run(name, func(t *testing.T) {
			w.in(t).join(c.code, c.alias).refused(c.status, c.kind, c.reason)
		})
	}
	if n := len(w.everyone(demo.Session).People); n != 2 {
		t.Errorf("%d people are in the room after all these refusals, want 2", n)
	}
}

func TestBodiesThatAreNotJSON(t *testing.T) {
	w := newWorld(t)
	w.post("/api/join", `{"code":`).refused(400, "invalid", "not_json")
	w.post("/api/join", `code=CCCCCC`, "Content-Type", "application/x-www-form-urlencoded").refused(400, "invalid", "not_json")
	w.post("/api/join", `{"code":"CCCCCC"}`, "Content-Type", "text/plain").refused(400, "invalid", "not_json")
	w.post("/api/join", `{"code":"`+strings.Repeat("C", bodyLimit)+`"}`).refused(413, "invalid", "too_large")
}

func TestTheDoor(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.MaxPeople = 3 })
	demo, lead := w.demoSession()
	state := func() string {
		var view door
		w.get("/api/door/" + strings.ToLower(demo.Code)).into(&view)
		if view.Title["en"] == "" || view.Title["es"] == "" {
			t.Errorf("title %v", view.Title)
		}
		return view.State
	}
	do := func(c facilitator.Command) {
		must(t, w.node.Do(t.Context(), demo.Session, facilitator.Seat{Person: lead.Person}, c))
	}
	if got := state(); got != "open" {
		t.Fatalf("state %q at first", got)
	}
	do(facilitator.SetDoor{Mode: facilitator.DoorClosed})
	if got := state(); got != "locked" {
		t.Errorf("state %q, locked", got)
	}
	w.join(demo.Code, "Wren").refused(410, "closed", "door_locked")
	do(facilitator.SetDoor{Mode: facilitator.DoorOpen})
	var seat pass
	w.join(demo.Code, "Wren").into(&seat)
	w.join(demo.Code, "Lark").into(&seat)
	if got := state(); got != "full" {
		t.Errorf("state %q with three of three", got)
	}
	w.join(demo.Code, "Finch").refused(410, "closed", "session_full")
	do(facilitator.Close{})
	if got := state(); got != "over" {
		t.Errorf("state %q after the closing", got)
	}
	w.join(demo.Code, "Finch").refused(410, "closed", "session_over")
	w.post("/api/demo/seat", map[string]string{"key": fragment(t, demo.Facilitator)}).refused(410, "closed", "session_over")
	w.get("/api/door/CCCCCC").refused(404, "not_found", "code_unknown")
}

func TestStageSeat(t *testing.T) {
	w := newWorld(t)
	demo, _ := w.demoSession()
	code, key, _ := strings.Cut(fragment(t, demo.Stage), ".")
	var seat pass
	w.post("/api/stage", map[string]string{"code": code, "key": key}).into(&seat)
	session, who, err := w.keys.seat(seat.Token, w.now)
	must(t, err)
	if session != demo.Session || who.Role != facilitator.Stage || seat.Person != "" {
		t.Errorf("seat %+v in %q", who, session)
	}
	for _, wrong := range []string{"", "AAAA", key + "x", fragment(t, demo.Facilitator)} {
		w.post("/api/stage", map[string]string{"code": code, "key": wrong}).refused(403, "denied", "stage_key")
	}
}

func TestGuessingCodesIsThrottled(t *testing.T) {
	w := newWorld(t)
	w.clock.stand()
	demo, _ := w.demoSession()
	for range 30 {
		w.join("CCCCCC", "Wren").refused(404, "not_found", "code_unknown")
	}
	if after := w.join("CCCCCC", "Wren").refused(429, "denied", "throttled").header.Get("Retry-After"); after != "2" {
		t.Errorf("Retry-After %q", after)
	}
	w.join(demo.Code, "Wren").refused(429, "denied", "throttled")
	w.get("/api/door/"+demo.Code).refused(429, "denied", "throttled")
	w.clock.advance(2 * time.Second)
	var seat pass
	w.join(demo.Code, "Wren").into(&seat)
	if text := w.said.String(); strings.Contains(text, "127.0.0.1") {
		t.Errorf("an address in the log: %s", text)
	}
}

func TestManyRightCodesAreNotThrottled(t *testing.T) {
	w := newWorld(t)
	demo, _ := w.demoSession()
	for i := range 100 {
		var view door
		w.get("/api/door/" + demo.Code).into(&view)
		if view.State != "open" {
			t.Fatalf("state %q at try %d", view.State, i)
		}
	}
}

func TestSuggestedAliases(t *testing.T) {
	w := newWorld(t)
	for _, lang := range []string{"en", "es", "xx", ""} {
		for range 20 {
			var said struct{ Alias string }
			w.get("/api/alias?lang=" + lang).into(&said)
			if clean, err := facilitator.CleanAlias(said.Alias); err != nil || clean != said.Alias || !strings.Contains(clean, " ") {
				t.Errorf("%s: %q is not a name as the room takes it: %v", lang, said.Alias, err)
			}
		}
	}
	if all := w.aliases; len(all["en"]) == 0 || len(all["es"]) < 2 {
		t.Errorf("groups %v", all)
	}
}

func (w *world) everyone(session string) facilitator.Everyone {
	w.t.Helper()
	document, err := w.node.View(w.t.Context(), session, facilitator.ForEveryone)
	must(w.t, err)
	return document.(facilitator.Everyone)
}

// A door to knock at, a link for one person, and a code that is changed.
func TestKnockingAtTheDoor(t *testing.T) {
	w := newWorld(t)
	demo, lead := w.demoSession()
	do := func(c facilitator.Command) {
		t.Helper()
		must(t, w.node.Do(t.Context(), demo.Session, facilitator.Seat{Person: lead.Person}, c))
	}
	keeping := func() facilitator.Keeping {
		t.Helper()
		view, err := w.node.View(t.Context(), demo.Session, facilitator.ForKeepers)
		must(t, err)
		return view.(facilitator.Keeping)
	}
	state := func(in map[string]string) string {
		t.Helper()
		var view door
		w.post("/api/door", in).into(&view)
		return view.State
	}
	do(facilitator.SetDoor{Mode: facilitator.DoorKnock})
	if got := state(map[string]string{"code": demo.Code}); got != "knock" {
		t.Errorf("the door says %q", got)
	}
	var seat pass
	w.join(demo.Code, "Wren").into(&seat)
	waits := w.hello(seat.Token)
	waits.until(func(f frame) bool {
		return f.Doc == "person/"+string(seat.Person) && strings.Contains(string(f.Is), `"door":{"alias":"Wren"`)
	})
	if n := len(w.everyone(demo.Session).People); n != 1 {
		t.Fatalf("%d people inside", n)
	}
	do(facilitator.Admit{Person: seat.Person})
	waits.until(func(f frame) bool { return f.Doc == "everyone" })

	do(facilitator.SetDoor{Mode: facilitator.DoorClosed})
	do(facilitator.MakeLink{})
	var link string
	for l := range keeping().Door.Links {
		link = string(l)
	}
	w.post("/api/code", nil, "Authorization", "Bearer "+seat.Token).refused(403, "denied", "not_keeping")
	var fresh struct{ Code string }
	w.post("/api/code", nil, "Authorization", "Bearer "+lead.Token).into(&fresh)
	if fresh.Code == demo.Code || keeping().Code != fresh.Code {
		t.Fatalf("the code is %q", fresh.Code)
	}
	w.join(demo.Code, "Lark").refused(404, "not_found", "code_unknown")
	w.join(fresh.Code, "Lark").refused(410, "closed", "door_locked")
	if got := state(map[string]string{"code": demo.Code, "link": link}); got != "open" {
		t.Errorf("with the link the door says %q", got)
	}
	invited := map[string]string{"code": demo.Code, "alias": "Lark", "link": link}
	w.post("/api/join", invited).into(&seat)
	invited["alias"] = "Finch"
	w.post("/api/join", invited).refused(404, "not_found", "code_unknown")
	if n := len(w.everyone(demo.Session).People); n != 3 {
		t.Errorf("%d people inside", n)
	}
	w.hello(lead.Token).until(func(f frame) bool { return f.Doc == "keepers" })
}

// Once the group has begun, those who come late from one address come one after the other; before it nobody is slowed down.
func TestCrowdsAreSlowedDownOnlyLate(t *testing.T) {
	w := newWorld(t)
	w.clock.stand()
	demo, lead := w.demoSession()
	for i := range 100 {
		var seat pass
		w.join(demo.Code, fmt.Sprintf("Heron %d", i)).into(&seat)
	}
	must(t, w.node.Do(t.Context(), demo.Session, facilitator.Seat{Person: lead.Person}, facilitator.NextStep{}))
	waiting := 0
	for i := range 60 {
		var seat pass
		w.join(demo.Code, fmt.Sprintf("Egret %d", i)).into(&seat)
		var inside bool
		must(t, w.node.Read(t.Context(), demo.Session, func(s *facilitator.Session) { _, inside = s.RoleOf(seat.Person) }))
		if !inside {
			waiting++
		}
	}
	if waiting < 50 {
		t.Errorf("%d of 60 who came at once wait before the door", waiting)
	}
	w.join(demo.Code, "Egret").refused(429, "denied", "crowded")
	if text := w.said.String(); strings.Contains(text, "127.0.0.1") {
		t.Errorf("an address in the log: %s", text)
	}
}
