package facilitator

import "slices"

// Terms are what a room agrees on before a round: what is practised, how hard the listener makes it, and the word that
// ends it.
type Terms struct {
	Scenario   string `json:"scenario,omitempty"` // “own” for one that its speaker keeps on their device
	Stance     Stance `json:"stance,omitempty"`
	Difficulty int    `json:"difficulty,omitempty"` // 1 to 3
	StopWord   string `json:"stopWord,omitempty"`
}

// SetTerms says what a round is about. The speaker chooses the scenario, the stance and how difficult; the stop word is
// everybody's. Who had agreed already is asked again.
type SetTerms struct {
	Room RoomID `json:"room"`
	Terms
}

// SetLimits says what is off limits for oneself.
type SetLimits struct {
	Room RoomID `json:"room"`
	Text string `json:"text"`
}

// TermsSet is the fact of it.
type TermsSet struct {
	Step StepID `json:"step"`
	Room RoomID `json:"room"`
	Terms
}

// LimitsSet is the fact of it.
type LimitsSet struct {
	Step   StepID   `json:"step"`
	Person PersonID `json:"person"`
	Text   string   `json:"text,omitempty"`
}

var termsOrders = []order{
	{name: "practice.terms", who: forPeople, sample: SetTerms{}},
	{name: "practice.limits", who: forPeople, sample: SetLimits{}},
}

var termsFacts = []fact{
	{"practice.terms", TermsSet{}},
	{"practice.limits", LimitsSet{}},
}

const (
	maxStopWord = 20
	maxLimits   = 200
)

// consent is the room of somebody who may still speak about its terms.
func (s *Session) consent(p PersonID, room RoomID) (*practice, *practiceRoom, error) {
	x, _, err := present[*practice](s)
	if err != nil {
		return nil, nil, err
	}
	r, err := x.own(p, room)
	if err == nil && (r.phase != inConsent || r.stopped) {
		err = refuse(Conflict, "consent_over", "This round has begun. Press Stop if something has to change.")
	}
	return x, r, err
}

func (c SetTerms) decide(s *Session, in Input) ([]Event, error) {
	x, r, err := s.consent(in.By.Person, c.Room)
	if err != nil {
		return nil, err
	}
	if c.StopWord, err = cleanWords(c.StopWord, maxStopWord); err != nil {
		return nil, err
	}
	theirs := c.Terms
	theirs.StopWord = r.terms.StopWord
	switch {
	case c.Terms == r.terms:
		return nil, nil
	case theirs != r.terms && in.By.Person != r.speaker:
		return nil, refuse(Denied, "not_speaker", "The speaker of this round chooses what to practise and how hard it is.")
	}
	if err := c.check(s, x); err != nil {
		return nil, err
	}
	return []Event{TermsSet{Step: s.agenda.now, Room: c.Room, Terms: c.Terms}}, nil
}

func (t Terms) check(s *Session, x *practice) error {
	_, known := s.scenario(t.Scenario)
	switch {
	case t.Scenario != "" && t.Scenario != ownScenario && !(known && x.offers(t.Scenario)):
		return refuse(NotFound, "scenario_unknown", "That scenario is not among those for today. Choose one from the list.")
	case t.Difficulty < 0 || t.Difficulty > 3:
		return refuse(Invalid, "difficulty_range", "Choose one of the three.")
	case t.Stance != "" && !slices.Contains(stances, t.Stance):
		return refuse(Invalid, "stance", "Choose one of the five ways to listen.")
	}
	return nil
}

func (e TermsSet) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	r := x.change(e.Room)
	r.terms, r.ready = e.Terms, map[PersonID]bool{}
	return x.touched(e.Room)
}

func (c SetLimits) decide(s *Session, in Input) ([]Event, error) {
	_, r, err := s.consent(in.By.Person, c.Room)
	if err != nil {
		return nil, err
	}
	text, err := cleanWords(c.Text, maxLimits)
	if err != nil || r.limits[in.By.Person] == text {
		return nil, err
	}
	return []Event{LimitsSet{Step: s.agenda.now, Person: in.By.Person, Text: text}}, nil
}

func (e LimitsSet) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	room := x.where[e.Person]
	r := x.change(room)
	if r.limits == nil {
		r.limits = map[PersonID]string{}
	}
	r.limits[e.Person], r.ready = e.Text, map[PersonID]bool{}
	return x.touched(room)
}

// onlyScenario is the scenario of a practice that offers one.
func (x *practice) onlyScenario() string {
	if len(x.script.Scenarios) == 1 && x.script.Scenarios[0] != allScenarios {
		return x.script.Scenarios[0]
	}
	return ""
}
