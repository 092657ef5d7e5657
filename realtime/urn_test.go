package realtime

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"mend/facilitator"
)

// canaryBody is as long as a body is; on a disk it would be found.
var canaryBody = bytes.Repeat([]byte("canary-body."), facilitator.BodySize/12)

// What waits is in memory only: no byte of it is in the data folder, not even sealed.
func TestTheUrnIsNotOnDisk(t *testing.T) {
	folder := t.TempDir()
	n := openNATS(t, NATSConfig{Folder: folder})
	l := openLog(t, n)
	if err := l.Put(t.Context(), oneSubject(firstSubject("s", "b"), 0, "canary-token"), canaryBody); err != nil {
		t.Fatal(err)
	}
	if all, err := l.Waiting(t.Context(), firstSubject("s", "b")); err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	holdNotOnDisk(t, folder)
	if err := l.Destroy(t.Context(), "s"); err != nil {
		t.Fatal(err)
	}
	if all, err := l.Waiting(t.Context(), firstSubject("s", "b")); err != nil || len(all) != 0 {
		t.Error("a session that is over leaves something waiting", err)
	}
}

func holdNotOnDisk(t *testing.T, folders ...string) {
	t.Helper()
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if bytes.Contains(data, []byte("canary-body")) || bytes.Contains(data, []byte("canary-token")) {
				t.Errorf("%s holds what waits", path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// On a cluster the urn is kept in the memory of three servers, and a token is still taken once.
func TestTheUrnOfACluster(t *testing.T) {
	address, folders := startCluster(t)
	l := openLog(t, openNATS(t, NATSConfig{URLs: address, Replicas: 3}))
	subject := firstSubject("s", "b")
	var taken, refused atomic.Int32
	var posting sync.WaitGroup
	for range 20 {
		posting.Go(func() {
			for range 50 {
				switch err := l.Put(context.Background(), oneSubject(subject, 0, "canary-token"), canaryBody); {
				case err == nil:
					taken.Add(1)
				case errors.Is(err, errConflict):
					refused.Add(1)
				default:
					t.Error(err)
				}
			}
		})
	}
	posting.Wait()
	if taken.Load() != 1 || refused.Load() != 999 {
		t.Errorf("taken %d times, refused %d times", taken.Load(), refused.Load())
	}
	for i := range 200 {
		if err := l.Put(t.Context(), oneSubject(subject, 0, facilitator.Token(fmt.Sprintf("canary-token-%d", i))), canaryBody); err != nil {
			t.Fatal(err)
		}
	}
	if all, err := l.Waiting(t.Context(), subject); err != nil || len(all) != 201 {
		t.Errorf("%d wait, %v", len(all), err)
	}
	holdNotOnDisk(t, folders...)
}

// startCluster runs three servers in this process, and returns the address of one and the folders of all.
func startCluster(t *testing.T) (address string, folders []string) {
	t.Helper()
	var routes []*url.URL
	var servers []*server.Server
	for range 3 {
		routes = append(routes, &url.URL{Scheme: "nats", Host: fmt.Sprintf("127.0.0.1:%d", freePort(t))})
	}
	for i, route := range routes {
		var port int
		fmt.Sscan(route.Port(), &port)
		folders = append(folders, t.TempDir())
		s, err := server.NewServer(&server.Options{
			ServerName: fmt.Sprintf("server-%d", i), Host: "127.0.0.1", Port: -1, NoSigs: true, NoLog: true,
			JetStream: true, StoreDir: folders[i], SyncAlways: true, MaxPayload: maxPayload, JetStreamMaxStore: 16 << 30, JetStreamMaxMemory: 1 << 30,
			Cluster: server.ClusterOpts{Name: "mend", Host: "127.0.0.1", Port: port}, Routes: routes,
		})
		if err != nil {
			t.Fatal(err)
		}
		s.Start()
		t.Cleanup(func() {
			s.Shutdown()
			s.WaitForShutdown()
		})
		address, servers = s.ClientURL(), append(servers, s)
	}
	agreed := func(s *server.Server) bool { return s.JetStreamIsLeader() && len(s.JetStreamClusterPeers()) == 3 }
	for end := time.Now().Add(30 * time.Second); !slices.ContainsFunc(servers, agreed); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the servers do not agree on who leads them")
		}
	}
	return address, folders
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
