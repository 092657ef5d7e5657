package facilitator

import (
	"errors"
	"maps"
	"slices"
)

// A bowl takes anonymous shares. BOWL.md says what is protected against whom. In this package that rests
// on one thing: no event and no document ever names a person together with a token or a share. A person
// is known to have asked for a blind signature, nothing more; what was written arrives in Pour, without
// an order, a time or a name.

// BowlScript is what an author writes for a bowl: questions to choose from, for how many seconds every
// phone hands in after the bowl is closed, and how many facilitators must agree before a share is opened.
type BowlScript struct {
	Questions []Text `json:"questions" yaml:"questions" schema:"min=1,max=20" about:"The facilitator chooses one or writes another."`
	Window    int    `json:"window" yaml:"window" schema:"min=5,max=300" about:"For how many seconds every phone hands in once the bowl is closed; 30 is good."`
	Agree     int    `json:"agree,omitempty" yaml:"agree" schema:"min=0,max=2" about:"2 if two facilitators must agree to open a share."`
}

func (sc BowlScript) check() error {
	switch {
	case len(sc.Questions) == 0 || len(sc.Questions) > 20:
		return errors.New("questions needs between 1 and 20 questions")
	case sc.Window < 5 || sc.Window > 300:
		return errors.New("window is a number of seconds from 5 to 300")
	case sc.Agree < 0 || sc.Agree > 2:
		return errors.New("agree is 1 or 2")
	}
	return nil
}

// BowlID names a bowl; a step may have several, one after the other.
type BowlID string

// OpenBowl opens a bowl with one of the step's questions, numbered from 1, or with other words. Whoever
// is in the room now can place a share, and nobody who comes later. Anyway opens it for fewer than five
// people, where it is not anonymous.
type OpenBowl struct {
	Question int    `json:"question,omitempty"`
	Words    string `json:"words,omitempty"`
	Anyway   bool   `json:"anyway,omitempty"`
}

// CloseBowl begins the time in which every phone hands in.
type CloseBowl struct{}

// KeepKeys hands over the keys that MakeKeys asked for.
type KeepKeys struct {
	Step StepID
	Bowl BowlID
	Keys BowlKeys
}

// BowlKeys are the two key pairs of a bowl: one signs the right to place a share, the other the right to
// mark shares. Public halves are in the form SubjectPublicKeyInfo, private ones in PKCS #1. Check is what
// the four words are made of that people compare.
type BowlKeys struct {
	SharePublic  []byte  `json:"sharePublic"`
	SharePrivate []byte  `json:"sharePrivate"`
	MarksPublic  []byte  `json:"marksPublic"`
	MarksPrivate []byte  `json:"marksPrivate"`
	Check        [4]byte `json:"check"`
}

// BowlOpened says who can place a share, and into what. Keep says that the group agreed to keep the
// texts that are opened.
type BowlOpened struct {
	Step     StepID     `json:"step"`
	Bowl     BowlID     `json:"bowl"`
	Question Text       `json:"question"`
	People   []PersonID `json:"people"`
	Keep     bool       `json:"keep,omitempty"`
}

// BowlKeyed is the fact of its keys.
type BowlKeyed struct {
	Step StepID   `json:"step"`
	Bowl BowlID   `json:"bowl"`
	Keys BowlKeys `json:"keys"`
}

// BowlClosing says that phones hand in now.
type BowlClosing struct {
	Step   StepID `json:"step"`
	At     Time   `json:"at"`
	Length Millis `json:"length"`
}

// BowlReopened says that the group went on to something else before all had handed in. Coming back, the
// bowl is as it was before it was closed.
type BowlReopened struct {
	Step StepID `json:"step"`
}

var bowlKind = kind{
	name:   "bowl",
	script: func() any { return new(BowlScript) },
	begin:  beginWith(func(sc BowlScript) exercise { return &bowl{script: sc} }),
	orders: slices.Concat([]order{
		{name: "bowl.open", who: forLeaders, sample: OpenBowl{}},
		{name: "bowl.sign", who: forPeople, sample: SignBowl{}},
		{name: "bowl.close", who: forLeaders, sample: CloseBowl{}},
		{name: "bowl.key", who: forSystem, sample: KeepKeys{}},
	}, pourOrders, laterOrders, shareOrders),
	facts: slices.Concat([]fact{
		{"bowl.opened", BowlOpened{}},
		{"bowl.keyed", BowlKeyed{}},
		{"bowl.signed", BowlSigned{}},
		{"bowl.closing", BowlClosing{}},
		{"bowl.reopened", BowlReopened{}},
	}, pourFacts, laterFacts, shareFacts),
	views: []any{BowlEveryone{}, BowlFacilitators{}, BowlStage{}, BowlOwn{}},
}

const (
	bowlTimer timerName = "bowl"      // phones hand in until it rings
	paceTimer timerName = "bowl.pace" // how long it takes to read the share that is shown
)

// bowlPhase is how far a bowl is.
type bowlPhase int

const (
	taking    bowlPhase = iota // people write
	handingIn                  // phones hand in
	recovery                   // phones that could not hand in do
	poured                     // what was handed in is here
)

// minBowl is the fewest people among whom a share is anonymous in practice.
const minBowl = 5

// bowl is the state of the step: its present bowl, and the opened texts of those before that are kept.
type bowl struct {
	plain
	script   BowlScript
	id       BowlID // empty before one is opened
	question Text
	people   map[PersonID]bool // never changed once opened
	guests   int               // of them simulated
	keep     bool
	keys     *BowlKeys
	signed   map[PersonID]string

	phase bowlPhase
	try   int            // how often it was poured
	heard map[Token]bool // handed in, and waiting outside
	spent map[Token]bool // poured

	shares    map[ShareID]share
	marks     map[Token]ShareID // the marks spent on each share
	now       ShareID
	reader    PersonID
	readers   []PersonID // who would read, in the order they said so
	answers   map[AnswerID]string
	replies   map[ReplyID]string
	keptTexts []string
}

// bowls is an exercise that has a bowl: the bowl itself, or one that asks for more around it.
type bowls interface {
	exercise
	bowlOfIt() *bowl
}

func (x *bowl) bowlOfIt() *bowl { return x }

// bowlAt is the bowl of a step.
func (s *Session) bowlAt(id StepID) (*bowl, bool) {
	if x, ok := s.doing[id].(bowls); ok {
		return x.bowlOfIt(), true
	}
	return nil, false
}

// presentBowl is the bowl of the present step, which a command must be meant for.
func presentBowl(s *Session) (*bowl, StepID, error) {
	x, id, err := present[bowls](s)
	if err != nil {
		return nil, "", err
	}
	return x.bowlOfIt(), id, nil
}

func (x *bowl) clone() exercise { return x.copied() }

func (x *bowl) copied() *bowl {
	c := *x
	c.signed, c.heard, c.spent = maps.Clone(x.signed), maps.Clone(x.heard), maps.Clone(x.spent)
	c.shares, c.marks = maps.Clone(x.shares), maps.Clone(x.marks)
	c.readers, c.keptTexts = slices.Clone(x.readers), slices.Clone(x.keptTexts)
	c.answers, c.replies = maps.Clone(x.answers), maps.Clone(x.replies)
	return &c
}

// errands asks for keys as soon as a bowl is open, and for what was handed in when time is up.
func (x *bowl) errands(s *Session, id StepID) []Errand {
	switch {
	case x.id != "" && x.keys == nil:
		return []Errand{{MakeKeys, id, x.id, 0}}
	case s.agenda.now == id && x.timeUp(s):
		return []Errand{{PourOut, id, x.id, x.try*2 + int(x.phase-handingIn)}}
	}
	return nil
}

// timeUp reports whether phones have handed in and what they handed in is still outside.
func (x *bowl) timeUp(s *Session) bool {
	return (x.phase == handingIn || x.phase == recovery) && s.timers[bowlTimer].Over
}

func (c OpenBowl) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := presentBowl(s)
	if err != nil {
		return nil, err
	}
	question, err := x.asked(s, c)
	if err != nil {
		return nil, err
	}
	if x.id != "" && x.phase != poured {
		return nil, refuse(Conflict, "bowl_open", "A bowl is open already. Close it first.")
	}
	people := s.couldShare()
	if guests := s.guestsAmong(people); smallBowl(len(people)-guests, guests) && !c.Anyway {
		return nil, refuse(Conflict, "bowl_small", "With fewer than five people here, a share is not anonymous in practice. Open it anyway, or offer another form.")
	}
	return []Event{BowlOpened{Step: id, Bowl: BowlID(in.ID()), Question: question, People: people, Keep: s.keepsTexts()}}, nil
}

// asked is the question a bowl is opened with. A facilitator's own words are the same in every language.
func (x *bowl) asked(s *Session, c OpenBowl) (Text, error) {
	words, err := cleanWords(c.Words, maxQuestion)
	switch {
	case err != nil:
		return nil, err
	case words != "":
		own := Text{}
		for _, tag := range s.programme.Languages {
			own[tag] = words
		}
		return own, nil
	case c.Question < 1 || c.Question > len(x.script.Questions):
		return nil, refuse(NotFound, "no_question", "Choose one of the questions, or write one.")
	}
	return x.script.Questions[c.Question-1], nil
}

const maxQuestion = 300

// smallBowl reports whether there are people and too few of them. Simulated guests hide nobody; alone they have nothing
// to hide.
func smallBowl(people, guests int) bool {
	return people < minBowl && (people > 0 || guests == 0)
}

func (s *Session) guestsAmong(people []PersonID) (n int) {
	for _, p := range people {
		if s.people[p].guest {
			n++
		}
	}
	return n
}

// couldShare is who is in the room to place a share: all but those who lead.
func (s *Session) couldShare() []PersonID {
	var people []PersonID
	for id, p := range s.people {
		if !p.role.leads() && p.here {
			people = append(people, id)
		}
	}
	slices.Sort(people)
	return people
}

func (e BowlOpened) apply(s *Session) Touched {
	x, ok := s.bowlAt(e.Step)
	if !ok {
		return nobody
	}
	fresh := &bowl{
		script: x.script, keptTexts: append(x.keptTexts, x.opened()...),
		id: e.Bowl, question: e.Question, keep: e.Keep, people: map[PersonID]bool{}, signed: map[PersonID]string{},
		heard: map[Token]bool{}, spent: map[Token]bool{}, shares: map[ShareID]share{}, marks: map[Token]ShareID{},
		answers: map[AnswerID]string{}, replies: map[ReplyID]string{},
	}
	for _, p := range e.People {
		fresh.people[p] = true
	}
	fresh.guests = s.guestsAmong(e.People)
	*x = *fresh
	delete(s.timers, bowlTimer)
	delete(s.timers, paceTimer)
	return everybody
}

func (c KeepKeys) decide(s *Session, _ Input) ([]Event, error) {
	x, ok := s.bowlAt(c.Step)
	if !ok || x.id != c.Bowl || x.keys != nil {
		return nil, nil
	}
	return []Event{BowlKeyed(c)}, nil
}

func (e BowlKeyed) apply(s *Session) Touched {
	if x, ok := s.bowlAt(e.Step); ok && x.id == e.Bowl {
		x.keys = &e.Keys
	}
	return nobody
}

func (CloseBowl) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := presentBowl(s)
	switch {
	case err != nil:
		return nil, err
	case x.id == "" || x.keys == nil:
		return nil, refuse(Conflict, "bowl_not_open", "No bowl is open.")
	case x.phase != taking:
		return nil, nil
	}
	return []Event{BowlClosing{Step: id, At: in.At, Length: Millis(x.script.Window) * second}}, nil
}

func (e BowlClosing) apply(s *Session) Touched {
	if x, ok := s.bowlAt(e.Step); ok {
		x.phase = handingIn
		s.setTimer(bowlTimer, e.At, e.Length)
	}
	return nobody
}

func (x *bowl) leaving(_ *Session, id StepID) []Event {
	if x.phase == handingIn || x.phase == recovery {
		return []Event{BowlReopened{Step: id}}
	}
	return nil
}

func (e BowlReopened) apply(s *Session) Touched {
	if x, ok := s.bowlAt(e.Step); ok && x.phase != poured {
		x.phase, x.heard = taking, map[Token]bool{}
	}
	return nobody
}

func (x *bowl) left(p PersonID) {
	x.readers = slices.DeleteFunc(x.readers, func(r PersonID) bool { return r == p })
	if x.reader == p {
		x.reader = ""
	}
}

func otherBowl() error {
	return refuse(Conflict, "bowl_other", "This belongs to another bowl than the one that is here.")
}

func windowOver() error {
	return refuse(Closed, "bowl_window_over", "The bowl has been closed. You can still speak, or ask for support.")
}
