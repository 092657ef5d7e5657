package server

import (
	"strings"
	"testing"
)

func TestBuiltInCareLines(t *testing.T) {
	lines, err := readCare("care.yaml", careFile)
	must(t, err)
	for _, lang := range []string{"en", "es", "xx"} {
		view := lines.in(lang)
		if len(view) < 4 || view[0].Call != "988" {
			t.Errorf("%s: %+v", lang, view)
		}
		for _, line := range view {
			if line.Name == "" || line.Call+line.Text+line.Web == "" {
				t.Errorf("%s: a line leads nowhere: %+v", lang, line)
			}
		}
	}
	if en, es := lines.in("en")[0], lines.in("es")[0]; en.Name == es.Name || en.Say == es.Say {
		t.Errorf("Spanish is English: %+v", es)
	}
}

func TestAnOperatorsCareFile(t *testing.T) {
	for name, c := range map[string]struct{ file, complaint string }{
		"one line":        {"lines:\n  - name: {en: Local line}\n    call: \"555-0100\"\n", ""},
		"nothing":         {"", "at least one"},
		"no lines":        {"lines: []\n", "at least one"},
		"a dead end":      {"lines:\n  - name: {en: Local line}\n", "line 1: expected"},
		"no number":       {"lines:\n  - name: {en: Local line}\n    call: soon\n", "line 1: call and text are numbers"},
		"no word to send": {"lines:\n  - name: {en: Local line}\n    text: \"555\"\n", "line 1: expected say.en"},
		"no page":         {"lines:\n  - name: {en: Local line}\n    web: {en: \"https://help.example\", es: \"javascript:alert(1)\"}\n", "line 1: web is"},
		"unknown word":    {"lines:\n  - name: {en: Local line}\n    phone: \"555-0100\"\n", "[3:5]"},
		"not YAML":        {"lines: [\n", "local.yaml"},
		"number for text": {"lines:\n  - name: 5\n    call: \"5\"\n", "[2:11]"},
	} {
		_, err := readCare("local.yaml", []byte(c.file))
		switch {
		case c.complaint == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.complaint != "" && (err == nil || !strings.Contains(err.Error(), c.complaint) || !strings.HasPrefix(err.Error(), "local.yaml")):
			t.Errorf("%s: %v", name, err)
		}
	}
}
