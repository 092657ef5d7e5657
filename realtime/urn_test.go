package realtime

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mend/facilitator"
)

// canaryBody is as long as a body is; on a disk it would be found.
var canaryBody = bytes.Repeat([]byte("canary-body."), facilitator.BodySize/12)

// What waits is in memory only: no byte of it is in the data folder, not even sealed.
func TestTheUrnIsNotOnDisk(t *testing.T) {
	folder, data := searched(t)
	n := openNATS(t, NATSConfig{Folder: data})
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

// A NATS server that is started again has lost what was in its memory: the urn is made anew, nodes go on,
// and people hand in again.
func TestTheUrnOfAServerThatWasStartedAgain(t *testing.T) {
	folder := t.TempDir()
	s := listening(t, folder, -1)
	port := s.Addr().(*net.TCPAddr).Port
	h := at(t, s)
	c := signedCircle(t, h, "again", 5, 4)
	c.mustPlace(c.share("p1", "words"))
	s.Shutdown()
	s.WaitForShutdown()
	listening(t, folder, port)
	for i := 1; i <= 5; i++ {
		body := c.share(personN(i), "words of "+string(personN(i)))
		for end := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
			err := c.place(body)
			if err == nil {
				break
			}
			if time.Now().After(end) {
				t.Fatal(err)
			}
		}
	}
	c.lead(facilitator.CloseBowl{})
	c.until("it is poured", func(v facilitator.BowlEveryone) bool { return v.Phase == facilitator.BowlIsPoured })
	if n := len(c.moderated().Shares); n != 5 {
		t.Errorf("%d shares", n)
	}
}

func holdNotOnDisk(t *testing.T, folder string) {
	t.Helper()
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

// On a cluster the urn is kept in the memory of three servers, and a token is still taken once.
func TestTheUrnOfACluster(t *testing.T) {
	servers := cluster(t)
	l := openLog(t, openOnceReady(t, NATSConfig{URLs: urls(servers)}))
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
	all, err := l.Waiting(t.Context(), subject)
	for range 10 { // a server may not have heard of the stream yet
		if err == nil {
			break
		}
		time.Sleep(200 * time.Millisecond)
		all, err = l.Waiting(t.Context(), subject)
	}
	if err != nil || len(all) != 201 {
		t.Errorf("%d wait, %v", len(all), err)
	}
	for _, s := range servers {
		holdNotOnDisk(t, s.StoreDir())
	}
}
