package facilitator

import (
	"slices"
	"strings"
)

// ShareID names a share that was poured. It is random, and says nothing about when or by whom.
type ShareID string

// Share is what anybody who may read a share gets of it: nobody gets more, facilitators neither. Key is
// where an answer to it can be sealed to.
type Share struct {
	Text string `json:"text"`
	Key  string `json:"key"`
}

// share is a share and what became of it.
type share struct {
	Share
	lock, reply string // hashes of its author's two secrets
	ruling      Ruling
	agreed      []PersonID // leaders who would open it; never changed in place
	shown       bool
	answered    bool
	replied     bool
}

// Ruling is what the facilitators decided about a share.
type Ruling string

// The rulings. Unruled is before any.
const (
	Unruled  Ruling = ""
	ToOpen   Ruling = "open"  // the group is to see it
	KeptBack Ruling = "kept"  // it is not
	Aloud    Ruling = "aloud" // a facilitator reads it aloud; no screen shows it
)

// OpenShare agrees to show a share to the group.
type OpenShare struct {
	Share ShareID `json:"share"`
}

// KeepShare keeps a share from the group.
type KeepShare struct {
	Share ShareID `json:"share"`
}

// ReadShareAloud says that a facilitator reads a share aloud.
type ReadShareAloud struct {
	Share ShareID `json:"share"`
}

// ShowShare shows one of the opened shares that were not shown yet, whichever.
type ShowShare struct{}

// VolunteerReader offers to read shares aloud, or no longer.
type VolunteerReader struct {
	In bool `json:"in"`
}

// ShareAgreed says that a facilitator would open a share.
type ShareAgreed struct {
	Step   StepID   `json:"step"`
	Share  ShareID  `json:"share"`
	Person PersonID `json:"person"`
}

// ShareRuled is what was decided about a share.
type ShareRuled struct {
	Step   StepID  `json:"step"`
	Share  ShareID `json:"share"`
	Ruling Ruling  `json:"ruling"`
}

// ShareShown says which share is before the group, for about how long it takes to read, and who reads
// it aloud, if somebody offered.
type ShareShown struct {
	Step   StepID   `json:"step"`
	Share  ShareID  `json:"share"`
	Reader PersonID `json:"reader,omitempty"`
	At     Time     `json:"at"`
	Length Millis   `json:"length"`
}

// ReaderVolunteered is the fact of an offer to read.
type ReaderVolunteered struct {
	Step   StepID   `json:"step"`
	Person PersonID `json:"person"`
	In     bool     `json:"in"`
}

var shareOrders = []order{
	{name: "share.open", who: forLeaders, sample: OpenShare{}},
	{name: "share.keep", who: forLeaders, sample: KeepShare{}},
	{name: "share.aloud", who: forLeaders, sample: ReadShareAloud{}},
	{name: "share.answer", who: forLeaders, sample: AnswerShare{}},
	{name: "share.show", who: forLeaders, sample: ShowShare{}},
	{name: "share.read", who: forPeople, sample: VolunteerReader{}},
}

var shareFacts = []fact{
	{"share.agreed", ShareAgreed{}},
	{"share.ruled", ShareRuled{}},
	{"share.answered", ShareAnswered{}},
	{"share.shown", ShareShown{}},
	{"share.reader", ReaderVolunteered{}},
}

func (x *bowl) share(id ShareID) (share, error) {
	if sh, ok := x.shares[id]; ok {
		return sh, nil
	}
	return share{}, refuse(NotFound, "no_share", "This share is not here any more. Its author may have taken it back.")
}

// presentShare is the share a facilitator's order is about.
func presentShare(s *Session, id ShareID) (*bowl, StepID, share, error) {
	x, step, err := presentBowl(s)
	if err != nil {
		return nil, "", share{}, err
	}
	sh, err := x.share(id)
	return x, step, sh, err
}

func (c OpenShare) decide(s *Session, in Input) ([]Event, error) {
	x, id, sh, err := presentShare(s, c.Share)
	if err != nil || sh.ruling == ToOpen || in.By.Role == System {
		return nil, err
	}
	var events []Event
	agreed := len(sh.agreed)
	if !slices.Contains(sh.agreed, in.By.Person) {
		events = append(events, ShareAgreed{Step: id, Share: c.Share, Person: in.By.Person})
		agreed++
	}
	if agreed >= x.agree() {
		events = append(events, ShareRuled{Step: id, Share: c.Share, Ruling: ToOpen})
	}
	return events, nil
}

// agree is how many facilitators it takes to open a share.
func (x *bowl) agree() int { return max(1, x.script.Agree) }

func (e ShareAgreed) apply(s *Session) Touched {
	return s.changeShare(e.Step, e.Share, func(_ *bowl, sh *share) { sh.agreed = append(slices.Clone(sh.agreed), e.Person) })
}

func (c KeepShare) decide(s *Session, _ Input) ([]Event, error)      { return rule(s, c.Share, KeptBack) }
func (c ReadShareAloud) decide(s *Session, _ Input) ([]Event, error) { return rule(s, c.Share, Aloud) }

func rule(s *Session, id ShareID, as Ruling) ([]Event, error) {
	_, step, sh, err := presentShare(s, id)
	if err != nil || sh.ruling == as {
		return nil, err
	}
	return []Event{ShareRuled{Step: step, Share: id, Ruling: as}}, nil
}

// apply rules. What is not open any more is not shown any more, and needs everybody's agreement anew.
func (e ShareRuled) apply(s *Session) Touched {
	return s.changeShare(e.Step, e.Share, func(x *bowl, sh *share) {
		sh.ruling = e.Ruling
		if e.Ruling != ToOpen {
			sh.shown, sh.agreed = false, nil
			x.hide(s, e.Share)
		}
	})
}

// hide takes a share from the screens, if it is before the group now.
func (x *bowl) hide(s *Session, id ShareID) {
	if x.now == id {
		x.now, x.reader = "", ""
		delete(s.timers, paceTimer)
	}
}

// changeShare touches whoever read aloud before, and whoever does then.
func (s *Session) changeShare(step StepID, id ShareID, change func(*bowl, *share)) Touched {
	x, ok := s.bowlAt(step)
	if !ok {
		return nobody
	}
	sh, ok := x.shares[id]
	if !ok {
		return nobody
	}
	before := x.reader
	change(x, &sh)
	x.shares[id] = sh
	return only(before, x.reader)
}

func (ShowShare) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := presentBowl(s)
	if err != nil {
		return nil, err
	}
	var ready []ShareID
	for sid, sh := range x.shares {
		if sh.ruling == ToOpen && !sh.shown {
			ready = append(ready, sid)
		}
	}
	if len(ready) == 0 {
		return nil, refuse(Conflict, "no_share_open", "No further share is open. Open one, or go on.")
	}
	slices.Sort(ready)
	in.Shuffle(len(ready), func(i, j int) { ready[i], ready[j] = ready[j], ready[i] })
	text := x.shares[ready[0]].Text
	return []Event{ShareShown{Step: id, Share: ready[0], Reader: x.nextReader(s), At: in.At, Length: readingTime(text)}}, nil
}

// readingTime is how long it takes to read a text aloud without hurry.
func readingTime(text string) Millis {
	return 4*second + Millis(len(strings.Fields(text)))*450
}

// nextReader is who offered first, and is here.
func (x *bowl) nextReader(s *Session) PersonID {
	for _, p := range x.readers {
		if s.there(p) {
			return p
		}
	}
	return ""
}

func (e ShareShown) apply(s *Session) Touched {
	return s.changeShare(e.Step, e.Share, func(x *bowl, sh *share) {
		sh.shown = true
		x.now, x.reader = e.Share, e.Reader
		x.readers = slices.DeleteFunc(x.readers, func(p PersonID) bool { return p == e.Reader })
		s.setTimer(paceTimer, e.At, e.Length)
	})
}

func (c VolunteerReader) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := presentBowl(s)
	if err != nil || slices.Contains(x.readers, in.By.Person) == c.In {
		return nil, err
	}
	return []Event{ReaderVolunteered{Step: id, Person: in.By.Person, In: c.In}}, nil
}

func (e ReaderVolunteered) apply(s *Session) Touched {
	if x, ok := s.bowlAt(e.Step); ok {
		x.readers = slices.DeleteFunc(x.readers, func(p PersonID) bool { return p == e.Person })
		if e.In {
			x.readers = append(x.readers, e.Person)
		}
	}
	return nobody
}

// absent takes back the offer of somebody who steps away.
func (x *bowl) absent(s *Session, p PersonID, _ Input) []Event {
	if !slices.Contains(x.readers, p) {
		return nil
	}
	return []Event{ReaderVolunteered{Step: s.agenda.now, Person: p}}
}

// opened are the texts the group was shown, if they are to be kept, in an order of no meaning.
func (x *bowl) opened() []string {
	if !x.keep {
		return nil
	}
	var texts []string
	for _, sh := range x.shares {
		if sh.shown {
			texts = append(texts, sh.Text)
		}
	}
	slices.Sort(texts)
	return texts
}
