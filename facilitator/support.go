package facilitator

// SupportID names a request for support.
type SupportID string

// supportRequest is open until its author takes it back or a facilitator says it is looked after.
type supportRequest struct {
	person PersonID
	at     Time
	note   string
	taken  PersonID
	talk   bool // its author and whoever took it write to each other; their words are nowhere here
}

// AskSupport tells the facilitators and keepers, and nobody else, that somebody needs them. The note is what the
// person lets them know; it may be empty.
type AskSupport struct {
	Note string `json:"note"`
}

// CancelSupport takes one's own request back.
type CancelSupport struct{}

// TakeSupport says who looks after a request.
type TakeSupport struct {
	Request SupportID `json:"request"`
}

// CloseSupport says that it was looked after.
type CloseSupport struct {
	Request SupportID `json:"request"`
}

// OpenTalk opens a talk in writing with whoever took one's own request, and with nobody else. What is
// written passes between their devices only.
type OpenTalk struct{}

// EndTalk ends it, by either.
type EndTalk struct {
	Request SupportID `json:"request"`
}

// SupportAsked is the fact of a request.
type SupportAsked struct {
	Request SupportID `json:"request"`
	Person  PersonID  `json:"person"`
	Note    string    `json:"note,omitempty"`
	At      Time      `json:"at"`
}

// SupportTaken says who looks after it.
type SupportTaken struct {
	Request SupportID `json:"request"`
	By      PersonID  `json:"by"`
}

// SupportClosed says that it is over, for either reason.
type SupportClosed struct {
	Request SupportID `json:"request"`
}

// TalkOpened and TalkEnded are the facts of a talk.
type TalkOpened struct {
	Request SupportID `json:"request"`
}

// TalkEnded says that a talk is over.
type TalkEnded struct {
	Request SupportID `json:"request"`
}

var supportOrders = []order{
	{name: "support.ask", who: forPeople, sample: AskSupport{}, always: true},
	{name: "support.cancel", who: forPeople, sample: CancelSupport{}, always: true},
	{name: "support.take", who: forKeepers, sample: TakeSupport{}, always: true},
	{name: "support.talk", who: forPeople, sample: OpenTalk{}, always: true},
	{name: "support.endTalk", who: forPeople, sample: EndTalk{}, always: true},
	{name: "support.close", who: forKeepers, sample: CloseSupport{}, always: true},
}

var supportFacts = []fact{
	{"support.asked", SupportAsked{}},
	{"support.taken", SupportTaken{}},
	{"support.closed", SupportClosed{}},
	{"support.talking", TalkOpened{}},
	{"support.talked", TalkEnded{}},
}

const maxNote = 280

func (c AskSupport) decide(s *Session, in Input) ([]Event, error) {
	note, err := cleanWords(c.Note, maxNote)
	if err != nil {
		return nil, err
	}
	if id, _ := s.ownRequest(in.By.Person); id != "" {
		return nil, nil
	}
	return []Event{SupportAsked{Request: SupportID(in.ID()), Person: in.By.Person, Note: note, At: in.At}}, nil
}

func (e SupportAsked) apply(s *Session) Touched {
	s.asked++
	s.support[e.Request] = supportRequest{person: e.Person, at: e.At, note: e.Note}
	return only(e.Person)
}

func (CancelSupport) decide(s *Session, in Input) ([]Event, error) {
	if id, _ := s.ownRequest(in.By.Person); id != "" {
		return []Event{SupportClosed{Request: id}}, nil
	}
	return nil, nil
}

func (c TakeSupport) decide(s *Session, in Input) ([]Event, error) {
	r, ok := s.support[c.Request]
	if !ok {
		return nil, refuse(NotFound, "no_request", "This request was looked after or taken back already.")
	}
	if r.taken == in.By.Person {
		return nil, nil
	}
	return []Event{SupportTaken{Request: c.Request, By: in.By.Person}}, nil
}

func (e SupportTaken) apply(s *Session) Touched {
	r := s.support[e.Request]
	before := r.taken
	r.taken, r.talk = e.By, false
	s.support[e.Request] = r
	return only(r.person, before)
}

func (OpenTalk) decide(s *Session, in Input) ([]Event, error) {
	id, r := s.ownRequest(in.By.Person)
	switch {
	case id == "" || !s.people[r.taken].role.keeps():
		return nil, refuse(Conflict, "nobody_coming", "Nobody has taken your request yet. You can write to them as soon as somebody has.")
	case r.talk:
		return nil, nil
	}
	return []Event{TalkOpened{Request: id}}, nil
}

func (e TalkOpened) apply(s *Session) Touched { return s.setTalk(e.Request, true) }

func (c EndTalk) decide(s *Session, in Input) ([]Event, error) {
	r, ok := s.support[c.Request]
	if !ok || !r.talk {
		return nil, nil
	}
	if in.By.Person != r.person && in.By.Person != r.taken {
		return nil, refuse(Denied, "not_your_talk", "Only the two who talk can end it.")
	}
	return []Event{TalkEnded(c)}, nil
}

func (e TalkEnded) apply(s *Session) Touched { return s.setTalk(e.Request, false) }

func (s *Session) setTalk(id SupportID, on bool) Touched {
	r, ok := s.support[id]
	if !ok {
		return nobody
	}
	r.talk = on
	s.support[id] = r
	return only(r.person, r.taken)
}

// endTalksOf ends the talks of somebody who keeps no longer, and says with whom they were.
func (s *Session) endTalksOf(keeper PersonID) []PersonID {
	var asked []PersonID
	if s.people[keeper].role.keeps() {
		return nil
	}
	for id, r := range s.support {
		if r.taken == keeper {
			r.taken, r.talk = "", false
			s.support[id] = r
			asked = append(asked, r.person)
		}
	}
	return asked
}

// Talking reports whether two people write to each other because one of them asked for support.
func (s *Session) Talking(a, b PersonID) bool {
	for _, r := range s.support {
		if r.talk && s.phase == open && (r.person == a && r.taken == b || r.person == b && r.taken == a) {
			return true
		}
	}
	return false
}

func (c CloseSupport) decide(s *Session, _ Input) ([]Event, error) {
	if _, ok := s.support[c.Request]; !ok {
		return nil, nil
	}
	return []Event{SupportClosed(c)}, nil
}

func (e SupportClosed) apply(s *Session) Touched {
	whose := s.support[e.Request].person
	delete(s.support, e.Request)
	return only(whose)
}

func (s *Session) ownRequest(p PersonID) (SupportID, supportRequest) {
	for id, r := range s.support {
		if r.person == p {
			return id, r
		}
	}
	return "", supportRequest{}
}

// SupportView is a request as the facilitators see it.
type SupportView struct {
	Person PersonID `json:"person"`
	At     Time     `json:"at"`
	Note   string   `json:"note,omitempty"`
	Taken  PersonID `json:"taken,omitempty"`
	Talk   bool     `json:"talk,omitempty"` // its author has opened a talk with whoever took it
}

// OwnSupport is a request as its author sees it.
type OwnSupport struct {
	Request SupportID `json:"request"`
	Note    string    `json:"note,omitempty"`
	Taken   string    `json:"taken,omitempty"` // the alias of who is coming
	By      PersonID  `json:"by,omitempty"`    // and who that is
	Talk    bool      `json:"talk,omitempty"`
}

func (s *Session) supportView() map[SupportID]SupportView {
	view := make(map[SupportID]SupportView, len(s.support))
	for id, r := range s.support {
		view[id] = SupportView{Person: r.person, At: r.at, Note: r.note, Taken: r.taken, Talk: r.talk}
	}
	return view
}

func (s *Session) ownSupport(p PersonID) *OwnSupport {
	id, r := s.ownRequest(p)
	if id == "" {
		return nil
	}
	return &OwnSupport{Request: id, Note: r.note, Taken: s.people[r.taken].alias, By: r.taken, Talk: r.talk}
}
