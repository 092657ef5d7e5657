package realtime

import (
	"context"
	"fmt"
	"net"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mend/facilitator"
)

func TestACommandIsAnsweredAndSeenByAll(t *testing.T) {
	h := embedded(t)
	h.session("s")
	h.join("s", 1, 2)
	lead := h.arrive(t, "s", "lead", facilitator.Facilitator)
	one := h.arrive(t, "s", "p1", facilitator.Participant)
	two := h.arrive(t, "s", "p2", facilitator.Participant)
	one.do(1, "hand.raise", "")
	one.until(t, "the answer", func(f received) bool { return f.OK == 1 })
	handUp := func(c *client) func(received) bool {
		return func(received) bool {
			people, _ := path(c.docs["everyone"], "people", "p1", "hand").(float64)
			return people > 0
		}
	}
	for _, c := range []*client{lead, one, two} {
		c.until(t, "the raised hand", handUp(c))
	}
	if _, reads := two.docs["facilitators"]; reads {
		t.Error("a participant was sent the facilitators' document")
	}
	for _, c := range []*client{lead, one, two} {
		var want any
		h.node.Read(context.Background(), "s", func(s *facilitator.Session) {
			want = parse(t, appendJSON(nil, s.View(facilitator.ForEveryone)))
		})
		if !reflect.DeepEqual(c.docs["everyone"], want) {
			t.Errorf("a client has %v, not %v", c.docs["everyone"], want)
		}
	}
}

// path walks into a decoded document.
func path(v any, keys ...string) any {
	for _, k := range keys {
		m, _ := v.(map[string]any)
		v = m[k]
	}
	return v
}

func TestAReplayedCommandIsAnsweredAgainAndAppliedOnce(t *testing.T) {
	h := embedded(t)
	h.session("s")
	h.join("s", 1, 1)
	for range 2 { // the second time over a new connection, as after a lost one
		c := h.arrive(t, "s", "p1", facilitator.Participant)
		for range 2 {
			c.do(1, "person.rename", `{"alias":"Once"}`)
			c.until(t, "the answer", func(f received) bool { return f.OK == 1 })
		}
		c.conn.Close()
	}
	c := h.arrive(t, "s", "p1", facilitator.Participant)
	c.do(2, "person.rename", `{"alias":"Twice"}`)
	c.until(t, "the answer", func(f received) bool { return f.OK == 2 })
	c.do(1, "person.rename", `{"alias":"Once"}`)
	c.until(t, "the answer", func(f received) bool { return f.OK == 1 })
	h.node.Read(context.Background(), "s", func(s *facilitator.Session) {
		if alias := s.View(facilitator.ForEveryone).(facilitator.Everyone).People["p1"].Alias; alias != "Twice" {
			t.Errorf("a replay changed the name to %s", alias)
		}
	})
}

func TestNobodyUsesUpTheCommandsOfAnother(t *testing.T) {
	h := embedded(t)
	h.session("s")
	h.join("s", 1, 2)
	for i := 1; i <= 2; i++ {
		c, err := dial(h.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.conn.Close()
		if err := c.hello(testToken("s", personN(i), facilitator.Participant), "the-same-tab"); err != nil {
			t.Fatal(err)
		}
		c.do(1, "person.rename", fmt.Sprintf(`{"alias":"New %d"}`, i))
		c.until(t, "the answer", func(f received) bool { return f.OK == 1 })
	}
	if people := h.people("s"); people["p1"].Alias != "New 1" || people["p2"].Alias != "New 2" {
		t.Errorf("%+v", people)
	}
}

func TestAReturningClientGetsWhatIsMissing(t *testing.T) {
	h := embedded(t)
	h.session("s")
	h.join("s", 1, 2)
	c := h.arrive(t, "s", "p1", facilitator.Participant)
	c.until(t, "the documents", func(received) bool { return len(c.docs) == 2 })
	c.conn.Close()

	again, _ := dial(h.addr)
	t.Cleanup(func() { again.conn.Close() })
	again.docs, again.revs = c.docs, c.revs
	w := again.greet(t, testToken("s", "p1", facilitator.Participant))
	if w.Docs["everyone"] != c.revs["everyone"] || again.raw["everyone"] != 0 {
		t.Errorf("nothing changed, yet the welcome says %v to a client at %v", w.Docs, c.revs)
	}
	again.conn.Close()

	h.do("s", facilitator.Seat{Person: "p2"}, facilitator.Rename{Alias: "Wren"})
	third, _ := dial(h.addr)
	t.Cleanup(func() { third.conn.Close() })
	third.docs, third.revs = again.docs, again.revs
	third.greet(t, testToken("s", "p1", facilitator.Participant))
	f := third.until(t, "the change", func(f received) bool { return f.Doc == "everyone" })
	if f.Patch == nil || path(third.docs["everyone"], "people", "p2", "alias") != "Wren" {
		t.Errorf("the change came as %+v", f.DocFrame)
	}
}

func TestWhatCannotBeHeardEndsTheConnection(t *testing.T) {
	h := embedded(t)
	h.session("s")
	h.join("s", 1, 1)
	token := testToken("s", "p1", facilitator.Participant)
	cases := []struct {
		name   string
		greet  bool
		send   func(*client)
		reason string
		code   int
	}{
		{"a frame over 16 KiB", true, func(c *client) { c.write(opText, make([]byte, frameMost+1)) }, "too_big", 1009},
		{"a huge first frame", false, func(c *client) { c.write(opText, make([]byte, 1<<20)) }, "too_big", 1009},
		{"invalid UTF-8", true, func(c *client) { c.write(opText, []byte("{\"id\":1,\"do\":\"\xff\"}")) }, "utf8", 1007},
		{"binary", true, func(c *client) { c.write(2, []byte("{}")) }, "not_text", 1003},
		{"not JSON", true, func(c *client) { c.write(opText, []byte("hello")) }, "frame", 4422},
		{"no hello first", false, func(c *client) { c.do(1, "hand.raise", "") }, "frame", 4422},
		{"a bad token", false, func(c *client) { c.hello("x", "tab-tab-tab") }, "token", 4401},
		{"a system seat", false, func(c *client) { c.hello("s||system", "tab-tab-tab") }, "token", 4401},
		{"no such session", false, func(c *client) { c.hello("x|p|participant", "tab-tab-tab") }, "over", 4410},
		{"no such seat", false, func(c *client) { c.hello("s|nobody|participant", "tab-tab-tab") }, "removed", 4403},
		{"a flood", true, func(c *client) {
			for i := range uint64(burst + flood + 30) {
				c.do(i+1, "hand.raise", "")
			}
		}, "too_fast", 1013},
	}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			c, err := dial(h.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer c.conn.Close()
			if k.greet {
				c.greet(t, token)
			}
			go k.send(c)
			if reason, code := c.closedWith(t); reason != k.reason || code != k.code {
				t.Errorf("closed with %s, %d", reason, code)
			}
		})
	}
}

func TestASilentConnectionIsClosedAfterFiveSeconds(t *testing.T) {
	t.Parallel()
	h := embedded(t)
	c, err := dial(h.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.conn.Close()
	began := time.Now()
	if reason, code := c.closedWith(t); reason != "no_hello" || code != 4408 {
		t.Errorf("closed with %s, %d", reason, code)
	}
	if took := time.Since(began); took < 4*time.Second {
		t.Errorf("after %v", took)
	}
}

func TestWrongCommandsAreRefusedAndTheConnectionGoesOn(t *testing.T) {
	h := embedded(t)
	h.session("s")
	h.join("s", 1, 1)
	c := h.arrive(t, "s", "p1", facilitator.Participant)
	for i, k := range []struct{ do, with, reason string }{
		{"no.such", "", "unknown_command"},
		{"person.join", `{"person":"x"}`, "unknown_command"},
		{"hand.raise", `[]`, "command_form"},
		{"step.next", "", ""},
		{"", "", "frame"},
	} {
		id := uint64(i + 1)
		c.do(id, k.do, k.with)
		f := c.until(t, k.do, func(f received) bool { return f.No == id })
		if k.reason != "" && f.Error.Reason != k.reason {
			t.Errorf("%s %s: refused with %+v", k.do, k.with, f.Error)
		}
	}
	c.write(opText, []byte(`{"beat":1}`))
	c.until(t, "the beat", func(f received) bool { return f.Beat > 0 })
}

func TestARemovedPersonIsSentAway(t *testing.T) {
	h := embedded(t)
	h.session("s")
	h.join("s", 1, 1)
	c := h.arrive(t, "s", "p1", facilitator.Participant)
	h.do("s", facilitator.Seat{Person: "lead"}, facilitator.Remove{Person: "p1"})
	if reason, code := c.closedWith(t); reason != "removed" || code != 4403 {
		t.Errorf("closed with %s, %d", reason, code)
	}
}

func TestARestartSaysTryAgain(t *testing.T) {
	h := embedded(t)
	h.session("s")
	c := h.arrive(t, "s", "lead", facilitator.Facilitator)
	go h.node.Close()
	if reason, code := c.closedWith(t); reason != "restart" || code != 1012 {
		t.Errorf("closed with %s, %d", reason, code)
	}
	if err := h.node.Do(context.Background(), "s", system, facilitator.Tick{}); err == nil || !strings.Contains(err.Error(), "restarting") {
		t.Errorf("a command to a closing node came back as %v", err)
	}
}

// A browser tells its page that it was sent away only when the connection is closed, so the server does not wait once
// the client has said its close.
func TestWhoeverIsSentAwayIsNotKeptWaiting(t *testing.T) {
	for name, listens := range map[string]bool{"at the door": false, "while listening": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				here, there := net.Pipe()
				c, client := newConn(nil, here), newClient(there)
				began := time.Now()
				c.bye(byeRemoved)
				go func() {
					for err := error(nil); err == nil; {
						_, err = client.frame() // answers the close
					}
				}()
				for ok := listens; ok; {
					_, ok = c.hear()
				}
				c.farewell()
				if took := time.Since(began); took > 0 {
					t.Errorf("closed after %v", took)
				}
				c.end()
			})
		})
	}
}
