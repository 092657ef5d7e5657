package server

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"mend/facilitator"
	"mend/realtime"
)

// bowlProgramme has one step: a bowl, or saying it better.
func bowlProgramme(t *testing.T, kind string, script any) facilitator.Programme {
	t.Helper()
	text := facilitator.Text{"en": "bowl", "es": "cuenco"}
	with, err := json.Marshal(script)
	must(t, err)
	return facilitator.Programme{
		ID: "bowl", Version: 1, Title: text, Languages: []string{"en", "es"},
		Steps: []facilitator.StepScript{{ID: "bowl", Kind: kind, Title: text, Minutes: 15, Say: text, Phone: text, Stage: text, With: with}},
	}
}

// withBowl makes a programme with a bowl the demo's.
func withBowl(t *testing.T, w *world, window int) {
	t.Helper()
	script := facilitator.BowlScript{Questions: []facilitator.Text{{"en": "bowl", "es": "cuenco"}}, Window: window}
	w.programmes = append([]facilitator.Programme{bowlProgramme(t, "bowl", script)}, w.programmes...)
	w.cfg.Programme = "bowl"
}

// circle is a demo session with a bowl open and so many members who have their tokens.
func circle(t *testing.T, base, code string, leadSeat pass, people int) (lead *member, members []*member) {
	t.Helper()
	w := &world{t: t, base: base, client: newBrowser()}
	lead = newMember(t, base, leadSeat)
	for i := range people {
		var seat pass
		w.join(code, fmt.Sprintf("Canary Heron %d", i)).into(&seat)
		members = append(members, newMember(t, base, seat))
	}
	lead.must("agenda.next", map[string]any{})
	lead.must("bowl.open", map[string]any{"question": 1})
	for _, m := range members {
		m.sign()
	}
	return lead, members
}

// A bowl over HTTP: all that is taken is answered alike; whoever names themselves is turned away; and of
// what was written nothing stands in the data folder, nothing at all in what the server says.
func TestABowlKeepsItsSecretsOverHTTP(t *testing.T) {
	w := newWorld(t)
	withBowl(t, w, 1)
	w.said.text.Reset()
	demo, leadSeat := w.demoSession()
	lead, members := circle(t, w.base, demo.Code, leadSeat, 6)
	body := members[0].share("canary-words of the first")
	for name, header := range map[string]string{"Cookie": "seat=1", "Authorization": "Bearer x", "Referer": w.base + "/j/ABC"} {
		if status, reason := members[0].post(body, name, header); status != 400 || reason != "bowl_identified" {
			t.Errorf("%s: %d %s", name, status, reason)
		}
	}
	if status, reason := members[0].post(body, "Origin", "https://elsewhere.example"); status != 403 || reason != "foreign_origin" {
		t.Errorf("%d %s", status, reason)
	}
	if status, reason := members[0].post(bytes.Repeat([]byte("x"), bodyLimit+1)); status != 413 || reason != "too_large" {
		t.Errorf("%d %s", status, reason)
	}
	members[0].mustPost(body)
	if status, reason := members[0].post(body); status != 409 || reason != "bowl_token_spent" {
		t.Errorf("%d %s", status, reason)
	}
	for i, m := range members[1:] {
		if i%2 == 0 {
			m.mustPost(m.share(fmt.Sprintf("canary-words of %d", i)))
		} else {
			m.mustPost(m.sharer.Blank())
		}
	}
	lead.must("bowl.close", map[string]any{})
	v := lead.until("it is poured", in(facilitator.BowlIsPoured))
	if len(v.Spent) != 6 {
		t.Errorf("%d tokens are spent", len(v.Spent))
	}
	eventually(t, func() bool { return len(lead.moderation().Shares) == 4 })
	for id := range lead.moderation().Shares {
		lead.must("share.open", map[string]any{"share": id})
		lead.must("share.show", map[string]any{})
	}
	members[5].until("all are shown", func(v facilitator.BowlEveryone) bool { return len(v.Shares) == 4 })
	holdNoCanary(t, w, members)
}

// holdNoCanary searches the folder's bytes and the server's own words.
func holdNoCanary(t *testing.T, w *world, members []*member) {
	t.Helper()
	canaries := []string{"canary-words", "Canary Heron"}
	for _, m := range members {
		canaries = append(canaries, string(m.sharer.Token()))
	}
	must(t, filepath.WalkDir(w.folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for _, c := range canaries {
			if bytes.Contains(data, []byte(c)) {
				t.Errorf("%s holds %q", path, c)
			}
		}
		return err
	}))
	for _, c := range append(canaries, "/bowl", "127.0.0.1") {
		if strings.Contains(w.said.String(), c) {
			t.Errorf("the server said %q: %s", c, w.said)
		}
	}
}

// Each body comes on a connection of its own, so that none of them joins a phone's first body to its later ones.
func TestABodysConnectionEnds(t *testing.T) {
	w := newWorld(t)
	response, err := newBrowser().Post(w.base+"/api/bowl/"+strings.Repeat("a", 26)+"/bowl", "application/octet-stream", strings.NewReader("no body"))
	must(t, err)
	response.Body.Close()
	if !response.Close || response.StatusCode != 400 {
		t.Errorf("%d, and the connection is to stay: %v", response.StatusCode, !response.Close)
	}
}

// TestServeForAnother is the process that TestKilledBetweenWritingAndOpening kills. By itself it does nothing.
func TestServeForAnother(t *testing.T) {
	folder := os.Getenv("MEND_TEST_FOLDER")
	if folder == "" {
		return
	}
	w := newWorldIn(t, folder, realtime.NATSConfig{}, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(os.Stderr, nil)) })
	withBowl(t, w, 3)
	demo, err := w.OpenDemo(t.Context())
	must(t, err)
	fmt.Printf("serving %s %s %s\n", w.base, demo.Code, demo.Facilitator)
	io.Copy(io.Discard, os.Stdin) // until the other one ends
}

// served is a server in a process of its own.
type served struct {
	process *exec.Cmd
	said    *log
	base    string
	code    string
	key     string
}

func serveIn(t *testing.T, folder string) *served {
	t.Helper()
	s := &served{process: exec.Command(os.Args[0], "-test.run=^TestServeForAnother$"), said: &log{}}
	s.process.Env = append(os.Environ(), "MEND_TEST_FOLDER="+folder)
	s.process.Stderr = s.said
	in, err := s.process.StdinPipe()
	must(t, err)
	out, err := s.process.StdoutPipe()
	must(t, err)
	must(t, s.process.Start())
	t.Cleanup(func() {
		in.Close()
		s.process.Process.Kill()
		s.process.Wait()
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if words := strings.Fields(lines.Text()); len(words) == 4 && words[0] == "serving" {
			link, err := url.Parse(words[3])
			must(t, err)
			s.base, s.code, s.key = words[1], words[2], link.Fragment
			return s
		}
	}
	t.Fatalf("the other process did not serve: %s", s.said)
	return nil
}

// kill -9 between writing and opening: whoever is still there posts again, so no share of theirs is lost,
// and none is there twice.
func TestKilledBetweenWritingAndOpening(t *testing.T) {
	folder := t.TempDir()
	first := serveIn(t, folder)
	var leadSeat pass
	(&world{t: t, base: first.base, client: newBrowser()}).post("/api/demo/seat", map[string]string{"key": first.key}).into(&leadSeat)
	lead, members := circle(t, first.base, first.code, leadSeat, 6)
	for i, m := range members {
		m.mustPost(m.share(fmt.Sprintf("canary-words %d", i)))
	}
	lead.must("bowl.close", map[string]any{})
	must(t, first.process.Process.Kill())
	first.process.Wait()

	second := serveIn(t, folder)
	lead.connect(second.base)
	for _, m := range members[:5] { // the sixth has gone home
		m.connect(second.base)
	}
	members[0].until("the missing are asked again", in(facilitator.BowlRecovery))
	for i, m := range members[:5] {
		if v := m.bowl(); v.Heard[m.sharer.Token()] || v.Spent[m.sharer.Token()] {
			t.Errorf("%d was heard by the process that was killed", i)
		}
		m.mustPost(m.share(fmt.Sprintf("canary-words %d", i)))
	}
	v := lead.until("it is poured", in(facilitator.BowlIsPoured))
	eventually(t, func() bool { return len(lead.moderation().Shares) == 5 })
	texts := map[string]bool{}
	for _, sh := range lead.moderation().Shares {
		texts[sh.Text] = true
	}
	if len(texts) != 5 || len(v.Spent) != 5 || v.Spent[members[5].sharer.Token()] {
		t.Errorf("%d texts, %d spent", len(texts), len(v.Spent))
	}
	if both := first.said.String() + second.said.String(); strings.Contains(both, "canary") || strings.Contains(both, "/bowl") {
		t.Errorf("the servers said %s", both)
	}
}
