package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
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
