package server

import (
	_ "embed"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

//go:embed knows.yaml
var knowsFile []byte

// knowledge is what this server keeps, in words. A test holds it against the types of everything that is stored.
type knowledge struct {
	Seats   []string           `yaml:"seats" json:"-"`
	Entries []knownThing       `yaml:"entries" json:"entries"`
	Never   []facilitator.Text `yaml:"never" json:"never"`
}

// knownThing is one kind of thing that is kept: what, who may read it, where it is kept and so for how long. Fields are
// the stored fields it speaks of.
type knownThing struct {
	Kept   string           `yaml:"kept" json:"kept"`
	Seats  []string         `yaml:"seats" json:"seats"`
	What   facilitator.Text `yaml:"what" json:"what"`
	Who    facilitator.Text `yaml:"who" json:"who"`
	Fields []string         `yaml:"fields" json:"-"`
}

func readKnowledge() (k knowledge, err error) {
	if err := yaml.UnmarshalWithOptions(knowsFile, &k, yaml.Strict()); err != nil {
		return k, fmt.Errorf("knows.yaml: %s", yaml.FormatError(err, false, true))
	}
	return k, nil
}

// showKnowledge is the same for everybody, so that nobody has to say who they are to ask.
func (s *Server) showKnowledge(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	return c.JSON(s.knowledge)
}
