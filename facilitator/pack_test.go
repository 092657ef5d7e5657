package facilitator

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

func packNamed(t testing.TB, id string) Pack {
	t.Helper()
	packs, err := Packs()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packs {
		if p.ID == id {
			return p
		}
	}
	t.Fatalf("there is no pack %q", id)
	return Pack{}
}

func TestPacks(t *testing.T) {
	packs, err := Packs()
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{}
	for _, p := range packs {
		ids = append(ids, p.ID)
		if !slices.Equal(p.Languages, []string{"en", "es"}) {
			t.Errorf("%s is written in %v", p.ID, p.Languages)
		}
	}
	if want := []string{"plain", "family", "peer-training", "secular", "twelve-step"}; !slices.Equal(ids, want) {
		t.Errorf("there are %v", ids)
	}
}

// braced is the short programme with words in braces in a step and in the script of one.
func braced(t *testing.T) Programme {
	t.Helper()
	text := strings.NewReplacer(
		"say: {en: Hello., es: Hola.}", `say: {en: "{Opening} Ask your {guide}.", es: "{Opening} Pregunta a tu {guide}."}`,
		"{en: Thank you for being here., es: Gracias por estar aquí.}", `{en: "Thank you. {closing}", es: "Gracias. {closing}"}`,
	).Replace(programmeFile(t, "short.yaml"))
	p, err := ParseProgramme("my.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAProgrammeReadsRightInEachRoom(t *testing.T) {
	p := braced(t)
	before := p.Steps[0].Say["en"]
	steps := packNamed(t, "twelve-step")
	in := p.In(steps)
	if got, want := in.Steps[0].Say["es"], steps.Words.Opening["es"]+" Pregunta a tu madrina o padrino."; got != want {
		t.Errorf("it says\n%s\nand should say\n%s", got, want)
	}
	if got := string(in.Steps[6].With); !strings.Contains(got, "Dejen que se quede aquí.") || strings.Contains(got, "{closing}") {
		t.Errorf("the last words are %s", got)
	}
	if in.Pack != "twelve-step" || p.Pack != "" || p.Steps[0].Say["en"] != before || strings.Contains(string(p.Steps[6].With), "Dejen") {
		t.Error("the programme itself was changed")
	}
	packs, _ := Packs()
	for _, pack := range packs {
		in := p.In(pack)
		for _, tag := range p.Languages {
			if inBraces.MatchString(in.Steps[0].Say[tag]) {
				t.Errorf("%s leaves words in braces: %s", pack.ID, in.Steps[0].Say[tag])
			}
		}
	}
}

func TestAProgrammeWithoutWordsInBracesIsTheSameInEachRoom(t *testing.T) {
	p, err := ParseProgramme("short.yaml", []byte(programmeFile(t, "short.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	in := p.In(packNamed(t, "family"))
	p.Pack = "family"
	if !reflect.DeepEqual(in, p) {
		t.Errorf("it became %+v", in)
	}
}

func TestWordsInBracesAreChecked(t *testing.T) {
	short := programmeFile(t, "short.yaml")
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown", "say: {en: Hello.,", `say: {en: "Ask your {sponsor}.",`, "16:15: “{sponsor}” is not a word that rooms say in their own way; those in braces are guide, guides,"},
		{"with blanks", "say: {en: Hello.,", `say: {en: "Ask your { guide }.",`, "16:15: “{ guide }” is not a word"},
		{"in capitals", "say: {en: Hello.,", `say: {en: "Ask your {GUIDE}.",`, "16:15: “{GUIDE}” is not a word"},
		{"empty", "say: {en: Hello.,", `say: {en: "Ask your {}.",`, "16:15: “{}” is not a word"},
		{"in a script", "{en: The second., es: El segundo.}", `{en: "The {second}.", es: El segundo.}`, "“{second}” is not a word"},
		{"outside of steps", "en: A short one", `en: "A short one for your {guide}"`, "5:7: “{guide}” stands in braces, which only the steps of a programme may have"},
		{"too long once said", "stage: {en: Quiet,", `stage: {en: "{opening}",`, "characters, at most 160"},
		{"without quotes", "say: {en: Hello.,", "say: {en: Ask your {guide}.,", "this is not YAML"},
		{"no such pack", "version: 1", "version: 1\npack: rooms", "3:7: “rooms” is none of those known here: plain, family"},
		{"no such setting", "version: 1", "version: 1\nsettings: [center, bar]", "3:20: “bar” is none of those known here: center, training, remote"},
		{"minutes that do not add up", "version: 1", "version: 1\nminutes: 90", "3:10: the steps last 35 minutes together, and 90 are written here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(short, c.old) {
				t.Fatalf("the short programme has no %q", c.old)
			}
			_, err := ParseProgramme("my.yaml", []byte(strings.Replace(short, c.old, c.new, 1)))
			mustMistake(t, err, c.want)
		})
	}
}

func TestALanguageWithoutPacks(t *testing.T) {
	french := strings.NewReplacer("[en, es]", "[fr]", "en:", "fr:", ", es:", ", fr2:").Replace(programmeFile(t, "short.yaml"))
	_, err := ParseProgramme("my.yaml", []byte(strings.Replace(french, "say: {fr: Hello.", `say: {fr: "Demande à ton {guide}."`, 1)))
	mustMistake(t, err, "no kind of room has its words in “fr”; write the words out instead of {guide}")
}

func TestBrokenPack(t *testing.T) {
	good, err := packFiles.ReadFile("packs/plain.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"a word is missing", "  gathering: {en: this group, es: este grupo}\n", "", "“gathering” is needed here"},
		{"a word of its own", "words:\n", "words:\n  coach: {en: coach, es: coach}\n", "“coach” is not a key here; the keys are guide, guides"},
		{"a word in a word", "{en: this group,", `{en: "this {group}",`, "“{group}” stands in braces"},
		{"one language", "{en: this group, es: este grupo}", "{en: this group}", "the text in “es” is missing"},
		{"no name", "pack: plain", "pack: Any Room", "“Any Room” is not a short name"},
	} {
		if !strings.Contains(string(good), c.old) {
			t.Fatalf("the pack has no %q", c.old)
		}
		_, err := ParsePack("my.yaml", []byte(strings.Replace(string(good), c.old, c.new, 1)))
		mustMistake(t, err, c.want)
	}
}
