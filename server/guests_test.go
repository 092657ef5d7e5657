package server

import (
	"slices"
	"testing"
	"time"

	"mend/facilitator"
)

// party is guests whose time the test moves.
type party struct {
	*world
	guests *Guests
	demo   Demo
	lead   facilitator.Seat
	at     time.Time
}

func newParty(t *testing.T, n int, settings ...func(*Config)) *party {
	t.Helper()
	w := newWorld(t, settings...)
	demo, lead := w.demoSession()
	p := &party{world: w, demo: demo, lead: facilitator.Seat{Person: lead.Person}, at: time.Now(),
		guests: w.newGuests(demo.Session, n)}
	t.Cleanup(func() { p.guests.release() })
	return p
}

// pass lets time go by, a second a look, until it is so.
func (p *party) pass(what string, so func(facilitator.Everyone) bool) {
	p.t.Helper()
	for range 1500 {
		room := p.everyone(p.demo.Session)
		if so(room) {
			return
		}
		p.at = p.at.Add(time.Second)
		if !p.guests.look(p.t.Context(), room, p.at) {
			p.t.Fatalf("the guests left before %s", what)
		}
	}
	p.t.Fatalf("25 minutes and not: %s", what)
}

func (p *party) orders(c facilitator.Command) {
	p.t.Helper()
	must(p.t, p.node.Do(p.t.Context(), p.demo.Session, p.lead, c))
}

// step goes on to the next step of a kind.
func (p *party) step(kind string) {
	p.t.Helper()
	for range 20 {
		if s := p.everyone(p.demo.Session).Step; s != nil && s.Kind == kind {
			return
		}
		p.orders(facilitator.NextStep{})
	}
	p.t.Fatalf("the programme has no %s left", kind)
}

func TestGuestsHoldALivingRoom(t *testing.T) {
	p := newParty(t, 5)
	p.pass("all five are here", func(room facilitator.Everyone) bool { return len(room.People) == 6 })
	for id, person := range p.everyone(p.demo.Session).People {
		if (id == p.lead.Person) == person.Guest || person.Gone {
			t.Errorf("%+v", person)
		}
	}
	p.step("welcome")
	p.pass("all agree", func(room facilitator.Everyone) bool { return room.Step.Exercise.(facilitator.WelcomeEveryone).In == 5 })
	p.step("checkin")
	p.pass("a spread is shown", func(room facilitator.Everyone) bool {
		spread := room.Step.Exercise.(facilitator.CheckInEveryone).Spread
		return spread != nil && spread.Answers >= 4
	})
	p.step("reading")
	taken := func(room facilitator.Everyone) (n int) {
		for _, passage := range room.Step.Exercise.(facilitator.ReadingEveryone).Passages {
			if passage.Reader != "" {
				n++
			}
		}
		return n
	}
	p.pass("some volunteer to read", func(room facilitator.Everyone) bool { return taken(room) >= 2 })
	p.orders(facilitator.ReadPassage{Passage: 1})
	p.pass("the reader reads on", func(room facilitator.Everyone) bool {
		now := room.Step.Exercise.(facilitator.ReadingEveryone)
		return now.Now > 1 || now.Passages[1].Reader == ""
	})
	p.step("goaround")
	p.orders(facilitator.StartRound{})
	p.pass("everybody had a turn", func(room facilitator.Everyone) bool {
		round := room.Step.Exercise.(facilitator.GoAroundEveryone)
		if round.Now == p.lead.Person {
			p.orders(facilitator.EndTurn{})
		}
		for id, turn := range round.Turns {
			if id != p.lead.Person && turn.Standing != facilitator.Spoken && turn.Standing != facilitator.Passed {
				return false
			}
		}
		return true
	})
	p.orders(facilitator.Close{})
	if p.guests.look(t.Context(), p.everyone(p.demo.Session), p.at) {
		t.Error("the guests stay in a closed room")
	}
}

func TestGuestsWhoAreRemovedStayAway(t *testing.T) {
	p := newParty(t, 2)
	p.pass("both are here", func(room facilitator.Everyone) bool { return len(room.People) == 3 })
	p.at = p.at.Add(5 * time.Second)
	p.guests.look(t.Context(), p.everyone(p.demo.Session), p.at) // and both know their seats
	for id, person := range p.everyone(p.demo.Session).People {
		if person.Guest {
			p.orders(facilitator.Remove{Person: id})
			break
		}
	}
	for range 10 {
		p.at = p.at.Add(5 * time.Second)
		p.guests.look(t.Context(), p.everyone(p.demo.Session), p.at)
	}
	if n := len(p.everyone(p.demo.Session).People); n != 2 {
		t.Errorf("%d people, want the facilitator and one guest", n)
	}
}

func TestGuestsOfAnEarlierStartTakeTheirSeats(t *testing.T) {
	p := newParty(t, 3)
	p.pass("all three are here", func(room facilitator.Everyone) bool { return len(room.People) == 4 })
	p.guests.release()
	p.guests = p.newGuests(p.demo.Session, 3)
	for range 10 {
		p.at = p.at.Add(5 * time.Second)
		p.guests.look(t.Context(), p.everyone(p.demo.Session), p.at)
	}
	if n := len(p.everyone(p.demo.Session).People); n != 4 || len(p.guests.seated) != 3 {
		t.Errorf("%d people after a restart, want 4", n)
	}
}

func TestInvitedGuestsComeAndLeave(t *testing.T) {
	p := newParty(t, 0)
	guests := p.Invite(p.demo.Session, 1)
	eventually(t, func() bool { return len(p.everyone(p.demo.Session).People) == 2 })
	guests.Close()
	guests = p.Invite(p.demo.Session, 1)
	p.orders(facilitator.Close{})
	<-guests.ended // by themselves
}

func TestGuestsAreStillWhenTheRoomIs(t *testing.T) {
	p := newParty(t, 2)
	p.pass("both are here", func(room facilitator.Everyone) bool { return len(room.People) == 3 })
	p.step("checkin")
	p.orders(facilitator.Freeze{Frozen: true})
	for range 60 {
		p.at = p.at.Add(time.Second)
		p.guests.look(t.Context(), p.everyone(p.demo.Session), p.at)
	}
	p.orders(facilitator.Freeze{})
	document, err := p.node.View(t.Context(), p.demo.Session, facilitator.ForFacilitators)
	must(t, err)
	if n := len(document.(facilitator.ForLeaders).Exercise.(facilitator.CheckInFacilitators).Expected); n != 2 {
		t.Errorf("%d of two have not answered in a frozen room", n)
	}
}

// One person alone can go through a whole practice with guests: as its facilitator, who plays along in a room.
func TestGuestsPractise(t *testing.T) {
	p := newParty(t, 3, func(c *Config) { c.Programme = "practising-amends" })
	p.pass("all three are here", func(room facilitator.Everyone) bool { return len(room.People) == 4 })
	p.orders(facilitator.OpenStep{Step: "threes"})
	p.orders(facilitator.FormRooms{})
	p.orders(facilitator.OpenRooms{})
	turns := 0
	p.pass("a room has had all its turns", func(facilitator.Everyone) bool {
		view, err := p.node.View(t.Context(), p.demo.Session, facilitator.ForFacilitators)
		must(t, err)
		for _, room := range view.(facilitator.ForLeaders).Exercise.(facilitator.PracticeFacilitators).Rooms {
			turns = max(turns, room.Turn)
			return room.Phase == "done"
		}
		return false
	})
	if turns != 3 {
		t.Errorf("%d turns of three people", turns)
	}
}

// TestGuestsKnowEveryKind: where a room waits for everybody, it waits for them.
func TestGuestsKnowEveryKind(t *testing.T) {
	// Here people act in a way of their own, or nothing of theirs is sent.
	elsewhere := []string{"bowl", "sayitbetter", "practice", "poll", "goaround", "reading"}
	nothing := []string{"quiet", "grounding", "closing", "whocanhelp", "amendsmap", "commitments", "letter", "othershoes", "selfamends", "answerno"}
	all, err := facilitator.BuiltIn()
	must(t, err)
	for _, p := range all {
		for _, step := range p.Steps {
			if slices.Contains(elsewhere, step.Kind) || slices.Contains(nothing, step.Kind) {
				continue
			}
			shown, err := facilitator.Rehearse(p, facilitator.StepID(step.ID), 1, []string{"Ana", "Ben", "Cleo"})
			must(t, err)
			if _, command, _ := intent(shown.Person, shown.Everyone.(facilitator.Everyone)); command == nil {
				t.Errorf("guests do nothing at a %s (%s, %s)", step.Kind, p.ID, step.ID)
			}
		}
	}
}

// TestGuestsDoWhatAGroupDoes walks eight of them through a sort, a poll and the feedback.
func TestGuestsDoWhatAGroupDoes(t *testing.T) {
	p := newParty(t, 8, func(cfg *Config) { cfg.Programme = "peer-specialists-1" })
	p.pass("eight sit there", func(room facilitator.Everyone) bool { return len(p.guests.seated) == 8 })
	p.step("sort")
	p.pass("the sort is shown", func(room facilitator.Everyone) bool {
		return room.Step.Exercise.(facilitator.SortEveryone).Revealed
	})
	answered := func(facilitator.Everyone) bool {
		document, err := p.node.View(t.Context(), p.demo.Session, facilitator.ForFacilitators)
		must(t, err)
		switch theirs := document.(facilitator.ForLeaders).Exercise.(type) {
		case facilitator.PollFacilitators:
			return theirs.All
		case facilitator.FeedbackFacilitators:
			return theirs.Answers == 8
		}
		return false
	}
	p.step("poll")
	p.pass("all have answered", answered)
	p.orders(facilitator.RevealPoll{})
	p.step("feedback")
	p.pass("all have given feedback", answered)
}
