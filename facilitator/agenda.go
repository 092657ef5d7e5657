package facilitator

import "slices"

// StepID names a step of the programme.
type StepID string

// agenda is the order of the steps and where the session stands in it. Steps before the present one
// are done, those after it are still to come.
type agenda struct {
	steps map[StepID]step
	order []StepID
	now   StepID // empty while people are still arriving
	began Time   // when the first step was opened

	fitted map[StepID]fitted // by the last fit; replaced, never changed
}

type step struct {
	script  StepScript
	minutes int
	skipped bool
	entered Time
	spent   Millis // before it was entered this time
}

func newAgenda(p Programme) agenda {
	a := agenda{steps: map[StepID]step{}}
	for _, sc := range p.Steps {
		id := StepID(sc.ID)
		a.steps[id] = step{script: sc, minutes: sc.Minutes}
		a.order = append(a.order, id)
	}
	return a
}

// at is where the present step stands in the order, -1 before the first.
func (a agenda) at() int { return slices.Index(a.order, a.now) }

// NextStep goes on to the next step that is not skipped.
type NextStep struct{}

// PreviousStep goes back.
type PreviousStep struct{}

// OpenStep goes to any step.
type OpenStep struct {
	Step StepID `json:"step"`
}

// SkipStep leaves a step that is still to come out, or takes it in again.
type SkipStep struct {
	Step StepID `json:"step"`
	Skip bool   `json:"skip"`
}

// MoveStep puts a step that is still to come before another, or last if Before is empty.
type MoveStep struct {
	Step   StepID `json:"step"`
	Before StepID `json:"before"`
}

// GiveMinutes gives a step minutes, or takes them away.
type GiveMinutes struct {
	Step StepID `json:"step"`
	By   int    `json:"by"`
}

// StepOpened says that the session went to a step.
type StepOpened struct {
	Step StepID `json:"step"`
	At   Time   `json:"at"`
}

// StepSkipped says that a step was left out or taken in.
type StepSkipped struct {
	Step StepID `json:"step"`
	Skip bool   `json:"skip"`
}

// AgendaOrdered says in what order the steps now stand.
type AgendaOrdered struct {
	Order []StepID `json:"order"`
}

// MinutesGiven says how many minutes a step has now.
type MinutesGiven struct {
	Step    StepID `json:"step"`
	Minutes int    `json:"minutes"`
	At      Time   `json:"at"`
}

var agendaOrders = []order{
	{name: "agenda.next", who: forLeaders, sample: NextStep{}},
	{name: "agenda.back", who: forLeaders, sample: PreviousStep{}},
	{name: "agenda.open", who: forLeaders, sample: OpenStep{}},
	{name: "agenda.skip", who: forLeaders, sample: SkipStep{}},
	{name: "agenda.move", who: forLeaders, sample: MoveStep{}},
	{name: "agenda.minutes", who: forLeaders, sample: GiveMinutes{}},
	{name: "agenda.fit", who: forLeaders, sample: FitAgenda{}},
	{name: "agenda.unfit", who: forLeaders, sample: UnfitAgenda{}},
}

var agendaFacts = []fact{
	{"step.opened", StepOpened{}},
	{"step.skipped", StepSkipped{}},
	{"agenda.ordered", AgendaOrdered{}},
	{"step.minutes", MinutesGiven{}},
	{"agenda.fitted", MinutesFitted{}},
}

func (NextStep) decide(s *Session, in Input) ([]Event, error) {
	for _, id := range s.agenda.order[s.agenda.at()+1:] {
		if !s.agenda.steps[id].skipped {
			return s.goTo(id, in), nil
		}
	}
	return nil, refuse(Conflict, "last_step", "This is the last step. Close the session when everybody is ready.")
}

func (PreviousStep) decide(s *Session, in Input) ([]Event, error) {
	for i := s.agenda.at() - 1; i >= 0; i-- {
		if id := s.agenda.order[i]; !s.agenda.steps[id].skipped {
			return s.goTo(id, in), nil
		}
	}
	return nil, refuse(Conflict, "first_step", "This is the first step.")
}

func (c OpenStep) decide(s *Session, in Input) ([]Event, error) {
	if _, ok := s.agenda.steps[c.Step]; !ok {
		return nil, noStep()
	}
	if c.Step == s.agenda.now {
		return nil, nil
	}
	return s.goTo(c.Step, in), nil
}

// goTo leaves the present step, letting its exercise finish, and opens another.
func (s *Session) goTo(id StepID, in Input) []Event {
	return append(s.leaving(), StepOpened{Step: id, At: in.At})
}

func (e StepOpened) apply(s *Session) Touched {
	s.leaveStep(e.At)
	clear(s.timers)
	clear(s.hold.items)
	if s.door.started == 0 {
		s.door.started = e.At
	}
	st := s.agenda.steps[e.Step]
	st.skipped, st.entered = false, e.At
	s.agenda.steps[e.Step], s.agenda.now = st, e.Step
	if s.doing[e.Step] == nil {
		s.doing[e.Step] = begin(st.script)
		s.rememberWishes(e.Step)
	}
	s.setTimer(stepTimer, e.At, Millis(st.minutes)*minute-st.spent)
	if s.agenda.began == 0 {
		s.agenda.began = e.At
	}
	return everybody
}

func (s *Session) leaveStep(at Time) {
	st, ok := s.agenda.steps[s.agenda.now]
	if !ok {
		return
	}
	st.spent += max(0, s.running(at).since(st.entered))
	st.entered = s.running(at)
	s.agenda.steps[s.agenda.now] = st
}

func (c SkipStep) decide(s *Session, _ Input) ([]Event, error) {
	if err := s.toCome(c.Step); err != nil {
		return nil, err
	}
	if s.agenda.steps[c.Step].skipped == c.Skip {
		return nil, nil
	}
	return []Event{StepSkipped(c)}, nil
}

func (e StepSkipped) apply(s *Session) Touched {
	st := s.agenda.steps[e.Step]
	st.skipped = e.Skip
	s.agenda.steps[e.Step] = st
	return nobody
}

func (c MoveStep) decide(s *Session, _ Input) ([]Event, error) {
	if err := s.toCome(c.Step); err != nil {
		return nil, err
	}
	order := slices.DeleteFunc(slices.Clone(s.agenda.order), func(id StepID) bool { return id == c.Step })
	at := len(order)
	if c.Before != "" {
		if err := s.toCome(c.Before); err != nil || c.Before == c.Step {
			return nil, noStep()
		}
		at = slices.Index(order, c.Before)
	}
	return []Event{AgendaOrdered{Order: slices.Insert(order, at, c.Step)}}, nil
}

func (e AgendaOrdered) apply(s *Session) Touched {
	s.agenda.order = slices.Clone(e.Order)
	return nobody
}

func (c GiveMinutes) decide(s *Session, in Input) ([]Event, error) {
	st, ok := s.agenda.steps[c.Step]
	if !ok {
		return nil, noStep()
	}
	m := st.minutes + c.By
	if c.By < -maxMinutes || m < 1 || m > maxMinutes {
		return nil, refuse(Invalid, "minutes_range", "A step lasts between 1 and 180 minutes.")
	}
	return []Event{MinutesGiven{Step: c.Step, Minutes: m, At: in.At}}, nil
}

const maxMinutes = 180

func (e MinutesGiven) apply(s *Session) Touched {
	st := s.agenda.steps[e.Step]
	by := Millis(e.Minutes-st.minutes) * minute
	st.minutes = e.Minutes
	s.agenda.steps[e.Step] = st
	if t, ok := s.timers[stepTimer]; ok && e.Step == s.agenda.now {
		t.Ends = max(t.Started, t.Ends.add(by))
		t.Over = t.Over && t.Ends <= s.running(e.At)
		s.timers[stepTimer] = t
	}
	return nobody
}

// toCome refuses a step that is not ahead of the present one.
func (s *Session) toCome(id StepID) error {
	if slices.Index(s.agenda.order, id) > s.agenda.at() {
		return nil
	}
	if _, ok := s.agenda.steps[id]; !ok {
		return noStep()
	}
	return refuse(Conflict, "step_begun", "Only steps that are still to come can be changed.")
}

func noStep() error {
	return refuse(NotFound, "no_step", "There is no such step in this programme. Reload the page to see the agenda as it is.")
}

// StepView is one stitch of the agenda.
type StepView struct {
	Order   int    `json:"order"`
	Kind    string `json:"kind"`
	Title   Text   `json:"title"`
	Minutes int    `json:"minutes"`
	State   string `json:"state"` // done, now, ahead or skipped
}

func (s *Session) agendaView() map[StepID]StepView {
	view := make(map[StepID]StepView, len(s.agenda.order))
	now := s.agenda.at()
	for i, id := range s.agenda.order {
		st := s.agenda.steps[id]
		view[id] = StepView{Order: i, Kind: st.script.Kind, Title: st.script.Title, Minutes: st.minutes, State: stepState(i, now, st.skipped)}
	}
	return view
}

func stepState(i, now int, skipped bool) string {
	switch {
	case i == now:
		return "now"
	case skipped:
		return "skipped"
	case i < now:
		return "done"
	}
	return "ahead"
}
