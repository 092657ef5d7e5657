package facilitator

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestDraftsAreTheirFiles holds for every built-in programme that its draft, written out, reads as the file itself did.
func TestDraftsAreTheirFiles(t *testing.T) {
	files, _ := filepath.Glob("programmes/*.yaml")
	for _, file := range append(files, "testdata/programmes/short.yaml") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want, err := ParseProgramme(file, data)
		if err != nil {
			t.Fatal(err)
		}
		draft, err := Draft(file, data)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseDraft(draft)
		if err != nil || withoutBreaks(t, got) != withoutBreaks(t, want) {
			t.Errorf("%s: %v, or it reads otherwise", file, err)
		}
		written, _ := WriteManuscript(draft)
		if again, err := Draft(file, written); err != nil || string(again) != string(draft) {
			t.Errorf("%s: written out and read again, the draft differs: %v", file, err)
		}
	}
}

// withoutBreaks is a programme as JSON, with a blank for every line break and the marks of quotations.
func withoutBreaks(t *testing.T, p Programme) string {
	t.Helper()
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(strings.NewReplacer(`\n`, " ", `\u003e`, " ").Replace(string(raw))), " ")
}

func TestParagraphsStandOnOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"One\nline.\n\nAnother\n  one.":       "One line.\n\nAnother one.",
		"- first\n  goes on\n- second\nstill": "- first goes on\n- second still",
		"1. first\n   on\n2. second":          "1. first on\n2. second",
		"> A note\n> goes\n> on.":             "> A note goes on.",
		"> A note\nthat is none":              "> A note\nthat is none",
		"A verse  \nof two\\\nlines":          "A verse  \nof two\\\nlines",
		"Words - not\n- a list":               "Words - not - a list",
		"one":                                 "one",
	} {
		if got := unbroken(text); got != want {
			t.Errorf("%q became %q, not %q", text, got, want)
		}
	}
}

// TestEveryTextSurvivesTheFile writes texts of all sorts out and reads them again. Words in braces are a room's own, and
// have tests of theirs.
func TestEveryTextSurvivesTheFile(t *testing.T) {
	short, err := Draft("short.yaml", []byte(programmeFile(t, "short.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	letters := rapid.SampledFrom([]rune("ab ñ'\"\\:#-|>&*!%@`[],?~=\t\n  0é€😀\u0085\u2028\ufeff\u00a0"))
	rapid.Check(t, func(t *rapid.T) {
		text := "x" + rapid.StringOfN(letters, 0, 40, -1).Draw(t, "text") + "x"
		quoted, _ := json.Marshal(text)
		p, err := ParseDraft(json.RawMessage(strings.Replace(string(short), `"Hello."`, string(quoted), 1)))
		if unseen := strings.ContainsFunc(text, unprintable); unseen != (err != nil) {
			t.Fatalf("%q: %v", text, err)
		}
		if got := p.Steps[0].Say["en"]; err == nil && got != text {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

// TestMistakesOfDrafts holds that each mistake names the place in the draft, for an editor to show it there.
func TestMistakesOfDrafts(t *testing.T) {
	short, err := Draft("short.yaml", []byte(programmeFile(t, "short.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, path, what string }{
		{`"minutes":1,`, `"minutes":0,`, "steps[0].minutes", "from 1 to 180"},
		{`"es":"Hola."`, `"es":""`, "steps[0].say.es", "empty"},
		{`,"es":"Hola."`, ``, "steps[0].say", "“es” is missing"},
		{`"id":"rest"`, `"id":"arrive"`, "steps[4].id", "already the id"},
		{`"seconds":60`, `"seconds":5`, "steps[4].with.seconds", "from 10 to 1800"},
		{`"seconds":60`, `"seconds":6.5`, "steps[4].with.seconds", "whole number"},
		{`"seconds":60`, `"seconds":null`, "steps[4].with.seconds", "nothing is written"},
		{`"kind":"quiet"`, `"kind":"silence"`, "steps[4].kind", "not a kind"},
	} {
		if !strings.Contains(string(short), c.old) {
			t.Fatalf("the draft has no %s: %s", c.old, short)
		}
		_, err := ParseDraft(json.RawMessage(strings.Replace(string(short), c.old, c.new, 1)))
		mistakes, _ := err.(Mistakes)
		if len(mistakes) != 1 || mistakes[0].Path != c.path || !strings.Contains(mistakes[0].What, c.what) {
			t.Errorf("%s: %v, want one at %s: %s", c.new, err, c.path, c.what)
		}
	}
}

// FuzzDrafts holds that no draft takes the writer or the reader down, and that what is written is read as one document.
func FuzzDrafts(f *testing.F) {
	short, err := Draft("short.yaml", []byte(programmeFile(f, "short.yaml")))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(short))
	f.Add([]byte(`{"programme":"a","steps":[{"id":"x","with":{"a":[1,true,null,"b\nc"]}}]}`))
	f.Add([]byte(`[[[[[[[[[[[[[[[[[[[["deep"]]]]]]]]]]]]]]]]]]]]`))
	for _, many := range []string{`"a",`, `[],`, `{"a":1},`, `"a\n\nb",`, `"\\",`, `null,`} {
		f.Add([]byte("[" + strings.Repeat(many, 3*LargestManuscript/len(many)) + "1]"))
	}
	for _, long := range []string{`a\n`, `\n`, `\u0001`, `\"`} {
		f.Add([]byte(`{"title":"` + strings.Repeat(long, LargestManuscript/len(long)) + `"}`))
	}
	f.Fuzz(func(t *testing.T, draft []byte) {
		soon(t, func() { _, _ = ParseDraft(draft) })
	})
}
