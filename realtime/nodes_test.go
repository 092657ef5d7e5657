package realtime

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"mend/facilitator"
)

// listening starts a NATS server of its own, as an operator would run one, on a free port or a given one.
func listening(t testing.TB, dir string, port int) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: port, NoSigs: true, JetStream: true, StoreDir: dir, SyncAlways: true, ServerName: "elsewhere",
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(startWithin) {
		t.Fatal("the NATS server did not start")
	}
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s
}

// at is a house that keeps its data on a server elsewhere.
func at(t testing.TB, s *server.Server) *house {
	t.Helper()
	n := openNATS(t, NATSConfig{URLs: s.ClientURL()})
	return newHouse(t, NodeConfig{NATS: n, Log: openLog(t, n)})
}

func TestAPersonOnOneNodeSeesAtOnceWhatIsDoneOnTheOther(t *testing.T) {
	s := listening(t, t.TempDir(), -1)
	one, two := at(t, s), at(t, s)
	one.session("s")
	one.join("s", 1, 2)
	a := one.arrive(t, "s", "p1", facilitator.Participant)
	b := two.arrive(t, "s", "p2", facilitator.Participant)
	b.until(t, "everyone", func(received) bool { return b.docs["everyone"] != nil })
	// Once may be slow on a machine that is busy. Without announcements most would wait for the check of the tail.
	const times = 20
	soon := 0
	for i := range times {
		began := time.Now()
		a.do(uint64(i+1), "person.rename", fmt.Sprintf(`{"alias":"Seen %d"}`, i))
		b.until(t, "the new name", func(received) bool {
			return path(b.docs["everyone"], "people", "p1", "alias") == fmt.Sprintf("Seen %d", i)
		})
		if time.Since(began) < tailEvery/4 {
			soon++
		}
	}
	if soon <= times/2 {
		t.Errorf("%d of %d were seen at once, the others by the check of the tail", soon, times)
	}
}

// The node goes without a word: its connections are cut and nothing of it is settled. Its people go on
// at the other with their copies, and a command whose answer they never saw is done once.
func TestPeopleOfANodeThatDiesGoOnAtTheOther(t *testing.T) {
	s := listening(t, t.TempDir(), -1)
	one, two := at(t, s), at(t, s)
	one.session("s")
	one.join("s", 1, 1)
	c := one.arrive(t, "s", "p1", facilitator.Participant)
	for i := range 10 {
		c.do(uint64(i+1), "person.rename", fmt.Sprintf(`{"alias":"Name %d"}`, i))
		if i < 9 {
			c.until(t, "the answer", func(f received) bool { return f.OK == uint64(i+1) })
		}
	}
	one.node.cancel()
	c.conn.Close()

	again, err := dial(two.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.conn.Close() })
	again.docs, again.revs = c.docs, c.revs
	again.greet(t, testToken("s", "p1", facilitator.Participant))
	again.do(10, "person.rename", `{"alias":"Name 9"}`)
	again.until(t, "the answer", func(f received) bool { return f.OK == 10 })
	again.until(t, "the last name", func(received) bool {
		return path(again.docs["everyone"], "people", "p1", "alias") == "Name 9"
	})
}

func TestACommandOutlivesTheServerBeingAway(t *testing.T) {
	dir := t.TempDir()
	s := listening(t, dir, -1)
	h := at(t, s)
	h.session("s")
	h.join("s", 1, 1)
	c := h.arrive(t, "s", "p1", facilitator.Participant)
	port := s.Addr().(*net.TCPAddr).Port
	s.Shutdown()
	s.WaitForShutdown()
	c.do(1, "person.rename", `{"alias":"Still here"}`)
	time.Sleep(500 * time.Millisecond)
	listening(t, dir, port)
	c.until(t, "the answer", func(f received) bool { return f.OK == 1 })
	if alias := h.people("s")["p1"].Alias; alias != "Still here" {
		t.Errorf("the name is %s", alias)
	}
}

func TestDamageOnDiskMakesASessionReadOnly(t *testing.T) {
	dir := t.TempDir()
	n, err := OpenNATS(context.Background(), NATSConfig{Folder: dir})
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, NodeConfig{NATS: n, Log: openLog(t, n)})
	h.session("s")
	h.join("s", 1, 50)
	h.node.Close()
	n.Close()
	flipABit(t, dir, fmt.Sprintf("mend-log-%d", shardOf("s")))

	n = openNATS(t, NATSConfig{Folder: dir})
	l := openLog(t, n)
	if _, err := readLog(context.Background(), l, "s"); !errors.Is(err, ErrBroken) {
		t.Fatalf("a log with a flipped bit was read with %v", err)
	}
	h = newHouse(t, NodeConfig{NATS: n, Log: l})
	err = h.node.Do(context.Background(), "s", system, facilitator.Join{Person: "new", Alias: "New", Role: facilitator.Participant})
	if refusalOf(err).Reason != "read_only" {
		t.Errorf("a command to a damaged session came back as %v", err)
	}
	h.session("t") // others are not harmed
	h.join("t", 1, 1)
}

// flipABit changes one bit in the middle of a stream's messages.
func flipABit(t *testing.T, dir, stream string) {
	t.Helper()
	var blocks []string
	filepath.WalkDir(dir, func(path string, _ fs.DirEntry, _ error) error {
		if strings.Contains(path, stream) && strings.HasSuffix(path, ".blk") {
			blocks = append(blocks, path)
		}
		return nil
	})
	if len(blocks) != 1 {
		t.Fatalf("the stream lies in %v", blocks)
	}
	data, err := os.ReadFile(blocks[0])
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 4
	if err := os.WriteFile(blocks[0], data, 0o600); err != nil {
		t.Fatal(err)
	}
}
