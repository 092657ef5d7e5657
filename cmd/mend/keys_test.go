package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestKeysAreMadeRotatedAndRefused(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "keys")
	tell := func(args ...string) (int, string) {
		var out bytes.Buffer
		status := run(t.Context(), args, nil, &out, &out)
		return status, out.String()
	}
	if status, said := tell("keys", "make", folder); status != exitOK {
		t.Fatalf("%d: %s", status, said)
	}
	if status, said := tell("keys", "make", folder); status != exitFailed || !strings.Contains(said, "exist") {
		t.Errorf("made twice: %d: %s", status, said)
	}
	if status, said := tell("keys", "rotate", folder); status != exitOK {
		t.Errorf("%d: %s", status, said)
	}
	data := t.TempDir()
	p := start(t, "--data", data, "--keys", folder)
	p.end()
	if _, err := os.Stat(filepath.Join(data, "keys")); err == nil {
		t.Error("keys were made although some were given")
	}
	if err := os.Chmod(filepath.Join(folder, "tokens.key"), 0o644); err != nil {
		t.Fatal(err)
	}
	if status, said := tell("serve", "--listen", "127.0.0.1:0", "--data", data, "--keys", folder); status != exitUsage || !strings.Contains(said, "chmod 600") {
		t.Errorf("keys that others can read: %d: %s", status, said)
	}
}

func TestKeysStandBesideTheStore(t *testing.T) {
	data := t.TempDir()
	start(t, "--data", data).end()
	about, err := os.Stat(filepath.Join(data, "keys", "tokens.key"))
	if err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", about, err)
	}
	start(t, "--data", data).end()
}

func TestKeysComeFromTheEnvironment(t *testing.T) {
	key := func() string {
		raw := make([]byte, 32)
		rand.Read(raw)
		return base64.StdEncoding.EncodeToString(raw)
	}
	tokens, links, seals, old := key(), key(), key(), key()
	serve := func(ctx context.Context, env []string, args ...string) (int, string) {
		var out bytes.Buffer
		status := run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}, args...), env, &out, &out)
		return status, out.String()
	}
	good := []string{"MEND_KEY_TOKENS=" + tokens, "MEND_KEY_LINKS=" + links, "MEND_KEY_SEALS=" + seals, "MEND_KEY_TOKENS_PREVIOUS=" + old + " " + key()}
	for name, env := range map[string][]string{
		"one alone":      {"MEND_KEY_TOKENS=" + tokens},
		"one for two":    {"MEND_KEY_TOKENS=" + tokens, "MEND_KEY_LINKS=" + tokens, "MEND_KEY_SEALS=" + seals},
		"the example":    {"MEND_KEY_TOKENS=changeme", "MEND_KEY_LINKS=" + links, "MEND_KEY_SEALS=" + seals},
		"short":          {"MEND_KEY_TOKENS=" + base64.StdEncoding.EncodeToString([]byte("sixteen bytes!!!")), "MEND_KEY_LINKS=" + links, "MEND_KEY_SEALS=" + seals},
		"typed":          {"MEND_KEY_TOKENS=" + base64.StdEncoding.EncodeToString([]byte("the quick brown fox jumps over a")), "MEND_KEY_LINKS=" + links, "MEND_KEY_SEALS=" + seals},
		"zeros":          {"MEND_KEY_TOKENS=" + base64.StdEncoding.EncodeToString(make([]byte, 32)), "MEND_KEY_LINKS=" + links, "MEND_KEY_SEALS=" + seals},
		"a bad previous": append(slices.Clone(good), "MEND_KEY_SEALS_PREVIOUS=changeme"),
	} {
		status, said := serve(t.Context(), env)
		if status != exitUsage || !strings.Contains(said, "MEND_KEY_TOKENS") {
			t.Errorf("%s: %d: %s", name, status, said)
		}
		for _, entry := range env {
			if _, value, _ := strings.Cut(entry, "="); strings.Contains(said, value) {
				t.Errorf("%s: the key is told: %s", name, said)
			}
		}
	}
	folder := filepath.Join(t.TempDir(), "keys")
	if status := run(t.Context(), []string{"keys", "make", folder}, nil, io.Discard, io.Discard); status != exitOK {
		t.Fatal(status)
	}
	if status, said := serve(t.Context(), good, "--keys", folder); status != exitUsage || !strings.Contains(said, "two places") {
		t.Errorf("two places: %d: %s", status, said)
	}

	// They are used, told to nobody, and not written beside the store.
	data := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	said := &stops{at: "ready\n", stop: stop}
	if status := run(ctx, []string{"serve", "--listen", "127.0.0.1:0", "--data", data}, good, said, said); status != exitOK || !strings.Contains(said.String(), "from the environment") {
		t.Errorf("%d: %s", status, said)
	}
	if strings.Contains(said.String(), tokens) || strings.Contains(said.String(), old) {
		t.Errorf("a key is told: %s", said)
	}
	if _, err := os.Stat(filepath.Join(data, "keys")); err == nil {
		t.Error("keys were made although some were given")
	}
}

// stops is told what a program says, and stops it once it said something.
type stops struct {
	mu   sync.Mutex
	all  bytes.Buffer
	at   string
	stop func()
}

func (s *stops) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all.Write(p)
	if strings.Contains(s.all.String(), s.at) {
		s.stop()
	}
	return len(p), nil
}

func (s *stops) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.String()
}
