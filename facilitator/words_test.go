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
	if !sameName("Ana", "aNA") || !sameName("Ana", "\uff21\uff4e\uff41") || sameName("Ana", "Ann") {
		t.Error("names are told apart wrongly")
	}
}
