package realtime

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"mend/facilitator"
)

// openNATS starts the embedded engine on a folder and stops it with the test.
func openNATS(t testing.TB, cfg NATSConfig) *NATS {
	t.Helper()
	n, err := OpenNATS(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	return n
}

func openLog(t testing.TB, n *NATS) *Log {
	t.Helper()
	l, err := OpenLog(context.Background(), n, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func newChain(t testing.TB, l *Log, session string) *chain {
	t.Helper()
	key, err := l.NewKey(context.Background(), session)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSeal(key, session)
	if err != nil {
		t.Fatal(err)
	}
	return &chain{session: session, seal: s}
}

// say appends one commit whose only event carries a word.
func say(t testing.TB, l *Log, c *chain, word string) Entry {
	t.Helper()
	events, err := storeEvents([]facilitator.Event{facilitator.Renamed{Person: "p", Alias: word}})
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := c.write(1, nil, events)
	if err != nil {
		t.Fatal(err)
	}
	seq, err := l.Append(context.Background(), c.session, c.seq, sealed)
	if err != nil {
		t.Fatal(err)
	}
	e := Entry{seq, sealed}
	c.accept(e)
	return e
}

func TestCommitsAreReadBackInOrderAcrossARestart(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	n, err := OpenNATS(ctx, NATSConfig{Folder: dir})
	if err != nil {
		t.Fatal(err)
	}
	l := openLog(t, n)
	a, b := newChain(t, l, "a"), newChain(t, l, "b")
	for range 3 {
		say(t, l, a, "from a")
		say(t, l, b, "from b")
	}
	n.Close()

	l = openLog(t, openNATS(t, NATSConfig{Folder: dir}))
	key, err := l.Key(ctx, "a")
	if err != nil {
		t.Fatal(err)
	}
	s, _ := newSeal(key, "a")
	read := &chain{session: "a", seal: s}
	for {
		e, err := l.Next(ctx, "a", read.seq)
		if errors.Is(err, errEnd) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := read.next(e); err != nil {
			t.Fatal(err)
		}
		read.accept(e)
	}
	if read.n != 3 || read.last != a.last {
		t.Errorf("read %d commits, ending in %x", read.n, read.last)
	}
}

func TestOnlyOneOfTwoWritersIsFirst(t *testing.T) {
	l := openLog(t, openNATS(t, NATSConfig{Folder: t.TempDir()}))
	c := newChain(t, l, "s")
	say(t, l, c, "one")
	stale := *c
	say(t, l, c, "two")
	sealed, _ := stale.write(1, nil, nil)
	if _, err := l.Append(context.Background(), "s", stale.seq, sealed); !errors.Is(err, errConflict) {
		t.Errorf("a stale append came back as %v", err)
	}
	if _, err := l.NewKey(context.Background(), "s"); !errors.Is(err, ErrExists) {
		t.Errorf("a second key came back as %v", err)
	}
}

func TestAFullStoreIsAnErrorThatSaysSo(t *testing.T) {
	l := openLog(t, openNATS(t, NATSConfig{Folder: t.TempDir(), StoreBytes: 8 << 20}))
	c := newChain(t, l, "s")
	say(t, l, c, "small")
	sealed := c.seal.close(make([]byte, 2<<20))
	if _, err := l.Append(context.Background(), "s", c.seq, sealed); !errors.Is(err, ErrFull) {
		t.Errorf("appending to a full stream came back as %v", err)
	}
	say(t, l, c, "still small") // and what fits still goes in
}

func TestAFolderBelongsToOneProcess(t *testing.T) {
	dir := t.TempDir()
	openNATS(t, NATSConfig{Folder: dir})
	if _, err := OpenNATS(context.Background(), NATSConfig{Folder: dir}); !errors.Is(err, ErrFolderInUse) {
		t.Errorf("opening the same folder twice came back as %v", err)
	}
}

func TestNATSOutOfReachIsAnErrorWithoutItsPassword(t *testing.T) {
	_, err := OpenNATS(context.Background(), NATSConfig{URLs: "nats://me:hunter2@127.0.0.1:1"})
	if err == nil || bytes.Contains([]byte(err.Error()), []byte("hunter2")) {
		t.Errorf("got %v", err)
	}
}

func TestStreamsAreOnFileAndNeverReadDirectly(t *testing.T) {
	l := openLog(t, openNATS(t, NATSConfig{Folder: t.TempDir()}))
	if o := l.nats.server; o.JetStreamConfig() == nil || !o.JetStreamConfig().SyncAlways {
		t.Error("an acknowledgement would not mean on disk")
	}
	for _, s := range l.shards {
		cfg := s.CachedInfo().Config
		if cfg.AllowDirect || cfg.Storage != 0 || cfg.MaxBytes <= 0 || cfg.Discard != 1 || cfg.DenyDelete || cfg.DenyPurge {
			t.Errorf("%s: %+v", cfg.Name, cfg)
		}
	}
}

// What is missing is noticed: in the middle by the chain, at the end by the high-water record.
func TestAMissingMessageIsNoticed(t *testing.T) {
	for name, which := range map[string]int{"in the middle": 2, "at the end": 4} {
		t.Run(name, func(t *testing.T) {
			l, ctx := openLog(t, openNATS(t, NATSConfig{Folder: t.TempDir()})), context.Background()
			c := newChain(t, l, "s")
			var entries []Entry
			for range 5 {
				entries = append(entries, say(t, l, c, "a word"))
			}
			if err := l.SetMark(ctx, "s", c.mark()); err != nil {
				t.Fatal(err)
			}
			if _, err := readLog(ctx, l, "s"); err != nil {
				t.Fatal(err)
			}
			if err := l.shards[shardOf("s")].DeleteMsg(ctx, entries[which].Seq); err != nil {
				t.Fatal(err)
			}
			if _, err := readLog(ctx, l, "s"); !errors.Is(err, ErrBroken) {
				t.Errorf("read with %v", err)
			}
		})
	}
}

func TestAnotherSessionsCommitDoesNotPass(t *testing.T) {
	l := openLog(t, openNATS(t, NATSConfig{Folder: t.TempDir()}))
	a, b := newChain(t, l, "a"), newChain(t, l, "b")
	e := say(t, l, a, "a word")
	if _, err := b.next(e); !errors.Is(err, ErrBroken) {
		t.Errorf("opened with %v", err)
	}
}

func TestADestroyedSessionLeavesNoWordAndNoKeyOnDisk(t *testing.T) {
	dir, data := searched(t)
	ctx := context.Background()
	n, err := OpenNATS(ctx, NATSConfig{Folder: data})
	if err != nil {
		t.Fatal(err)
	}
	l := openLog(t, n)
	const canary = "the-grey-heron-stands-still"
	c, other := newChain(t, l, "gone"), newChain(t, l, "stays")
	key, _ := l.Key(ctx, "gone")
	keptKey, _ := l.Key(ctx, "stays")
	first := say(t, l, c, canary)
	say(t, l, other, canary)
	if err := l.SetMark(ctx, "gone", c.mark()); err != nil {
		t.Fatal(err)
	}
	if !onDisk(t, dir, key) {
		t.Error("the search does not find a key that is there: it proves nothing")
	}
	if err := l.Destroy(ctx, "gone"); err != nil {
		t.Fatal(err)
	}
	if err := l.Destroy(ctx, "gone"); err != nil {
		t.Errorf("destroying again: %v", err)
	}
	if _, err := l.Key(ctx, "gone"); !errors.Is(err, ErrNoSession) {
		t.Errorf("the key came back as %v", err)
	}
	left, err := l.Sessions(ctx)
	if err != nil || len(left) != 1 || left[0] != "stays" {
		t.Errorf("sessions left: %v, %v", left, err)
	}
	for _, closed := range []bool{false, true} {
		if closed {
			n.Close()
		}
		if onDisk(t, dir, []byte(canary)) {
			t.Errorf("closed=%v: a word lies readable on disk", closed)
		}
		if onDisk(t, dir, key) {
			t.Errorf("closed=%v: the destroyed key lies on disk", closed)
		}
		if !onDisk(t, dir, keptKey) {
			t.Errorf("closed=%v: another session's key is gone", closed)
		}
	}
	if onDisk(t, dir, first.Sealed) {
		t.Log("the sealed bytes are still there, unreadable without the key")
	}
	if err := os.WriteFile(filepath.Join(os.TempDir(), "spill"), []byte(canary), 0o600); err != nil {
		t.Fatal(err)
	}
	if !onDisk(t, dir, []byte(canary)) {
		t.Error("the search does not find a word in a temporary file: it proves nothing of those")
	}
}

// searched is a folder that holds all that a server under test may write: its data, and its temporary files.
func searched(t *testing.T) (all, data string) {
	t.Helper()
	all = t.TempDir()
	temporary := filepath.Join(all, "tmp")
	if err := os.Mkdir(temporary, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temporary)
	return all, filepath.Join(all, "data")
}

func onDisk(t *testing.T, dir string, what []byte) bool {
	t.Helper()
	found := false
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		found = found || bytes.Contains(data, what)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
