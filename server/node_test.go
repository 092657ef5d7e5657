package server

import (
	"net"
	"testing"

	natsserver "github.com/nats-io/nats-server/v2/server"

	"mend/facilitator"
	"mend/realtime"
)

// engine is a NATS server of its own, as a cluster would be.
type engine struct {
	t      *testing.T
	folder string
	port   int
	server *natsserver.Server
}

func newEngine(t *testing.T) *engine {
	t.Helper()
	e := &engine{t: t, folder: t.TempDir(), port: -1}
	e.start()
	t.Cleanup(e.stop)
	return e
}

func (e *engine) start() {
	e.t.Helper()
	server, err := natsserver.NewServer(&natsserver.Options{ServerName: "engine", Host: "127.0.0.1", Port: e.port, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: e.folder, SyncAlways: true, JetStreamMaxStore: 16 << 30, MaxPayload: 8 << 20})
	must(e.t, err)
	server.Start()
	if !server.ReadyForConnections(patience) {
		e.t.Fatal("NATS did not start")
	}
	e.server, e.port = server, server.Addr().(*net.TCPAddr).Port
}

func (e *engine) stop() {
	e.server.Shutdown()
	e.server.WaitForShutdown()
}

func (e *engine) node(settings ...func(*Config)) *world {
	e.t.Helper()
	return newWorldIn(e.t, "", realtime.NATSConfig{URLs: e.server.ClientURL()}, settings...)
}

func TestTwoNodesOfOneNATSAreOneServer(t *testing.T) {
	e := newEngine(t)
	a, b := e.node(), e.node()
	demoA, leadA := a.demoSession()
	demoB, leadB := b.demoSession()
	if demoA.Session != demoB.Session || demoA.Code != demoB.Code || fragment(t, demoA.Facilitator) != fragment(t, demoB.Facilitator) || leadA.Person != leadB.Person {
		t.Errorf("the demo is %+v here and %+v there", demoA, demoB)
	}
	var seat pass
	a.join(demoA.Code, "Otter").into(&seat)
	line := b.hello(seat.Token) // given out by a, good at b
	line.welcomed()
	b.hello(leadA.Token).welcomed()
	if refused := line.do("hand.raise", map[string]any{}); refused != nil {
		t.Fatal(refused)
	}
	eventually(t, func() bool { return a.everyone(demoA.Session).People[seat.Person].Hand == 1 })

	in := a.setUpAccount("Rosa")
	b.get("/api/home", "Authorization", "Bearer "+in.Access).into(&home{})
	if link, err := b.SetupLink(t.Context()); link != "" || err != nil {
		t.Errorf("set-up link %q after the set-up, %v", link, err)
	}
	a.stop() // whoever is left goes on
	b.join(demoA.Code, "Wren").into(&seat)
	b.hello(seat.Token).welcomed()
}

func TestNodesThatStartAtOnceShareOneDemo(t *testing.T) {
	e := newEngine(t)
	a, b := e.node(), e.node()
	opened := make(chan Demo, 2)
	for _, w := range []*world{a, b} {
		go func() {
			demo, err := w.OpenDemo(t.Context())
			if err != nil {
				t.Error(err)
			}
			opened <- demo
		}()
	}
	if one, other := <-opened, <-opened; one.Session != other.Session || one.Code != other.Code {
		t.Errorf("two demos: %+v, %+v", one, other)
	}
	eventually(t, func() bool { // and the one that lost is not left open
		all, err := a.ofOwner(t.Context(), ownerDemo)
		must(t, err)
		open := 0
		for _, record := range all {
			if record.Over == nil {
				open++
			}
		}
		return open == 1
	})
}

func TestADemoThatWasClosedIsFollowedByAnother(t *testing.T) {
	w := newWorld(t)
	first, lead := w.demoSession()
	if again, err := w.OpenDemo(t.Context()); err != nil || again != first {
		t.Fatalf("%+v went on as %+v, %v", first, again, err)
	}
	must(t, w.node.Do(t.Context(), first.Session, facilitator.Seat{Person: lead.Person}, facilitator.Close{}))
	second, err := w.OpenDemo(t.Context())
	must(t, err)
	if second.Session == first.Session || second.Code == first.Code || second.Facilitator == first.Facilitator || second.Stage == first.Stage {
		t.Errorf("%+v was closed, then %+v", first, second)
	}
	w.post("/api/demo/seat", map[string]string{"key": fragment(t, first.Facilitator)}).refused(403, "denied", "demo_key")
	w.post("/api/demo/seat", map[string]string{"key": fragment(t, second.Facilitator)}).into(&pass{})
}

func TestWithoutADemoThereIsNoSeatInIt(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Demo = false })
	w.post("/api/demo/seat", map[string]string{"key": "x"}).refused(404, "not_found", "no_demo")
}

func TestNATSOutOfReachAndBack(t *testing.T) {
	e := newEngine(t)
	w := e.node(func(c *Config) { c.RequestWithin = 0 })
	demo, _ := w.demoSession()
	in := w.setUpAccount("Rosa")
	var seat pass
	w.join(demo.Code, "Otter").into(&seat)
	w.get("/readyz").into(&struct{}{})

	e.stop()
	w.join(demo.Code, "Wren").refused(503, "internal", "log_unreachable")
	w.get("/api/door/"+demo.Code).refused(503, "internal", "log_unreachable")
	w.get("/api/home", "Authorization", "Bearer "+in.Access).refused(503, "internal", "log_unreachable")
	w.post("/api/signin", map[string]string{"name": "Rosa", "password": goodPassword}).refused(503, "internal", "log_unreachable")
	w.get("/healthz").into(&struct{}{})
	eventually(t, func() bool { return w.get("/readyz").status == 503 })
	w.get("/readyz").refused(503, "internal", "log_unreachable")
	for range 40 { // an outage is nobody's wrong guess
		w.get("/api/door/"+demo.Code).refused(503, "internal", "log_unreachable")
	}

	e.start()
	eventually(t, func() bool { return w.get("/readyz").status == 200 })
	if alias := w.everyone(demo.Session).People[seat.Person].Alias; alias != "Otter" {
		t.Errorf("after the outage %q sits there", alias)
	}
	w.join(demo.Code, "Wren").into(&seat)
}

func TestStorageThatIsFull(t *testing.T) {
	w := newWorldIn(t, t.TempDir(), realtime.NATSConfig{StoreBytes: 24 << 20}, func(c *Config) { c.RecordsBytes = 64 << 10 })
	in := w.setUpAccount("Rosa")
	var view home
	w.get("/api/home", "Authorization", "Bearer "+in.Access).into(&view)
	var full answer
	for range 500 {
		full = w.post("/api/sessions", map[string]string{"programme": view.Programmes[0].ID}, "Authorization", "Bearer "+in.Access)
		if full.status != 201 {
			break
		}
	}
	full.refused(507, "internal", "storage_full")
	w.get("/api/home", "Authorization", "Bearer "+in.Access).into(&view)
	if len(view.Running) == 0 {
		t.Fatal("no session was started before the storage was full")
	}
	var door door
	w.get("/api/door/" + view.Running[0].Code).into(&door) // what stands is still served
}

func TestReadinessWhileStopping(t *testing.T) {
	w := newWorld(t)
	w.health.stopping()
	w.get("/readyz").refused(503, "internal", "stopping")
}
