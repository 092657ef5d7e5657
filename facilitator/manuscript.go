package facilitator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/scanner"
	"github.com/goccy/go-yaml/token"
)

const (
	// LargestManuscript is how many bytes of a file are read. Whoever reads one for us need read no further than one more.
	// The longest that comes with the program has 56 KiB, 2,600 signs and 1,800 tokens. At these limits an answer takes 30 ms
	// of a slow core; the library's time grows with the square of levels, of keys and of empty lines.
	LargestManuscript = 256 << 10
	deepestManuscript = 16 // levels
	mostTokens        = 5_500
	mostEmpty         = 5 // lines one after the other, as they may stand behind a block of text
	mostSigns         = 32_000
)

// manuscript is a YAML file on its way to becoming Go values. The YAML library's own decoder stops at the first
// mistake and knows no places afterwards; this one goes on, and remembers where each value stands.
type manuscript struct {
	file     string
	places   map[string]place    // by path, such as "steps[2].say.es"
	raw      map[string]ast.Node // what stands where a json.RawMessage is wanted, to be read once its shape is known
	texts    []writtenText
	packs    []Pack          // whose words may stand in braces
	bad      map[string]bool // the paths with a mistake
	mistakes Mistakes
}

type place struct{ line, column int }

type writtenText struct {
	path string
	text Text
}

// openManuscript parses data as one YAML document. On a mistake of form it returns no node, and the mistake is noted.
func openManuscript(file string, data []byte) (*manuscript, ast.Node) {
	m := &manuscript{file: file, places: map[string]place{"": {1, 1}}, raw: map[string]ast.Node{}, bad: map[string]bool{}}
	if len(data) > LargestManuscript {
		m.wrong("", "too large: a file has at most 256 KiB (%d bytes); shorten it, or split it into two", LargestManuscript)
		return m, nil
	}
	data = []byte(strings.TrimPrefix(string(data), "\ufeff"))
	if line, column, ok := notUTF8(data); ok {
		m.wrongAt(place{line, column}, "not UTF-8 from here on; save the file with the encoding UTF-8")
		return m, nil
	}
	if !m.readable(data) {
		return m, nil
	}
	tokens := tokenize(string(data))
	if !m.takes(tokens) {
		return m, nil
	}
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		m.malformed(err)
		return m, nil
	}
	return m, m.onlyDocument(tree)
}

// readable keeps from the library what it takes long for even in a small file.
func (m *manuscript) readable(data []byte) bool {
	if signs(data) > mostSigns {
		m.wrong("", tooManyKeys)
	}
	if line := emptyFrom(data); line > 0 {
		m.wrongAt(place{line, 1}, "more than %d empty lines one after the other; leave some out", mostEmpty)
	}
	return len(m.mistakes) == 0
}

// emptyFrom is the first of too many lines that are empty or blank; 0 without such a place.
func emptyFrom(data []byte) int {
	line, empty := 0, 0
	for text := range strings.Lines(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data))) {
		if line++; strings.TrimSpace(text) != "" {
			empty = 0
		} else if empty++; empty > mostEmpty {
			return line
		}
	}
	return 0
}

const tooManyKeys = "too many keys, values and lines; split the file into two"

// signs counts what may begin or end a key or a value. Where there are few, there are few tokens.
func signs(data []byte) (n int) {
	for _, sign := range []byte("\n,[]{}:-?&*!'\"%") {
		n += bytes.Count(data, []byte{sign})
	}
	return n
}

// tokenize ends at what no YAML has; the parser finds and names that.
func tokenize(text string) (tokens token.Tokens) {
	var s scanner.Scanner
	s.Init(text)
	for {
		some, err := s.Scan()
		tokens.Add(some...)
		if err != nil {
			return tokens
		}
	}
}

func (m *manuscript) onlyDocument(tree *ast.File) ast.Node {
	if len(tree.Docs) == 0 || tree.Docs[0].Body == nil {
		m.wrong("", "the file is empty; the README beside such files says what belongs into one")
		return nil
	}
	if len(tree.Docs) > 1 {
		at := m.places[""]
		if body := tree.Docs[1].Body; body != nil {
			at = placeOf(body)
		}
		m.wrongAt(at, "a second document begins here; keep one of them a file and leave out “---”")
	}
	return tree.Docs[0].Body
}

// takes looks at the tokens before the parser does, whose time grows with the square of keys and of nesting, and
// refuses what programmes have no use for.
func (m *manuscript) takes(tokens token.Tokens) bool {
	if len(tokens) > mostTokens {
		m.wrongAt(tokenPlace(tokens[mostTokens]), tooManyKeys)
		return false
	}
	for _, t := range tokens {
		switch t.Type {
		case token.MappingKeyType:
			m.wrongAt(tokenPlace(t), "“? key” is not read here; write “key: value”")
		case token.AnchorType, token.AliasType, token.TagType, token.MergeKeyType:
			m.wrongAt(tokenPlace(t), "anchors (&), aliases (*), merges (<<) and tags (!) are not read here; write the words out, in quotes if they begin so")
		}
	}
	if t := tooDeep(tokens); t != nil {
		m.wrongAt(tokenPlace(t), "nested too deeply: more than %d levels, and such a file needs seven", deepestManuscript)
	}
	return len(m.mistakes) == 0
}

// tooDeep is the first token that is nested too deeply. Brackets are counted; outside of them each column further
// to the right at which a line or a list entry begins is a level.
func tooDeep(tokens token.Tokens) *token.Token {
	flow, line, columns := 0, 0, []int{}
	for _, t := range tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		}
		if at := t.Position; flow <= 0 && (at.Line > line || t.Type == token.SequenceEntryType) {
			for len(columns) > 0 && columns[len(columns)-1] >= at.Column {
				columns = columns[:len(columns)-1]
			}
			columns, line = append(columns, at.Column), at.Line
		}
		if flow > deepestManuscript || len(columns) > deepestManuscript {
			return t
		}
	}
	return nil
}

// malformed notes what the YAML parser refused, with the remedy for what writers stumble over most.
func (m *manuscript) malformed(err error) {
	var syntax *yaml.SyntaxError
	if !errors.As(err, &syntax) || syntax.Token == nil {
		m.wrong("", "this is not YAML: %v", err)
		return
	}
	remedy := "mend this first, nothing after it was read"
	switch {
	case strings.Contains(syntax.Message, `'	'`):
		remedy = "indent with spaces, not with tabs"
	case strings.Contains(syntax.Message, "mapping value is not allowed"):
		remedy = "put text that contains a colon in quotes, or begin it with “|” and write it on the next lines"
	}
	m.wrongAt(tokenPlace(syntax.Token), "this is not YAML: %s; %s", syntax.Message, remedy)
}

// read fills into from the node at path, strictly: unknown, repeated and missing keys are mistakes, and so is any value of
// another kind than the one wanted. A key may be left out if its JSON tag says omitempty.
func (m *manuscript) read(path string, node ast.Node, into reflect.Value) {
	if _, known := m.places[path]; !known {
		m.places[path] = placeOf(node)
	}
	if _, empty := node.(*ast.NullNode); empty {
		m.wrong(path, "nothing is written here; write a value or remove the key")
		return
	}
	switch {
	case into.Type() == reflect.TypeFor[Text]():
		m.readText(path, node, into)
	case into.Type() == reflect.TypeFor[json.RawMessage]():
		m.raw[path] = node
	case into.Kind() == reflect.Struct:
		m.readStruct(path, node, into)
	case into.Kind() == reflect.Slice:
		m.readList(path, node, into)
	case into.Kind() == reflect.String:
		into.SetString(m.string(path, node))
	case into.Kind() == reflect.Int:
		into.SetInt(m.number(path, node))
	case into.Kind() == reflect.Bool:
		into.SetBool(m.yes(path, node))
	default:
		panic("manuscript: no way to read a " + into.Type().String())
	}
}

func (m *manuscript) readStruct(path string, node ast.Node, into reflect.Value) {
	fields, names := map[string]reflect.Value{}, []string{}
	for i := range into.NumField() {
		if name := into.Type().Field(i).Tag.Get("yaml"); name != "-" { // not an author's to write
			fields[name], names = into.Field(i), append(names, name)
		}
	}
	seen := m.eachKey(path, node, func(key string, at place, value ast.Node) {
		field, ok := fields[key]
		if !ok {
			m.wrongAt(at, "“%s” is not a key here; the keys are %s", key, strings.Join(names, ", "))
			return
		}
		m.read(below(path, key), value, field)
	})
	for i := range into.NumField() {
		tag := into.Type().Field(i).Tag
		if name := tag.Get("yaml"); name != "-" && !seen[name] && !strings.HasSuffix(tag.Get("json"), ",omitempty") {
			m.wrong(below(path, name), "“%s” is needed here", name)
		}
	}
}

func (m *manuscript) readText(path string, node ast.Node, into reflect.Value) {
	text := Text{}
	m.eachKey(path, node, func(language string, _ place, value ast.Node) {
		text[language] = ""
		if _, empty := value.(*ast.NullNode); !empty {
			text[language] = m.string(below(path, language), value)
		}
	})
	into.Set(reflect.ValueOf(text))
	m.texts = append(m.texts, writtenText{path, text})
}

func (m *manuscript) readList(path string, node ast.Node, into reflect.Value) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		m.wrong(path, "a list is needed here; begin each line with “- ”")
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(list.Values), len(list.Values)))
	for i, value := range list.Values {
		m.read(fmt.Sprintf("%s[%d]", path, i), value, into.Index(i))
	}
}

// eachKey calls do for every key of a mapping that is written once, and returns all its keys.
func (m *manuscript) eachKey(path string, node ast.Node, do func(key string, at place, value ast.Node)) map[string]bool {
	mapping, ok := node.(ast.MapNode)
	if !ok {
		m.wrong(path, "keys are needed here, each on its own line as “key: value”")
		return nil
	}
	seen := map[string]bool{}
	for keys := mapping.MapRange(); keys.Next(); {
		key, at := keys.Key().GetToken().Value, placeOf(keys.Key())
		if seen[key] {
			m.wrongAt(at, "“%s” is written twice; keep one of them", key)
			continue
		}
		seen[key] = true
		if !isScalar(keys.Value()) {
			m.places[below(path, key)] = at
		}
		do(key, at, keys.Value())
	}
	return seen
}

func (m *manuscript) string(path string, node ast.Node) string {
	m.places[path] = placeOf(node)
	var words string
	switch node := node.(type) {
	case *ast.StringNode:
		words = node.Value
	case *ast.LiteralNode:
		words = node.Value.Value
	default:
		m.wrong(path, "text is needed here; put it in quotes")
	}
	if i := strings.IndexFunc(words, unprintable); i >= 0 {
		m.wrong(path, "the text contains an invisible control character after “%s”; remove it", lastWords(words[:i]))
	}
	return strings.TrimSpace(words)
}

func (m *manuscript) number(path string, node ast.Node) int64 {
	number, err := strconv.ParseInt(node.GetToken().Value, 10, 32)
	if _, ok := node.(*ast.IntegerNode); !ok || err != nil {
		m.wrong(path, "a whole number is needed here, such as 5")
	}
	return number
}

func (m *manuscript) yes(path string, node ast.Node) bool {
	answer, ok := node.(*ast.BoolNode)
	if !ok {
		m.wrong(path, "true or false is needed here")
		return false
	}
	return answer.Value
}

func outside(path string) string { return path[:max(strings.LastIndexAny(path, ".["), 0)] }

func below(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// placeOf is where a reader sees the node begin; a mapping's own token is the colon after its first key.
func placeOf(node ast.Node) place {
	if mapping, ok := node.(ast.MapNode); ok {
		if keys := mapping.MapRange(); keys.Next() {
			return tokenPlace(keys.Key().GetToken())
		}
	}
	return tokenPlace(node.GetToken())
}

func tokenPlace(t *token.Token) place { return place{t.Position.Line, t.Position.Column} }

func isScalar(node ast.Node) bool {
	switch node.(type) {
	case *ast.StringNode, *ast.LiteralNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return true
	}
	return false
}

func notUTF8(data []byte) (line, column int, bad bool) {
	if utf8.Valid(data) {
		return 0, 0, false
	}
	line, column = 1, 1
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if column++; r == '\n' {
			line, column = line+1, 1
		}
		data = data[size:]
	}
	return line, column, true
}

// unprintable is true for what would garble a screen: control characters, and the marks that reverse the direction
// of everything after them.
func unprintable(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069':
		return true
	}
	return unicode.IsControl(r)
}

func lastWords(s string) string {
	runes := []rune(s)
	return string(runes[max(len(runes)-20, 0):])
}
