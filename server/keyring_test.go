package server

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"mend/facilitator"
)

func TestAKeyringIsRotatedWithAnOverlap(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "keys")
	begun := time.Now()
	must(t, MakeKeyring(folder, begun))
	if err := MakeKeyring(folder, begun); err == nil {
		t.Error("keys that stood there were overwritten")
	}
	now := begun
	read := func() *keys {
		ring, err := ReadKeyring(folder)
		must(t, err)
		k := &keys{now: func() time.Time { return now }}
		must(t, k.use(ring))
		return k
	}
	old := read()
	token, err := old.roomToken("s1", seatOf("p1"), now)
	must(t, err)
	link, sealed := old.link("stage", "s1"), old.seal([]byte("secret"), "here")

	must(t, RotateKeyring(folder, now))
	fresh := read()
	if fresh.kid() != old.kid() {
		t.Error("a new key is used before every node has read it")
	}
	now = begun.Add(keyStarts)
	if fresh.kid() == old.kid() || fresh.link("stage", "s1") == link {
		t.Error("the new keys are not used")
	}
	newer, err := fresh.roomToken("s1", seatOf("p1"), now)
	must(t, err)
	for name, token := range map[string]string{"old": token, "new": newer} {
		if _, _, err := fresh.seat(token, fresh.now); err != nil {
			t.Errorf("the %s token: %v", name, err)
		}
	}
	if !fresh.opens(link, "stage", "s1") {
		t.Error("an old link no longer opens")
	}
	now = now.Add(keyOverlaps + time.Hour)
	must(t, RotateKeyring(folder, now))
	last := read()
	if _, _, err := last.seat(token, func() time.Time { return begun }); err == nil || last.opens(link, "stage", "s1") {
		t.Error("what the dropped keys signed is still believed")
	}
	if got, err := last.unseal(sealed, "here"); err != nil || string(got) != "secret" {
		t.Errorf("unsealed %q, %v", got, err)
	}
	if _, err := last.unseal(sealed, "elsewhere"); err == nil {
		t.Error("a sealed secret was moved to another place")
	}
}

func TestKeysNobodyShouldTrustAreRefused(t *testing.T) {
	spoil := map[string]func(path string) error{
		"others can read it":  func(path string) error { return os.Chmod(path, 0o644) },
		"a group can read it": func(path string) error { return os.Chmod(path, 0o640) },
		"missing":             os.Remove,
		"empty":               func(path string) error { return os.WriteFile(path, nil, 0o600) },
		"short":               line(strings.Repeat("abcdefgh", 2)),
		"zeros":               line(string(make([]byte, keyBytes))),
		"typed":               line("changemechangemechangemechangeme"),
		"not base64":          func(path string) error { return os.WriteFile(path, []byte("2030-01-01T00:00:00Z !!\n"), 0o600) },
		"no time":             func(path string) error { return os.WriteFile(path, []byte("soon AAAA\n"), 0o600) },
		"another's": func(path string) error {
			data, err := os.ReadFile(filepath.Join(filepath.Dir(path), "links.key"))
			if err != nil {
				return err
			}
			return os.WriteFile(path, data, 0o600)
		},
	}
	for name, harm := range spoil {
		folder := filepath.Join(t.TempDir(), "keys")
		must(t, MakeKeyring(folder, time.Now()))
		must(t, harm(filepath.Join(folder, "tokens.key")))
		if _, err := ReadKeyring(folder); err == nil || !strings.Contains(err.Error(), ".key") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeysInAFolderThatOthersMayChangeAreRefused(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "keys")
	must(t, MakeKeyring(folder, time.Now()))
	must(t, os.Chmod(folder, 0o770))
	if _, err := ReadKeyring(folder); err == nil || !strings.Contains(err.Error(), "chmod 700") {
		t.Error(err)
	}
}

// Root rotates the keys of a service that runs as somebody else, who has to be able to read them afterwards.
func TestRotatedKeysBelongToWhomTheyBelonged(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "keys")
	must(t, MakeKeyring(folder, time.Now()))
	owner := os.Getuid()
	if owner == 0 {
		owner = 65534
	}
	for _, file := range keyFiles {
		must(t, os.Chown(filepath.Join(folder, file.name), owner, -1))
		must(t, os.WriteFile(filepath.Join(folder, file.name+".new"), []byte("of a rotation that was cut off"), 0o644))
	}
	must(t, RotateKeyring(folder, time.Now()))
	for _, file := range keyFiles {
		about, err := os.Stat(filepath.Join(folder, file.name))
		must(t, err)
		if of := about.Sys().(*syscall.Stat_t).Uid; int(of) != owner || about.Mode().Perm() != 0o600 {
			t.Errorf("%s belongs to %d, mode %04o", file.name, of, about.Mode().Perm())
		}
	}
	_, err := ReadKeyring(folder)
	must(t, err)
}

func line(secret string) func(string) error {
	return func(path string) error {
		return os.WriteFile(path, []byte("2020-01-01T00:00:00Z "+base64.StdEncoding.EncodeToString([]byte(secret))+"\n"), 0o600)
	}
}

func TestWithAKeyringNoKeyStandsInTheStore(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "keys")
	must(t, MakeKeyring(folder, time.Now()))
	w := newWorld(t, func(c *Config) { c.Keys = func() (Keyring, error) { return ReadKeyring(folder) } })
	w.setUpAccount("Rosa")
	if _, err := w.records.get(t.Context(), keysKey, new(keysRecord)); err != errMissing {
		t.Errorf("the store has keys: %v", err)
	}
}

func seatOf(p facilitator.PersonID) facilitator.Seat { return facilitator.Seat{Person: p} }
