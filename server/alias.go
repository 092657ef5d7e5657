package server

import (
	_ "embed"
	"fmt"
	"math/rand/v2"

	"github.com/goccy/go-yaml"
)

//go:embed aliases.yaml
var aliasesFile []byte

// aliases is language → groups whose words go together: one of first, one of second.
// What a name may be at all is facilitator.CleanAlias.
type aliases map[string][]struct {
	First  []string `yaml:"first"`
	Second []string `yaml:"second"`
}

func loadAliases() (aliases, error) {
	var all aliases
	if err := yaml.UnmarshalWithOptions(aliasesFile, &all, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("aliases.yaml: %w", err)
	}
	return all, nil
}

// suggest picks uniformly over a language's groups, then within one. Unknown languages get English.
func (a aliases) suggest(lang string) string {
	groups, known := a[lang]
	if !known {
		groups = a["en"]
	}
	group := groups[rand.N(len(groups))]
	return group.First[rand.N(len(group.First))] + " " + group.Second[rand.N(len(group.Second))]
}

// some are the first so many of a language, the same each time, and no two alike.
func (a aliases) some(lang string, n int) []string {
	groups, known := a[lang]
	if !known {
		groups = a["en"]
	}
	names := make([]string, n)
	for i := range names {
		group, nth := groups[i%len(groups)], i/len(groups)
		first := nth % len(group.First)
		names[i] = group.First[first] + " " + group.Second[(first+nth/len(group.First))%len(group.Second)]
	}
	return names
}
