package server

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"mend/facilitator"
	"mend/realtime"
)

// withVault keeps the keys of sessions in a folder that no backup holds.
func withVault(t *testing.T, folder string) func(*Config) {
	return func(c *Config) {
		vault, err := realtime.OpenFolderVault(folder)
		must(t, err)
		c.Vault = vault
	}
}

// A backup made while a session ran opens it as long as it runs, and never again once it is over.
func TestABackupDoesNotOpenWhatWasForgotten(t *testing.T) {
	store, vault, backup := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "backup")
	w := newWorldIn(t, store, realtime.NATSConfig{}, withVault(t, vault))
	demo, lead := w.demoSession()
	w.join(demo.Code, "Quillfeather")
	w.stop()
	must(t, os.CopyFS(backup, os.DirFS(store)))
	early := filepath.Join(t.TempDir(), "early")
	must(t, os.CopyFS(early, os.DirFS(store)))

	opens := func(folder string) error {
		restored := newWorldIn(t, folder, realtime.NATSConfig{}, withVault(t, vault))
		defer restored.stop()
		return restored.node.Read(t.Context(), demo.Session, func(s *facilitator.Session) {
			if s.People() != 2 {
				t.Errorf("%d people in the restored session", s.People())
			}
		})
	}
	if err := opens(early); err != nil {
		t.Errorf("a backup of a running session: %v", err)
	}

	w = newWorldIn(t, store, realtime.NATSConfig{}, withVault(t, vault))
	must(t, w.node.Do(t.Context(), demo.Session, facilitator.Seat{Person: lead.Person}, facilitator.Close{}))
	eventually(t, func() bool {
		files, err := os.ReadDir(vault)
		must(t, err)
		return len(files) == 1 // the tag
	})
	w.stop()
	if err := opens(backup); !gone(err) {
		t.Errorf("the backup of a forgotten session: %v", err)
	}
}

func TestAKeptSessionIsReadUntilItIsForgotten(t *testing.T) {
	w := newWorld(t)
	in := w.setUpAccount("Rosa")
	var started struct{ Session, Code string }
	w.post("/api/sessions", map[string]string{"programme": w.programmes[0].ID}, bearer(in)...).into(&started)
	var seat, again pass
	w.post("/api/sessions/"+started.Session+"/seat", nil, bearer(in)...).into(&seat)
	lead := facilitator.Seat{Person: seat.Person}
	must(t, w.node.Do(t.Context(), started.Session, lead, facilitator.KeepFor{Days: 3}))
	must(t, w.node.Do(t.Context(), started.Session, lead, facilitator.Close{}))
	view := w.untilOver(bearer(in))
	if days := (view.Over[0].Summary.Forgets - view.Over[0].Summary.Closed) / (24 * 3600 * 1000); days != 3 {
		t.Errorf("forgotten after %d days", days)
	}
	w.join(started.Code, "Otter").refused(410, "closed", "session_over")
	w.post("/api/sessions/"+started.Session+"/seat", nil, bearer(in)...).into(&again)
	if again.Person != seat.Person {
		t.Errorf("seats %v, %v", seat.Person, again.Person)
	}
	w.clock.advance(73 * time.Hour)
	w.post("/api/signin", map[string]string{"name": "Rosa", "password": goodPassword}).into(&in)
	w.post("/api/sessions/"+started.Session+"/seat", nil, bearer(in)...).refused(410, "closed", "session_over")
}
