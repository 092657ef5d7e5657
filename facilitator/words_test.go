package facilitator

import (
	"errors"
	"strings"
	"testing"
)

func TestCleanAlias(t *testing.T) {
	for raw, want := range map[string]string{
		"  Grey   Heron ":              "Grey Heron",
		"Jose\u0301":                   "José",
		"María \U0001f426":             "María \U0001f426",
		"\U0001f469\u200d\U0001f33e A": "\U0001f469\u200d\U0001f33e A",
		strings.Repeat("ñ", 40):        strings.Repeat("ñ", 40),
	} {
		if got, err := CleanAlias(raw); got != want || err != nil {
			t.Errorf("%q becomes %q, %v", raw, got, err)
		}
	}
	for raw, reason := range map[string]string{
		"":                      "alias_empty",
		" \t ":                  "alias_empty",
		"\U0001f426":            "alias_empty",
		strings.Repeat("a", 41): "too_long",
		"Ana\u200d":             "hidden_characters",
		"A\u200dna":             "hidden_characters",
		"Ana\u200b":             "hidden_characters",
		"Ana\u2800":             "hidden_characters",
		"Ana\u034f":             "hidden_characters",
		"\u202eanA":             "hidden_characters",
		"An\x07a":               "hidden_characters",
		"\xff":                  "not_text",
	} {
		_, err := CleanAlias(raw)
		if r := new(Refusal); !errors.As(err, &r) || r.Reason != reason {
			t.Errorf("%q is refused with %v, not %s", raw, err, reason)
		}
	}
}

func TestNamesThatLookAlike(t *testing.T) {
	if !sameName("Ana", "aNA") || !sameName("Ana", "\uff21\uff4e\uff41") || !sameName("علی\u200cرضا", "علیرضا") || sameName("Ana", "Ann") {
		t.Error("names are told apart wrongly")
	}
}

// What somebody might try who wants to be taken for the one who leads, or to spoil the list of names.
func TestNastyNames(t *testing.T) {
	w := newWorld(t)
	w.join("Rosa Miller", Facilitator)
	tries := map[string][]string{
		"alias_taken": {"rosa  miller", "ROSA MILLER", "Ｒｏｓａ Ｍｉｌｌｅｒ", "𝐑𝐨𝐬𝐚 𝐌𝐢𝐥𝐥𝐞𝐫", "Ⓡⓞⓢⓐ Miller", "🅁🄾🅂🄰 Miller", "Rosa\u00a0Miller",
			"Rosa\u3000Miller", "Rosa\u2028Miller", "Rosa Mi\u217cler"},
		"alias_lookalike": {"RosaMiller", "Rosa-Miller", "R.o.s.a Miller", "rosa_miller", "Rósa Mïller", "Ro\u0336sa Miller", "Rosa Mi11er", "R0sa MiIIer",
			"Rosa Mi||er", "Rosa Mi∣∣er", "Rosa Miǀǀer", "Rosa Miłłer", "Rosa Mıller", "Ɍosa Miller", "Rosɑ Rniller", "ʀᴏsᴀ ᴍɪʟʟᴇʀ", "Rosa Miller ✓", "Rosa Miller🙂",
			"Rosa Miller\u20dd", "Rosa Miller.", "Miller, Rosa", "Rosa Miller (host)", "Rosa Miller – facilitator", "Facilitator", "the HOST", "Moderadora", "Rosa Miller, co-host"},
		"alias_mixed":       {"Rоsa Miller", "Rosа Міllеr", "Ρosa Miller", "Rosa Мiller", "Rosa Millҽr", "Ꮢosa Miller", "ꓣosa Miller", "ᖇosa Miller", "Anα", "Kеvin"},
		"alias_piled":       {"Z\u0351\u036b\u0343\u033f\u0357alg\u0317o", "Ro\u0316\u0317\u0318\u0319\u031c\u031dsa"},
		"hidden_characters": {"Ana\ufe0f", "Rosa\U000e0100", "Rosa Miller\u180e", "Rosa Miller\u00ad", "Rosa Mille\u202er", "Rosa Mil\u200cler", "Rosa Miller\U000e0041", "رزا\u200c", "دا\u200cوود", "Q\u0301\u200dx"},
		"alias_empty":       {"🇷🇴🇸🇦", "…"},
	}
	for reason, names := range tries {
		for _, name := range names {
			_, err := w.s.Decide(Join{Person: "p9", Alias: name, Role: Participant}, w.input(Seat{Role: System}))
			if r := new(Refusal); !errors.As(err, &r) || r.Reason != reason {
				t.Errorf("%q is refused with %v, not %s", name, err, reason)
			}
		}
	}
}

// What people are called, and like to be called.
func TestNamesPeopleHave(t *testing.T) {
	w := newWorld(t)
	w.join("Rosa Miller", Facilitator)
	for _, name := range []string{"José", "Łukasz", "李", "李\U000e0100", "محمد", "علی\u200cرضا", "O'Neil", "O’Neil", "Zoë B.", "Ngọc Ánh", "Nguyễn", "यश", "संजय", "क्\u200dष", "ශ්\u200dරී",
		"ณัฐ", "שָׂרָה", "ክርስቶስ", "Jean-Luc", "Anne-Marie 2", "D'Ângelo", "김민준", "ひろし", "Иван", "Ελένη", "Ivan Иван", "தமிழ்", "Sinéad", "Þór", "J.", "X Æ A-12", "Renée 🌻",
		"👩\u200d🌾 Ann", "❤️ Kim", "🏳️\u200d🌈 Sam", "1️⃣ Lee", "Māori", "İbrahim", "Kʼicheʼ", "ʻOkina", "Rosa", "Rosa M.", "Rosa Miller 2", "Rosalind Miller", "La", "Al", "Hostetler", "Gatekeeper"} {
		if _, err := w.s.Decide(Join{Person: "p9", Alias: name, Role: Participant}, w.input(Seat{Role: System})); err != nil {
			t.Errorf("%q is refused: %v", name, err)
		}
	}
}
