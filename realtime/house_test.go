package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

// patience is how long a test waits for what has to come. How soon it comes is no test of ours: machines are shared.
const patience = 5 * time.Minute

// house is a node with a socket on a loopback port, as the server would build it.
type house struct {
	t    testing.TB
	node *Node
	addr string
	app  *fiber.App
}

func newHouse(t testing.TB, cfg NodeConfig) *house {
	t.Helper()
	if cfg.Authenticate == nil {
		cfg.Authenticate = readTestToken
	}
	if testing.Verbose() && cfg.Logger == nil {
		cfg.Logger = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	h := &house{t: t, node: NewNode(cfg), app: fiber.New(fiber.Config{DisableStartupMessage: true})}
	h.app.Server().KeepHijackedConns = true
	h.app.Post("/join/:session/:person", func(c *fiber.Ctx) error {
		who := strings.Clone(c.Params("person"))
		join := facilitator.Join{Person: facilitator.PersonID(who), Alias: who, Role: facilitator.Participant}
		return h.node.Do(c.UserContext(), strings.Clone(c.Params("session")), system, join)
	})
	h.app.Get("/ws", h.node.Socket(func(origin string) bool { return origin == "" }))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.addr = listener.Addr().String()
	served := make(chan error, 1)
	go func() { served <- h.app.Listener(listener) }()
	t.Cleanup(func() {
		h.node.Close()
		h.app.Shutdown()
		<-served
	})
	return h
}

// embedded is a house on an engine of its own.
func embedded(t testing.TB) *house {
	n := openNATS(t, NATSConfig{Folder: t.TempDir()})
	return newHouse(t, NodeConfig{NATS: n, Log: openLog(t, n)})
}

// A test's token says in plain words which seat it is for.
func testToken(session string, p facilitator.PersonID, role facilitator.Role) string {
	return session + "|" + string(p) + "|" + string(role)
}

func readTestToken(_ context.Context, token string) (string, facilitator.Seat, error) {
	part := strings.Split(token, "|")
	if len(part) != 3 {
		return "", facilitator.Seat{}, errors.New("not a token")
	}
	return part[0], facilitator.Seat{Person: facilitator.PersonID(part[1]), Role: facilitator.Role(part[2])}, nil
}

func text(s string) facilitator.Text { return facilitator.Text{"en": s} }

// programme is a check-in, and then another.
func programme(t testing.TB) facilitator.Programme {
	t.Helper()
	with, err := json.Marshal(facilitator.CheckInScript{
		Question: text("How do you arrive?"), Scale: []facilitator.Text{text("hard"), text("so-so"), text("steady")},
	})
	if err != nil {
		t.Fatal(err)
	}
	step := facilitator.StepScript{ID: "check-in", Kind: "checkin", Title: text("Check-in"), Minutes: 5, Say: text("say"), Phone: text("phone"), Stage: text("stage"), With: with}
	second := step
	second.ID = "check-out"
	return facilitator.Programme{ID: "test", Version: 1, Title: text("A test"), Languages: []string{"en"}, Steps: []facilitator.StepScript{step, second}}
}

var system = facilitator.Seat{Role: facilitator.System}

// session opens one with a facilitator, "lead", who is at the check-in.
func (h *house) session(id string) {
	h.t.Helper()
	open := facilitator.Open{Code: "ABCDEF", StageKey: "key", Programme: programme(h.t)}
	if err := h.node.Create(context.Background(), id, open); err != nil {
		h.t.Fatal(err)
	}
	h.do(id, system, facilitator.Join{Person: "lead", Alias: "Lead", Role: facilitator.Facilitator})
	h.do(id, facilitator.Seat{Person: "lead"}, facilitator.SetDoor{Mode: facilitator.DoorOpen, Wide: true})
	h.do(id, facilitator.Seat{Person: "lead"}, facilitator.NextStep{})
}

func (h *house) do(session string, seat facilitator.Seat, c facilitator.Command) {
	h.t.Helper()
	if err := h.node.Do(context.Background(), session, seat, c); err != nil {
		h.t.Fatalf("%T: %v", c, err)
	}
}

// join gives people seats: "p1", "p2" and so on.
func (h *house) join(session string, from, to int) {
	h.t.Helper()
	for i := from; i <= to; i++ {
		h.do(session, system, facilitator.Join{Person: personN(i), Alias: fmt.Sprintf("Heron %d", i), Role: facilitator.Participant})
	}
}

func personN(i int) facilitator.PersonID { return facilitator.PersonID(fmt.Sprintf("p%d", i)) }

// arrive connects a person and waits for the welcome.
func (h *house) arrive(t *testing.T, session string, p facilitator.PersonID, role facilitator.Role) *client {
	t.Helper()
	c, err := dial(h.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.conn.Close() })
	c.greet(t, testToken(session, p, role))
	return c
}

func (c *client) greet(t *testing.T, token string) *Welcome {
	t.Helper()
	if err := c.hello(token, "tab-of-"+token); err != nil {
		t.Fatal(err)
	}
	return c.until(t, "the welcome", func(f received) bool { return f.Welcome != nil }).Welcome
}
