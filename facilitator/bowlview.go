package facilitator

import (
	_ "embed"
	"maps"
	"strings"
)

// BowlPhase is how far a bowl is, as its readers are told.
type BowlPhase string

// The phases, in order. BowlNone is before one is opened.
const (
	BowlNone      BowlPhase = ""
	BowlPreparing BowlPhase = "preparing" // its keys are being made
	BowlOpen      BowlPhase = "open"      // people write
	BowlCloses    BowlPhase = "closing"   // phones hand in until the window ends
	BowlPouring   BowlPhase = "pouring"
	BowlRecovery  BowlPhase = "recovery" // who is not among those heard hands in again until the window ends
	BowlIsPoured  BowlPhase = "poured"
)

// BowlEveryone is what everybody reads of a bowl. Size is how many people could place a share, and Guests how many
// simulated guests besides, whose words are nobody's.
type BowlEveryone struct {
	Bowl     BowlID              `json:"bowl,omitempty"`
	Phase    BowlPhase           `json:"phase"`
	Question Text                `json:"question,omitempty"`
	Size     int                 `json:"size,omitempty"`
	Guests   int                 `json:"guests,omitempty"`
	Small    bool                `json:"small,omitempty"` // too few for a share to be anonymous in practice
	Few      bool                `json:"few,omitempty"`   // it was poured, and too few handed in
	Keep     bool                `json:"keep,omitempty"`  // the group agreed to keep the texts that are opened
	Keys     *BowlKeysView       `json:"keys,omitempty"`
	Window   *Timer              `json:"window,omitempty"`
	Heard    map[Token]bool      `json:"heard,omitempty"` // in recovery
	Spent    map[Token]bool      `json:"spent,omitempty"` // from the first pouring on
	Slot     Millis              `json:"slot,omitempty"`  // once poured: every client posts one body in each
	Shares   map[ShareID]Shown   `json:"shares,omitempty"`
	Now      ShareID             `json:"now,omitempty"`
	Pace     *Timer              `json:"pace,omitempty"`
	Reader   PersonID            `json:"reader,omitempty"` // reads the present share aloud
	Readers  []PersonID          `json:"readers,omitempty"`
	Answers  map[AnswerID]string `json:"answers,omitempty"`
}

// BowlKeysView are the public halves of a bowl's keys, SubjectPublicKeyInfo in base64url.
type BowlKeysView struct {
	Share string `json:"share"`
	Marks string `json:"marks"`
}

// Shown is a share as the group reads it. Marks is left out under 4.
type Shown struct {
	Share
	Marks int `json:"marks,omitempty"`
}

// BowlFacilitators is what facilitators decide on. Here is how many people could place a share now, and Guests how many
// simulated guests besides.
type BowlFacilitators struct {
	Questions []Text                `json:"questions"`
	Here      int                   `json:"here"`
	Guests    int                   `json:"guests,omitempty"`
	Agree     int                   `json:"agree"`
	Check     Text                  `json:"check,omitempty"`
	Shares    map[ShareID]Moderated `json:"shares"`
	Replies   map[ReplyID]string    `json:"replies,omitempty"`
}

// Moderated is a share and how its moderation stands: nothing else, so that facilitators know no more of
// a share than everybody does once it is open.
type Moderated struct {
	Share
	Ruling   Ruling            `json:"ruling,omitempty"`
	Agreed   map[PersonID]bool `json:"agreed,omitempty"`
	Shown    bool              `json:"shown,omitempty"`
	Answered bool              `json:"answered,omitempty"`
	Replied  bool              `json:"replied,omitempty"`
}

// BowlStage shows one share at a time, and the four words to compare.
type BowlStage struct {
	Phase    BowlPhase `json:"phase"`
	Question Text      `json:"question,omitempty"`
	Size     int       `json:"size,omitempty"`
	Guests   int       `json:"guests,omitempty"`
	Small    bool      `json:"small,omitempty"`
	Check    Text      `json:"check,omitempty"`
	Window   *Timer    `json:"window,omitempty"`
	Text     string    `json:"text,omitempty"`
	Marks    int       `json:"marks,omitempty"`
	Pace     *Timer    `json:"pace,omitempty"`
}

// BowlOwn says whether a person is one of those who can place a share, and of which blinded messages
// they got the signatures.
type BowlOwn struct {
	In      bool   `json:"in,omitempty"`
	Signed  string `json:"signed,omitempty"`
	Reading bool   `json:"reading,omitempty"`
}

func (x *bowl) phaseName(s *Session) BowlPhase {
	switch {
	case x.id == "":
		return BowlNone
	case x.keys == nil:
		return BowlPreparing
	case x.timeUp(s):
		return BowlPouring
	}
	return [...]BowlPhase{taking: BowlOpen, handingIn: BowlCloses, recovery: BowlRecovery, poured: BowlIsPoured}[x.phase]
}

func (x *bowl) everyone(s *Session, _ StepID) any {
	v := BowlEveryone{
		Bowl: x.id, Phase: x.phaseName(s), Question: x.question, Size: x.size(), Guests: x.guests, Small: x.small(), Few: x.few(), Keep: x.keep,
		Window: s.timer(bowlTimer), Spent: maps.Clone(x.spent), Now: x.now, Pace: s.timer(paceTimer),
		Reader: x.reader, Readers: append([]PersonID(nil), x.readers...), Answers: maps.Clone(x.answers), Shares: x.showing(),
	}
	if x.keys != nil {
		v.Keys = &BowlKeysView{Share: encode(x.keys.SharePublic), Marks: encode(x.keys.MarksPublic)}
	}
	if x.phase == recovery {
		v.Heard = maps.Clone(x.heard)
	}
	if x.phase == poured {
		v.Slot = Slot
	}
	return v
}

// size is how many people could place a share, without simulated guests.
func (x *bowl) size() int { return len(x.people) - x.guests }

func (x *bowl) small() bool { return x.id != "" && smallBowl(x.size(), x.guests) }

// few reports whether enough people had a place, but too few of them handed in for what came to be anonymous: who was away
// all that time cannot have written it. A guest that did not hand in makes it true rather sooner.
func (x *bowl) few() bool {
	return x.phase == poured && len(x.spent) > 0 && !x.small() && smallBowl(len(x.spent)-x.guests, x.guests)
}

// showing are the shares the group was shown.
func (x *bowl) showing() map[ShareID]Shown {
	shown, marks := map[ShareID]Shown{}, x.marked()
	for id, sh := range x.shares {
		if sh.shown {
			shown[id] = Shown{Share: sh.Share, Marks: atLeastFew(marks[id])}
		}
	}
	return shown
}

func (x *bowl) facilitators(s *Session, _ StepID) any {
	here := s.couldShare()
	guests := s.guestsAmong(here)
	v := BowlFacilitators{
		Questions: x.script.Questions, Here: len(here) - guests, Guests: guests, Agree: x.agree(), Check: x.check(),
		Shares: map[ShareID]Moderated{}, Replies: maps.Clone(x.replies),
	}
	for id, sh := range x.shares {
		if x.phase != poured {
			break // all of them are seen at once
		}
		m := Moderated{Share: sh.Share, Ruling: sh.ruling, Shown: sh.shown, Answered: sh.answered, Replied: sh.replied}
		for _, p := range sh.agreed {
			if m.Agreed == nil {
				m.Agreed = map[PersonID]bool{}
			}
			m.Agreed[p] = true
		}
		v.Shares[id] = m
	}
	return v
}

func (x *bowl) stage(s *Session, _ StepID) any {
	v := BowlStage{
		Phase: x.phaseName(s), Question: x.question, Size: x.size(), Guests: x.guests, Small: x.small(), Check: x.check(),
		Window: s.timer(bowlTimer),
	}
	if sh, ok := x.showing()[x.now]; ok {
		v.Text, v.Marks, v.Pace = sh.Text, sh.Marks, s.timer(paceTimer)
	}
	return v
}

func (x *bowl) person(s *Session, id StepID, p PersonID) any {
	if x.id == "" || s.agenda.now != id || s.phase == over { // afterwards it is nothing to take home
		return nil
	}
	return BowlOwn{In: x.people[p], Signed: x.signed[p], Reading: x.reader == p && x.now != ""}
}

// bowlWords are 256 pairs of an English and a Spanish word, a pair a line.
//
//go:embed bowlwords.txt
var bowlWords string

var checkWords = strings.Split(strings.TrimSpace(bowlWords), "\n")

// check is the four words people compare: whoever sees the same words was given the same keys.
func (x *bowl) check() Text {
	if x.keys == nil {
		return nil
	}
	var en, es []string
	for _, b := range x.keys.Check {
		pair := strings.Fields(checkWords[b])
		en, es = append(en, pair[0]), append(es, pair[1])
	}
	return Text{"en": strings.Join(en, " "), "es": strings.Join(es, " ")}
}

// Kept are the texts a group agreed to keep, of every bowl there was. They are shown once the session is over.
func (s *Session) kept() []string {
	if s.phase != over || !s.keepsTexts() {
		return nil
	}
	var texts []string
	for _, id := range s.agenda.order {
		if x, ok := s.bowlAt(id); ok {
			texts = append(append(texts, x.keptTexts...), x.opened()...)
		}
	}
	return texts
}
