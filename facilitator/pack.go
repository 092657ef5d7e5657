package facilitator

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Pack is how one kind of room says things, so that one programme reads right in each. A programme names a word of a pack
// in braces, {guide}; the words are put in when a session opens.
type Pack struct {
	ID        string    `json:"pack" yaml:"pack"`
	Version   int       `json:"version" yaml:"version"`
	Languages []string  `json:"languages" yaml:"languages"`
	Title     Text      `json:"title" yaml:"title"`
	Summary   Text      `json:"summary" yaml:"summary"`
	Words     PackWords `json:"words" yaml:"words"`
}

// PackWords are all there are. A new one is a field here and a text in every file of packs/.
type PackWords struct {
	Guide     Text `json:"guide" yaml:"guide"`         // who one talks it over with, after “your”
	Guides    Text `json:"guides" yaml:"guides"`       // the same as a sort of people, without “your”
	Gathering Text `json:"gathering" yaml:"gathering"` // what this is: “this meeting”
	Strength  Text `json:"strength" yaml:"strength"`   // what holds us up, after “lean on”
	CrossTalk Text `json:"crosstalk" yaml:"crosstalk"` // the rule for answering what somebody shared; a whole sentence
	Opening   Text `json:"opening" yaml:"opening"`     // how such a room begins; a whole paragraph
	Closing   Text `json:"closing" yaml:"closing"`     // how it ends; a whole paragraph
}

// plainPack is what a programme reads with if nobody chose a pack.
const plainPack = "plain"

// ParsePack reads one pack and checks all of it. file is only the name used in the errors, which are Mistakes.
func ParsePack(file string, data []byte) (Pack, error) {
	var p Pack
	m, root := openManuscript(file, data)
	if root != nil {
		m.read("", root, reflect.ValueOf(&p).Elem())
		checkSlug(m, "pack", p.ID)
		m.checkVersion(p.Version)
		m.checkLanguages(p.Languages)
		if !m.isWrong("languages") {
			m.checkTexts(p.Languages)
		}
	}
	if err := m.err(); err != nil {
		return Pack{}, err
	}
	return p, nil
}

//go:embed packs/*.yaml
var packFiles embed.FS

// Packs returns the packs that come with mend, the plain one first.
func Packs() ([]Pack, error) {
	files, err := fs.Glob(packFiles, "packs/*.yaml")
	if err != nil {
		return nil, err
	}
	packs := make([]Pack, len(files))
	for i, file := range files {
		data, err := fs.ReadFile(packFiles, file)
		if err != nil {
			return nil, err
		}
		if packs[i], err = ParsePack(file, data); err != nil {
			return nil, err
		}
	}
	plain := slices.IndexFunc(packs, func(p Pack) bool { return p.ID == plainPack })
	if plain < 0 {
		return nil, fmt.Errorf("there is no pack “%s”", plainPack)
	}
	first := packs[plain]
	return slices.Insert(slices.Delete(packs, plain, plain+1), 0, first), nil
}

// readPacks is for a programme that names a pack, or words of one.
func (m *manuscript) readPacks(p *Programme, data []byte) (err error) {
	if p.Pack != "" || aWord.Match(data) {
		m.packs, err = Packs()
	}
	return err
}

// In is the programme as a room of that kind says it.
func (p Programme) In(pack Pack) Programme {
	raw, _ := json.Marshal(p.Steps) // steps are plain data
	p.Steps, p.Pack = nil, pack.ID
	_ = json.Unmarshal(raw, &p.Steps)
	for i := range p.Steps {
		s := &p.Steps[i]
		pack.fill(reflect.ValueOf(s).Elem())
		if script, known := scriptFor(s.Kind); known && json.Unmarshal(s.With, script) == nil {
			pack.fill(reflect.ValueOf(script).Elem())
			s.With, _ = json.Marshal(script)
		}
	}
	return p
}

// fill puts the pack's words into every text below v, in place.
func (p Pack) fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Map:
		if texts, ok := v.Interface().(Text); ok {
			for tag, words := range texts {
				texts[tag] = p.said(tag, words)
			}
			return
		}
		for _, key := range v.MapKeys() {
			one := reflect.New(v.Type().Elem()).Elem()
			one.Set(v.MapIndex(key))
			p.fill(one)
			v.SetMapIndex(key, one)
		}
	case reflect.Slice:
		for i := range v.Len() {
			p.fill(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			p.fill(v.Field(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			p.fill(v.Elem())
		}
	}
}

var (
	inBraces = regexp.MustCompile(`\{[^{}\n]{0,60}\}`)
	aWord    = regexp.MustCompile(`\{[A-Za-z]+\}`)
)

// said is a text with the pack's words in it. A name that begins with a capital begins a sentence.
func (p Pack) said(tag, words string) string {
	return inBraces.ReplaceAllStringFunc(words, func(braced string) string {
		name := braced[1 : len(braced)-1]
		text, known := p.word(strings.ToLower(name))
		if !known || text[tag] == "" {
			return braced
		}
		word := []rune(text[tag])
		if unicode.IsUpper([]rune(name)[0]) {
			word[0] = unicode.ToUpper(word[0])
		}
		return string(word)
	})
}

func (p Pack) word(name string) (Text, bool) {
	i := slices.Index(packWords(), name)
	if i < 0 {
		return nil, false
	}
	return reflect.ValueOf(p.Words).Field(i).Interface().(Text), true
}

// packWords are the names that may stand in braces.
func packWords() []string {
	words := reflect.TypeFor[PackWords]()
	names := make([]string, words.NumField())
	for i := range names {
		names[i] = words.Field(i).Tag.Get("yaml")
	}
	return names
}

// checkBraces holds that what stands in braces is a word every pack has in that language, and says how long the text is
// with the longest of them.
func (m *manuscript) checkBraces(path, tag, words string) int {
	n := len([]rune(words))
	for _, braced := range inBraces.FindAllString(words, -1) {
		name := braced[1 : len(braced)-1]
		switch {
		case !strings.HasPrefix(path, "steps["):
			m.wrong(path, "“%s” stands in braces, which only the steps of a programme may have; write the word out", braced)
			return n
		case !slices.Contains(packWords(), name) && !slices.Contains(packWords(), uncapital(name)):
			m.wrong(path, "“%s” is not a word that rooms say in their own way; those in braces are %s", braced, strings.Join(packWords(), ", "))
			return n
		}
	}
	if !inBraces.MatchString(words) {
		return n
	}
	for _, pack := range m.packs {
		if !slices.Contains(pack.Languages, tag) {
			m.wrong(path, "no kind of room has its words in “%s”; write the words out instead of %s", tag, inBraces.FindString(words))
			return n
		}
		n = max(n, len([]rune(pack.said(tag, words))))
	}
	return n
}

func uncapital(name string) string {
	letters := []rune(name)
	if len(letters) > 0 {
		letters[0] = unicode.ToLower(letters[0])
	}
	return string(letters)
}
