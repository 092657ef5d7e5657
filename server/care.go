package server

import (
	_ "embed"
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"

	"mend/facilitator"
)

//go:embed care.yaml
var careFile []byte

// careLine is somebody to reach in a crisis. Call, Text and Web are what a phone can act on; at least one is given.
type careLine struct {
	Name facilitator.Text `yaml:"name"`
	More facilitator.Text `yaml:"more"`
	Call string           `yaml:"call"`
	Text string           `yaml:"text"`
	Say  facilitator.Text `yaml:"say"` // the word to send to Text
	Web  facilitator.Text `yaml:"web"`
}

type careLines []careLine

// readCare reads the operator's file; file is only the name used in errors.
func readCare(file string, data []byte) (careLines, error) {
	var read struct {
		Lines careLines `yaml:"lines"`
	}
	if err := yaml.UnmarshalWithOptions(data, &read, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %s", file, yaml.FormatError(err, false, true))
	}
	if len(read.Lines) == 0 {
		return nil, errors.New(file + ": lines: at least one is expected, so that nobody opens an empty card")
	}
	for i, line := range read.Lines {
		if line.Name["en"] == "" || line.Call == "" && line.Text == "" && line.Web["en"] == "" {
			return nil, fmt.Errorf("%s: line %d: expected name.en and one of call, text, web.en", file, i+1)
		}
	}
	return read.Lines, nil
}

// careView is one line in one language, English where the operator gave no other.
type careView struct {
	Name string `json:"name"`
	More string `json:"more,omitempty"`
	Call string `json:"call,omitempty"`
	Text string `json:"text,omitempty"`
	Say  string `json:"say,omitempty"`
	Web  string `json:"web,omitempty"`
}

func (lines careLines) in(lang string) []careView {
	pick := func(t facilitator.Text) string {
		if words, has := t[lang]; has {
			return words
		}
		return t["en"]
	}
	view := make([]careView, 0, len(lines))
	for _, line := range lines {
		view = append(view, careView{Name: pick(line.Name), More: pick(line.More), Call: line.Call,
			Text: line.Text, Say: pick(line.Say), Web: pick(line.Web)})
	}
	return view
}
