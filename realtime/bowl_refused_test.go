package realtime

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"math/big"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"mend/facilitator"
	"mend/realtime/sharer"
)

// signedCircle is an open bowl in which everybody has their tokens.
func signedCircle(t testing.TB, h *house, session string, people, window int) *circle {
	t.Helper()
	c := openBowl(t, h, session, people, window)
	for i := 1; i <= people; i++ {
		c.sign(personN(i))
	}
	return c
}

// Each sort of wrong body is refused with a reason of its own, and leaves nothing behind.
func TestWrongBodiesAreRefused(t *testing.T) {
	h := embedded(t)
	h.node.newKeys = keyPool(t, 2)
	c := signedCircle(t, h, "right", 5, 30)
	other := signedCircle(t, h, "other", 5, 30)
	good := c.sharers["p1"].Blank()
	changed := func(at int, to byte) []byte {
		raw := slices.Clone(good)
		raw[at] = to
		return raw
	}
	refusedAs(t, "truncated", "bowl_body_short", c.place(good[:4000]))
	refusedAs(t, "oversize", "bowl_body_long", c.place(append(slices.Clone(good), 0)))
	refusedAs(t, "invalid UTF-8", "bowl_not_text", c.place(c.share("p1", "\xff\xfe")))
	refusedAs(t, "another session's token", "bowl_other_session", c.place(other.sharers["p1"].Blank()))
	refusedAs(t, "a signature that was changed", "bowl_signature", c.place(changed(415, good[415]^1)))
	refusedAs(t, "a token that was changed", "bowl_signature", c.place(changed(130, good[130]^1)))
	refusedAs(t, "a later body before its time", "bowl_not_poured", c.place(c.sharers["p1"].Later()))
	refusedAs(t, "no such session", "session_over", h.node.Place(t.Context(), "nowhere", bowlStep, good))
	refusedAs(t, "no such bowl", "no_bowl", h.node.Place(t.Context(), "right", "check-in", good))
	notSigned(t, "signed with the key for marks", c.place(withMarksKey(t, c)))
	refusedAs(t, "a second signature", "bowl_signed_already", c.askAgain("p1"))
	c.mustPlace(good)
	refusedAs(t, "replayed", "bowl_token_spent", c.place(good))
	refusedAs(t, "another share with the same token", "bowl_token_spent", c.place(c.share("p1", "a second one")))
	c.secondForm(t)
	left, err := h.node.urn.Waiting(t.Context(), urnSubject)
	if err != nil || len(left) != 1 {
		t.Errorf("%d bodies wait, of which one was accepted; %v", len(left), err)
	}
}

// TestAnotherBowlsToken: a second bowl of the same step has other keys and another name.
func TestAnotherBowlsTokenAndTheWindow(t *testing.T) {
	h := embedded(t)
	c := signedCircle(t, h, "two-bowls", 5, 1)
	first := c.sharers["p1"].Blank()
	for i := 2; i <= 5; i++ {
		c.mustPlace(c.sharers[personN(i)].Blank())
	}
	c.lead(facilitator.CloseBowl{})
	c.until("it is poured", func(v facilitator.BowlEveryone) bool { return v.Phase == facilitator.BowlIsPoured })
	refusedAs(t, "after the window", "bowl_window_over", c.place(first))
	c.lead(facilitator.OpenBowl{Question: 1, Anyway: true})
	v := c.until("there are keys", func(v facilitator.BowlEveryone) bool { return v.Keys != nil && v.Phase == facilitator.BowlOpen })
	refusedAs(t, "another bowl's token", "bowl_other", c.place(first))
	relabelled := slices.Clone(first)
	copy(relabelled[104:128], append([]byte(v.Bowl), make([]byte, 24)...))
	notSigned(t, "another bowl's token, relabelled", c.place(relabelled))
}

// notSigned holds that a signature under another key is refused. As a number it may exceed this key's
// modulus, and then that is what is said.
func notSigned(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, errNotSigned) && !errors.Is(err, errSecondForm) {
		t.Errorf("%s: %v", what, err)
	}
}

// withMarksKey is what somebody makes who had a message for a share signed where marks are signed, so as
// to have two.
func withMarksKey(t *testing.T, c *circle) []byte {
	t.Helper()
	v := c.view()
	swapped := *v.Keys
	swapped.Share, swapped.Marks = v.Keys.Marks, v.Keys.Share
	s, ask, err := sharer.New(c.session, v.Bowl, swapped)
	if err != nil {
		t.Fatal(err)
	}
	var keys *facilitator.BowlKeys
	err = c.h.node.Read(t.Context(), c.session, func(s *facilitator.Session) {
		owed, ok := s.Owes(c.asked["p1"], facilitator.Seat{Person: "p1"})
		if !ok {
			t.Error("nothing is owed to p1")
		}
		keys = owed.Keys
	})
	if err != nil {
		t.Fatal(err)
	}
	raw := func(s string) []byte { b, _ := base64.RawURLEncoding.DecodeString(s); return b }
	given, err := c.h.node.bench.sign(facilitator.Signing{Keys: keys, Share: raw(ask.Marks), Marks: raw(ask.Share)})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Take(given.Marks, given.Share); err != nil {
		t.Fatal(err)
	}
	return s.Blank()
}

// askAgain asks for signatures of other messages.
func (c *circle) askAgain(p facilitator.PersonID) error {
	v := c.view()
	_, ask, err := sharer.New(c.session, v.Bowl, *v.Keys)
	if err != nil {
		c.t.Fatal(err)
	}
	_, err = c.signatures(p, ask)
	return err
}

// secondForm adds the modulus to a signature, where 256 bytes hold the sum: the same signature, written
// another way.
func (c *circle) secondForm(t *testing.T) {
	t.Helper()
	der, _ := base64.RawURLEncoding.DecodeString(c.view().Keys.Share)
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		t.Fatal(err)
	}
	n := parsed.(*rsa.PublicKey).N
	body := c.sharers["p2"].Blank()
	signature := body[160:416]
	sum := new(big.Int).Add(n, new(big.Int).SetBytes(signature))
	if sum.BitLen() > 2048 { // then only its place is taken: any number from the modulus up is refused alike
		sum = n
	}
	sum.FillBytes(signature)
	refusedAs(t, "a second form of a signature", "bowl_signature_form", c.place(body))
}

// One token, posted a thousand times on two nodes at once, is accepted once.
func TestAReplayedTokenIsAcceptedOnce(t *testing.T) {
	s := listening(t, t.TempDir(), -1)
	houses := [2]*house{at(t, s), at(t, s)}
	c := signedCircle(t, houses[0], "replayed", 5, 1)
	body := c.share("p1", "once")
	var accepted, spent atomic.Int32
	var posting sync.WaitGroup
	for i := range 20 {
		posting.Go(func() {
			for j := range 50 {
				err := houses[(i+j)%2].node.Place(context.Background(), c.session, bowlStep, body)
				var r *facilitator.Refusal
				switch {
				case err == nil:
					accepted.Add(1)
				case errors.As(err, &r) && r.Reason == "bowl_token_spent":
					spent.Add(1)
				default:
					t.Error(err)
				}
			}
		})
	}
	posting.Wait()
	if accepted.Load() != 1 || spent.Load() != 999 {
		t.Fatalf("accepted %d times, refused as spent %d times", accepted.Load(), spent.Load())
	}
	for i := 2; i <= 5; i++ {
		if err := houses[i%2].node.Place(context.Background(), c.session, bowlStep, c.sharers[personN(i)].Blank()); err != nil {
			t.Fatal(err)
		}
	}
	c.lead(facilitator.CloseBowl{})
	c.until("it is poured", func(v facilitator.BowlEveryone) bool { return v.Phase == facilitator.BowlIsPoured })
	if n := len(c.moderated().Shares); n != 1 {
		t.Errorf("%d shares", n)
	}
	elsewhere := *c
	elsewhere.h = houses[1]
	elsewhere.until("it is poured there, too", func(v facilitator.BowlEveryone) bool { return v.Phase == facilitator.BowlIsPoured })
	refusedAs(t, "posted after it was poured", "bowl_token_spent", elsewhere.place(body))
}

// A node that dies with what it accepted loses nothing: the others pour it.
func TestANodeThatDiesTakesNothingWithIt(t *testing.T) {
	s := listening(t, t.TempDir(), -1)
	engine := openNATS(t, NATSConfig{URLs: s.ClientURL()})
	dies := NewNode(NodeConfig{NATS: engine, Log: openLog(t, engine), Authenticate: readTestToken})
	lives := at(t, s)
	c := signedCircle(t, lives, "dies", 5, 1)
	for i := 1; i <= 5; i++ {
		if err := dies.Place(context.Background(), c.session, bowlStep, c.share(personN(i), string(personN(i)))); err != nil {
			t.Fatal(err)
		}
	}
	c.lead(facilitator.CloseBowl{})
	engine.Conn.Close() // at once, and with all it had on the way
	v := c.until("it is poured", func(v facilitator.BowlEveryone) bool { return v.Phase == facilitator.BowlIsPoured })
	if len(v.Spent) != 5 || len(c.moderated().Shares) != 5 {
		t.Errorf("%d spent, %d shares", len(v.Spent), len(c.moderated().Shares))
	}
	dies.Close()
}

// When the one process dies that holds the memory, nothing was spent, and whoever is still there posts
// again. Here the store is opened anew on the same folder between writing and opening.
func TestMemoryThatIsLostLosesNoShare(t *testing.T) {
	folder := t.TempDir()
	first, err := OpenNATS(t.Context(), NATSConfig{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	node := NewNode(NodeConfig{NATS: first, Log: openLog(t, first), Authenticate: readTestToken})
	c := signedCircle(t, &house{t: t, node: node}, "lost", 5, 2)
	for i := 1; i <= 4; i++ {
		c.mustPlace(c.share(personN(i), string(personN(i))))
	}
	c.lead(facilitator.CloseBowl{})
	node.Close()
	first.Close()

	n := openNATS(t, NATSConfig{Folder: folder})
	c.h = newHouse(t, NodeConfig{NATS: n, Log: openLog(t, n)})
	v := c.until("those who are missing are asked again", func(v facilitator.BowlEveryone) bool { return v.Phase == facilitator.BowlRecovery })
	if len(v.Heard) != 0 {
		t.Errorf("%d were heard", len(v.Heard))
	}
	for i := 1; i <= 3; i++ { // the fourth has left meanwhile
		c.mustPlace(c.share(personN(i), string(personN(i))))
		refusedAs(t, "posted twice", "bowl_token_spent", c.place(c.share(personN(i), "again")))
	}
	v = c.until("it is poured", func(v facilitator.BowlEveryone) bool { return v.Phase == facilitator.BowlIsPoured })
	if len(v.Spent) != 3 || len(c.moderated().Shares) != 3 {
		t.Errorf("%d spent, %d shares", len(v.Spent), len(c.moderated().Shares))
	}
}
