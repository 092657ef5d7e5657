package facilitator

import (
	"maps"
	"strconv"
)

// ReportID names a report.
type ReportID string

// report is something a participant told the keepers about a person, a share or a message. By whom is
// kept so that it is taken once, and shown to nobody but them.
type report struct {
	by   PersonID
	what reported
	text string
	note string
	at   Time
}

// reported is what a report is about: exactly one of them.
type reported struct {
	Person  PersonID `json:"person,omitempty"`
	Share   ShareID  `json:"share,omitempty"`
	Room    RoomID   `json:"room,omitempty"` // with Message
	Message int      `json:"message,omitempty"`
}

// Report tells the keepers, privately, about a person, a share that was opened, or a message in one's
// practice room. A message goes along as it stands.
type Report struct {
	Person  PersonID `json:"person,omitempty"`
	Share   ShareID  `json:"share,omitempty"`
	Room    RoomID   `json:"room,omitempty"`
	Message int      `json:"message,omitempty"`
	Note    string   `json:"note,omitempty"`
}

// CloseReport says that a report was looked after.
type CloseReport struct {
	Report ReportID `json:"report"`
}

// Reported is the fact of a report. Text is what was reported, if it was something written.
type Reported struct {
	Report ReportID `json:"report"`
	By     PersonID `json:"by"`
	What   reported `json:"what"`
	Text   string   `json:"text,omitempty"`
	Note   string   `json:"note,omitempty"`
	At     Time     `json:"at"`
}

// ReportClosed is the fact of it.
type ReportClosed struct {
	Report ReportID `json:"report"`
}

var reportOrders = []order{
	{name: "report.make", who: forPeople, sample: Report{}, always: true},
	{name: "report.close", who: forKeepers, sample: CloseReport{}},
}

var reportFacts = []fact{
	{"report.made", Reported{}},
	{"report.closed", ReportClosed{}},
}

// mostReportsEach is how many reports one person may have open, so that nobody buries the others'.
const mostReportsEach = 10

func (c Report) decide(s *Session, in Input) ([]Event, error) {
	note, err := cleanWords(c.Note, maxNote)
	if err != nil {
		return nil, err
	}
	e := Reported{By: in.By.Person, What: reported{c.Person, c.Share, c.Room, c.Message}, Note: note, At: in.At}
	if e.What, e.Text, err = s.reportable(c, in.By.Person); err != nil {
		return nil, err
	}
	if s.reportedBy(in.By.Person)[e.What.key()] {
		return nil, nil
	}
	own := 0
	for _, r := range s.reports {
		if r.by == in.By.Person {
			own++
		}
	}
	if own >= mostReportsEach {
		return nil, refuse(Conflict, "reports_many", "Your reports are with the keeper. Ask for support if it cannot wait.")
	}
	e.Report = ReportID(in.ID())
	return []Event{e}, nil
}

// reportable is what a report is about, as far as its author can see it themselves.
func (s *Session) reportable(c Report, by PersonID) (reported, string, error) {
	nothing := refuse(NotFound, "report_what", "This is not here any more. Tell the keeper through support instead.")
	switch {
	case c.Share != "":
		x, _, err := presentBowl(s)
		if err != nil {
			return reported{}, "", err
		}
		if sh := x.shares[c.Share]; sh.shown {
			return reported{Share: c.Share}, sh.Text, nil
		}
	case c.Message != 0:
		x := s.nowPractice()
		if x == nil || s.reads(by) != c.Room || x.rooms[c.Room] == nil {
			return reported{}, "", nothing
		}
		for _, m := range x.rooms[c.Room].messages {
			if m.n == c.Message && m.by != by {
				return reported{Person: m.by, Room: c.Room, Message: m.n}, m.text, s.notLeading(m.by)
			}
		}
	case c.Person != "" && c.Person != by:
		if _, ok := s.people[c.Person]; ok {
			return reported{Person: c.Person}, "", s.notLeading(c.Person)
		}
	}
	return reported{}, "", nothing
}

// notLeading refuses reports about those who would read them.
func (s *Session) notLeading(p PersonID) error {
	if s.people[p].role.keeps() {
		return refuse(Denied, "report_leads", "Reports go to the people who lead. About one of them, speak with another of them, or with whoever runs this server.")
	}
	return nil
}

func (r reported) key() string {
	switch {
	case r.Share != "":
		return "share/" + string(r.Share)
	case r.Message != 0:
		return "room/" + string(r.Room) + "/" + strconv.Itoa(r.Message)
	}
	return "person/" + string(r.Person)
}

func (e Reported) apply(s *Session) Touched {
	s.reports[e.Report] = report{by: e.By, what: e.What, text: e.Text, note: e.Note, at: e.At}
	own := map[string]bool{e.What.key(): true}
	maps.Copy(own, s.reporters[e.By])
	s.reporters[e.By] = own
	return only(e.By)
}

func (c CloseReport) decide(s *Session, _ Input) ([]Event, error) {
	if _, ok := s.reports[c.Report]; !ok {
		return nil, nil
	}
	return []Event{ReportClosed(c)}, nil
}

func (e ReportClosed) apply(s *Session) Touched {
	delete(s.reports, e.Report)
	return nobody
}

// forgetReported takes a share's words out of the reports about it: its author took it back.
func (s *Session) forgetReported(id ShareID) {
	for report, r := range s.reports {
		if r.what.Share == id {
			r.text = ""
			s.reports[report] = r
		}
	}
}

// reportedBy is what somebody reported already, by its key. It stays after the report was looked after.
func (s *Session) reportedBy(p PersonID) map[string]bool { return s.reporters[p] }

// ReportView is a report as keepers see it: not by whom.
type ReportView struct {
	Person PersonID `json:"person,omitempty"`
	Share  ShareID  `json:"share,omitempty"`
	Room   RoomID   `json:"room,omitempty"`
	Text   string   `json:"text,omitempty"`
	Note   string   `json:"note,omitempty"`
	At     Time     `json:"at"`
}

func (s *Session) reportView() map[ReportID]ReportView {
	view := make(map[ReportID]ReportView, len(s.reports))
	for id, r := range s.reports {
		view[id] = ReportView{Person: r.what.Person, Share: r.what.Share, Room: r.what.Room, Text: r.text, Note: r.note, At: r.at}
	}
	return view
}
