package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"mend/facilitator"
)

func TestCheckSaysWhatIsWrongAndWhere(t *testing.T) {
	folder := "../../facilitator/"
	read := func(name string) string {
		data, err := os.ReadFile(folder + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	short, scenario, pack := read("testdata/programmes/short.yaml"), read("testdata/roleplays/short.yaml"), read("packs/plain.yaml")
	helpers := "languages: [en]\nhelpers:\n  - topic: debt\n    name: {en: Advice}\n    phone: \"555 0100\"\n"
	change := func(text, old, new string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("there is no %q", old)
		}
		return strings.Replace(text, old, new, 1)
	}
	for _, c := range []struct{ name, text, want string }{
		{"programme", short, ""},
		{"scenario", scenario, ""},
		{"pack", pack, ""},
		{"resources", helpers, ""},
		{"resources that lead nowhere", change(helpers, "    phone: \"555 0100\"\n", ""), "3:5: this leads nowhere"},
		{"programme with a pack", change(short, "version: 1", "version: 1\npack: family"), ""},
		{"byte order mark", "\ufeff" + short, ""},
		{"scenario of no harm", change(scenario, "harm: money", "harm: fun"), "6:7: “fun” is none of those known here: money, promises, absence, lies, driving, theft, work, neglect"},
		{"pack without a name", change(pack, "pack: plain", "pack: Plain!"), "3:7: “Plain!” is not a short name"},
		{"pack in UTF-8 with a mark", "\ufeff" + change(pack, "pack: plain", "pack: Plain!"), "3:7: “Plain!” is not a short name"},
		{"key twice", change(short, "version: 1", "version: 1\nversion: 1"), "3:1: “version” is written twice; keep one of them"},
		{"tab", change(short, "  en: A short one", "\ten: A short one"), "indent with spaces, not with tabs"},
		{"not UTF-8", change(short, "Uno corto", "Uno cort\xf3"), "6:15: not UTF-8 from here on; save the file with the encoding UTF-8"},
		{"UTF-16", "\xff\xfep\x00r\x00o\x00", "1:1: not UTF-8 from here on; save the file with the encoding UTF-8"},
		{"bomb", "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", "1:4: anchors (&), aliases (*), merges (<<) and tags (!) are not read here; write the words out, in quotes if they begin so"},
		{"deep", strings.Repeat("[", 5000), "1:17: nested too deeply: more than 16 levels, and such a file needs seven"},
		{"nothing", "", "1:1: the file is empty; the README beside such files says what belongs into one"},
		{"a picture", "\x89PNG\r\n\x1a\n", "1:1: not UTF-8 from here on; save the file with the encoding UTF-8"},
		{"a page", "<!doctype html><script>alert(1)</script>", "1:1: keys are needed here, each on its own line as “key: value”"},
		{"one byte too many", "#" + strings.Repeat("a", 256<<10), "1:1: too large: a file has at most 256 KiB (262144 bytes); shorten it, or split it into two"},
		{"mark and one byte too many", "\ufeff" + short + "#" + strings.Repeat("a", 256<<10-len(short)-1), "1:1: too large: a file has at most 256 KiB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "my.yaml")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			var out, errs bytes.Buffer
			status := run(t.Context(), []string{"check", file}, nil, &out, &errs)
			switch {
			case errs.Len() > 0:
				t.Errorf("said %s", &errs)
			case c.want == "" && (status != exitOK || out.Len() > 0):
				t.Errorf("ended with %d: %s", status, &out)
			case c.want != "" && (status != exitUsage || !strings.HasPrefix(out.String(), file+":") || !strings.Contains(out.String(), c.want)):
				t.Errorf("ended with %d: %s", status, &out)
			}
		})
	}
}

func TestCheckReadsManyFiles(t *testing.T) {
	files, err := filepath.Glob("../../facilitator/*/*.yaml")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	var out, errs bytes.Buffer
	if status := run(t.Context(), append([]string{"check"}, files...), nil, &out, &errs); status != exitOK || out.Len()+errs.Len() > 0 {
		t.Errorf("ended with %d: %s%s", status, &out, &errs)
	}
}

// TestCheckDoesNotReadAHugeFile gives it a gigabyte, most of which is a hole.
func TestCheckDoesNotReadAHugeFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "huge.yaml")
	made, err := os.Create(file)
	if err == nil {
		err = errors.Join(made.Truncate(1<<30), made.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	data, err := readManuscript(file)
	if len(data) != facilitator.LargestManuscript+1 || err != nil {
		t.Errorf("read %d bytes, %v", len(data), err)
	}
	var out, errs bytes.Buffer
	if status := run(t.Context(), []string{"check", file}, nil, &out, &errs); status != exitUsage || !strings.HasPrefix(out.String(), file+":1:1: too large") {
		t.Errorf("ended with %d: %s%s", status, &out, &errs)
	}
}

// A training programme's own scenarios are offered beside those that come with mend, or nothing starts.
func TestOwnScenariosAreOffered(t *testing.T) {
	good, err := os.ReadFile("../../facilitator/testdata/roleplays/short.yaml")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("own.yaml", bytes.Replace(good, []byte("scenario: short"), []byte("scenario: our-own"), 1))
	write("notes.txt", []byte("not a scenario"))
	p := start(t, "--demo", "--programme", "practising-amends", "--data", t.TempDir(), "--scenarios", folder)
	if offered := p.scenarios(); !slices.Contains(offered, "our-own") || !slices.Contains(offered, "money-from-a-parent") {
		t.Errorf("offered are %v", offered)
	}
	p.end()

	write("bad.yaml", bytes.Replace(good, []byte("harm: money"), []byte("harm: fun"), 1))
	write("twin.yaml", bytes.Replace(good, []byte("scenario: short"), []byte("scenario: our-own"), 1))
	for name, env := range map[string][]string{"by flag": nil, "by variable": {"MEND_SCENARIOS=" + folder}} {
		args := []string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}
		if env == nil {
			args = append(args, "--scenarios", folder)
		}
		status, said := attempt(t, env, args...)
		if status == exitOK || !strings.Contains(said, "bad.yaml:6:7: “fun”") || !strings.Contains(said, "twin.yaml: the name “our-own”") {
			t.Errorf("%s: ended with %d: %s", name, status, said)
		}
	}
	for folder, want := range map[string]string{"/nowhere": "no such file", t.TempDir(): "no .yaml file"} {
		if status, said := attempt(t, nil, "serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--scenarios", folder); status == exitOK || !strings.Contains(said, want) {
			t.Errorf("%s: ended with %d: %s", folder, status, said)
		}
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

// scenarios are those that a running demo offers in its practice in threes, by the lead's own socket.
func (p *program) scenarios() []string {
	p.t.Helper()
	_, key, _ := strings.Cut(p.lines["facilitator"], "#")
	var seat struct{ Token string }
	if status := p.post("/api/demo/seat", map[string]string{"key": key}, &seat); status != http.StatusOK {
		p.t.Fatalf("the facilitator's seat: %d", status)
	}
	base, _, _ := strings.Cut(p.lines["join"], "/j/")
	conn, response, err := websocket.DefaultDialer.DialContext(p.t.Context(), "ws"+strings.TrimPrefix(base, "http")+"/ws", http.Header{"Origin": {base}})
	if err != nil {
		p.t.Fatal(err)
	}
	response.Body.Close()
	defer conn.Close()
	conn.SetReadDeadline(time.Now().Add(time.Minute))
	for _, frame := range []any{
		map[string]any{"hello": map[string]any{"token": seat.Token, "client": "a-test-client", "docs": map[string]int{}}},
		map[string]any{"id": 1, "do": "agenda.open", "with": map[string]string{"step": "threes"}},
	} {
		if err := conn.WriteJSON(frame); err != nil {
			p.t.Fatal(err)
		}
	}
	for {
		_, data, err := conn.ReadMessage()
		if err != nil {
			p.t.Fatalf("waiting for the scenarios: %v", err)
		}
		type document struct {
			Step struct {
				Exercise struct{ Scenarios map[string]any }
			}
		}
		var f struct{ Is, Patch document }
		if json.Unmarshal(data, &f) != nil {
			continue
		}
		for _, d := range []document{f.Is, f.Patch} {
			if offered := d.Step.Exercise.Scenarios; len(offered) > 0 {
				return slices.Collect(maps.Keys(offered))
			}
		}
	}
}
