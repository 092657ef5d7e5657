package facilitator

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Text is one wording in every language of its programme: language tag → Markdown or plain text.
type Text map[string]string

// Size is how many people a programme is meant for.
type Size struct {
	From int `json:"from" yaml:"from" schema:"min=1,max=1000"`
	To   int `json:"to" yaml:"to" schema:"min=1,max=1000"`
}

// Programme is a whole workshop as its author wrote it: what happens, in which order, for how long, in which words.
// A session copies it when it opens and may then reorder or stretch its own copy; the programme never changes.
type Programme struct {
	ID        string       `json:"programme" yaml:"programme" schema:"form=slug" about:"A short name in small letters, digits and single hyphens."`
	Version   int          `json:"version" yaml:"version" schema:"min=1" about:"A number from 1 up; raise it when the words change."`
	Title     Text         `json:"title" yaml:"title" about:"What it is called on the shelf."`
	Summary   Text         `json:"summary" yaml:"summary" about:"What it is about, in two or three sentences."`
	Audience  Text         `json:"audience,omitempty" yaml:"audience" about:"Whom it is for."`
	Room      Text         `json:"room,omitempty" yaml:"room" about:"What phones and browser tabs call the room, in words that tell a passer-by nothing."`
	Settings  []string     `json:"settings,omitempty" yaml:"settings" schema:"enum=center|training|remote" about:"The kinds of room it was written for: a workshop in a recovery community center, a training class, a remote meeting."`
	Pack      string       `json:"pack,omitempty" yaml:"pack" about:"Whose words it is read with, unless another pack is chosen when it is opened."`
	Bring     Text         `json:"bring,omitempty" yaml:"bring" about:"What the facilitator prepares."`
	Teaches   []Text       `json:"teaches,omitempty" yaml:"teaches" schema:"max=20" about:"What people can do afterwards, where that is certified."`
	Size      Size         `json:"size" yaml:"size" about:"How many people it is meant for."`
	Minutes   int          `json:"minutes,omitempty" yaml:"minutes" schema:"min=1" about:"How long all steps last together."`
	Languages []string     `json:"languages" yaml:"languages" schema:"min=1,each=language" about:"The languages every text is written in."`
	Family    bool         `json:"family,omitempty" yaml:"family" about:"Whether there are family seats: whoever takes one finds the words of “family” on their phone."`
	Steps     []StepScript `json:"steps" yaml:"steps" schema:"min=1,max=60" about:"What happens, in this order."`
	Library   []Scenario   `json:"library,omitempty" yaml:"-"` // those its practices may choose from
}

// StepScript is one step of a programme. Say is for the facilitator's mouth, Phone for every participant's
// screen, Stage for the projector. With is the script of the step's own kind, already checked, as JSON.
type StepScript struct {
	ID      string          `json:"id" yaml:"id" schema:"form=slug" about:"A short name no other step has."`
	Kind    string          `json:"kind" yaml:"kind" about:"What sort of exercise it is."`
	Title   Text            `json:"title" yaml:"title" about:"What the agenda calls it."`
	Minutes int             `json:"minutes" yaml:"minutes" schema:"min=1,max=180" about:"How long it lasts."`
	Say     Text            `json:"say" yaml:"say" about:"What the facilitator says aloud; paragraphs that begin with > are notes for the facilitator alone."`
	Phone   Text            `json:"phone" yaml:"phone" about:"What every participant's screen says."`
	Stage   Text            `json:"stage" yaml:"stage" about:"What the projector says: one idea."`
	Family  FamilyWords     `json:"family,omitzero,omitempty" yaml:"family" about:"What the phone says to somebody with a family seat, in a programme that has them."`
	With    json.RawMessage `json:"with,omitempty" yaml:"with" about:"What the kind of step asks for."`
}

// ParseProgramme reads one programme file and checks all of it; programmes/README.md is what it holds an author to.
// file is only the name used in the errors, which are Mistakes. Its practices may choose from the scenarios that come
// with mend and from the author's own.
func ParseProgramme(file string, data []byte, own ...Scenario) (Programme, error) {
	p, err := ReadProgramme(file, data, own...)
	if err != nil {
		return Programme{}, err
	}
	return p, nil
}

//go:embed programmes/*.yaml
var builtIn embed.FS

// firstProgramme is where a shelf begins: what somebody can open who has never led one.
const firstProgramme = "making-amends"

// BuiltIn returns the programmes that come with mend, that first one before the others by the names of their files. Their
// practices may choose from the operator's own scenarios as well.
func BuiltIn(own ...Scenario) ([]Programme, error) {
	files, err := fs.Glob(builtIn, "programmes/*.yaml")
	if err != nil {
		return nil, err
	}
	programmes := make([]Programme, len(files))
	for i, file := range files {
		data, err := fs.ReadFile(builtIn, file)
		if err != nil {
			return nil, err
		}
		if programmes[i], err = ParseProgramme(file, data, own...); err != nil {
			return nil, err
		}
	}
	first := slices.IndexFunc(programmes, func(p Programme) bool { return p.ID == firstProgramme })
	if first < 0 {
		return nil, fmt.Errorf("there is no programme “%s”", firstProgramme)
	}
	p := programmes[first]
	return slices.Insert(slices.Delete(programmes, first, first+1), 0, p), nil
}

const (
	mostSteps   = 60
	mostPeople  = 1000
	mostTeaches = 20
	longestSlug = 64
)

// settings are the kinds of room there are: a workshop in a recovery community center, a training class, a meeting of
// people who are not in one place.
var settings = []string{"center", "training", "remote"}

// longest is how many characters still read well where a text of that key, or of that path, is shown.
var longest = map[string]int{
	"words.opening": 800, "words.closing": 800, "words.crosstalk": 240,
	"title": 80, "stage": 160, "phone": 600, "say": 6000,
	"notes": 300, "situation": 1000, "speaker": 1200, "opening": 240, "turn": 400, "watch": 200, "debrief": 200,
	"like": 700, "help": 400, "hurt": 400, "boundary": 400, "parts.speaker": 60, "parts.listener": 60,
	"question": 400, "options": 120, "places": 80, "prompts": 300, "talk": 300, "ask": 300, "lines": 300, "name": 80,
	"receptive": 400, "guarded": 400, "angry": 400, "silent": 400, "refuses": 400,
}

const longestOther = 4000

var (
	slug     = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	language = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

func (p *Programme) check(m *manuscript) {
	checkSlug(m, "programme", p.ID)
	m.checkVersion(p.Version)
	if p.Size.From < 1 || p.Size.To < p.Size.From || p.Size.To > mostPeople {
		m.wrong("size", "the size goes “from” a smaller number “to” a larger one, between 1 and %d people", mostPeople)
	}
	m.checkLanguages(p.Languages)
	p.checkFront(m)
	p.checkSteps(m)
	if !m.isWrong("languages") {
		m.checkTexts(p.Languages)
	}
}

func (m *manuscript) checkVersion(version int) {
	if version < 1 {
		m.wrong("version", "the version is a number from 1 up; raise it when the words change")
	}
}

// checkFront holds what may be left out, where it is there.
func (p *Programme) checkFront(m *manuscript) {
	for i, setting := range p.Settings {
		m.checkOneOf(fmt.Sprintf("settings[%d]", i), setting, settings)
	}
	if len(p.Teaches) > mostTeaches {
		m.wrong("teaches", "there are %d things taught here; name the %d that matter most", len(p.Teaches), mostTeaches)
	}
	if p.Pack != "" {
		names := []string{}
		for _, pack := range m.packs {
			names = append(names, pack.ID)
		}
		m.checkOneOf("pack", p.Pack, names)
	}
	minutes := 0
	for _, s := range p.Steps {
		minutes += s.Minutes
	}
	if p.Minutes != 0 && p.Minutes != minutes && len(p.Steps) > 0 {
		m.wrong("minutes", "the steps last %d minutes together, and %d are written here; change one or the other", minutes, p.Minutes)
	}
}

func (m *manuscript) checkLanguages(languages []string) {
	if len(languages) == 0 {
		m.wrong("languages", "at least one language is needed here, such as [en, es]")
	}
	for i, tag := range languages {
		at := fmt.Sprintf("languages[%d]", i)
		if !language.MatchString(tag) {
			m.wrong(at, "“%s” is not a language tag; write one such as en, es or pt-BR", tag)
		}
		if slices.Contains(languages[:i], tag) {
			m.wrong(at, "“%s” is listed twice; keep one", tag)
		}
	}
}

func (p *Programme) checkSteps(m *manuscript) {
	if len(p.Steps) == 0 || len(p.Steps) > mostSteps {
		m.wrong("steps", "a programme has between 1 and %d steps", mostSteps)
	}
	for i := range p.Steps {
		at := fmt.Sprintf("steps[%d]", i)
		p.Steps[i].check(m, at)
		p.checkPlace(m, at, i)
		p.checkFamily(m, at+".family", p.Steps[i].Family)
		p.checkWith(m, at, i)
	}
}

// checkPlace holds that the step's name is its own.
func (p *Programme) checkPlace(m *manuscript, at string, i int) {
	id := p.Steps[i].ID
	if id != "" && slices.ContainsFunc(p.Steps[:i], func(s StepScript) bool { return s.ID == id }) {
		m.wrong(at+".id", "“%s” is already the id of an earlier step; give this one another", id)
	}
}

// checkFamily holds that words for family seats stand in a programme that has them.
func (p *Programme) checkFamily(m *manuscript, at string, words FamilyWords) {
	switch {
	case len(words.Phone) > 0 && !p.Family:
		m.wrong(at, "only a programme with family seats has these words; write “family: true” at its top")
	case len(words.Cards) > mostFamilyCards:
		m.wrong(at+".cards", "%d cards are enough on a phone; there are %d here", mostFamilyCards, len(words.Cards))
	}
}

func (s *StepScript) check(m *manuscript, at string) {
	checkSlug(m, at+".id", s.ID)
	if s.Minutes < 1 || s.Minutes > maxMinutes {
		m.wrong(at+".minutes", "a step lasts from 1 to %d minutes", maxMinutes)
	}
}

// checkWith reads the script of the step's kind and keeps it as JSON.
func (p *Programme) checkWith(m *manuscript, at string, i int) {
	s, with := &p.Steps[i], at+".with"
	script, known := scriptFor(s.Kind)
	if !known {
		m.wrong(at+".kind", "“%s” is not a kind of step; the kinds are %s", s.Kind, kindNames())
		return
	}
	if node := m.raw[with]; node != nil {
		m.read(with, node, reflect.ValueOf(script).Elem())
	} else {
		m.wrong(with, "“with” is needed: what the step's kind asks for")
	}
	if checked, ok := script.(interface{ check() error }); ok {
		m.wrongIn(with, checked.check())
	}
	if asks, ok := script.(asksFamily); ok && asks.family() && !p.Family {
		m.wrong(with+".family", "only a programme with family seats asks them something; write “family: true” at its top, or leave “family” out")
	}
	switch c := script.(type) {
	case *CheckInScript:
		if c.Compare != "" {
			p.checkCompare(m, with, i, *c)
		}
	case *PracticeScript:
		p.checkScenarios(m, with, *c)
		if p.Family && c.Form == "lines" {
			m.wrong(with+".form", "lines bring everybody before everybody; with family seats, whom one practises with is each one's choice: write pairs or threes")
		}
	}
	s.With, _ = json.Marshal(script) // a script is plain data
}

// furnish lays the scenarios out, if there is a practice to choose them in.
func (p *Programme) furnish(own []Scenario) error {
	if !slices.ContainsFunc(p.Steps, func(s StepScript) bool { return s.Kind == practiceKind.name }) {
		return nil
	}
	library, err := Scenarios()
	for _, sc := range own {
		library = append(slices.DeleteFunc(library, func(other Scenario) bool { return other.ID == sc.ID }), sc)
	}
	p.Library = library
	return err
}

// trimLibrary leaves out what no practice of the programme names: a session carries its programme whole.
func (p *Programme) trimLibrary() {
	named := map[string]bool{}
	for _, s := range p.Steps {
		var c PracticeScript
		if s.Kind != practiceKind.name || json.Unmarshal(s.With, &c) != nil {
			continue
		}
		for _, id := range c.Scenarios {
			named[id] = true
		}
	}
	if !named[allScenarios] {
		p.Library = slices.DeleteFunc(p.Library, func(sc Scenario) bool { return !named[sc.ID] })
	}
}

// checkScenarios holds that the scenarios a practice names are there, in the programme's languages.
func (p *Programme) checkScenarios(m *manuscript, with string, c PracticeScript) {
	for i, id := range c.Scenarios {
		at := fmt.Sprintf("%s.scenarios[%d]", with, i)
		known := slices.IndexFunc(p.Library, func(sc Scenario) bool { return sc.ID == id })
		switch {
		case id == allScenarios:
		case known < 0:
			m.wrong(at, "“%s” is not a scenario; name one from the library, or all", id)
		default:
			for _, tag := range p.Languages {
				if !slices.Contains(p.Library[known].Languages, tag) {
					m.wrong(at, "the scenario “%s” is not there in “%s”", id, tag)
				}
			}
		}
	}
}

// checkCompare holds that a reading is compared with one taken before, on a scale as long.
func (p *Programme) checkCompare(m *manuscript, with string, i int, c CheckInScript) {
	var earlier CheckInScript
	before := slices.IndexFunc(p.Steps[:i], func(s StepScript) bool { return s.ID == string(c.Compare) && s.Kind == p.Steps[i].Kind })
	switch {
	case before < 0:
		m.wrong(with+".compare", "“%s” is not an earlier check-in; name the id of one that comes before this step", c.Compare)
	case json.Unmarshal(p.Steps[before].With, &earlier) == nil && len(earlier.Scale) != len(c.Scale):
		m.wrong(with+".scale", "this scale has %d labels and that of “%s” has %d; give both the same", len(c.Scale), c.Compare, len(earlier.Scale))
	}
}

func kindNames() string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.name
	}
	return strings.Join(names, ", ")
}

func checkSlug(m *manuscript, path, id string) {
	if !slug.MatchString(id) || len(id) > longestSlug {
		m.wrong(path, "“%s” is not a short name in small letters, digits and single hyphens, such as “check-in”", id)
	}
}

// checkTexts holds that every text of the file is there in every language of the programme, in no other, and not
// longer than what shows it can hold.
func (m *manuscript) checkTexts(languages []string) {
	for _, written := range m.texts {
		most := cmp.Or(longest[written.path], longest[lastKey(written.path)], longestOther)
		for _, tag := range slices.Sorted(maps.Keys(written.text)) {
			m.checkText(below(written.path, tag), tag, written.text[tag], most, languages)
		}
		for _, tag := range languages {
			if _, ok := written.text[tag]; !ok {
				m.wrong(written.path, "the text in “%s” is missing", tag)
			}
		}
	}
}

func (m *manuscript) checkText(path, tag, words string, most int, languages []string) {
	if !slices.Contains(languages, tag) {
		m.wrong(path, "“%s” is not among the languages above; add it there or remove it here", tag)
		return
	}
	switch n := m.checkBraces(path, tag, words); {
	case n == 0:
		m.wrong(path, "the text in “%s” is empty; write it", tag)
	case n > most:
		m.wrong(path, "too long: %d characters, at most %d read well here; shorten it", n, most)
	}
}

func lastKey(path string) string {
	path = path[strings.LastIndex(path, ".")+1:]
	if i := strings.IndexByte(path, '['); i >= 0 {
		path = path[:i]
	}
	return path
}
