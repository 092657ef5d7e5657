package facilitator

import (
	"errors"
	"maps"
	"slices"
)

// GoAroundScript is what an author writes for a go-around. Order is joined or random; Most is the
// longest anybody's turn should be, in seconds, 0 for as long as the minutes allow.
type GoAroundScript struct {
	Prompt Text   `json:"prompt" yaml:"prompt" about:"What everybody is asked."`
	Order  string `json:"order" yaml:"order" schema:"enum=joined|random" about:"As people joined, or shuffled."`
	Most   int    `json:"most" yaml:"most" schema:"min=0,max=3600" about:"The longest turn in seconds; 0 for as long as the minutes allow."`
}

func (sc GoAroundScript) check() error {
	if sc.Order != "" && sc.Order != "joined" && sc.Order != "random" {
		return errors.New("order is either joined or random")
	}
	if sc.Most < 0 || sc.Most > 3600 {
		return errors.New("most is a number of seconds from 0 to 3600")
	}
	return nil
}

// StartRound begins a go-around, or goes on with one where nobody has the turn.
type StartRound struct{}

// EndTurn is for the speaker, or the facilitator in their place: they have spoken.
type EndTurn struct{}

// PassTurn passes, during one's turn or before it.
type PassTurn struct{}

// ComeBackToMe puts one's own turn off to the end of the round.
type ComeBackToMe struct{}

// SkipTurn goes on without the speaker, who is come back to at the end.
type SkipTurn struct{}

// CallPerson gives somebody the turn: out of order, or for a second round.
type CallPerson struct {
	Person PersonID `json:"person"`
}

// RoundStarted says in which order people are asked.
type RoundStarted struct {
	Step  StepID     `json:"step"`
	Order []PersonID `json:"order"`
}

// TurnGiven says whose turn it is and how long it is meant to be.
type TurnGiven struct {
	Step   StepID   `json:"step"`
	Person PersonID `json:"person"`
	At     Time     `json:"at"`
	Length Millis   `json:"length"`
}

// TurnEnded says how somebody's turn ended, or that they will not take it.
type TurnEnded struct {
	Step   StepID   `json:"step"`
	Person PersonID `json:"person"`
	How    Standing `json:"how"`
}

var goAroundKind = kind{
	name:   "goaround",
	script: func() any { return new(GoAroundScript) },
	begin: beginWith(func(sc GoAroundScript) exercise {
		return &goAround{script: sc, turns: turns{standings: map[PersonID]Standing{}}}
	}),
	orders: []order{
		{name: "goaround.start", who: forLeaders, sample: StartRound{}},
		{name: "goaround.done", who: forPeople, sample: EndTurn{}},
		{name: "goaround.pass", who: forPeople, sample: PassTurn{}, silent: true},
		{name: "goaround.later", who: forPeople, sample: ComeBackToMe{}, silent: true},
		{name: "goaround.skip", who: forLeaders, sample: SkipTurn{}},
		{name: "goaround.call", who: forLeaders, sample: CallPerson{}},
	},
	facts: []fact{
		{"goaround.started", RoundStarted{}},
		{"goaround.turn", TurnGiven{}},
		{"goaround.ended", TurnEnded{}},
	},
	views: []any{GoAroundEveryone{}, GoAroundStage{}, GoAroundOwn{}},
}

type goAround struct {
	plain
	script  GoAroundScript
	started bool
	turns   turns
}

func (x *goAround) clone() exercise {
	c := *x
	c.turns = x.turns.clone()
	return &c
}

func (x *goAround) joined(_ *Session, p PersonID) {
	if x.started {
		x.turns.add(p)
	}
}

func (x *goAround) left(p PersonID) { x.turns.remove(p) }

func (s *Session) there(p PersonID) bool { return s.people[p].present() }

func (StartRound) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*goAround](s)
	if err != nil {
		return nil, err
	}
	if x.started {
		return s.nextTurn(in), nil
	}
	order := slices.SortedFunc(maps.Keys(s.people), func(a, b PersonID) int { return s.people[a].number - s.people[b].number })
	if x.script.Order == "random" {
		in.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	started := RoundStarted{Step: id, Order: order}
	return append([]Event{started}, s.after(started).nextTurn(in)...), nil
}

func (e RoundStarted) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*goAround); ok {
		x.started = true
		for _, p := range e.Order {
			x.turns.add(p)
		}
	}
	return everybody
}

// nextTurn gives the turn to whoever is next, if anybody is.
func (s *Session) nextTurn(in Input) []Event {
	x := s.doing[s.agenda.now].(*goAround)
	p, ok := x.turns.next(s.there)
	if !ok || x.turns.now != "" {
		return nil
	}
	return []Event{TurnGiven{Step: s.agenda.now, Person: p, At: in.At, Length: s.turnLength(x, in.At)}}
}

const leastTurn = 30 * second

// turnLength shares the time the step has left among those who have not spoken, within reason.
func (s *Session) turnLength(x *goAround, at Time) Millis {
	left := s.timers[stepTimer].Ends.since(s.running(at))
	each := left / Millis(max(1, x.turns.toCome(s.there)))
	if most := Millis(x.script.Most) * second; most > 0 {
		each = min(each, most)
	}
	return max(each/second*second, leastTurn)
}

func (e TurnGiven) apply(s *Session) Touched {
	x, ok := s.doing[e.Step].(*goAround)
	if !ok {
		return nobody
	}
	x.turns.give(e.Person)
	delete(s.timers, minuteTimer)
	s.setTimer(turnTimer, e.At, e.Length)
	if e.Length > minute {
		s.setTimer(minuteTimer, e.At, e.Length-minute)
	}
	s.setHand(e.Person, 0)
	return only(e.Person)
}

func (EndTurn) decide(s *Session, in Input) ([]Event, error) {
	x, _, err := present[*goAround](s)
	if err != nil || x.turns.now == "" {
		return nil, err
	}
	if in.By.Person != x.turns.now && !s.people[in.By.Person].role.leads() {
		return nil, notYourTurn()
	}
	return s.endTurn(x.turns.now, Spoken, in), nil
}

func (PassTurn) decide(s *Session, in Input) ([]Event, error) { return s.ownTurn(in, Passed) }

func (ComeBackToMe) decide(s *Session, in Input) ([]Event, error) { return s.ownTurn(in, Later) }

// ownTurn passes or puts off one's own turn, whether it has come or not.
func (s *Session) ownTurn(in Input, how Standing) ([]Event, error) {
	x, _, err := present[*goAround](s)
	if err != nil {
		return nil, err
	}
	switch st := x.turns.standings[in.By.Person]; {
	case st == how:
		return nil, nil
	case st != Waiting && st != Speaking && st != Later:
		return nil, notYourTurn()
	}
	return s.endTurn(in.By.Person, how, in), nil
}

// endTurn ends a turn and gives it on. Somebody who is the last to be come back to and puts it off
// again simply keeps the room waiting for a hand: the round does not run in a circle.
func (s *Session) endTurn(p PersonID, how Standing, in Input) []Event {
	x := s.doing[s.agenda.now].(*goAround)
	ended := TurnEnded{Step: s.agenda.now, Person: p, How: how}
	if x.turns.now != p {
		return []Event{ended}
	}
	then := s.after(ended)
	if next, _ := then.doing[s.agenda.now].(*goAround).turns.next(s.there); next == p {
		return []Event{ended}
	}
	return append([]Event{ended}, then.nextTurn(in)...)
}

func (e TurnEnded) apply(s *Session) Touched {
	x, ok := s.doing[e.Step].(*goAround)
	if !ok {
		return nobody
	}
	if x.turns.now == e.Person {
		delete(s.timers, turnTimer)
		delete(s.timers, minuteTimer)
	}
	x.turns.end(e.Person, e.How)
	return only(e.Person)
}

func (SkipTurn) decide(s *Session, in Input) ([]Event, error) {
	x, _, err := present[*goAround](s)
	if err != nil || x.turns.now == "" {
		return nil, err
	}
	return s.endTurn(x.turns.now, Later, in), nil
}

func (c CallPerson) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*goAround](s)
	if err != nil || x.turns.now == c.Person {
		return nil, err
	}
	if _, ok := s.people[c.Person]; !ok {
		return nil, noPerson()
	}
	var events []Event
	if !x.started {
		return nil, refuse(Conflict, "round_not_started", "Start the go-around first.")
	}
	if x.turns.now != "" {
		events = append(events, TurnEnded{Step: id, Person: x.turns.now, How: Spoken})
	}
	length := s.after(events...).turnLength(x, in.At)
	return append(events, TurnGiven{Step: id, Person: c.Person, At: in.At, Length: length}), nil
}

// absent gives the turn on when the speaker steps away or leaves.
func (x *goAround) absent(s *Session, p PersonID, in Input) []Event {
	if x.turns.now != p {
		return nil
	}
	return s.endTurn(p, Later, in)
}

// leaving ends the present turn, so that coming back to the step finds nobody speaking by surprise.
func (x *goAround) leaving(_ *Session, id StepID) []Event {
	if x.turns.now == "" {
		return nil
	}
	return []Event{TurnEnded{Step: id, Person: x.turns.now, How: Later}}
}

func notYourTurn() error {
	return refuse(Conflict, "not_your_turn", "It is not your turn any more. Raise your hand to be called again.")
}

// GoAroundEveryone is what everybody reads. Each is how long a turn would be if it began with all the
// step's minutes, for the time before the round begins.
type GoAroundEveryone struct {
	Prompt  Text                  `json:"prompt"`
	Started bool                  `json:"started,omitempty"`
	Over    bool                  `json:"over,omitempty"` // nobody who is here is left to ask
	Now     PersonID              `json:"now,omitempty"`
	Turns   map[PersonID]TurnView `json:"turns"`
	Each    Millis                `json:"each"`
	Turn    *Timer                `json:"turn,omitempty"`
	Minute  *Timer                `json:"minute,omitempty"` // over when a minute of the turn is left
}

// GoAroundStage shows that somebody speaks, not who.
type GoAroundStage struct {
	Prompt   Text   `json:"prompt"`
	Speaking bool   `json:"speaking,omitempty"`
	Over     bool   `json:"over,omitempty"`
	Turn     *Timer `json:"turn,omitempty"`
}

// GoAroundOwn is one's own place.
type GoAroundOwn struct {
	Standing Standing `json:"standing,omitempty"`
}

func (x *goAround) over(s *Session) bool {
	return x.started && x.turns.now == "" && x.turns.toCome(s.there) == 0
}

func (x *goAround) everyone(s *Session, id StepID) any {
	there := 0
	for _, p := range s.people {
		if p.present() {
			there++
		}
	}
	each := Millis(s.agenda.steps[id].minutes) * minute / Millis(max(1, there))
	if most := Millis(x.script.Most) * second; most > 0 {
		each = min(each, most)
	}
	return GoAroundEveryone{
		Prompt: x.script.Prompt, Started: x.started, Over: x.over(s), Now: x.turns.now, Turns: x.turns.view(),
		Each: max(each/second*second, leastTurn), Turn: s.timer(turnTimer), Minute: s.timer(minuteTimer),
	}
}

func (x *goAround) stage(s *Session, _ StepID) any {
	return GoAroundStage{Prompt: x.script.Prompt, Speaking: x.turns.now != "", Over: x.over(s), Turn: s.timer(turnTimer)}
}

func (x *goAround) person(_ *Session, _ StepID, p PersonID) any {
	return GoAroundOwn{Standing: x.turns.standings[p]}
}
