package server

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"mend/facilitator"
	"mend/realtime/sharer"
)

// guestPlace is a guest's place in one bowl. It takes part as a phone does: two tokens signed blindly, one first body, share
// or blank, around the closing, and one body in every slot afterwards. It lives in memory: after a restart a guest has
// lost their place, like anybody who lost their device's storage.
type guestPlace struct {
	bowl   facilitator.BowlID
	sharer *sharer.Sharer // once its tokens are signed
	lost   bool
	tries  int // so that what failed is planned anew

	text    string // what they put in; empty for a blank
	body    []byte
	handed  facilitator.Time // the window in which it was taken
	slot    facilitator.Time // the one in which they posted last
	learned bool
	offered bool // to read one aloud
	weighed map[facilitator.ShareID]bool
	tried   map[facilitator.AnswerID]bool
	reply   []byte
}

const (
	guestCloses = 2000 // milliseconds before the end of a window by which they have posted, as phones do
	guestSlot   = 1000
)

// atBowl is what a guest does next at a bowl.
func (g *Guests) atBowl(id facilitator.PersonID, room facilitator.Everyone, x facilitator.BowlEveryone, texts []string, at facilitator.Time) plan {
	p := g.seated[id].placeIn(x.Bowl)
	mind := func(what ...any) string { return fmt.Sprint(room.Step.ID, " ", x.Bowl, " ", p.tries, what) }
	switch own := p.sharer != nil; {
	case x.Bowl == "" || p.lost:
		return plan{mind: mind()}
	case !own && x.Keys != nil && (x.Phase == facilitator.BowlOpen || x.Phase == facilitator.BowlCloses):
		claim := func(ctx context.Context) {
			g.claim(ctx, id, p, *x.Keys, oneFor(room.People[id].Order, room, x.Bowl, texts))
		}
		return plan{mind("claims"), claim, between(300*time.Millisecond, 2*time.Second)}
	case !own:
		return plan{mind: mind()}
	case x.Phase == facilitator.BowlCloses && x.Window != nil && p.handed == 0:
		third := (x.Window.Ends - x.Window.Started) / 3
		return plan{mind("hands in"), g.handIn(p, room.Step.ID, x.Window.Started), moment(at, max(at, x.Window.Started+third), x.Window.Ends-guestCloses)}
	case x.Phase == facilitator.BowlRecovery && x.Window != nil && !x.Heard[p.sharer.Token()] && !x.Spent[p.sharer.Token()] && p.handed != x.Window.Started:
		return plan{mind("hands in again"), g.handIn(p, room.Step.ID, x.Window.Started), moment(at, at, x.Window.Ends-guestSlot)}
	case x.Phase == facilitator.BowlIsPoured:
		return g.afterwards(id, p, room, x, at, mind)
	}
	return plan{mind: mind(x.Phase)}
}

// afterwards is the time of slots. One guest offers to read.
func (g *Guests) afterwards(id facilitator.PersonID, p *guestPlace, room facilitator.Everyone, x facilitator.BowlEveryone, at facilitator.Time, mind func(...any) string) plan {
	if len(x.Readers) == 0 && x.Reader == "" && !p.offered && room.People[id].Order%4 == 0 {
		offer := func(ctx context.Context) {
			p.offered = true
			g.do(ctx, facilitator.Seat{Person: id}, facilitator.VolunteerReader{In: true})
		}
		return plan{mind("offers"), offer, between(5*time.Second, 20*time.Second)}
	}
	length := facilitator.Time(x.Slot)
	slot := at - at%max(length, 1)
	if length == 0 || p.slot == slot {
		return plan{mind: mind("waits")}
	}
	say := func(ctx context.Context) {
		p.slot = slot
		g.post(ctx, room.Step.ID, p, p.later(x, g.words.of(id, room).Replies))
	}
	return plan{mind("slot ", slot), say, moment(at, at, slot+length-guestSlot)}
}

func (g *guest) placeIn(bowl facilitator.BowlID) *guestPlace {
	if g.place == nil || g.place.bowl != bowl {
		g.place = &guestPlace{bowl: bowl, weighed: map[facilitator.ShareID]bool{}, tried: map[facilitator.AnswerID]bool{}}
	}
	return g.place
}

// claim has both tokens signed.
func (g *Guests) claim(ctx context.Context, id facilitator.PersonID, p *guestPlace, keys facilitator.BowlKeysView, text string) {
	s, ask, err := sharer.New(g.session, p.bowl, keys)
	if err == nil {
		err = g.signed(ctx, id, s, ask)
	}
	if refusal := (*facilitator.Refusal)(nil); errors.As(err, &refusal) {
		p.lost = refusal.Reason == "bowl_not_among" || refusal.Reason == "bowl_signed_already" || refusal.Reason == "bowl_window_over"
	}
	if err != nil {
		g.failed(ctx, err)
		p.tries++
		return
	}
	p.sharer, p.text, p.body = s, text, s.Blank()
	if text != "" {
		if body, err := s.Share(text); err == nil {
			p.body = body
		}
	}
}

func (g *Guests) signed(ctx context.Context, id facilitator.PersonID, s *sharer.Sharer, ask facilitator.SignBowl) error {
	token, err := g.server.keys.roomToken(g.session, facilitator.Seat{Person: id}, g.server.now())
	if err != nil {
		return err
	}
	given, err := g.line.sign(ctx, token, ask)
	if err != nil {
		return err
	}
	return s.Take(given.Share, given.Marks)
}

// handIn posts the first body, always the same one.
func (g *Guests) handIn(p *guestPlace, step facilitator.StepID, window facilitator.Time) func(context.Context) {
	return func(ctx context.Context) {
		if g.post(ctx, step, p, p.body) {
			p.handed = window
		}
	}
}

func (g *Guests) post(ctx context.Context, step facilitator.StepID, p *guestPlace, body []byte) bool {
	there, err := g.line.post(ctx, g.session, step, body)
	if !there {
		p.tries++
		g.failed(ctx, err)
	}
	return there
}

// later is what goes into a slot: a reply, marks on what they read since, or nothing.
func (p *guestPlace) later(x facilitator.BowlEveryone, replies []string) []byte {
	for id, sealed := range x.Answers {
		answer, opens := p.sharer.Open(sealed)
		if !p.tried[id] && opens && p.reply == nil {
			p.reply, _ = p.sharer.Reply(answer, anyOf(replies))
			return p.reply
		}
		p.tried[id] = true
	}
	var marks []facilitator.ShareID
	for id, share := range x.Shares {
		if !p.weighed[id] && share.Text != p.text && rand.N(2) == 0 {
			marks = append(marks, id)
		}
		p.weighed[id] = true
	}
	if len(marks) > 0 {
		return p.sharer.Mark(marks...)
	}
	return p.sharer.Later()
}

// oneFor is what one guest puts in: three of five write, each something else.
func oneFor(order int, room facilitator.Everyone, bowl facilitator.BowlID, texts []string) string {
	sum := fnv.New32a()
	sum.Write([]byte(bowl))
	turn := int(sum.Sum32() % 1000)
	if (order+turn)%5 > 2 || len(texts) == 0 {
		return ""
	}
	return texts[(order/max(len(room.Session.Languages), 1)+turn)%len(texts)]
}

// moment is how long it is until one that is drawn between two.
func moment(now, from, to facilitator.Time) time.Duration {
	wait := time.Duration(from-now) * time.Millisecond
	if to > from {
		wait += rand.N(time.Duration(to-from) * time.Millisecond)
	}
	return wait
}
