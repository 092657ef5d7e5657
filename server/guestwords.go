package server

import (
	_ "embed"
	"fmt"
	"math/rand/v2"

	"github.com/goccy/go-yaml"

	"mend/facilitator"
)

//go:embed guestwords.yaml
var guestWordsFile []byte

// guestWords are what simulated guests say, by language. All of it says of itself that it is simulated.
type guestWords map[string]guestVocabulary

type guestVocabulary struct {
	Mark     string   `yaml:"mark"` // part of a word that each of the others holds
	Shares   []string `yaml:"shares"`
	Rewrites []string `yaml:"rewrites"` // of weak amends
	Words    []string `yaml:"words"`
	Replies  []string `yaml:"replies"`
	Speaker  string   `yaml:"speaker"`
	Listener string   `yaml:"listener"`
}

func loadGuestWords() (guestWords, error) {
	var all guestWords
	if err := yaml.UnmarshalWithOptions(guestWordsFile, &all, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("guestwords.yaml: %w", err)
	}
	return all, nil
}

// of are the words of one guest: each keeps to one of the programme's languages, so that all of them are heard.
func (w guestWords) of(id facilitator.PersonID, room facilitator.Everyone) guestVocabulary {
	languages := room.Session.Languages
	if len(languages) > 0 {
		if own, known := w[languages[room.People[id].Order%len(languages)]]; known {
			return own
		}
	}
	return w["en"]
}

// line is what a guest writes in a role of a practice.
func (v guestVocabulary) line(role string) string {
	return map[string]string{"speaker": v.Speaker, "listener": v.Listener}[role]
}

func anyOf(some []string) string { return some[rand.N(len(some))] }
