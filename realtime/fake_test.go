package realtime

import (
	"context"
	"net"
	"slices"
	"sync"
	"testing"

	"mend/facilitator"
)

// fakeLog is a log in memory that can lose answers. Several nodes may share it.
type fakeLog struct {
	mu      sync.Mutex
	entries map[string][]Entry
	keys    map[string][]byte
	marks   map[string]Mark
	seq     uint64
	appends int

	// on is asked before each append: it may store nothing and say why, or let it be stored and its answer
	// lost.
	on func() trouble
}

type trouble int

const (
	noTrouble trouble = iota
	lostBefore
	lostAfter
	full
)

func newFakeLog() *fakeLog {
	return &fakeLog{entries: map[string][]Entry{}, keys: map[string][]byte{}, marks: map[string]Mark{}}
}

func (l *fakeLog) Append(_ context.Context, session string, last uint64, sealed []byte) (uint64, error) {
	l.mu.Lock()
	on, how := l.on, noTrouble
	l.mu.Unlock()
	if on != nil {
		how = on()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.appends++
	switch how {
	case lostBefore:
		return 0, errUnknown
	case full:
		return 0, ErrFull
	}
	all := l.entries[session]
	if len(all) == 0 && last != 0 || len(all) > 0 && all[len(all)-1].Seq != last {
		return 0, errConflict
	}
	l.seq += 1 + uint64(l.appends%3) // numbers have gaps
	l.entries[session] = append(all, Entry{l.seq, sealed})
	if how == lostAfter {
		return 0, errUnknown
	}
	return l.seq, nil
}

func (l *fakeLog) Next(_ context.Context, session string, after uint64) (Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.entries[session] {
		if e.Seq > after {
			return e, nil
		}
	}
	return Entry{}, errEnd
}

func (l *fakeLog) Last(_ context.Context, session string) (Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if all := l.entries[session]; len(all) > 0 {
		return all[len(all)-1], nil
	}
	return Entry{}, errEnd
}

func (l *fakeLog) NewKey(_ context.Context, session string) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.keys[session] != nil {
		return nil, ErrExists
	}
	l.keys[session] = make([]byte, keySize)
	return l.keys[session], nil
}

func (l *fakeLog) Key(_ context.Context, session string) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if key := l.keys[session]; key != nil {
		return key, nil
	}
	return nil, ErrNoSession
}

func (l *fakeLog) SetMark(_ context.Context, session string, m Mark) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.marks[session] = m
	return nil
}

func (l *fakeLog) HighWater(_ context.Context, session string) (Mark, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.marks[session], nil
}

func (l *fakeLog) Sessions(context.Context) ([]string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ids []string
	for id := range l.keys {
		ids = append(ids, id)
	}
	return ids, nil
}

func (l *fakeLog) Destroy(_ context.Context, session string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.keys, session)
	delete(l.entries, session)
	delete(l.marks, session)
	return nil
}

// fakeBus carries what nodes tell each other, unless it is cut.
type fakeBus struct {
	mu   sync.Mutex
	cut  bool
	ears []*fakeEar
}

type fakeEar struct {
	of      *fakeEnd
	session string
	heard   func(message)
}

// fakeEnd is one node's end of the bus: it does not hear itself.
type fakeEnd struct{ bus *fakeBus }

func (e *fakeEnd) say(session string, m message) {
	e.bus.mu.Lock()
	ears := slices.Clone(e.bus.ears)
	cut := e.bus.cut
	e.bus.mu.Unlock()
	for _, ear := range ears {
		if !cut && ear.of != e && ear.session == session {
			ear.heard(m)
		}
	}
}

func (e *fakeEnd) Tell(session string, entry Entry) { e.say(session, told{entry}) }
func (e *fakeEnd) Beat(session string, people []facilitator.PersonID) {
	e.say(session, beaten{people})
}

func (e *fakeEnd) Signal(session string, sealed []byte) { e.say(session, passed{sealed}) }

func (e *fakeEnd) Listen(session string, heard func(message)) (func(), error) {
	ear := &fakeEar{e, session, heard}
	e.bus.mu.Lock()
	defer e.bus.mu.Unlock()
	e.bus.ears = append(e.bus.ears, ear)
	return func() {
		e.bus.mu.Lock()
		defer e.bus.mu.Unlock()
		e.bus.ears = slices.DeleteFunc(e.bus.ears, func(x *fakeEar) bool { return x == ear })
	}, nil
}

// fakeHouse is a node over a log and a bus in memory, for tests under a clock of their own.
func fakeHouse(t *testing.T, l *fakeLog, b *fakeBus, cfg NodeConfig) *house {
	t.Helper()
	cfg.Authenticate = readTestToken
	h := &house{t: t, node: newNode(cfg, l, &fakeEnd{b})}
	t.Cleanup(h.node.Close)
	return h
}

// enter connects a person over a pipe.
func (h *house) enter(t *testing.T, session string, p facilitator.PersonID, role facilitator.Role) *client {
	t.Helper()
	ours, theirs := net.Pipe()
	h.node.accept(theirs)
	c := newClient(ours)
	t.Cleanup(func() { ours.Close() })
	c.greet(t, testToken(session, p, role))
	return c
}

// sever cuts the bus, or mends it.
func (b *fakeBus) sever(cut bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cut = cut
}

// with has a look at the log, or changes it behind everybody's back.
func (l *fakeLog) with(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}

// trouble sets what happens to appends from now on.
func (l *fakeLog) trouble(on func() trouble) { l.with(func() { l.on = on }) }

// kept is how much of a session is on the disk.
func (l *fakeLog) kept(session string) (entries []Entry, key bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.entries[session]), l.keys[session] != nil
}

func (b *fakeBus) listening() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.ears)
}
