package facilitator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
)

// A draft is a programme as an editor holds it: the keys and values of its file as JSON, in the order of the file. It may
// be unfinished or wrong; what is wrong is found by writing it out as the file and reading that, so that an editor and
// “mend check” never differ.

// ReadProgramme is ParseProgramme that also returns what could be read of a programme with mistakes.
func ReadProgramme(file string, data []byte, own ...Scenario) (Programme, error) {
	var p Programme
	m, root := openManuscript(file, data)
	if root != nil {
		m.read("", root, reflect.ValueOf(&p).Elem())
		if err := errors.Join(m.readPacks(&p, data), p.furnish(own)); err != nil {
			return Programme{}, err
		}
		p.check(m)
		p.trimLibrary()
	}
	return p, m.err()
}

// ParseDraft reads a draft and checks all of it. The places of the Mistakes are those of the file that WriteManuscript
// makes of it; a draft that cannot be written is a refusal.
func ParseDraft(draft json.RawMessage) (Programme, error) {
	file, err := WriteManuscript(draft)
	if err != nil {
		return Programme{}, err
	}
	return ReadProgramme("programme.yaml", file)
}

// Draft is the draft of a programme file without mistakes; else the error is its Mistakes.
func Draft(file string, data []byte) (json.RawMessage, error) {
	if _, err := ParseProgramme(file, data); err != nil {
		return nil, err
	}
	_, root := openManuscript(file, data)
	var out bytes.Buffer
	if err := draftOf(&out, root); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return out.Bytes(), nil
}

// draftOf writes a node as JSON, texts without the blanks around them, as they are read, and a paragraph on one line: where
// its lines break in a file says nothing, and is in the way where somebody writes.
func draftOf(out *bytes.Buffer, node ast.Node) error {
	switch node := node.(type) {
	case *ast.StringNode:
		return quote(out, unbroken(strings.TrimSpace(node.Value)))
	case *ast.LiteralNode:
		return quote(out, unbroken(strings.TrimSpace(node.Value.Value)))
	case *ast.IntegerNode:
		fmt.Fprint(out, node.Value)
	case *ast.BoolNode:
		fmt.Fprint(out, node.Value)
	case *ast.SequenceNode:
		return within(out, '[', ']', slices.Values(node.Values), draftOf)
	case ast.MapNode:
		return within(out, '{', '}', func(yield func(*ast.MappingValueNode) bool) {
			for keys := node.MapRange(); keys.Next() && yield(keys.KeyValue()); {
			}
		}, func(out *bytes.Buffer, pair *ast.MappingValueNode) error {
			if err := quote(out, pair.Key.GetToken().Value); err != nil {
				return err
			}
			out.WriteByte(':')
			return draftOf(out, pair.Value)
		})
	default:
		return fmt.Errorf("a %s has no place in a programme", node.Type())
	}
	return nil
}

var (
	betweenBlocks = regexp.MustCompile(`\n[ \t]*\n`)
	listItem      = regexp.MustCompile(`^([-*]|\d+[.)]) `)
)

// unbroken joins the lines of each paragraph, list entry and quotation, as whatever draws the Markdown does.
func unbroken(text string) string {
	if !strings.Contains(text, "\n") {
		return text
	}
	blocks := betweenBlocks.Split(text, -1)
	for i, block := range blocks {
		blocks[i] = unbrokenBlock(strings.Split(strings.Trim(block, "\n"), "\n"))
	}
	return strings.Join(blocks, "\n\n")
}

func unbrokenBlock(lines []string) string {
	quoted := !slices.ContainsFunc(lines, func(line string) bool { return !strings.HasPrefix(strings.TrimSpace(line), ">") })
	if !quoted && strings.HasPrefix(lines[0], ">") {
		return strings.Join(lines, "\n") // neither a quotation nor words alone
	}
	list := listItem.MatchString(strings.TrimSpace(lines[0]))
	joined := lines[0]
	for _, line := range lines[1:] {
		words := strings.TrimLeft(line, " \t")
		switch {
		case list && listItem.MatchString(words), strings.HasSuffix(joined, "  "), strings.HasSuffix(joined, `\`):
			joined += "\n" + words
		case quoted:
			joined = strings.TrimRight(joined, " ") + " " + strings.TrimLeft(strings.TrimPrefix(words, ">"), " ")
		default:
			joined = strings.TrimRight(joined, " ") + " " + words
		}
	}
	return joined
}

// within writes members between brackets, with commas.
func within[T any](out *bytes.Buffer, from, to byte, members func(func(T) bool), write func(*bytes.Buffer, T) error) (err error) {
	out.WriteByte(from)
	first := true
	members(func(member T) bool {
		if !first {
			out.WriteByte(',')
		}
		first = false
		err = write(out, member)
		return err == nil
	})
	out.WriteByte(to)
	return err
}

func quote(out *bytes.Buffer, text string) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(text)
	out.Truncate(out.Len() - 1) // the line break an Encoder adds
	return err
}

// WriteManuscript is the file of a draft. Reading it gives the draft again; a draft that is no JSON, is nested more
// deeply than any programme, or would make a file larger than is read, is refused.
func WriteManuscript(draft json.RawMessage) ([]byte, error) {
	w := &manuscriptWriter{in: json.NewDecoder(bytes.NewReader(draft))}
	w.in.UseNumber()
	err := w.value("", false)
	if _, more := w.in.Token(); err == nil && !errors.Is(more, io.EOF) {
		err = errors.New("more than one value")
	}
	if err == nil && w.out.Len() > LargestManuscript {
		err = errLarge
	}
	if errors.Is(err, errLarge) {
		return nil, err
	}
	if err != nil {
		return nil, refuse(Invalid, "draft_form", "This is not a programme as the editor writes one. Reload the page to get its newest version.")
	}
	return bytes.TrimPrefix(w.out.Bytes(), []byte("\n")), nil
}

// manuscriptWriter turns JSON into YAML as a person would have written it: a key a line, long texts as blocks.
type manuscriptWriter struct {
	in     *json.Decoder
	out    bytes.Buffer
	depth  int
	values int
}

var errLarge = refuse(Invalid, "programme_large", "A programme has at most 256 KiB. Split it into two.")

const indentation = "  "

// value writes the next value; item says that it stands behind a dash, where a mapping's first key joins the line.
func (w *manuscriptWriter) value(indent string, item bool) error {
	token, err := w.in.Token()
	if err != nil {
		return err
	}
	if w.depth++; w.depth > deepestManuscript {
		return errors.New("nested too deeply")
	}
	if w.values++; w.values > mostTokens || w.out.Len() > LargestManuscript {
		return errLarge
	}
	defer func() { w.depth-- }()
	switch token := token.(type) {
	case json.Delim:
		if token == '[' {
			return w.list(indent)
		}
		return w.mapping(indent, item)
	case string:
		w.text(indent, token)
	case nil:
		w.out.WriteString(" null\n")
	default:
		fmt.Fprintf(&w.out, " %v\n", token)
	}
	return nil
}

func (w *manuscriptWriter) mapping(indent string, item bool) error {
	if !w.in.More() {
		w.out.WriteString(" {}\n")
		_, err := w.in.Token()
		return err
	}
	for first := true; w.in.More(); first = false {
		key, err := w.in.Token()
		if err != nil {
			return err
		}
		switch {
		case first && item:
			w.out.WriteByte(' ')
		case first:
			w.out.WriteString("\n" + indent)
		default:
			w.out.WriteString(indent)
		}
		w.word(key.(string))
		w.out.WriteByte(':')
		if err := w.value(indent+indentation, false); err != nil {
			return err
		}
	}
	_, err := w.in.Token()
	return err
}

func (w *manuscriptWriter) list(indent string) error {
	if !w.in.More() {
		w.out.WriteString(" []\n")
	} else {
		w.out.WriteByte('\n')
	}
	for w.in.More() {
		w.out.WriteString(indent + "-")
		if err := w.value(indent+indentation, true); err != nil {
			return err
		}
	}
	_, err := w.in.Token()
	return err
}

// plainWord is what YAML reads as text without quotes, and as nothing else.
var plainWord = regexp.MustCompile(`^[a-z][a-z0-9]*([-_][a-z0-9]+)*$`)

func (w *manuscriptWriter) word(text string) {
	if plainWord.MatchString(text) && !slices.Contains([]string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}, text) {
		w.out.WriteString(text)
		return
	}
	quote(&w.out, text) // never fails for a string
}

func (w *manuscriptWriter) text(indent, text string) {
	text = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
	w.out.WriteByte(' ')
	if !strings.Contains(text, "\n") || !tame(text) {
		w.word(text)
		w.out.WriteByte('\n')
		return
	}
	w.out.WriteString("|\n")
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" {
			w.out.WriteString(indent + line)
		}
		w.out.WriteByte('\n')
	}
}

// tame is true for lines that a block of text gives back as they are.
func tame(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if line != strings.TrimSpace(line) || strings.ContainsFunc(line, func(r rune) bool { return unprintable(r) || r == '\u2028' || r == '\u2029' || r == utf8.RuneError }) {
			return false
		}
	}
	return true
}
