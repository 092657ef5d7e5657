package realtime

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestAVaultHoldsWhatTheStoreAloneCannotOpen(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "vault")
	v, err := OpenFolderVault(folder)
	if err != nil {
		t.Fatal(err)
	}
	key := bytes.Repeat([]byte("k"), keySize)
	wrapped, err := v.Wrap("s1", key)
	if err != nil || bytes.Contains(wrapped, key) {
		t.Fatalf("wrapped as %q, %v", wrapped, err)
	}
	again, err := OpenFolderVault(folder)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Unwrap("s1", wrapped); err != nil || !bytes.Equal(got, key) {
		t.Errorf("unwrapped %q, %v", got, err)
	}
	if _, err := v.Unwrap("s2", wrapped); !errors.Is(err, ErrNoSession) {
		t.Errorf("another session's: %v", err)
	}
	if _, err := v.Wrap("s1", key); !errors.Is(err, ErrExists) {
		t.Errorf("wrapped twice: %v", err)
	}
	about, err := os.Stat(filepath.Join(folder, "s1"))
	if err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", about, err)
	}
	for range 2 {
		if err := v.Forget("s1"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := v.Unwrap("s1", wrapped); !errors.Is(err, ErrNoSession) {
		t.Errorf("after forgetting: %v", err)
	}
	for _, name := range []string{"", "..", "a/b", "../s1", "a.b", "s 1"} {
		if _, err := v.Wrap(name, key); err == nil {
			t.Errorf("%q named a file", name)
		}
	}
}
