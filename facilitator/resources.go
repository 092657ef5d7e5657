package facilitator

import (
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"slices"
)

// Resources are the people near an operator's rooms who can help, as the operator keeps them in a file; they belong to the
// server and to no session. server/resources.yaml shows the form.
type Resources struct {
	Languages []string `json:"languages" yaml:"languages"`
	Place     Text     `json:"place,omitempty" yaml:"place"` // where these are near to
	Helpers   []Helper `json:"helpers" yaml:"helpers"`
}

// Helper is somebody to turn to with a topic. There is a number to call, an address or a page at least.
type Helper struct {
	Topic   Topic    `json:"topic" yaml:"topic"`
	Name    Text     `json:"name" yaml:"name"`
	Text    Text     `json:"text,omitempty" yaml:"text"`
	Phone   string   `json:"phone,omitempty" yaml:"phone"`
	Hours   Text     `json:"hours,omitempty" yaml:"hours"`
	Address Text     `json:"address,omitempty" yaml:"address"`
	Web     string   `json:"web,omitempty" yaml:"web"`       // shown as plain text, so that people see where it leads
	Speaks  []string `json:"speaks,omitempty" yaml:"speaks"` // in which languages they help, where that is not those of the file
}

const mostHelpers = 200

var phoneNumber = regexp.MustCompile(`^[+(]?[0-9][0-9 ()/.,+-]{1,38}[0-9]$`)

// ParseResources reads an operator's file and checks all of it. file is only the name used in the errors, which are
// Mistakes.
func ParseResources(file string, data []byte) (Resources, error) {
	var r Resources
	m, root := openManuscript(file, data)
	if root != nil {
		m.read("", root, reflect.ValueOf(&r).Elem())
		r.check(m)
	}
	if err := m.err(); err != nil {
		return Resources{}, err
	}
	return r, nil
}

func (r Resources) check(m *manuscript) {
	if len(r.Helpers) > mostHelpers {
		m.wrong("helpers", "%d are more than anybody reads; keep the %d that matter most", len(r.Helpers), mostHelpers)
	}
	for i, h := range r.Helpers {
		h.check(m, fmt.Sprintf("helpers[%d]", i))
	}
	m.checkLanguages(r.Languages)
	if !m.isWrong("languages") {
		m.checkTexts(r.Languages)
	}
}

func (h Helper) check(m *manuscript, at string) {
	if !slices.Contains(Topics, h.Topic) {
		m.wrong(at+".topic", "“%s” is not a topic; there are %s", h.Topic, topicNames())
	}
	if h.Phone == "" && h.Web == "" && len(h.Address) == 0 {
		m.wrong(at, "this leads nowhere; give a phone, a web address or an address")
	}
	if h.Phone != "" && !phoneNumber.MatchString(h.Phone) {
		m.wrong(at+".phone", "“%s” is not a number to call; write digits, with blanks and hyphens if you like, in quotes", h.Phone)
	}
	if page, err := url.Parse(h.Web); h.Web != "" && (err != nil || page.Scheme != "https" && page.Scheme != "http" || page.Host == "" || page.User != nil || len(h.Web) > 200) {
		m.wrong(at+".web", "“%s” is not a web address; write it whole, such as https://example.org", h.Web)
	}
	for i, tag := range h.Speaks {
		if !language.MatchString(tag) {
			m.wrong(fmt.Sprintf("%s.speaks[%d]", at, i), "“%s” is not a language tag; write one such as en, es or pt-BR", tag)
		}
	}
}
