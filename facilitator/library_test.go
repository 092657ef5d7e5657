package facilitator

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestTheLibraryIsSound reads every scenario that comes with mend: no mistakes, each in a file of its own name, all in
// the two languages.
func TestTheLibraryIsSound(t *testing.T) {
	library, err := Scenarios()
	if err != nil {
		t.Fatal(err)
	}
	files, _ := fs.Glob(scenarioFiles, "scenarios/*.yaml")
	for i, sc := range library {
		if files[i] != "scenarios/"+sc.ID+".yaml" {
			t.Errorf("%s holds the scenario %s", files[i], sc.ID)
		}
		if !slices.Equal(sc.Languages, []string{"en", "es"}) {
			t.Errorf("%s is in %v", sc.ID, sc.Languages)
		}
		for _, stance := range stances {
			if sc.Stances.of(stance)["en"] == "" {
				t.Errorf("%s does not say how to play %s", sc.ID, stance)
			}
		}
	}
	if forms := formsOf(library); len(forms) != len(scenarioForms) {
		t.Errorf("the library has only scenarios of the forms %v", forms)
	}
}

func formsOf(library []Scenario) map[string]int {
	forms := map[string]int{}
	for _, sc := range library {
		forms[sc.Form]++
	}
	return forms
}

// TestScenarioMistakes changes one place of a good scenario and looks for the one mistake this makes.
func TestScenarioMistakes(t *testing.T) {
	data, err := os.ReadFile("testdata/roleplays/short.yaml")
	if err != nil {
		t.Fatal(err)
	}
	short := string(data)
	if _, err := ParseScenario("short.yaml", data); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"no id", "scenario: short\n", "", "1:1: “scenario” is needed here"},
		{"reserved id", "scenario: short", "scenario: own", "1:11: “own” has a meaning of its own"},
		{"version zero", "version: 1", "version: 0", "2:10: the version is a number from 1 up"},
		{"no languages", "[en, es]", "[]", "3:1: at least one language is needed here"},
		{"unknown relation", "relation: friend", "relation: foe", "5:11: “foe” is none of those known here: parent, partner"},
		{"unknown harm", "harm: money", "harm: none", "6:7: “none” is none of those known here: money"},
		{"unknown form", "form: letter", "form: play", "7:7: “play” is none of those known here: conversation"},
		{"no boundary", "  boundary: {en: Not today., es: Hoy no.}\n", "", "11:1: “boundary” is needed here"},
		{"no part for the listener", "  listener: {en: your friend, es: tu amistad}\n", "", "16:1: “listener” is needed here"},
		{"too long a part", "en: the debtor", "en: " + strings.Repeat("the one ", 8) + "who", "17:17: too long: 67 characters, at most 60"},
		{"a stance missing", "  silent: {en: Wait., es: Espera.}\n", "", "27:1: “silent” is needed here"},
		{"a stance too many", "  silent:", "  laughs: {en: Ha., es: Ja.}\n  silent:", "31:3: “laughs” is not a key here; the keys are receptive"},
		{"only English", "{en: Wait., es: Espera.}", "{en: Wait.}", "31:3: the text in “es” is missing"},
		{"too long", "en: A debt.", "en: " + strings.Repeat("A debt. ", 200), "9:17: too long: 1599 characters, at most 1000"},
		{"watching too little", "watch:\n  - {en: Was it named?, es: ¿Se nombró?}\n", "watch:\n", "21:1: an observer can watch for 2 to 6 things; there are 1 here"},
		{"too many questions", "debrief:\n", "debrief:\n" + strings.Repeat("  - {en: And?, es: ¿Y?}\n", 4), "24:1: 2 to 5 questions"},
		{"the key of a programme", "form: letter", "form: letter\nminutes: 5", "8:1: “minutes” is not a key here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if strings.Count(short, c.old) != 1 {
				t.Fatalf("%q stands %d times in the file", c.old, strings.Count(short, c.old))
			}
			_, err := ParseScenario("short.yaml", []byte(strings.Replace(short, c.old, c.new, 1)))
			mistakes, ok := err.(Mistakes)
			if !ok || len(mistakes) != 1 || !strings.HasPrefix(err.Error(), "short.yaml:"+c.want) {
				t.Errorf("found\n%v\nand should have found only\n%s", err, c.want)
			}
		})
	}
}
