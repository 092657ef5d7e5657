package facilitator

import (
	"strings"
	"testing"
)

const helpers = `languages: [en, es]
place: {en: Springfield and around, es: Springfield y alrededores}
helpers:
  - topic: sponsor
    name: {en: Local intergroup, es: Intergrupo local}
    text: {en: Somebody answers., es: Alguien responde.}
    phone: "555-0100"
    hours: {en: Every day, es: Todos los días}
    speaks: [en, es]
  - topic: legal
    name: {en: Legal aid, es: Ayuda legal}
    address: {en: 12 Elm Street, es: Calle Elm 12}
    web: https://legal.example.org/help
`

func TestResources(t *testing.T) {
	r, err := ParseResources("here.yaml", []byte(helpers))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Helpers) != 2 || r.Helpers[0].Phone != "555-0100" || r.Helpers[1].Address["es"] != "Calle Elm 12" {
		t.Errorf("read %+v", r)
	}
}

func TestMistakesInResources(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"another topic", "topic: legal", "topic: lawyers", "here.yaml:10:12: “lawyers” is not a topic; there are sponsor"},
		{"leads nowhere", "    phone: \"555-0100\"\n", "", "here.yaml:4:5: this leads nowhere"},
		{"a number for text", `phone: "555-0100"`, "phone: 5550100", "here.yaml:7:12: text is needed here; put it in quotes"},
		{"words for a number", "555-0100", "ask for Ana", "here.yaml:7:12: “ask for Ana” is not a number to call"},
		{"half an address", "https://legal", "legal", "here.yaml:13:10: “legal.example.org/help” is not a web address"},
		{"a script for an address", "https://legal.example.org/help", "javascript:alert(1)", "is not a web address"},
		{"one language", "{en: Legal aid, es: Ayuda legal}", "{en: Legal aid}", "here.yaml:11:5: the text in “es” is missing"},
		{"unknown key", "hours:", "open:", "here.yaml:8:5: “open” is not a key here"},
		{"odd language", "speaks: [en, es]", "speaks: [en, Spanish!]", "here.yaml:9:18: “Spanish!” is not a language tag"},
		{"no name", "    name: {en: Legal aid, es: Ayuda legal}\n", "", "“name” is needed here"},
		{"turned text", "en: Legal aid", "en: \"Legal \\u202eaid\"", "invisible control character"},
	} {
		if !strings.Contains(helpers, c.old) {
			t.Fatalf("%s: there is no %q", c.name, c.old)
		}
		_, err := ParseResources("here.yaml", []byte(strings.Replace(helpers, c.old, c.new, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
