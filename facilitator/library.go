package facilitator

import (
	"embed"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
)

// Scenario is something to practise, as its author wrote it: a situation, a card for each who takes part, and how the
// listener may take it. Nobody in it has a name; cards use words such as “your sister”.
type Scenario struct {
	ID        string       `json:"scenario" yaml:"scenario"`
	Version   int          `json:"version" yaml:"version"`
	Languages []string     `json:"languages" yaml:"languages"`
	Title     Text         `json:"title" yaml:"title"`
	Relation  string       `json:"relation" yaml:"relation"`
	Harm      string       `json:"harm" yaml:"harm"`
	Form      string       `json:"form" yaml:"form"`
	Notes     Text         `json:"notes" yaml:"notes"` // what it touches, to be read before choosing it
	Situation Text         `json:"situation" yaml:"situation"`
	Speaker   Text         `json:"speaker" yaml:"speaker"`
	Listener  ListenerCard `json:"listener" yaml:"listener"`
	Parts     Parts        `json:"parts" yaml:"parts"`
	Opening   Text         `json:"opening" yaml:"opening"` // the listener's first words
	Turn      Text         `json:"turn" yaml:"turn"`       // something the listener may bring up in the middle
	Watch     []Text       `json:"watch" yaml:"watch"`     // what the observer looks for
	Debrief   []Text       `json:"debrief" yaml:"debrief"` // to ask afterwards, in the room
	Stances   Stances      `json:"stances" yaml:"stances"`
}

// ListenerCard is what the person who plays the one who was harmed knows, and the speaker does not.
type ListenerCard struct {
	Like     Text `json:"like" yaml:"like"`         // what it was like
	Help     Text `json:"help" yaml:"help"`         // what would help to hear
	Hurt     Text `json:"hurt" yaml:"hurt"`         // what would hurt to hear
	Boundary Text `json:"boundary" yaml:"boundary"` // what is not on offer today
}

// Parts is whom each plays, in words that can follow “I am not”: what they say when they step out of it.
type Parts struct {
	Speaker  Text `json:"speaker" yaml:"speaker"`
	Listener Text `json:"listener" yaml:"listener"`
}

func (p Parts) of(role string) Text {
	return map[string]Text{speaks: p.Speaker, listens: p.Listener}[role]
}

// Stances are the five ways a listener may play a scenario.
type Stances struct {
	Receptive Text `json:"receptive" yaml:"receptive"`
	Guarded   Text `json:"guarded" yaml:"guarded"`
	Angry     Text `json:"angry" yaml:"angry"` // with more to say
	Silent    Text `json:"silent" yaml:"silent"`
	Refuses   Text `json:"refuses" yaml:"refuses"`
}

// Stance is how the listener takes it.
type Stance string

// stances are all there are, from the easiest on.
var stances = []Stance{"receptive", "guarded", "silent", "angry", "refuses"}

func (s Stances) of(stance Stance) Text {
	return map[Stance]Text{
		"receptive": s.Receptive, "guarded": s.Guarded, "angry": s.Angry, "silent": s.Silent, "refuses": s.Refuses,
	}[stance]
}

var (
	relations = []string{
		"parent", "partner", "former-partner", "child", "sibling", "friend", "employer", "landlord", "neighbour",
		"died", "no-contact", "oneself",
	}
	harms = []string{"money", "promises", "absence", "lies", "driving", "theft", "work", "neglect"}
	// A conversation is spoken with somebody; a letter is read aloud and not sent; a choice is finding another form
	// than meeting the person.
	scenarioForms = []string{"conversation", "letter", "choice"}
)

// ParseScenario reads one scenario file and checks all of it; scenarios/README.md is what it holds an author to. file is
// only the name used in the errors, which are Mistakes.
func ParseScenario(file string, data []byte) (Scenario, error) {
	var sc Scenario
	m, root := openManuscript(file, data)
	if root != nil {
		m.read("", root, reflect.ValueOf(&sc).Elem())
		sc.check(m)
	}
	if err := m.err(); err != nil {
		return Scenario{}, err
	}
	return sc, nil
}

func (sc *Scenario) check(m *manuscript) {
	checkSlug(m, "scenario", sc.ID)
	if sc.ID == allScenarios || sc.ID == ownScenario {
		m.wrong("scenario", "“%s” has a meaning of its own; choose another name", sc.ID)
	}
	if sc.Version < 1 {
		m.wrong("version", "the version is a number from 1 up; raise it when the words change")
	}
	m.checkOneOf("relation", sc.Relation, relations)
	m.checkOneOf("harm", sc.Harm, harms)
	m.checkOneOf("form", sc.Form, scenarioForms)
	if len(sc.Watch) < 2 || len(sc.Watch) > 6 {
		m.wrong("watch", "an observer can watch for 2 to 6 things; there are %d here", len(sc.Watch))
	}
	if len(sc.Debrief) < 2 || len(sc.Debrief) > 5 {
		m.wrong("debrief", "2 to 5 questions are enough to talk about it; there are %d here", len(sc.Debrief))
	}
	m.checkLanguages(sc.Languages)
	if !m.isWrong("languages") {
		m.checkTexts(sc.Languages)
	}
}

func (m *manuscript) checkOneOf(path, value string, allowed []string) {
	if !slices.Contains(allowed, value) {
		m.wrong(path, "“%s” is none of those known here: %s", value, strings.Join(allowed, ", "))
	}
}

//go:embed scenarios/*.yaml
var scenarioFiles embed.FS

// Scenarios returns the scenarios that come with mend, by the names of their files.
func Scenarios() ([]Scenario, error) {
	files, err := fs.Glob(scenarioFiles, "scenarios/*.yaml")
	if err != nil {
		return nil, err
	}
	library := make([]Scenario, len(files))
	for i, file := range files {
		data, err := fs.ReadFile(scenarioFiles, file)
		if err != nil {
			return nil, err
		}
		if library[i], err = ParseScenario(file, data); err != nil {
			return nil, err
		}
		twice := func(sc Scenario) bool { return sc.ID == library[i].ID }
		if slices.ContainsFunc(library[:i], twice) {
			return nil, fmt.Errorf("%s: the name “%s” is that of another scenario", file, library[i].ID)
		}
	}
	return library, nil
}

const (
	allScenarios = "all" // in a programme: whatever there is
	ownScenario  = "own" // in a room: one that its speaker keeps on their own device
)
