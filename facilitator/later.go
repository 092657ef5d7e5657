package facilitator

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
)

// After a bowl was poured every client goes on posting one body in each slot of time, most of them
// blank. What concerns a share travels in them: that its author takes it back, that somebody feels the
// same, what its author replies. At the end of a slot it is all poured together.

// Slot is how long later bodies are gathered. Slots follow each other from the beginning of Unix time.
const Slot = 15 * second

// Stir hands over the later bodies of a slot. Each one's signature has been checked.
type Stir struct {
	Step   StepID
	Bowl   BowlID
	Bodies []Body
}

// BowlStirred is what came of them. Nothing in it says who marked, took back or replied; its lists stand
// in orders of no meaning.
type BowlStirred struct {
	Step      StepID              `json:"step"`
	Marks     map[ShareID][]Token `json:"marks,omitempty"`
	TakenBack []ShareID           `json:"takenBack,omitempty"`
	Replied   []ShareID           `json:"replied,omitempty"`
	Replies   map[ReplyID]string  `json:"replies,omitempty"`
}

var laterOrders = []order{{name: "bowl.stir", who: forSystem, sample: Stir{}}}

var laterFacts = []fact{{"bowl.stirred", BowlStirred{}}}

// Poured lists the steps whose bowls take later bodies.
func (s *Session) Poured() map[StepID]BowlID {
	var steps map[StepID]BowlID
	for id := range s.doing {
		if x, ok := s.bowlAt(id); ok && x.phase == poured && s.phase == open {
			if steps == nil {
				steps = map[StepID]BowlID{}
			}
			steps[id] = x.id
		}
	}
	return steps
}

func (c Stir) decide(s *Session, in Input) ([]Event, error) {
	x, ok := s.bowlAt(c.Step)
	if !ok || x.id != c.Bowl || x.phase != poured {
		return nil, nil
	}
	e := BowlStirred{Step: c.Step, Marks: map[ShareID][]Token{}, Replies: map[ReplyID]string{}}
	for _, b := range c.Bodies {
		if b.Bowl == x.id && b.Form == LaterBody {
			x.stir(&e, b, in)
		}
	}
	for _, tokens := range e.Marks {
		slices.Sort(tokens)
	}
	slices.Sort(e.TakenBack)
	slices.Sort(e.Replied)
	if len(e.Marks)+len(e.TakenBack)+len(e.Replied) == 0 {
		return nil, nil
	}
	return []Event{e}, nil
}

func (x *bowl) stir(e *BowlStirred, b Body, in Input) {
	switch b.Kind {
	case Marking:
		for _, id := range b.Marks {
			t := markOf(b.Message, id)
			if _, twice := x.marks[t]; x.shares[id].shown && !twice && !slices.Contains(e.Marks[id], t) {
				e.Marks[id] = append(e.Marks[id], t)
			}
		}
	case TakeBack:
		lock := lockOf(b.Secret)
		for id, sh := range x.shares {
			if sh.lock == lock && !slices.Contains(e.TakenBack, id) {
				e.TakenBack = append(e.TakenBack, id)
			}
		}
	case Replying:
		lock := lockOf(b.Secret)
		for id, sh := range x.shares {
			if sh.reply == lock && sh.answered && !sh.replied && !slices.Contains(e.Replied, id) {
				e.Replied = append(e.Replied, id)
				e.Replies[ReplyID(in.ID())] = encode(b.Sealed)
			}
		}
	}
}

// markOf is the token of one person's mark on one share. Who knows neither the person's own token cannot
// tell that two marks come from the same one.
func markOf(message []byte, id ShareID) Token {
	own := sha256.Sum256(message)
	sum := sha256.Sum256(append([]byte("mend bowl mark\n"+string(id)+"\n"), own[:]...))
	return Token(base64.RawURLEncoding.EncodeToString(sum[:16]))
}

func lockOf(secret [32]byte) string {
	sum := sha256.Sum256(secret[:])
	return encode(sum[:])
}

func (e BowlStirred) apply(s *Session) Touched {
	x, ok := s.bowlAt(e.Step)
	if !ok {
		return nobody
	}
	for id, tokens := range e.Marks {
		for _, t := range tokens {
			x.marks[t] = id
		}
	}
	for _, id := range e.Replied {
		s.changeShare(e.Step, id, func(_ *bowl, sh *share) { sh.replied = true })
	}
	for id, sealed := range e.Replies {
		x.replies[id] = sealed
	}
	before := x.reader
	for _, id := range e.TakenBack {
		x.hide(s, id)
		delete(x.shares, id)
		s.forgetReported(id)
	}
	return only(before)
}

// marked counts the marks on each share.
func (x *bowl) marked() map[ShareID]int {
	count := map[ShareID]int{}
	for _, id := range x.marks {
		count[id]++
	}
	return count
}
