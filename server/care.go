package server

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"

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
		if wrong := line.wrong(); wrong != "" {
			return nil, fmt.Errorf("%s: line %d: %s", file, i+1, wrong)
		}
	}
	return read.Lines, nil
}

// wrong says what would make a line lead nowhere, in one language or on one phone.
func (l careLine) wrong() string {
	switch {
	case l.Name["en"] == "" || l.Call == "" && l.Text == "" && l.Web["en"] == "":
		return "expected name.en and one of call, text, web.en"
	case l.Call != "" && !strings.ContainsAny(l.Call, digits) || l.Text != "" && !strings.ContainsAny(l.Text, digits):
		return "call and text are numbers"
	case l.Text != "" && l.Say["en"] == "":
		return "expected say.en, the word to send to the number"
	}
	for _, page := range l.Web {
		if !strings.HasPrefix(page, "https://") && !strings.HasPrefix(page, "http://") {
			return "web is an address that begins with https://"
		}
	}
	return ""
}

const digits = "0123456789"

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
