package facilitator

// SupportID names a request for support.
type SupportID string

// supportRequest is open until its author takes it back or a facilitator says it is looked after.
type supportRequest struct {
	person PersonID
	at     Time
	note   string
	taken  PersonID
}

// AskSupport tells the facilitators, and nobody else, that somebody needs them. The note is what the
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

var supportOrders = []order{
	{name: "support.ask", who: forPeople, sample: AskSupport{}, always: true},
	{name: "support.cancel", who: forPeople, sample: CancelSupport{}, always: true},
	{name: "support.take", who: forLeaders, sample: TakeSupport{}, always: true},
	{name: "support.close", who: forLeaders, sample: CloseSupport{}, always: true},
}

var supportFacts = []fact{
	{"support.asked", SupportAsked{}},
	{"support.taken", SupportTaken{}},
	{"support.closed", SupportClosed{}},
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
	r.taken = e.By
	s.support[e.Request] = r
	return only(r.person)
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
}

// OwnSupport is a request as its author sees it.
type OwnSupport struct {
	Note  string `json:"note,omitempty"`
	Taken string `json:"taken,omitempty"` // the alias of who is coming
}

func (s *Session) supportView() map[SupportID]SupportView {
	view := make(map[SupportID]SupportView, len(s.support))
	for id, r := range s.support {
		view[id] = SupportView{Person: r.person, At: r.at, Note: r.note, Taken: r.taken}
	}
	return view
}

func (s *Session) ownSupport(p PersonID) *OwnSupport {
	id, r := s.ownRequest(p)
	if id == "" {
		return nil
	}
	return &OwnSupport{Note: r.note, Taken: s.people[r.taken].alias}
}
