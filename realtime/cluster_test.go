package realtime

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"mend/facilitator"
)

// cluster starts three NATS servers that know each other.
func cluster(t *testing.T) []*server.Server {
	t.Helper()
	var ports []int
	var routes []*url.URL
	for range 3 {
		free, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ports = append(ports, free.Addr().(*net.TCPAddr).Port)
		routes = append(routes, &url.URL{Scheme: "nats-route", Host: free.Addr().String()})
		free.Close()
	}
	var servers []*server.Server
	for i, port := range ports {
		s, err := server.NewServer(&server.Options{
			ServerName: fmt.Sprintf("n%d", i), Host: "127.0.0.1", Port: -1, NoSigs: true,
			JetStream: true, StoreDir: t.TempDir(), SyncAlways: true,
			Cluster: server.ClusterOpts{Name: "three", Host: "127.0.0.1", Port: port}, Routes: routes,
		})
		if err != nil {
			t.Fatal(err)
		}
		s.Start()
		t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
		servers = append(servers, s)
	}
	for _, s := range servers {
		if !s.ReadyForConnections(startWithin) {
			t.Fatal("a server did not start")
		}
	}
	return servers
}

func urls(servers []*server.Server) string {
	all := servers[0].ClientURL()
	for _, s := range servers[1:] {
		all += "," + s.ClientURL()
	}
	return all
}

// On a cluster streams have three replicas, a conflict comes back under its other number, and when the
// server that leads a session's stream dies, nothing acknowledged is lost and the session goes on.
func TestASessionOutlivesAServerOfItsCluster(t *testing.T) {
	servers, ctx := cluster(t), context.Background()
	n := openOnceReady(t, NATSConfig{URLs: urls(servers)})
	if n.Replicas() != 3 {
		t.Fatalf("%d replicas", n.Replicas())
	}
	l := openLog(t, n)
	c := newChain(t, l, "stale")
	say(t, l, c, "one")
	stale := *c
	say(t, l, c, "two")
	sealed, _ := stale.write(1, nil, nil)
	if _, err := l.Append(ctx, "stale", stale.seq, sealed); !errors.Is(err, errConflict) {
		t.Errorf("a stale append came back as %v", err)
	}

	h := newHouse(t, NodeConfig{NATS: n, Log: l})
	h.session("s")
	h.join("s", 1, 3)
	info, err := l.shards[shardOf("s")].Info(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range servers {
		if s.Name() == info.Cluster.Leader {
			s.Shutdown()
			s.WaitForShutdown()
		}
	}
	began := time.Now()
	h.join("s", 4, 4)
	t.Logf("went on after %v", time.Since(began).Round(10*time.Millisecond))
	f, err := readLog(ctx, l, "s")
	if err != nil || f.state.People() != 5 {
		t.Errorf("%d people, %v", f.state.People(), err)
	}
	h.do("s", facilitator.Seat{Person: "lead"}, facilitator.Close{})
}

// openOnceReady waits for the cluster to have chosen who leads.
func openOnceReady(t *testing.T, cfg NATSConfig) *NATS {
	t.Helper()
	var err error
	for range 30 {
		var n *NATS
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		if n, err = OpenNATS(ctx, cfg); err == nil {
			_, err = OpenLog(ctx, n, nil)
		}
		cancel()
		if err == nil {
			t.Cleanup(n.Close)
			return n
		}
		if n != nil {
			n.Close()
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatal(err)
	return nil
}
