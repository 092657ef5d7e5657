package realtime

import (
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

// People come and go while the room is busy. Nobody is ever sent what belongs to another: a frame written
// late must find its own connection closed, never a stranger's in its place.
func TestNobodyIsSentWhatBelongsToAStranger(t *testing.T) {
	h := embedded(t)
	h.session("s")
	const people = 20
	h.join("s", 1, people)
	stop := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				h.do("s", facilitator.Seat{Person: personN(i%people + 1)}, facilitator.Rename{Alias: fmt.Sprintf("Name %d", i)})
			}
		}
	})
	var comings sync.WaitGroup
	for i := 1; i <= people; i++ {
		comings.Go(func() {
			for range 5 {
				if err := h.comeAndGo(personN(i)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	comings.Wait()
	close(stop)
	all.Wait()
}

// comeAndGo connects, reads a few frames, which must be its own, and is cut off in the middle of more.
func (h *house) comeAndGo(p facilitator.PersonID) error {
	c, err := dial(h.addr)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	c.conn.SetDeadline(time.Now().Add(patience))
	if err := c.hello(testToken("s", p, facilitator.Participant), "tab-of-"+string(p)); err != nil {
		return err
	}
	for frames := 0; frames < 6; frames++ {
		f, err := c.frame()
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		if name := string(f.Doc); strings.HasPrefix(name, "person/") && name != "person/"+string(p) {
			return fmt.Errorf("%s was sent %s", p, name)
		}
		if frames == 0 && (f.Welcome == nil || f.Welcome.Person != p) {
			return fmt.Errorf("%s was welcomed as %+v", p, f)
		}
	}
	return nil
}

func TestAServerThatClosesSocketsItselfIsRefused(t *testing.T) {
	h := fakeHouse(t, newFakeLog(), &fakeBus{}, NodeConfig{})
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/ws", h.node.Socket(func(string) bool { return true }))
	res, err := app.Test(httptest.NewRequest("GET", "/ws", nil))
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode != 500 || !strings.Contains(string(body), "KeepHijackedConns") {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}

func TestAForeignPageMayNotOpenTheSocket(t *testing.T) {
	h := fakeHouse(t, newFakeLog(), &fakeBus{}, NodeConfig{})
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Server().KeepHijackedConns = true
	app.Get("/ws", h.node.Socket(func(origin string) bool { return origin == "https://ours.example" }))
	req := httptest.NewRequest("GET", "/ws", nil)
	req.Header.Set("Origin", "https://theirs.example")
	if res, err := app.Test(req); err != nil || res.StatusCode != 403 {
		t.Errorf("%v, %v", res, err)
	}
}
