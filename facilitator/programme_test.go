package facilitator

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func programmeFile(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "programmes", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestParseProgramme(t *testing.T) {
	p, err := ParseProgramme("short.yaml", []byte(programmeFile(t, "short.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Steps) != 8 || p.Size != (Size{2, 12}) || !reflect.DeepEqual(p.Languages, []string{"en", "es"}) {
		t.Errorf("read %d steps for %v in %v", len(p.Steps), p.Size, p.Languages)
	}
	if got := p.Steps[1].Phone["es"]; got != "¿Cómo estás?" {
		t.Errorf("the check-in's Spanish text for phones is %q", got)
	}
	want := `{"seconds":60,"prompt":{"en":"Breathe as you like.","es":"Respira como quieras."}}`
	if got := string(p.Steps[4].With); got != want {
		t.Errorf("the quiet step's script is\n%s\nand should be\n%s", got, want)
	}
}

func TestFormsOfFile(t *testing.T) {
	plain := programmeFile(t, "short.yaml")
	want, err := ParseProgramme("short.yaml", []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"windows":   "\ufeff" + strings.ReplaceAll(plain, "\n", "\r\n"),
		"one line":  strings.Replace(plain, "title:\n  en: A short one\n  es: Uno corto\n", "title: {es: Uno corto, en: A short one}\n", 1),
		"commented": "# by hand\n---\n" + strings.ReplaceAll(plain, "\n  - id:", "\n\n  # a step\n  - id:"),
	} {
		if got, err := ParseProgramme("short.yaml", []byte(text)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: read %v, %v", name, got, err)
		}
	}
}

// TestBrokenProgramme is one file with many mistakes: all are listed, in the order of the file.
func TestBrokenProgramme(t *testing.T) {
	_, err := ParseProgramme("broken.yaml", []byte(programmeFile(t, "broken.yaml")))
	if want := strings.TrimSpace(programmeFile(t, "broken.want")); err == nil || err.Error() != want {
		t.Errorf("found\n%v\n\nand should have found\n%s", err, want)
	}
}

// mistakes changes one place of the short programme, from old to new, and says which mistake this makes. An old that ends
// in a star goes to the end of the file.
var mistakes = []struct{ name, old, new, want string }{
	{"no id", "programme: short\n", "", "1:1: “programme” is needed here"},
	{"id with blanks", "programme: short", "programme: so short", "1:12: “so short” is not a short name"},
	{"version as words", "version: 1", "version: first", "2:10: a whole number is needed"},
	{"version zero", "version: 1", "version: 0", "2:10: the version is a number from 1 up"},
	{"version broken", "version: 1", "version: 1.5", "2:10: a whole number is needed"},
	{"no languages", "languages: [en, es]\n", "", "1:1: “languages” is needed here"},
	{"odd language", "[en, es]", "[en, es, English]", "3:21: “English” is not a language tag"},
	{"language twice", "[en, es]", "[en, es, es]", "3:21: “es” is listed twice"},
	{"title in one language", "  es: Uno corto\n", "", "4:1: the text in “es” is missing"},
	{"title empty", "es: Uno corto", "es:", "6:3: the text in “es” is empty"},
	{"title blank", "es: Uno corto", `es: "  "`, "6:7: the text in “es” is empty"},
	{"title too long", "es: Uno corto", "es: " + strings.Repeat("ñ", 81), "6:7: too long: 81 characters, at most 80"},
	{"title a number", "en: A short one", "en: 1984", "5:7: text is needed here"},
	{"title a truth", "en: A short one", "en: true", "5:7: text is needed here"},
	{"title plain", "title:\n  en: A short one\n  es: Uno corto\n", "title: A short one\n", "4:8: keys are needed here"},
	{"title in a third language", "en: A short one", "en: A short one\n  fr: Un court", "6:7: “fr” is not among the languages above"},
	{"title in another case", "en: A short one", "EN: A short one", "5:7: “EN” is not among the languages above"},
	{"turned text", "en: A short one", "en: \"A short \\u202eone\"", "5:7: the text contains an invisible control character after “A short ”"},
	{"control character", "en: A short one", "en: \"A short \\u0007one\"", "5:7: the text contains an invisible control character"},
	{"no summary", "summary:\n  en: One step of every kind.\n  es: Un paso de cada tipo.\n", "", "1:1: “summary” is needed here"},
	{"no size", "size: {from: 2, to: 12}\n", "", "1:1: “size” is needed here"},
	{"size turned", "{from: 2, to: 12}", "{from: 12, to: 2}", "10:1: the size goes “from”"},
	{"unknown key", "version: 1", "version: 1\nauthor: me", "3:1: “author” is not a key here; the keys are programme, version, title"},
	{"key twice", "version: 1", "version: 1\nversion: 2", "3:1: “version” is written twice"},
	{"steps as keys", "  - id: arrive\n    kind", "  arrive:\n    kind", "is not YAML"},
	{"steps plain", "steps:*", "steps: none\n", "11:8: a list is needed here"},
	{"no steps", "steps:*", "steps: []\n", "11:1: a programme has between 1 and 60 steps"},
	{"a step of words", "steps:\n", "steps:\n  - welcome\n", "12:5: keys are needed here"},
	{"step without id", "  - id: rest\n    kind", "  - kind", "63:5: “id” is needed here"},
	{"step twice", "- id: rest", "- id: speak", "63:9: “speak” is already the id of an earlier step"},
	{"step id", "- id: rest", "- id: Rest!", "63:9: “Rest!” is not a short name"},
	{"unknown kind", "kind: quiet", "kind: silence", "64:11: “silence” is not a kind of step; the kinds are welcome, checkin, reading, goaround"},
	{"minutes zero", "minutes: 10", "minutes: 0", "54:14: a step lasts from 1 to 180 minutes"},
	{"minutes too many", "minutes: 10", "minutes: 181", "54:14: a step lasts from 1 to 180 minutes"},
	{"minutes as words", "minutes: 10", "minutes: ten", "54:14: a whole number is needed"},
	{"nothing to say", "    say: {en: We are quiet., es: Guardamos silencio.}\n", "", "63:5: “say” is needed here"},
	{"stage too long", "stage: {en: Quiet,", "stage: {en: " + strings.Repeat("Quiet ", 40) + ",", "69:17: too long: 239 characters, at most 160"},
	{"phone too long", "phone: {en: Nothing to do.,", "phone: {en: " + strings.Repeat("Nothing ", 80) + ",", "68:17: too long: 639 characters, at most 600"},
	{"script with an unknown key", "seconds: 60", "second: 60", "71:7: “second” is not a key here; the keys are seconds, prompt"},
	{"no script", "    with:\n      seconds: 60\n      prompt: {en: Breathe as you like., es: Respira como quieras.}\n", "", "63:5: “with” is needed"},
	{"empty script", "    with:\n      seconds: 60\n      prompt: {en: Breathe as you like., es: Respira como quieras.}\n", "    with:\n", "70:5: nothing is written here"},
	{"script without a key", "      order: joined\n", "", "59:5: “order” is needed here"},
	{"scales of two lengths", "es: En calma}\n      compare", "es: En calma}\n        - {en: Very steady, es: Muy en calma}\n      compare", "this scale has 6 labels and that of “check-in” has 5"},
	{"script in one language", "{en: Breathe as you like., es: Respira como quieras.}", "{en: Breathe.}", "72:7: the text in “es” is missing"},
	{"passage in one language", "{en: The second., es: El segundo.}", "{en: The second.}", "51:12: the text in “es” is missing"},
	{"card with an unknown key", "text: {en: You", "texts: {en: You", "22:11: “texts” is not a key here; the keys are title, text"},
	{"compare later", "compare: check-in", "compare: check-out", "88:16: “check-out” is not an earlier check-in"},
	{"compare another kind", "compare: check-in", "compare: rest", "88:16: “rest” is not an earlier check-in"},
	{"scale too short", "        - {en: Hard, es: Difícil}\n        - {en: In between, es: Más o menos}\n        - {en: Fairly steady, es: Bastante en calma}\n", "", "34:7: scale needs"},
	{"odd order", "order: joined", "order: alphabetical", "61:14: order is either"},
	{"too quiet", "seconds: 60", "seconds: 6000", "71:16: seconds is a number"},
	{"family words without seats", "phone: {en: Nothing to do.,", "family: {phone: {en: Listen., es: Escucha.}}\n    phone: {en: Nothing to do.,", "68:5: only a programme with family seats"},
	{"family questions without seats", "kind: quiet\n    minutes: 1\n    title: {en: Quiet, es: Silencio}\n    say: {en: We are quiet., es: Guardamos silencio.}\n    phone: {en: Nothing to do., es: Nada que hacer.}\n    stage: {en: Quiet, es: Silencio}\n    with:\n      seconds: 60\n      prompt:", "kind: commitments\n    minutes: 1\n    title: {en: Quiet, es: Silencio}\n    say: {en: We are quiet., es: Guardamos silencio.}\n    phone: {en: Nothing to do., es: Nada que hacer.}\n    stage: {en: Quiet, es: Silencio}\n    with:\n      minutes: 5\n      family: {prompt: {en: Where?, es: ¿Dónde?}}\n      prompt:", "72:7: only a programme with family seats asks"},
	{"family seats in words", "version: 1", "version: 1\nfamily: yes please", "3:9: true or false is needed"},
	{"tab", "  es: Uno corto", "\tes: Uno corto", "this is not YAML"},
	{"colon in text", "say: {en: Hello., es: Hola.}", "say:\n      en: Hello: you\n      es: Hola.", "17:11: this is not YAML"},
	{"open quote", "en: A short one", "en: \"A short one", "this is not YAML"},
	{"open bracket", "[en, es]", "[en, es", "this is not YAML"},
	{"explicit key", "version: 1", "? version\n: 1", "2:1: “? key” is not read here"},
	{"anchor", "version: 1", "version: &v 1", "2:10: anchors (&), aliases (*), merges (<<) and tags (!) are not read here"},
	{"alias", "en: A short one", "en: *v", "5:7: anchors (&)"},
	{"tag", "version: 1", "version: !!int 1", "2:10: anchors (&)"},
	{"two documents", "version: 1", "version: 1\n---\nmore: 1", "4:1: a second document begins here"},
	{"not UTF-8", "en: A short one", "en: A sh\xf3rt one", "5:11: not UTF-8 from here on"},
}

// mistaken is the short programme with one place of it changed.
func mistaken(t *testing.T, old, new string) string {
	t.Helper()
	short := programmeFile(t, "short.yaml")
	if from, open := strings.CutSuffix(old, "*"); open && strings.Contains(short, from) {
		return short[:strings.Index(short, from)] + new
	}
	if !strings.Contains(short, old) {
		t.Fatalf("the short programme has no %q", old)
	}
	return strings.Replace(short, old, new, 1)
}

func TestMistakes(t *testing.T) {
	for _, c := range mistakes {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseProgramme("my.yaml", []byte(mistaken(t, c.old, c.new)))
			mustMistake(t, err, c.want)
		})
	}
}

// mustMistake wants a mistake that says so; wants that begin with a place fix the place too.
func mustMistake(t *testing.T, err error, want string) {
	t.Helper()
	var found Mistakes
	if !errors.As(err, &found) {
		t.Fatalf("no mistake found, but %v", err)
	}
	if want[0] >= '0' && want[0] <= '9' {
		want = "my.yaml:" + want
	}
	for _, m := range found {
		if m.File != "my.yaml" || m.Line < 1 || m.Column < 1 {
			t.Errorf("a mistake without its place: %+v", m)
		}
		if strings.Contains(m.Error(), want) {
			return
		}
	}
	t.Errorf("found\n%v\nand not\n%s", err, want)
}

// hostile are files that a library for YAML may take long for, as large as they are read or as their kind gets; want is what
// is said of them.
func hostile(tb testing.TB) []struct{ name, text, want string } {
	many := func(s string) string { return strings.Repeat(s, (LargestManuscript-10)/len(s)) }
	stairs := func() string {
		var b strings.Builder
		for i := 0; b.Len() < LargestManuscript-2000; i++ {
			fmt.Fprintf(&b, "%*sa:\n", i, "")
		}
		return b.String()
	}
	const tooMany, beside = "too many keys, values and lines", mostTokens / 2
	lol := "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n"
	return []struct{ name, text, want string }{
		{"nothing", "", "the file is empty"},
		{"only a comment", "# soon\n", "the file is empty"},
		{"a word", "hello", "keys are needed here"},
		{"a list", "- a\n- b\n", "keys are needed here"},
		{"too large", "#" + many("a") + many("b"), "1:1: too large"},
		{"brackets", strings.Repeat("[", mostTokens), "1:17: nested too deeply"},
		{"braces", strings.Repeat("{a: ", beside/2), "nested too deeply"},
		{"dashes", strings.Repeat("- ", mostTokens), "nested too deeply"},
		{"stairs", stairs(), "nested too deeply"},
		{"aliases", lol, "1:4: anchors (&), aliases (*), merges (<<) and tags (!) are not read here"},
		{"anchors", many("&a "), ""},
		{"tags", many("!a "), ""},
		{"more brackets", many("["), tooMany},
		{"keys", many("a: b\n"), tooMany},
		{"fewer keys", strings.Repeat("a: b\n", mostTokens/3), "2:1: “a” is written twice"},
		{"keys with nothing", strings.Repeat("a:\n", beside), "2:1: “a” is written twice"},
		{"keys of dashes", strings.Repeat("-a:\n", beside), "my.yaml:"},
		{"few documents", strings.Repeat("x\n---\n", beside), "a second document begins here"},
		{"one list", "a: [" + strings.Repeat("1,", beside-3) + "1]", "“a” is not a key here"},
		{"one mapping", "a: {" + strings.Repeat("b: 1,", mostTokens/4-3) + "b: 1}", "“a” is not a key here"},
		{"levels", strings.Repeat("[[[[[[[[[[[[[[[[", mostTokens/16), "nested too deeply"},
		{"within the levels", strings.Repeat("- - - - - - - - - - - - - - a\n", mostTokens/16), "keys are needed here"},
		{"empty lines", "title: |\n  a\n" + strings.Repeat("\n", mostSigns-10), "8:1: more than 5 empty lines one after the other"},
		{"blank lines", "title: >\n  a\r\n" + strings.Repeat("  \r\n", mostSigns-10), "8:1: more than 5 empty lines one after the other"},
		{"five of them", "title: |\n  " + many("a ")[:LargestManuscript-100] + strings.Repeat("\n", 6), "my.yaml:"},
		{"lines", "title: |\n" + strings.Repeat("  a\n", mostSigns-10), "my.yaml:"},
		{"reserved signs", many("@"), "my.yaml:"},
		{"quotes", "a: '" + strings.Repeat("''", mostSigns/2-10) + "'", "“a” is not a key here"},
		{"comments", strings.Repeat("#\n", mostTokens), "the file is empty"},
		{"documents", many("---\n"), ""},
		{"colons", many("a:"), ""},
		{"commas", "[" + many(","), ""},
		{"one text", "title: " + many("a "), ""},
		{"zeroes", many("\x00"), ""},
		{"a merge", "a: 1\n<<: {b: 2}\n", "2:1: anchors (&), aliases (*), merges (<<) and tags (!) are not read here"},
		{"a binary", "a: !!binary aGk=\n", "1:4: anchors (&)"},
		{"a directive", "%TAG ! tag:example.org,2000:\n---\na: 1\n", "3:1: a second document begins here"},
		{"two marks", "\ufeff\ufeffprogramme: x\n", "my.yaml:"},
		{"only returns", strings.ReplaceAll(programmeFile(tb, "short.yaml")[:300], "\n", "\r"), "my.yaml:"},
		{"a long key", strings.Repeat("k", 100_000) + ": 1\n", "kkkk…” is not a key here; the keys are programme"},
		{"half a letter", "programme: \xe2\x82", "1:12: not UTF-8 from here on"},
		{"a surrogate", "programme: \xed\xa0\x80", "1:12: not UTF-8 from here on"},
	}
}

// TestHostileProgramme holds that no file of a size that is read takes long; "dev soak" says how long with FuzzParseProgramme.
func TestHostileProgramme(t *testing.T) {
	for _, c := range hostile(t) {
		t.Run(c.name, func(t *testing.T) {
			runtime.LockOSThread() // whose time at work is asked for
			defer runtime.UnlockOSThread()
			begun := worked(t)
			_, err := ParseProgramme("my.yaml", []byte(c.text))
			if took := worked(t) - begun; took > 10*time.Second {
				t.Errorf("took %v", took)
			}
			if c.want == "" {
				c.want = "my.yaml:"
			}
			mustMistake(t, err, c.want)
			if len(err.(Mistakes)) > mostMistakes+1 {
				t.Errorf("lists %d mistakes", len(err.(Mistakes)))
			}
		})
	}
}

// TestWrongTypesEverywhere puts a value of each other type in place of every value of the short programme: what is found is
// found where it stands.
func TestWrongTypesEverywhere(t *testing.T) {
	lines := strings.Split(programmeFile(t, "short.yaml"), "\n")
	value := regexp.MustCompile(`^( *(?:- )?[\w-]+: )(.+)$`)
	for i, line := range lines {
		m := value.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		taken := 0
		others := []string{"[1, 2]", "{a: 1}", "5", "-5", "1.5", "true", "null", "~", "x", "2026-01-01", "0x1F", "99999999999999999999", "[[[]]]", "'" + strings.Repeat("x", 5000) + "'"}
		for _, other := range others {
			changed := slices.Clone(lines)
			changed[i] = m[1] + other
			_, err := ParseProgramme("my.yaml", []byte(strings.Join(changed, "\n")))
			var found Mistakes
			switch {
			case err == nil:
				taken++
			case !errors.As(err, &found):
				t.Errorf("%s: refused with a %T: %v", changed[i], err, err)
			case !slices.ContainsFunc(found, func(m Mistake) bool { return m.Line == i+1 }) && !strings.Contains(line, "id: "):
				t.Errorf("%s, in line %d, is not found there but\n%v", changed[i], i+1, err)
			}
		}
		if taken > 3 { // a number for a number, a word for a word
			t.Errorf("%s takes %d of %d others", line, taken, len(others))
		}
	}
}

func FuzzParseProgramme(f *testing.F) {
	f.Add(programmeFile(f, "short.yaml"))
	f.Add(programmeFile(f, "broken.yaml"))
	f.Add("steps: [{with: {scale: [{en: a}]}}]")
	for _, c := range hostile(f) {
		f.Add(c.text)
	}
	built, err := filepath.Glob("programmes/*.yaml")
	if err != nil || len(built) == 0 {
		f.Fatal("no programmes", err)
	}
	for _, file := range built {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		var p Programme
		var err error
		soon(t, func() { p, err = ParseProgramme("my.yaml", []byte(text)) })
		var found Mistakes
		switch {
		case err == nil:
			if len(p.Steps) == 0 || len(p.Languages) == 0 || p.Title[p.Languages[0]] == "" {
				t.Errorf("took a programme with nothing in it: %+v", p)
			}
		case !errors.As(err, &found):
			t.Errorf("refused with a %T: %v", err, err)
		default:
			for _, m := range found {
				if m.Line < 1 || m.Column < 1 || m.What == "" {
					t.Errorf("a mistake without its place: %+v", m)
				}
			}
		}
	})
}

// TestProgrammeGuide holds that what authors start from is read as it stands: the whole programme, and one script of each
// kind in its place, by the check and by the schema.
func TestProgrammeGuide(t *testing.T) {
	guide, err := os.ReadFile(filepath.Join("programmes", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var examples []string
	for rest := string(guide); ; {
		_, after, more := strings.Cut(rest, "```yaml\n")
		if !more {
			break
		}
		example, left, _ := strings.Cut(after, "```")
		examples, rest = append(examples, example), left
	}
	schema, whole, shown := programmeSchema(t), examples[0], map[string]bool{}
	for i, example := range examples {
		text := whole
		if i > 0 {
			kind, script, _ := strings.Cut(example, ":\n")
			head, _, _ := strings.Cut(whole, "    with:")
			text = strings.Replace(head, "kind: quiet ", "kind: "+kind+" ", 1) + "    with:\n"
			for line := range strings.Lines(script) {
				text += "    " + line
			}
			shown[kind] = true
		}
		if _, err := ParseProgramme("example", []byte(text)); err != nil {
			t.Errorf("%s\n%v", example, err)
		}
		if err := fits(schema, text); err != nil {
			t.Errorf("%s\n%v", example, err)
		}
	}
	for _, k := range kinds {
		if !shown[k.name] {
			t.Errorf("the guide has no example of a %s", k.name)
		}
	}
	for _, word := range packWords() {
		if !strings.Contains(string(guide), "`{"+word+"}`") {
			t.Errorf("the guide does not say what {%s} is", word)
		}
	}
}
