package facilitator

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// PracticeScript is what an author writes for practice rooms. Form is pairs, threes or lines; Scenarios names those to
// choose from, or “all”; Rounds is how many partners each meets on either side of the lines.
type PracticeScript struct {
	Form         string          `json:"form" yaml:"form" schema:"enum=pairs|threes|lines" about:"Who is in a room together."`
	Scenarios    []string        `json:"scenarios" yaml:"scenarios" schema:"min=1" about:"Names of scenarios, or all."`
	Minutes      PracticeMinutes `json:"minutes" yaml:"minutes" about:"How long each part of a round lasts."`
	Rounds       int             `json:"rounds,omitempty" yaml:"rounds" schema:"min=0,max=6" about:"In lines: how many partners each meets on either side, from 2 to 6."`
	Mixing       bool            `json:"mixing,omitempty" yaml:"mixing"`             // people with and without experience together
	Competencies bool            `json:"competencies,omitempty" yaml:"competencies"` // trainees may hand their totals in
	Rest         Text            `json:"rest" yaml:"rest"`                           // for those who sit out
	Debrief      []Text          `json:"debrief" yaml:"debrief"`                     // for all, afterwards
	Grounding    Text            `json:"grounding" yaml:"grounding"`                 // after a stop, and at the end
}

// PracticeMinutes is how long each phase of a round is meant to be, in minutes.
type PracticeMinutes struct {
	Consent  int `json:"consent" yaml:"consent" schema:"min=1,max=30"`
	Prepare  int `json:"prepare" yaml:"prepare" schema:"min=1,max=30"`
	Rehearse int `json:"rehearse" yaml:"rehearse" schema:"min=1,max=30"`
	Speaker  int `json:"speaker" yaml:"speaker" schema:"min=1,max=30"`
	Listener int `json:"listener" yaml:"listener" schema:"min=1,max=30"`
	Observer int `json:"observer" yaml:"observer" schema:"min=1,max=30"`
	Again    int `json:"again" yaml:"again" schema:"min=1,max=30"`
	Out      int `json:"out" yaml:"out" schema:"min=1,max=30"`
}

func (sc PracticeScript) check() error {
	if sc.Form != "pairs" && sc.Form != "threes" && sc.Form != "lines" {
		return errors.New("form is pairs, threes or lines")
	}
	if len(sc.Scenarios) == 0 {
		return errors.New("scenarios names at least one, or [all]")
	}
	for phase, minutes := range sc.Minutes.each() {
		if minutes < 1 || minutes > 30 {
			return fmt.Errorf("minutes gives each phase from 1 to 30, and “%s” has %d", phase, minutes)
		}
	}
	if sc.Rounds < 0 || sc.Rounds == 1 || sc.Rounds > 6 || sc.Form == "lines" && sc.Rounds == 0 {
		return errors.New("rounds is how many partners each meets on either side of the lines, from 2 to 6")
	}
	return nil
}

func (m PracticeMinutes) each() map[Phase]int {
	return map[Phase]int{
		inConsent: m.Consent, inPrepare: m.Prepare, inRehearse: m.Rehearse, inSpeaker: m.Speaker, inListener: m.Listener,
		inObserver: m.Observer, inAgain: m.Again, inOut: m.Out,
	}
}

// PracticeStage is where the whole group stands: rooms are being formed, are open, are called back, or all are together
// again.
type PracticeStage string

const (
	forming   PracticeStage = "forming"
	roomsOpen PracticeStage = "open"
	goingBack PracticeStage = "back"
	debriefed PracticeStage = "debrief"
	grounded  PracticeStage = "grounding"
)

var practiceKind = kind{
	name:   "practice",
	script: func() any { return new(PracticeScript) },
	begin: beginWith(func(sc PracticeScript) exercise {
		return &practice{
			script: sc, stands: forming, wishes: map[PersonID]wish{}, sat: map[PersonID]SitWith{}, rooms: map[RoomID]*practiceRoom{}, where: map[PersonID]RoomID{},
			visits: map[PersonID]RoomID{}, inRole: map[PersonID]played{}, took: map[PersonID]took{}, totals: map[PersonID]map[Behaviour]int{}, handedIn: map[PersonID]bool{},
		}
	}),
	orders: slices.Concat(wishOrders, formOrders, stageOrders, termsOrders, tapOrders, stopOrders, talkOrders, visitOrders, observerOrders),
	facts:  slices.Concat(wishFacts, formFacts, stageFacts, linesFacts, termsFacts, roundFacts, tapFacts, stopFacts, talkFacts, visitFacts, observerFacts),
	views:  []any{PracticeEveryone{}, PracticeFacilitators{}, PracticeStageView{}, PracticeOwn{}},
}

// practice is the rooms in which people rehearse. A room is never changed in place: what shares it keeps it as it was.
type practice struct {
	plain
	script   PracticeScript
	stands   PracticeStage
	wishes   map[PersonID]wish
	sat      map[PersonID]SitWith // as the session has them
	tight    bool                 // not every wish could be kept when the rooms were formed
	rooms    map[RoomID]*practiceRoom
	where    map[PersonID]RoomID
	visits   map[PersonID]RoomID // facilitators who entered a room, each at most one
	inRole   map[PersonID]played // who took a role and has not stepped out of it
	took     map[PersonID]took   // since the rooms were formed
	made     int                 // rooms since they were formed; the newest one's number
	round    int                 // of the lines, from 1
	said     Announcement
	totals   map[PersonID]map[Behaviour]int // seen in each as a speaker; only where the script has competencies
	handedIn map[PersonID]bool
}

func (x *practice) clone() exercise {
	c := *x
	c.wishes, c.rooms, c.where = maps.Clone(x.wishes), maps.Clone(x.rooms), maps.Clone(x.where)
	c.sat = maps.Clone(x.sat)
	c.visits, c.inRole, c.took = maps.Clone(x.visits), maps.Clone(x.inRole), maps.Clone(x.took)
	c.totals, c.handedIn = maps.Clone(x.totals), maps.Clone(x.handedIn)
	return &c
}

// running reports whether the rooms have their doors open.
func (x *practice) running() bool { return x.stands == roomsOpen || x.stands == goingBack }

// practiceOf is the practice of a step, for the events of one.
func (s *Session) practiceOf(id StepID) *practice {
	x, _ := s.doing[id].(*practice)
	return x
}

// nowPractice is the practice of the present step, or nil.
func (s *Session) nowPractice() *practice { return s.practiceOf(s.agenda.now) }

// left is for when somebody's seat is gone: the rooms were told by absent before.
func (x *practice) left(p PersonID) {
	delete(x.wishes, p)
	delete(x.sat, p)
	delete(x.visits, p)
	delete(x.inRole, p)
	delete(x.took, p)
	delete(x.totals, p)
	delete(x.handedIn, p)
	for other, w := range x.wishes {
		if slices.Contains(w.notWith, p) {
			w.notWith = slices.DeleteFunc(slices.Clone(w.notWith), func(q PersonID) bool { return q == p })
			x.wishes[other] = w
		}
	}
}

// PracticeEveryone is what everybody reads. Scenarios are those to choose from, while rooms are there.
type PracticeEveryone struct {
	Form         string                    `json:"form"`
	Stage        PracticeStage             `json:"stage"`
	Minutes      PracticeMinutes           `json:"minutes"`
	Rounds       int                       `json:"rounds,omitempty"`
	Round        int                       `json:"round,omitempty"` // of the lines
	Mixing       bool                      `json:"mixing,omitempty"`
	Competencies bool                      `json:"competencies,omitempty"`
	Scenarios    map[string]ScenarioChoice `json:"scenarios,omitempty"`
	Rest         Text                      `json:"rest"`
	Debrief      []Text                    `json:"debrief,omitempty"`
	Grounding    Text                      `json:"grounding"`
	Said         *Announcement             `json:"said,omitempty"`
	Back         *Timer                    `json:"back,omitempty"` // over when the warning is: rooms then have their last minute
}

// ScenarioChoice is what there is to know of a scenario before choosing it.
type ScenarioChoice struct {
	Title    Text   `json:"title"`
	Notes    Text   `json:"notes"`
	Relation string `json:"relation"`
	Harm     string `json:"harm"`
	Form     string `json:"form"`
}

// PracticeStageView says how many rooms there are and when all come back.
type PracticeStageView struct {
	Form    string        `json:"form"`
	Stage   PracticeStage `json:"stage"`
	Rooms   int           `json:"rooms,omitempty"`
	Said    *Announcement `json:"said,omitempty"`
	Back    *Timer        `json:"back,omitempty"`
	Debrief []Text        `json:"debrief,omitempty"`
	Words   Text          `json:"words,omitempty"` // at the grounding
}

func (x *practice) everyone(s *Session, _ StepID) any {
	v := PracticeEveryone{
		Form: x.script.Form, Stage: x.stands, Minutes: x.script.Minutes, Rounds: x.script.Rounds, Round: x.round, Mixing: x.script.Mixing,
		Competencies: x.script.Competencies, Rest: x.script.Rest, Grounding: x.script.Grounding, Said: x.announcement(), Back: s.timer(backTimer),
	}
	switch x.stands {
	case debriefed:
		v.Debrief = x.script.Debrief
	case forming, roomsOpen, goingBack:
		v.Scenarios = x.choices(s)
	}
	return v
}

func (x *practice) stage(s *Session, _ StepID) any {
	v := PracticeStageView{Form: x.script.Form, Stage: x.stands, Said: x.announcement(), Back: s.timer(backTimer)}
	switch {
	case x.running():
		v.Rooms = len(x.rooms)
	case x.stands == debriefed:
		v.Debrief = x.script.Debrief
	case x.stands == grounded:
		v.Words = x.script.Grounding
	}
	return v
}

func (x *practice) choices(s *Session) map[string]ScenarioChoice {
	view := map[string]ScenarioChoice{}
	for _, sc := range s.programme.Library {
		if x.offers(sc.ID) {
			view[sc.ID] = ScenarioChoice{Title: sc.Title, Notes: sc.Notes, Relation: sc.Relation, Harm: sc.Harm, Form: sc.Form}
		}
	}
	return view
}

func (x *practice) offers(scenario string) bool {
	return slices.Contains(x.script.Scenarios, allScenarios) || slices.Contains(x.script.Scenarios, scenario)
}

func (s *Session) scenario(id string) (Scenario, bool) {
	i := slices.IndexFunc(s.programme.Library, func(sc Scenario) bool { return sc.ID == id })
	if i < 0 {
		return Scenario{}, false
	}
	return s.programme.Library[i], true
}
