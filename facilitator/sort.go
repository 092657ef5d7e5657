package facilitator

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// SortScript is what an author writes for a sort: where statements can be placed, the statements, and what to talk about
// with each of them and at the end.
type SortScript struct {
	Question Text       `json:"question" yaml:"question" about:"What is asked of every card."`
	Places   []Text     `json:"places" yaml:"places" schema:"min=2,max=5" about:"Where a card can be put."`
	Cards    []SortCard `json:"cards" yaml:"cards" schema:"min=1,max=12" about:"The statements to place."`
	Prompts  []Text     `json:"prompts,omitempty" yaml:"prompts" schema:"max=6" about:"What to talk about at the end."`
}

// SortCard is one statement. Note is for the facilitator, once the group talks about it.
type SortCard struct {
	Text    Text   `json:"text" yaml:"text" about:"The statement."`
	Note    Text   `json:"note,omitempty" yaml:"note" about:"For the facilitator alone, once the card is talked about."`
	Prompts []Text `json:"prompts,omitempty" yaml:"prompts" schema:"max=4" about:"What to talk about with this card, one at a time."`
}

func (sc SortScript) check() error {
	switch {
	case len(sc.Places) < 2 || len(sc.Places) > 5:
		return errors.New("places: 2 to 5 of them can be told apart")
	case len(sc.Cards) < 1 || len(sc.Cards) > 12:
		return errors.New("cards: 1 to 12 of them can be talked about")
	case len(sc.Prompts) > 6:
		return errors.New("prompts: 6 at the end are enough")
	}
	for i, card := range sc.Cards {
		if len(card.Prompts) > 4 {
			return fmt.Errorf("cards[%d] has too many prompts; 4 are enough", i)
		}
	}
	return nil
}

// PlaceCards hands one's own placement in, or changes it: for each card in order the place, counted from 1.
type PlaceCards struct {
	Places []int `json:"places"`
}

// TakeCards takes one's own placement back.
type TakeCards struct{}

// RevealSort ends the placing and begins to talk about it.
type RevealSort struct{}

// GoToStop moves the talk on or back. A card is a stop, and so is each of the prompts.
type GoToStop struct {
	To int `json:"to"`
}

// SettleCard notes where the group puts a card together, counted from 1; a place of 0 takes that back.
type SettleCard struct {
	Card  int `json:"card"`
	Place int `json:"place"`
}

// CardsPlaced is the fact of a placement; without places it takes it back.
type CardsPlaced struct {
	Step   StepID   `json:"step"`
	Person PersonID `json:"person"`
	Places []int    `json:"places,omitempty"`
}

// SortRevealed says that the placing is over and the spreads are shown.
type SortRevealed struct {
	Step StepID `json:"step"`
}

// StopReached says what is talked about.
type StopReached struct {
	Step StepID `json:"step"`
	To   int    `json:"to"`
}

// CardSettled says where the group puts a card.
type CardSettled struct {
	Step  StepID `json:"step"`
	Card  int    `json:"card"`
	Place int    `json:"place,omitempty"`
}

var sortKind = kind{
	name:   "sort",
	script: func() any { return new(SortScript) },
	begin: beginWith(func(sc SortScript) exercise {
		return &sorting{script: sc, placed: map[PersonID][]int{}, settled: map[int]int{}}
	}),
	orders: []order{
		{name: "sort.place", who: forPeople, sample: PlaceCards{}, silent: true},
		{name: "sort.take", who: forPeople, sample: TakeCards{}, silent: true},
		{name: "sort.reveal", who: forLeaders, sample: RevealSort{}},
		{name: "sort.go", who: forLeaders, sample: GoToStop{}},
		{name: "sort.settle", who: forLeaders, sample: SettleCard{}},
	},
	facts: []fact{
		{"sort.placed", CardsPlaced{}},
		{"sort.revealed", SortRevealed{}},
		{"sort.stop", StopReached{}},
		{"sort.settled", CardSettled{}},
	},
	views: []any{SortEveryone{}, SortFacilitators{}, SortOwn{}},
}

// sorting holds placements that only their authors see. They are drawn once, all cards at a time, when everybody here has
// handed in or the facilitator goes on; then they are final, as with a poll.
type sorting struct {
	plain
	script   SortScript
	placed   map[PersonID][]int
	revealed bool
	outlines []*Outline  // one for each card; never changed in place
	settled  map[int]int // card → place
	at       int         // the stop that is talked about
}

func (x *sorting) clone() exercise {
	c := *x
	c.placed, c.settled = maps.Clone(x.placed), maps.Clone(x.settled)
	return &c
}

// sortStop is a card, or a prompt; with a card from 1, or 0 for the prompts at the end.
type sortStop struct {
	card   int
	prompt Text
}

func (sc SortScript) stops() []sortStop {
	var stops []sortStop
	for i, card := range sc.Cards {
		stops = append(stops, sortStop{card: i + 1})
		for _, prompt := range card.Prompts {
			stops = append(stops, sortStop{i + 1, prompt})
		}
	}
	for _, prompt := range sc.Prompts {
		stops = append(stops, sortStop{prompt: prompt})
	}
	return stops
}

func (c PlaceCards) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*sorting](s)
	if err != nil {
		return nil, err
	}
	if x.revealed {
		return nil, sortOver()
	}
	bad := func(place int) bool { return place < 1 || place > len(x.script.Places) }
	if len(c.Places) != len(x.script.Cards) || slices.ContainsFunc(c.Places, bad) {
		return nil, refuse(Invalid, "sort_places", "Give every card one of the places, then hand in.")
	}
	if slices.Equal(x.placed[in.By.Person], c.Places) {
		return nil, nil
	}
	return s.orReveal([]Event{CardsPlaced{Step: id, Person: in.By.Person, Places: c.Places}}, id), nil
}

func sortOver() error {
	return refuse(Closed, "sort_over", "The group is talking about the cards now. Say aloud where you would put them.")
}

// orReveal adds that the placing is over, if after these events nobody here is waited for.
func (s *Session) orReveal(events []Event, id StepID) []Event {
	if x, ok := s.after(events...).doing[id].(*sorting); ok && x.complete(s) {
		return append(events, SortRevealed{Step: id})
	}
	return events
}

func (x *sorting) complete(s *Session) bool {
	return !x.revealed && len(x.placed) >= few && s.allHere(func(p PersonID) bool { return x.placed[p] != nil })
}

func (TakeCards) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*sorting](s)
	switch {
	case err != nil:
		return nil, err
	case x.revealed:
		return nil, sortOver()
	case x.placed[in.By.Person] == nil:
		return nil, nil
	}
	return []Event{CardsPlaced{Step: id, Person: in.By.Person}}, nil
}

func (e CardsPlaced) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*sorting); ok {
		if len(e.Places) == 0 {
			delete(x.placed, e.Person)
		} else {
			x.placed[e.Person] = e.Places
		}
	}
	return only(e.Person)
}

// absent goes on if it waited only for somebody who is not coming.
func (x *sorting) absent(s *Session, _ PersonID, _ Input) []Event {
	if x.complete(s) {
		return []Event{SortRevealed{Step: s.agenda.now}}
	}
	return nil
}

func (RevealSort) decide(s *Session, _ Input) ([]Event, error) {
	x, id, err := present[*sorting](s)
	if err != nil || x.revealed {
		return nil, err
	}
	return []Event{SortRevealed{Step: id}}, nil
}

func (e SortRevealed) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*sorting); ok && !x.revealed {
		x.revealed = true
		x.outlines = make([]*Outline, len(x.script.Cards))
		for i := range x.outlines {
			x.outlines[i] = x.outline(i)
		}
	}
	return nobody
}

func (x *sorting) outline(card int) *Outline {
	counts := make([]int, len(x.script.Places))
	for _, places := range x.placed {
		counts[places[card]-1]++
	}
	return outlineOfOne(counts)
}

func (c GoToStop) decide(s *Session, _ Input) ([]Event, error) {
	x, id, err := present[*sorting](s)
	switch {
	case err != nil || x.revealed && x.at == c.To:
		return nil, err
	case !x.revealed:
		return nil, notRevealed()
	case c.To < 0 || c.To >= len(x.script.stops()):
		return nil, refuse(Invalid, "no_prompt", "There is no such question in this programme.")
	}
	return []Event{StopReached{Step: id, To: c.To}}, nil
}

func notRevealed() error {
	return refuse(Conflict, "sort_alone", "Everybody still places the cards alone. End that first.")
}

func (e StopReached) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*sorting); ok {
		x.at = e.To
	}
	return nobody
}

func (c SettleCard) decide(s *Session, _ Input) ([]Event, error) {
	x, id, err := present[*sorting](s)
	switch {
	case err != nil:
		return nil, err
	case !x.revealed:
		return nil, notRevealed()
	case c.Card < 1 || c.Card > len(x.script.Cards) || c.Place < 0 || c.Place > len(x.script.Places):
		return nil, refuse(Invalid, "sort_places", "Give every card one of the places, then hand in.")
	case x.settled[c.Card] == c.Place:
		return nil, nil
	}
	return []Event{CardSettled{Step: id, Card: c.Card, Place: c.Place}}, nil
}

func (e CardSettled) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*sorting); ok {
		if e.Place == 0 {
			delete(x.settled, e.Card)
		} else {
			x.settled[e.Card] = e.Place
		}
	}
	return nobody
}

// SortEveryone is what everybody and the stage read. Card is the one that is talked about, 0 for none.
type SortEveryone struct {
	Question Text             `json:"question"`
	Places   []Text           `json:"places"`
	Cards    map[int]CardView `json:"cards"` // from 1, in order
	Revealed bool             `json:"revealed,omitempty"`
	Card     int              `json:"card,omitempty"`
	Prompt   Text             `json:"prompt,omitempty"`
}

// CardView is a statement, and once the placing is over how the group placed it.
type CardView struct {
	Text    Text     `json:"text"`
	Outline *Outline `json:"outline,omitempty"`
	Settled int      `json:"settled,omitempty"` // where the group puts it together
}

// SortFacilitators is how far the group is, never who, and what there is to talk about. Answers is left out under 4.
type SortFacilitators struct {
	Answers int        `json:"answers,omitempty"`
	All     bool       `json:"all,omitempty"` // everybody here has handed in
	Stops   []SortStop `json:"stops"`
	At      int        `json:"at"`
	Note    Text       `json:"note,omitempty"` // on the card that is talked about
}

// SortStop is one thing to talk about: a card, or a prompt.
type SortStop struct {
	Card   int  `json:"card,omitempty"`
	Prompt Text `json:"prompt,omitempty"`
}

// SortOwn is a person's own placement, absent before they handed in.
type SortOwn struct {
	Places []int `json:"places,omitempty"`
}

func (x *sorting) everyone(*Session, StepID) any {
	v := SortEveryone{Question: x.script.Question, Places: x.script.Places, Cards: map[int]CardView{}, Revealed: x.revealed}
	for i, card := range x.script.Cards {
		shown := CardView{Text: card.Text, Settled: x.settled[i+1]}
		if x.revealed {
			shown.Outline = x.outlines[i]
		}
		v.Cards[i+1] = shown
	}
	if now, ok := x.now(); ok {
		v.Card, v.Prompt = now.card, now.prompt
	}
	return v
}

func (x *sorting) now() (sortStop, bool) {
	if stops := x.script.stops(); x.revealed && x.at < len(stops) {
		return stops[x.at], true
	}
	return sortStop{}, false
}

func (x *sorting) stage(s *Session, id StepID) any { return x.everyone(s, id) }

func (x *sorting) facilitators(s *Session, _ StepID) any {
	v := SortFacilitators{
		Answers: atLeastFew(len(x.placed)), All: s.allHere(func(p PersonID) bool { return x.placed[p] != nil }), At: x.at,
	}
	for _, stop := range x.script.stops() {
		v.Stops = append(v.Stops, SortStop{Card: stop.card, Prompt: stop.prompt})
	}
	if now, ok := x.now(); ok && now.card > 0 {
		v.Note = x.script.Cards[now.card-1].Note
	}
	return v
}

func (x *sorting) person(_ *Session, _ StepID, p PersonID) any {
	if places := x.placed[p]; places != nil {
		return SortOwn{Places: places}
	}
	return nil
}
