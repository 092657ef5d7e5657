package facilitator

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What phones hand in waits outside the log, in memory, until time is up. Then all of it is poured at
// once, in one event: had those who were late a batch of their own, who was late would be known of what
// is in it. So if somebody is missing, only the tokens that were heard are told first, without the
// shares; who does not find theirs hands in again; and then everything is poured together.

// Pour hands over what waits for a bowl. Each body's signature has been checked.
type Pour struct {
	Step   StepID
	Bowl   BowlID
	Bodies []Body
}

// BowlTallied says which tokens were heard, so that the others can hand in until the time is up again.
type BowlTallied struct {
	Step   StepID  `json:"step"`
	Heard  []Token `json:"heard"`
	At     Time    `json:"at"`
	Length Millis  `json:"length"`
}

// BowlPoured is the one event in which shares enter the log. Shares and tokens stand in orders of their
// own, both of no meaning. With More, it was too much for one record, and the rest follows: which shares
// are in which is drawn by lot from all of them. With Again, something heard before was lost on the way
// and may be handed in once more.
type BowlPoured struct {
	Step   StepID        `json:"step"`
	Shares []StoredShare `json:"shares"`
	Spent  []Token       `json:"spent"`
	More   bool          `json:"more,omitempty"`
	Again  bool          `json:"again,omitempty"`
	At     Time          `json:"at"`
	Length Millis        `json:"length,omitempty"`
}

// StoredShare is a share as the log has it.
type StoredShare struct {
	ID    ShareID `json:"id"`
	Text  string  `json:"text"`
	Key   string  `json:"key"`
	Lock  string  `json:"lock"`
	Reply string  `json:"reply"`
}

// Alone reports whether an order's events must be stored by themselves: no record may hold what is anonymous
// beside what somebody did.
func Alone(c Command) bool {
	switch c.(type) {
	case Pour, Stir:
		return true
	}
	return false
}

var pourOrders = []order{{name: "bowl.pour", who: forSystem, sample: Pour{}}}

var pourFacts = []fact{
	{"bowl.tallied", BowlTallied{}},
	{"bowl.poured", BowlPoured{}},
}

const (
	leastRecovery = 5 * second
	mostRecovery  = 20 * second
	mostTries     = 3

	// mostPoured is how many bytes of shares go into one event: well below the smallest message that a
	// NATS server takes by default.
	mostPoured = 384 << 10
	storedSize = 300 // of a share besides its text
)

func (c Pour) decide(s *Session, in Input) ([]Event, error) {
	x, ok := s.bowlAt(c.Step)
	if !ok || x.id != c.Bowl || s.agenda.now != c.Step || !x.timeUp(s) {
		return nil, nil
	}
	bodies := x.fresh(c.Bodies)
	length := min(max(Millis(x.script.Window)*second/2, leastRecovery), mostRecovery)
	if x.phase == handingIn && len(bodies)+len(x.spent) < len(x.signed) {
		return []Event{BowlTallied{Step: c.Step, Heard: tokensOf(bodies), At: in.At, Length: length}}, nil
	}
	now := byLot(bodies, in)
	e := BowlPoured{Step: c.Step, Shares: storeShares(now, in), Spent: tokensOf(now), At: in.At, More: len(now) < len(bodies)}
	if !e.More && x.lost(bodies) && x.try+1 < mostTries {
		e.Again, e.Length = true, length
	}
	return []Event{e}, nil
}

// byLot is all bodies, or as many as one event holds, drawn from all of them.
func byLot(bodies []Body, in Input) []Body {
	if n := fitting(bodies); n == len(bodies) {
		return bodies
	}
	drawn := slices.Clone(bodies)
	in.Shuffle(len(drawn), func(i, j int) { drawn[i], drawn[j] = drawn[j], drawn[i] })
	return drawn[:fitting(drawn)]
}

// fitting is how many bodies, from the first, fit into one event: at least one.
func fitting(bodies []Body) int {
	size := 0
	for i, b := range bodies {
		text, _ := json.Marshal(b.Share.Text)
		if size += len(text) + storedSize; size > mostPoured && i > 0 {
			return i
		}
	}
	return len(bodies)
}

// fresh leaves out what was poured before and what was handed in twice.
func (x *bowl) fresh(bodies []Body) []Body {
	var fresh []Body
	seen := map[Token]bool{}
	for _, b := range bodies {
		t := b.Token()
		if b.Bowl == x.id && b.Form == FirstBody && !x.spent[t] && !seen[t] {
			seen[t] = true
			fresh = append(fresh, b)
		}
	}
	return fresh
}

// lost reports whether something that was heard is not there any more: the memory it waited in is gone.
func (x *bowl) lost(bodies []Body) bool {
	there := map[Token]bool{}
	for _, b := range bodies {
		there[b.Token()] = true
	}
	for t := range x.heard {
		if !there[t] && !x.spent[t] {
			return true
		}
	}
	return false
}

// tokensOf are the tokens in the order of their own hashes, which says nothing.
func tokensOf(bodies []Body) []Token {
	tokens := make([]Token, len(bodies))
	for i, b := range bodies {
		tokens[i] = b.Token()
	}
	slices.Sort(tokens)
	return tokens
}

// storeShares takes the shares out of the bodies, in a new order, and gives them names.
func storeShares(bodies []Body, in Input) []StoredShare {
	var shares []StoredShare
	for _, b := range bodies {
		if b.Kind == Written {
			shares = append(shares, StoredShare{
				Text: b.Share.Text, Key: encode(b.Share.Key), Lock: encode(b.Share.Lock[:]), Reply: encode(b.Share.ReplyLock[:]),
			})
		}
	}
	if len(shares) > 1 {
		in.Shuffle(len(shares), func(i, j int) { shares[i], shares[j] = shares[j], shares[i] })
	}
	for i := range shares {
		shares[i].ID = ShareID(in.ID())
	}
	return shares
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (e BowlTallied) apply(s *Session) Touched {
	x, ok := s.bowlAt(e.Step)
	if !ok {
		return nobody
	}
	x.phase, x.heard = recovery, map[Token]bool{}
	for _, t := range e.Heard {
		x.heard[t] = true
	}
	s.setTimer(bowlTimer, e.At, e.Length)
	return nobody
}

func (e BowlPoured) apply(s *Session) Touched {
	x, ok := s.bowlAt(e.Step)
	if !ok {
		return nobody
	}
	for _, t := range e.Spent {
		x.spent[t] = true
	}
	for _, sh := range e.Shares {
		x.shares[sh.ID] = share{Share: Share{Text: sh.Text, Key: sh.Key}, lock: sh.Lock, reply: sh.Reply}
	}
	if e.More {
		return nobody
	}
	x.try++
	if e.Again {
		x.phase, x.heard = recovery, maps.Clone(x.spent)
		s.setTimer(bowlTimer, e.At, e.Length)
		return nobody
	}
	x.phase, x.heard = poured, map[Token]bool{}
	delete(s.timers, bowlTimer)
	return nobody
}

// cleanShare is the text of a share: several lines, no characters that cannot be seen.
func cleanShare(raw string) (string, error) {
	lines := strings.Split(strings.ReplaceAll(norm.NFC.String(raw), "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.Join(strings.Fields(line), " ")
	}
	text := strings.Trim(strings.Join(lines, "\n"), "\n")
	for strings.Contains(text, "\n\n\n") {
		text = strings.ReplaceAll(text, "\n\n\n", "\n\n")
	}
	switch {
	case text == "":
		return "", refuse(Invalid, "bowl_empty_share", "This share has no words in it.")
	case utf8.RuneCountInString(text) > maxShareLen:
		return "", refuse(Invalid, "too_long", "This is too long. Shorten it and send it again.")
	case slices.ContainsFunc(lines, hides):
		return "", hidden()
	}
	return text, nil
}

// Admission is what is left to check of a body once the session has: its signature, under this key.
type Admission struct {
	Bowl   BowlID
	Public []byte
	Try    int
	Spent  bool // its token was used, which whoever cannot sign need not be told
}

// Admit holds a body against the session: meant for this step's bowl, and in time.
func (s *Session) Admit(step StepID, b Body) (Admission, error) {
	x, ok := s.bowlAt(step)
	switch {
	case s.phase != open:
		return Admission{}, refuse(Closed, "session_over", "This session is over. Nothing can be changed any more.")
	case !ok || x.keys == nil:
		return Admission{}, refuse(NotFound, "no_bowl", "There is no bowl here.")
	case b.Session != s.id:
		return Admission{}, refuse(Conflict, "bowl_other_session", "This belongs to another session.")
	case b.Bowl != x.id:
		return Admission{}, otherBowl()
	case b.Form == LaterBody && x.phase != poured:
		return Admission{}, refuse(Conflict, "bowl_not_poured", "Nothing has been opened here yet.")
	case b.Form == LaterBody:
		return Admission{Bowl: x.id, Public: x.keys.MarksPublic}, nil
	case x.spent[b.Token()]:
		return Admission{Bowl: x.id, Public: x.keys.SharePublic, Spent: true}, nil
	case x.phase == poured || x.timeUp(s):
		return Admission{}, windowOver()
	}
	return Admission{Bowl: x.id, Public: x.keys.SharePublic, Try: x.try}, nil
}

// TokenSpent refuses a token that was used. Who posted before and got no answer reads it as "it is there".
func TokenSpent() error {
	return refuse(Conflict, "bowl_token_spent", "This was handed in already.")
}
