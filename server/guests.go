package server

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"mend/facilitator"
)

// Guests are simulated people, shown as such, so that one person alone can see a living room. They take part through the
// same commands as everybody and read only what everybody may, and their own documents. Where people write only for
// themselves, are quiet or breathe, nothing is sent, by guests neither. One goroutine moves them all.
type Guests struct {
	server  *Server
	session string
	wanted  int
	words   guestWords
	line    *guestLine
	seated  map[facilitator.PersonID]*guest
	joinAt  time.Time

	cancel context.CancelFunc
	ended  chan struct{}
}

const guestLooks = 500 * time.Millisecond // how often they look up

// Invite lets n guests come in one by one. Those of an earlier start take their seats again. They leave the room in
// peace when it closes; Close ends them sooner.
func (s *Server) Invite(session string, n int) *Guests {
	ctx, cancel := context.WithCancel(context.Background())
	g := s.newGuests(session, n)
	g.cancel = cancel
	go g.run(ctx)
	return g
}

func (s *Server) newGuests(session string, n int) *Guests {
	return &Guests{server: s, session: session, wanted: n, words: s.guestWords, line: s.newGuestLine(), seated: map[facilitator.PersonID]*guest{}, ended: make(chan struct{})}
}

// Close returns when the guests have stopped.
func (g *Guests) Close() {
	g.cancel()
	<-g.ended
}

func (g *Guests) run(ctx context.Context) {
	defer close(g.ended)
	defer g.release()
	tick := time.NewTicker(guestLooks)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		document, err := g.server.node.View(ctx, g.session, facilitator.ForEveryone)
		if gone(err) {
			return
		}
		if err != nil {
			continue // the log is away for a moment; so are they
		}
		if room := document.(facilitator.Everyone); !g.look(ctx, room, time.Now()) {
			return
		}
	}
}

// look lets each guest do what is due, and answers whether there is a room to go on with.
func (g *Guests) look(ctx context.Context, room facilitator.Everyone, now time.Time) bool {
	if room.Session.Phase == "over" {
		return false
	}
	g.arrive(ctx, room, now)
	if room.Session.Frozen || room.Session.Paused != 0 {
		return true
	}
	for id, guest := range g.seated {
		if _, here := room.People[id]; !here {
			guest.release()
			delete(g.seated, id)
			g.wanted-- // the facilitator removed them; they do not come back
			continue
		}
		if act := guest.due(g.plan(ctx, id, room, now), now); act != nil {
			act(ctx)
		}
	}
	return true
}

// plan is what a guest would do next, and how long they take over it.
func (g *Guests) plan(ctx context.Context, id facilitator.PersonID, room facilitator.Everyone, now time.Time) plan {
	guest, at := g.seated[id], facilitator.Time(now.UnixMilli())
	if room.Session.Families && !guest.sat {
		return plan{"sits down", func(ctx context.Context) {
			guest.sat = true
			g.do(ctx, facilitator.Seat{Person: id}, facilitator.SitWith{Side: []facilitator.Side{facilitator.RecoverySide, facilitator.FamilySide}[room.People[id].Order%2]})
		}, between(time.Second, 6*time.Second)}
	}
	if room.Step == nil {
		return plan{}
	}
	words := g.words.of(id, room)
	mind, command, after := string(room.Step.ID), facilitator.Command(nil), time.Duration(0)
	switch x := room.Step.Exercise.(type) {
	case facilitator.BowlEveryone:
		return g.atBowl(id, room, x, words.Shares, at)
	case facilitator.SayItBetterEveryone:
		if p := guest.placeIn(x.Bowl); x.Learned != nil && !x.Learned.Shown && !p.learned {
			return g.picks(id, p, mind, len(x.Learned.Options))
		}
		return g.atBowl(id, room, x.BowlEveryone, words.Rewrites, at)
	case facilitator.PracticeEveryone:
		return g.practising(ctx, id, mind, words)
	case facilitator.PollEveryone:
		mind, command, after = pollIntent(mind, x, words.Words)
	default:
		mind, command, after = intent(id, room)
	}
	return g.give(id, mind, command, after)
}

// give is a plan to give a command, or only to have something in mind.
func (g *Guests) give(id facilitator.PersonID, mind string, command facilitator.Command, after time.Duration) plan {
	if command == nil {
		return plan{mind: mind}
	}
	return plan{mind, func(ctx context.Context) { g.do(ctx, facilitator.Seat{Person: id}, command) }, after}
}

// picks says what a guest learned from saying it better.
func (g *Guests) picks(id facilitator.PersonID, p *guestPlace, mind string, options int) plan {
	return plan{mind + " learned", func(ctx context.Context) {
		p.learned = true
		g.do(ctx, facilitator.Seat{Person: id}, facilitator.PickLearned{Choices: []int{1 + rand.N(options)}})
	}, between(3*time.Second, 15*time.Second)}
}

// arrive seats the guests of an earlier start at once and new ones a few seconds apart.
func (g *Guests) arrive(ctx context.Context, room facilitator.Everyone, now time.Time) {
	for id, p := range room.People {
		if p.Guest && g.seated[id] == nil && len(g.seated) < g.wanted {
			g.seat(ctx, id)
		}
	}
	if len(g.seated) >= g.wanted || now.Before(g.joinAt) {
		return
	}
	g.joinAt = now.Add(between(500*time.Millisecond, 2500*time.Millisecond))
	join := facilitator.Join{Person: newPerson(), Alias: g.server.aliases.suggest("en"), Role: facilitator.Participant, Guest: true}
	// They are seated at the next look, whose document shows them. Refused (a name is taken, the door is locked) they try again.
	g.do(ctx, system, join)
}

func (g *Guests) seat(ctx context.Context, id facilitator.PersonID) {
	release, err := g.server.node.Hold(ctx, g.session, id)
	if err != nil {
		return // the room is away for a moment: at the next look
	}
	g.seated[id] = &guest{release: release}
}

// release gives up the seats and the line.
func (g *Guests) release() {
	for _, guest := range g.seated {
		guest.release()
	}
	g.line.close()
}

func (g *Guests) do(ctx context.Context, seat facilitator.Seat, command facilitator.Command) {
	if err := g.server.node.Do(ctx, g.session, seat, command); err != nil {
		g.failed(ctx, err)
	}
}

// failed notes what is no refusal.
func (g *Guests) failed(ctx context.Context, err error) {
	if refusal := (*facilitator.Refusal)(nil); !errors.As(err, &refusal) && ctx.Err() == nil {
		g.server.logger.Warn("a simulated guest was not heard", "session", g.session, "error", err)
	}
}

// guest is what one of them has in mind: the next thing to do, and from when on.
type guest struct {
	release func()
	mind    string // what they are about to do or did last, so that each is done once
	at      time.Time
	act     func(context.Context)
	sat     bool        // they said on which side they sit
	wrote   string      // in which room and turn they wrote a line last
	place   *guestPlace // in the present bowl, or the last
}

// plan is what somebody would do, by a name that changes with it, and after how long.
type plan struct {
	mind  string
	act   func(context.Context)
	after time.Duration
}

// due is what this guest does now, if anything. Something new to do is thought about first.
func (g *guest) due(p plan, now time.Time) func(context.Context) {
	if p.mind != g.mind {
		g.mind, g.act, g.at = p.mind, p.act, now.Add(p.after)
	}
	if g.act == nil || now.Before(g.at) {
		return nil
	}
	act := g.act
	g.act = nil
	return act
}

// intent is what a guest would do in the room as it is, and how long they take over it.
func intent(id facilitator.PersonID, room facilitator.Everyone) (mind string, command facilitator.Command, after time.Duration) {
	here := string(room.Step.ID)
	switch x := room.Step.Exercise.(type) {
	case facilitator.WelcomeEveryone:
		return here, facilitator.Agree{In: true}, between(2*time.Second, 12*time.Second)
	case facilitator.CheckInEveryone:
		if x.Stopped {
			return here + " stopped", nil, 0
		}
		return here, facilitator.CheckIn{Reading: 1 + rand.N(len(x.Scale))}, between(3*time.Second, 15*time.Second)
	case facilitator.ReadingEveryone:
		return readingIntent(here, id, x)
	case facilitator.SortEveryone:
		if x.Revealed {
			return here + " shown", nil, 0
		}
		return here, facilitator.PlaceCards{Places: anyPlaces(len(x.Cards), len(x.Places))}, between(8*time.Second, 30*time.Second)
	case facilitator.FeedbackEveryone:
		places := make([]int, len(x.Questions))
		for i, q := range x.Questions {
			places[i] = 1 + rand.N(len(q.Scale))
		}
		return here, facilitator.GiveFeedback{Places: places}, between(5*time.Second, 20*time.Second)
	case facilitator.GoAroundEveryone:
		if x.Now != id {
			return here, nil, 0
		}
		return here + " speaking", speech(), between(6*time.Second, 18*time.Second)
	}
	return here, nil, 0
}

// pollIntent chooses something, or says one of their words.
func pollIntent(here string, x facilitator.PollEveryone, words []string) (string, facilitator.Command, time.Duration) {
	if x.Counted {
		return here + " waits", nil, 0
	}
	if len(x.Options) == 0 {
		return here, facilitator.AnswerPoll{Word: anyOf(words)}, between(4*time.Second, 20*time.Second)
	}
	choices := []int{1 + rand.N(len(x.Options))}
	if x.Form == "order" {
		choices = rand.Perm(len(x.Options))
		for i := range choices {
			choices[i]++
		}
	}
	return here, facilitator.AnswerPoll{Choices: choices}, between(3*time.Second, 15*time.Second)
}

func anyPlaces(cards, places int) []int {
	all := make([]int, cards)
	for i := range all {
		all[i] = 1 + rand.N(places)
	}
	return all
}

// speech is mostly a turn spoken; some pass, as anybody may.
func speech() facilitator.Command {
	if rand.N(8) == 0 {
		return facilitator.PassTurn{}
	}
	return facilitator.EndTurn{}
}

// readingIntent reads one's own passage when it comes up. Some volunteer for one passage, and leave the rest to people.
func readingIntent(here string, id facilitator.PersonID, x facilitator.ReadingEveryone) (string, facilitator.Command, time.Duration) {
	if now, open := x.Passages[x.Now]; open && now.Reader == id {
		aloud := time.Duration(len(now.Text["en"])) * 70 * time.Millisecond
		return here + " reading", facilitator.PassageDone{Passage: x.Now}, max(aloud, 4*time.Second)
	}
	free, first := 0, 0
	for n := len(x.Passages); n > x.Now; n-- {
		switch x.Passages[n].Reader {
		case id:
			return here + " waits to read", nil, 0
		case "":
			free, first = free+1, n
		}
	}
	if x.Now > 0 || 3*free <= len(x.Passages) {
		return here, nil, 0
	}
	return fmt.Sprint(here, " volunteers for ", first), facilitator.TakePassage{Passage: first}, between(3*time.Second, 30*time.Second)
}

func between(least, most time.Duration) time.Duration { return least + rand.N(most-least) }
