package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckSaysWhatIsWrongAndWhere(t *testing.T) {
	folder := "../../facilitator/"
	good, err := os.ReadFile(folder + "testdata/roleplays/short.yaml")
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(bad, bytes.Replace(good, []byte("harm: money"), []byte("harm: fun"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	args := []string{"check", folder + "scenarios/money-from-a-parent.yaml", folder + "programmes/practising-amends.yaml"}
	if status := run(t.Context(), args, nil, &out, &errs); status != exitOK || strings.Count(out.String(), "without mistakes") != 2 {
		t.Errorf("ended with %d: %s%s", status, &out, &errs)
	}
	out.Reset()
	if status := run(t.Context(), append(args, bad), nil, &out, &errs); status != exitFailed || !strings.Contains(out.String(), "bad.yaml:6:7: “fun”") {
		t.Errorf("ended with %d: %s%s", status, &out, &errs)
	}
}

func TestServersForCallsAreChecked(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"none", "[]", ""},
		{"stun", `[{"urls": ["stun:stun.example.org:3478"]}]`, ""},
		{"turn", `[{"urls": ["turns:t.example.org"], "username": "u", "credential": "c"}]`, ""},
		{"not a list", `{"urls": "stun:x"}`, "expected a list"},
		{"no urls", `[{}]`, "no urls"},
		{"a web address", `[{"urls": ["https://example.org"]}]`, "begins with stun:"},
		{"turn without a credential", `[{"urls": ["turn:t.example.org"]}]`, "needs a username"},
	} {
		file := filepath.Join(t.TempDir(), "ice.json")
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := readICE(file)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
