package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"mend/facilitator"
	"mend/realtime/sharer"
)

// circle is a bowl on a node, with the clients of the people in it.
type circle struct {
	t       testing.TB
	h       *house
	session string
	sharers map[facilitator.PersonID]*sharer.Sharer
	asked   map[facilitator.PersonID]facilitator.SignBowl
}

const bowlStep = facilitator.StepID("bowl")

var leads = facilitator.Seat{Person: "lead"}

func bowlProgramme(t testing.TB, window int) facilitator.Programme {
	t.Helper()
	with, err := json.Marshal(facilitator.BowlScript{Questions: []facilitator.Text{text("What would you like to put down?")}, Window: window})
	if err != nil {
		t.Fatal(err)
	}
	p := programme(t)
	p.Steps = append([]facilitator.StepScript{{
		ID: string(bowlStep), Kind: "bowl", Title: text("Bowl"), Minutes: 15, Say: text("say"), Phone: text("phone"), Stage: text("stage"), With: with,
	}}, p.Steps...)
	return p
}

// openBowl makes a session with so many people and opens a bowl for them.
func openBowl(t testing.TB, h *house, session string, people, window int) *circle {
	t.Helper()
	c := &circle{t: t, h: h, session: session, sharers: map[facilitator.PersonID]*sharer.Sharer{}, asked: map[facilitator.PersonID]facilitator.SignBowl{}}
	open := facilitator.Open{Code: "ABCDEF", StageKey: "key", Session: session, Programme: bowlProgramme(t, window)}
	if err := h.node.Create(context.Background(), session, open); err != nil {
		t.Fatal(err)
	}
	h.do(session, system, facilitator.Join{Person: "lead", Alias: "Lead", Role: facilitator.Facilitator})
	h.join(session, 1, people)
	h.do(session, leads, facilitator.NextStep{})
	h.do(session, leads, facilitator.OpenBowl{Question: 1, Anyway: true})
	c.until("the keys are there", func(v facilitator.BowlEveryone) bool { return v.Keys != nil })
	return c
}

// view is what everybody reads of the bowl.
func (c *circle) view() (v facilitator.BowlEveryone) {
	c.t.Helper()
	doc, err := c.h.node.View(context.Background(), c.session, facilitator.ForEveryone)
	if err != nil {
		c.t.Fatal(err)
	}
	if step := doc.(facilitator.Everyone).Step; step != nil {
		v, _ = step.Exercise.(facilitator.BowlEveryone)
	}
	return v
}

// moderated is what facilitators read of it.
func (c *circle) moderated() facilitator.BowlFacilitators {
	c.t.Helper()
	doc, err := c.h.node.View(context.Background(), c.session, facilitator.ForFacilitators)
	if err != nil {
		c.t.Fatal(err)
	}
	return doc.(facilitator.ForLeaders).Exercise.(facilitator.BowlFacilitators)
}

func (c *circle) until(what string, ok func(facilitator.BowlEveryone) bool) facilitator.BowlEveryone {
	c.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if v := c.view(); ok(v) {
			return v
		}
	}
	c.t.Fatalf("waited in vain until %s: phase %s", what, c.view().Phase)
	return facilitator.BowlEveryone{}
}

// sign gets a person's tokens: the command, and the signatures as a connection would be sent them.
func (c *circle) sign(p facilitator.PersonID) *sharer.Sharer {
	c.t.Helper()
	v := c.view()
	s, ask, err := sharer.New(c.session, v.Bowl, *v.Keys)
	if err != nil {
		c.t.Fatal(err)
	}
	given, err := c.signatures(p, ask)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := s.Take(given.Share, given.Marks); err != nil {
		c.t.Fatal(err)
	}
	c.sharers[p], c.asked[p] = s, ask
	return s
}

// signatures asks without a socket.
func (c *circle) signatures(p facilitator.PersonID, ask facilitator.SignBowl) (*Signatures, error) {
	seat := facilitator.Seat{Person: p}
	if err := c.h.node.Do(context.Background(), c.session, seat, ask); err != nil {
		return nil, err
	}
	var given *Signatures
	err := errors.New("nothing is owed")
	var made sync.WaitGroup
	readErr := c.h.node.Read(context.Background(), c.session, func(s *facilitator.Session) {
		if owed, ok := s.Owes(ask, seat); ok {
			made.Add(1)
			c.h.node.bench.ask(signing{owed, func(s *Signatures, e error) { given, err = s, e; made.Done() }})
		}
	})
	made.Wait()
	return given, errors.Join(err, readErr)
}

func (c *circle) place(body []byte) error {
	return c.h.node.Place(context.Background(), c.session, bowlStep, body)
}

func (c *circle) mustPlace(body []byte) {
	c.t.Helper()
	if err := c.place(body); err != nil {
		c.t.Fatal(err)
	}
}

func (c *circle) share(p facilitator.PersonID, words string) []byte {
	c.t.Helper()
	body, err := c.sharers[p].Share(words)
	if err != nil {
		c.t.Fatal(err)
	}
	return body
}

func (c *circle) lead(do facilitator.Command) { c.t.Helper(); c.h.do(c.session, leads, do) }

func refusedAs(t testing.TB, what, reason string, err error) {
	t.Helper()
	var r *facilitator.Refusal
	if !errors.As(err, &r) || r.Reason != reason {
		t.Errorf("%s: not refused as %s but %v", what, reason, err)
	}
}

// A whole bowl: six people, four shares and two blanks, over sockets for the signatures.
func TestABowlFromOpenToAnswered(t *testing.T) {
	h := embedded(t)
	c := openBowl(t, h, "whole", 6, 1)
	for i := 1; i <= 6; i++ {
		c.signOverSocket(t, personN(i))
	}
	for i := 1; i <= 4; i++ {
		c.mustPlace(c.share(personN(i), fmt.Sprintf("share %d", i)))
	}
	c.mustPlace(c.sharers["p5"].Blank())
	c.mustPlace(c.sharers["p6"].Blank())
	c.lead(facilitator.CloseBowl{})
	v := c.until("all is poured", func(v facilitator.BowlEveryone) bool { return v.Phase == "poured" })
	if len(v.Spent) != 6 || len(c.moderated().Shares) != 4 {
		t.Fatalf("%d spent, %d shares", len(v.Spent), len(c.moderated().Shares))
	}
	for p, s := range c.sharers {
		if !v.Spent[s.Token()] {
			t.Errorf("%s does not find their token", p)
		}
	}
	c.answeredAndReplied()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		left, err := h.node.urn.Waiting(t.Context(), urnSubject+"whole.")
		if err == nil && len(left) == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d bodies are left in the urn, %v", len(left), err)
		}
	}
}

func (c *circle) signOverSocket(t *testing.T, p facilitator.PersonID) {
	ws := c.h.arrive(t, c.session, p, facilitator.Participant)
	v := c.view()
	s, ask, err := sharer.New(c.session, v.Bowl, *v.Keys)
	if err != nil {
		t.Fatal(err)
	}
	with, _ := json.Marshal(ask)
	if err := ws.do(1, "bowl.sign", string(with)); err != nil {
		t.Fatal(err)
	}
	f := ws.until(t, "the signatures", func(f received) bool { return f.OK == 1 || f.No == 1 })
	if f.With == nil {
		t.Fatalf("%+v", f.Error)
	}
	if err := s.Take(f.With.Share, f.With.Marks); err != nil {
		t.Fatal(err)
	}
	c.sharers[p] = s
}

// answeredAndReplied: only the author opens the answer, and only who asked opens the reply.
func (c *circle) answeredAndReplied() {
	c.t.Helper()
	for id, m := range c.moderated().Shares {
		asking, sealed, err := sharer.SealAnswer(c.session, c.view().Bowl, m.Share, "You are not alone with this.")
		if err != nil {
			c.t.Fatal(err)
		}
		c.lead(facilitator.AnswerShare{Share: id, Sealed: sealed})
		opened := 0
		for _, s := range c.sharers {
			for _, sealed := range c.view().Answers {
				a, ok := s.Open(sealed)
				if !ok {
					continue
				}
				opened++
				body, err := s.Reply(a, "Thank you.")
				if err != nil || a.Text != "You are not alone with this." {
					c.t.Fatal(a.Text, err)
				}
				c.mustPlace(body)
			}
		}
		if opened != 1 {
			c.t.Errorf("%d people could open the answer", opened)
		}
		for end := time.Now().Add(patience); len(c.moderated().Replies) == 0; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				c.t.Fatal("no reply came")
			}
		}
		for _, sealed := range c.moderated().Replies {
			if words, ok := asking.Open(sealed); !ok || words != "Thank you." {
				c.t.Errorf("the reply is %q", words)
			}
		}
		return
	}
}

// What somebody did in the same moment is never stored in one record with what is anonymous.
func TestNothingIsStoredBesideWhatIsAnonymous(t *testing.T) {
	deed := order{do: facilitator.CloseBowl{}}
	r := &Room{waiting: []order{deed, deed, {do: facilitator.Pour{}}, deed, {do: facilitator.Stir{}}, {do: facilitator.Stir{}}, deed}}
	var sizes []int
	for len(r.waiting) > 0 {
		n := len(r.together())
		sizes, r.waiting = append(sizes, n), r.waiting[n:]
	}
	if !slices.Equal(sizes, []int{2, 1, 1, 1, 1, 1}) {
		t.Errorf("records of %v orders", sizes)
	}
}
