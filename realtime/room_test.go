package realtime

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mend/facilitator"
)

// inBubble runs a test under a clock of its own: ten minutes pass at once.
func inBubble(t *testing.T, f func(t *testing.T, l *fakeLog, b *fakeBus)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, newFakeLog(), &fakeBus{}) })
}

// people is who is in the room as a node knows it.
func (h *house) people(session string) map[facilitator.PersonID]facilitator.PersonView {
	h.t.Helper()
	v, err := h.node.View(context.Background(), session, facilitator.ForEveryone)
	if err != nil {
		h.t.Fatal(err)
	}
	return v.(facilitator.Everyone).People
}

func TestWhatWaitsIsOneCommit(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		h := fakeHouse(t, l, b, NodeConfig{})
		h.session("s")
		var before, after int
		l.with(func() { before = l.appends })
		release := make(chan struct{})
		l.trouble(func() trouble { <-release; return noTrouble })
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() { h.join("s", i, i) })
		}
		synctest.Wait()
		close(release)
		all.Wait()
		l.with(func() { after = l.appends })
		if after-before > 2 {
			t.Errorf("a hundred joins cost %d appends", after-before)
		}
		if n := len(h.people("s")); n != 101 {
			t.Errorf("%d people", n)
		}
	})
}

func TestAnAppendWithoutAnAnswerIsDoneOnce(t *testing.T) {
	for name, how := range map[string]trouble{"lost on the way": lostBefore, "stored, the answer lost": lostAfter} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
				h := fakeHouse(t, l, b, NodeConfig{})
				h.session("s")
				left := 3
				l.trouble(func() trouble {
					if left == 0 {
						return noTrouble
					}
					left--
					return how
				})
				h.join("s", 1, 3)
				f, err := readLog(context.Background(), l, "s")
				if err != nil {
					t.Fatal(err)
				}
				if n := f.state.People(); n != 4 || f.chain.n != 7 {
					t.Errorf("%d people in %d commits", n, f.chain.n)
				}
			})
		})
	}
}

func TestAFullLogRefusesAndTheRoomGoesOn(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		h := fakeHouse(t, l, b, NodeConfig{})
		h.session("s")
		l.trouble(func() trouble { return full })
		err := h.node.Do(context.Background(), "s", system, facilitator.Join{Person: "p1", Alias: "A", Role: facilitator.Participant})
		if refusalOf(err).Reason != "storage_full" {
			t.Errorf("got %v", err)
		}
		l.trouble(nil)
		h.join("s", 1, 1)
	})
}

func TestTwoNodesDecideAgainWhenTheOtherWasFirst(t *testing.T) {
	for _, cut := range []bool{false, true} {
		t.Run(fmt.Sprintf("bus cut=%v", cut), func(t *testing.T) {
			inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
				one, two := fakeHouse(t, l, b, NodeConfig{}), fakeHouse(t, l, b, NodeConfig{})
				one.session("s")
				one.people("s")
				two.people("s")
				b.sever(cut)
				var all sync.WaitGroup
				for i := range 40 {
					h := one
					if i%2 == 0 {
						h = two
					}
					all.Go(func() { h.join("s", i, i) })
				}
				all.Wait()
				time.Sleep(2 * tailEvery)
				for _, h := range []*house{one, two} {
					if n := len(h.people("s")); n != 41 {
						t.Errorf("a node knows %d people", n)
					}
				}
				if _, err := readLog(context.Background(), l, "s"); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestALostLastAnnouncementIsNoticed(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		one, two := fakeHouse(t, l, b, NodeConfig{}), fakeHouse(t, l, b, NodeConfig{})
		one.session("s")
		c := two.enter(t, "s", "lead", facilitator.Facilitator)
		b.sever(true)
		one.join("s", 1, 1)
		c.until(t, "the person who joined elsewhere", func(received) bool {
			return path(c.docs["everyone"], "people", "p1", "alias") == "Heron 1"
		})
	})
}

func TestWhoJoinedElsewhereAMomentAgoIsLetIn(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		one, two := fakeHouse(t, l, b, NodeConfig{}), fakeHouse(t, l, b, NodeConfig{})
		one.session("s")
		two.people("s")
		b.sever(true)
		one.join("s", 1, 1)
		if c := two.enter(t, "s", "p1", facilitator.Participant); c.docs["everyone"] == nil {
			c.until(t, "the room", func(received) bool { return c.docs["everyone"] != nil })
		}
	})
}

func TestATimerRingsOnceOnOneOfTwoNodes(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		one, two := fakeHouse(t, l, b, NodeConfig{}), fakeHouse(t, l, b, NodeConfig{})
		one.session("s")
		one.enter(t, "s", "lead", facilitator.Facilitator).ignore()
		c := two.enter(t, "s", "lead", facilitator.Facilitator)
		go func() {
			for {
				if _, err := c.frame(); err != nil {
					return
				}
			}
		}()
		time.Sleep(6 * time.Minute)
		rang := 0
		f := &fold{chain: chain{session: "s", seal: mustSeal(t, l, "s")}, state: facilitator.New(), applied: applied{}}
		entries, _ := l.kept("s")
		for _, e := range entries {
			commit, err := f.chain.next(e)
			if err != nil {
				t.Fatal(err)
			}
			f.chain.accept(e)
			for _, event := range commit.Events {
				if event.Is == "timer.rang" {
					rang++
				}
			}
		}
		if rang != 1 {
			t.Errorf("the step's timer rang %d times", rang)
		}
	})
}

func mustSeal(t *testing.T, l *fakeLog, session string) *seal {
	t.Helper()
	s, err := newSeal(l.keys[session], session)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASleepingPhoneDoesNotFlicker(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		one, two := fakeHouse(t, l, b, NodeConfig{}), fakeHouse(t, l, b, NodeConfig{})
		one.session("s")
		one.join("s", 1, 2)
		one.enter(t, "s", "lead", facilitator.Facilitator).ignore()
		c := one.enter(t, "s", "p1", facilitator.Participant).ignore()
		two.enter(t, "s", "p2", facilitator.Participant).ignore()
		time.Sleep(2 * time.Minute)
		c.conn.Close()
		time.Sleep(grace - presenceEvery)
		if one.people("s")["p1"].Gone {
			t.Error("gone too soon")
		}
		time.Sleep(3 * presenceEvery)
		for _, h := range []*house{one, two} {
			switch people := h.people("s"); {
			case !people["p1"].Gone:
				t.Error("not gone after the grace")
			case people["p2"].Gone || people["lead"].Gone:
				t.Error("somebody connected elsewhere counts as gone")
			}
		}
		two.enter(t, "s", "p1", facilitator.Participant).ignore()
		time.Sleep(time.Second)
		if one.people("s")["p1"].Gone {
			t.Error("back, and still gone")
		}
	})
}

// ignore reads on without a test's interest, answering pings.
func (c *client) ignore() *client {
	go func() {
		for {
			if _, err := c.text(); err != nil {
				return
			}
		}
	}()
	return c
}

func TestARoomThatFailsIsFoldedAgainAndTheCulpritRefused(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		h := fakeHouse(t, l, b, NodeConfig{})
		h.session("s")
		c := h.enter(t, "s", "lead", facilitator.Facilitator)
		h.node.mu.Lock()
		r := h.node.rooms["s"]
		h.node.mu.Unlock()
		r.tell(bomb{})
		h.join("s", 1, 1)
		c.until(t, "the room to go on", func(received) bool {
			return path(c.docs["everyone"], "people", "p1", "alias") == "Heron 1"
		})
	})
}

// bomb is a message nobody can handle.
type bomb struct{}

func (bomb) handle(*Room) { panic("a bug") }

func TestAnEmptyRoomIsLetGo(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		h := fakeHouse(t, l, b, NodeConfig{})
		h.session("s")
		time.Sleep(emptyFor + tailEvery + time.Second)
		h.node.mu.Lock()
		n := len(h.node.rooms)
		h.node.mu.Unlock()
		if n != 0 || b.listening() != 0 {
			t.Errorf("%d rooms and %d subscriptions are still there", n, b.listening())
		}
		h.join("s", 1, 1) // and comes back when somebody asks
	})
}

func TestAClosedSessionIsForgottenAtOnceAndStaysReadableForAWhile(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		var told []string
		fails := 1
		h := fakeHouse(t, l, b, NodeConfig{Farewell: 3 * time.Minute, OnClosed: func(_ context.Context, session string, s facilitator.Summary) error {
			var err error
			l.with(func() {
				if fails--; fails >= 0 {
					err = errors.New("not now")
				} else {
					told = append(told, fmt.Sprintf("%s had %d people", session, s.People))
				}
			})
			return err
		}})
		h.session("s")
		c := h.enter(t, "s", "lead", facilitator.Facilitator)
		h.do("s", facilitator.Seat{Person: "lead"}, facilitator.Close{})
		c.until(t, "the end", func(received) bool { return path(c.docs["everyone"], "session", "phase") == "over" })
		synctest.Wait()
		if _, key := l.kept("s"); !key {
			t.Error("forgotten although the summary was not taken")
		}
		time.Sleep(2 * forgetAgain)
		synctest.Wait()
		if left, key := l.kept("s"); !slices.Equal(told, []string{"s had 1 people"}) || key || len(left) != 0 {
			t.Errorf("told %v; key %v, %d entries", told, key, len(left))
		}
		late := h.enter(t, "s", "lead", facilitator.Facilitator) // the words are gone from the disk, not yet from here
		if reason, code := late.closedWith(t); reason != "over" || code != 4410 {
			t.Errorf("closed with %s, %d", reason, code)
		}
		if err := h.node.Do(context.Background(), "s", system, facilitator.Tick{}); refusalOf(err).Reason != "session_over" {
			t.Errorf("got %v", err)
		}
	})
}

func TestANodeForgetsWhatAnotherClosedAndDiedBefore(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		h := fakeHouse(t, l, b, NodeConfig{OnClosed: func(context.Context, string, facilitator.Summary) error {
			return errors.New("dying")
		}})
		h.session("s")
		h.do("s", facilitator.Seat{Person: "lead"}, facilitator.Close{})
		h.node.Close()
		told := 0
		fakeHouse(t, l, b, NodeConfig{OnClosed: func(context.Context, string, facilitator.Summary) error { told++; return nil }})
		synctest.Wait()
		if _, key := l.kept("s"); told != 1 || key {
			t.Errorf("told %d times, key there: %v", told, key)
		}
	})
}

func TestALogThatComesBackShorterIsReadOnly(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		one := fakeHouse(t, l, b, NodeConfig{})
		one.session("s")
		one.join("s", 1, 5)
		time.Sleep(time.Second)
		one.node.Close()
		l.with(func() { l.entries["s"] = l.entries["s"][:4] }) // what a flipped bit did to acknowledged messages

		two := fakeHouse(t, l, b, NodeConfig{})
		c := two.enter(t, "s", "lead", facilitator.Facilitator)
		c.do(1, "agenda.next", "")
		f := c.until(t, "the refusal", func(f received) bool { return f.No == 1 })
		if f.Error.Reason != "read_only" {
			t.Errorf("refused with %+v", f.Error)
		}
		if left, _ := l.kept("s"); len(left) != 4 {
			t.Error("something was appended to a damaged log")
		}
	})
}

func TestALogThatBreaksInFrontOfUsIsReadOnly(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		h := fakeHouse(t, l, b, NodeConfig{})
		h.session("s")
		c := h.enter(t, "s", "lead", facilitator.Facilitator)
		l.with(func() {
			l.seq++
			l.entries["s"] = append(l.entries["s"], Entry{l.seq, []byte("not a commit of ours, whatever else it is")})
		})
		c.until(t, "the room to say so", func(f received) bool { return f.ReadOnly })
	})
}

func TestADestroyedSessionIsOverOnTheOtherNodeToo(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		h := fakeHouse(t, l, b, NodeConfig{})
		h.session("s")
		c := h.enter(t, "s", "lead", facilitator.Facilitator)
		l.Destroy(context.Background(), "s")
		if reason, code := c.closedWith(t); reason != "over" || code != 4410 {
			t.Errorf("closed with %s, %d", reason, code)
		}
	})
}

func TestASessionThatIsKeptIsForgottenWhenItsDaysAreOver(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		var handed atomic.Int32
		h := fakeHouse(t, l, b, NodeConfig{OnClosed: func(context.Context, string, facilitator.Summary) error {
			handed.Add(1)
			return nil
		}})
		open := facilitator.Open{Code: "ABCDEF", StageKey: "key", Programme: programme(t)}
		if err := h.node.Create(context.Background(), "s", open); err != nil {
			t.Fatal(err)
		}
		lead := facilitator.Seat{Person: "lead"}
		h.do("s", system, facilitator.Join{Person: "lead", Alias: "Lead", Role: facilitator.Facilitator})
		h.do("s", lead, facilitator.KeepFor{Days: 2})
		h.do("s", lead, facilitator.Close{})
		time.Sleep(time.Minute)
		if handed.Load() == 0 {
			t.Error("its counts wait for the forgetting")
		}
		time.Sleep(47 * time.Hour)
		if err := h.node.Read(context.Background(), "s", func(s *facilitator.Session) {}); err != nil {
			t.Errorf("after 47 hours: %v", err)
		}
		time.Sleep(time.Hour + sweepEvery)
		if _, err := l.Key(context.Background(), "s"); !errors.Is(err, ErrNoSession) {
			t.Errorf("after its days: %v", err)
		}
	})
}

func TestAClientThatNeverReadsIsDroppedAndTheRoomGoesOn(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		h := fakeHouse(t, l, b, NodeConfig{})
		h.session("s")
		h.join("s", 1, 1)
		other := h.enter(t, "s", "lead", facilitator.Facilitator)
		h.enter(t, "s", "p1", facilitator.Participant) // and reads nothing more: a pipe holds nothing
		began := time.Now()
		h.join("s", 2, 2)
		other.until(t, "the change", func(received) bool {
			return path(other.docs["everyone"], "people", "p2", "alias") == "Heron 2"
		})
		other.ignore()
		if took := time.Since(began); took > time.Second {
			t.Errorf("the others waited %v", took)
		}
		time.Sleep(writeWithin + time.Second)
		h.node.mu.Lock()
		n := len(h.node.conns)
		h.node.mu.Unlock()
		if n != 1 {
			t.Errorf("%d connections", n)
		}
	})
}

func TestASilentConnectionIsPingedAndThenCut(t *testing.T) {
	inBubble(t, func(t *testing.T, l *fakeLog, b *fakeBus) {
		h := fakeHouse(t, l, b, NodeConfig{})
		h.session("s")
		c := h.enter(t, "s", "lead", facilitator.Facilitator)
		c.ignore() // answers pings
		time.Sleep(10 * time.Minute)
		h.node.mu.Lock()
		n := len(h.node.conns)
		h.node.mu.Unlock()
		if n != 1 {
			t.Fatal("a connection that answers was cut")
		}
		mute := h.enter(t, "s", "lead", facilitator.Facilitator)
		began, pings := time.Now(), 0
		for {
			op, _, err := mute.next()
			if err != nil {
				break
			}
			if op == opPing {
				pings++
			}
		}
		if took := time.Since(began); pings != 1 || took < silence || took > silence+2*pulseEvery {
			t.Errorf("%d pings, cut after %v", pings, took)
		}
	})
}
