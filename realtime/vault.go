package realtime

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Vault keeps something apart from the store without which the keys in the store open nothing. So a copy of the store
// alone, an old backup for instance, does not open a session that was forgotten since. Its calls are made from several
// goroutines, and may be made again for the same session.
type Vault interface {
	// Wrap is a session's key as it goes into the store.
	Wrap(session string, key []byte) ([]byte, error)
	// Unwrap is the key again, or ErrNoSession once the session was forgotten.
	Unwrap(session string, wrapped []byte) ([]byte, error)
	// Forget destroys what is kept for a session.
	Forget(session string) error
}

// FolderVault keeps a file of its own for each session: what its key in the store is wrapped with. A backup must leave
// the folder out; it carries the tag by which backup programs know such folders.
type FolderVault struct {
	folder string
	mu     sync.Mutex // a session is wrapped by one caller at a time
}

// cacheTag is what CACHEDIR.TAG begins with (bford.info/cachedir).
const cacheTag = "Signature: 8a477f597d28d172789f06886806bc55\n# Keys of sessions that are not over. A backup with them could open what was forgotten since.\n"

// OpenFolderVault makes the folder if it is not there.
func OpenFolderVault(folder string) (*FolderVault, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("the folder of session keys: %w", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "CACHEDIR.TAG"), []byte(cacheTag), 0o600); err != nil {
		return nil, fmt.Errorf("the folder of session keys: %w", err)
	}
	return &FolderVault{folder: folder}, nil
}

func (v *FolderVault) path(session string) (string, error) {
	if session == "" || strings.ContainsFunc(session, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && r != '-'
	}) {
		return "", fmt.Errorf("%q cannot name a file", session)
	}
	return filepath.Join(v.folder, session), nil
}

// Wrap implements Vault.
func (v *FolderVault) Wrap(session string, key []byte) ([]byte, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	path, err := v.path(session)
	if err != nil {
		return nil, err
	}
	outer := make([]byte, keySize)
	rand.Read(outer)
	if err := writeNew(path, outer); err != nil {
		return nil, fmt.Errorf("keeping the key of session %s: %w", session, err)
	}
	s, err := newSeal(outer, session)
	if err != nil {
		return nil, err
	}
	return s.close(key), nil
}

// Unwrap implements Vault.
func (v *FolderVault) Unwrap(session string, wrapped []byte) ([]byte, error) {
	path, err := v.path(session)
	if err != nil {
		return nil, err
	}
	outer, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoSession
	}
	if err != nil {
		return nil, fmt.Errorf("reading the key of session %s: %w", session, err)
	}
	s, err := newSeal(outer, session)
	if err != nil {
		return nil, err
	}
	return s.open(wrapped)
}

// Forget implements Vault: the bytes are overwritten before the name goes.
func (v *FolderVault) Forget(session string) error {
	path, err := v.path(session)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteAt(make([]byte, keySize), 0)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return errors.Join(os.Remove(path), syncFolder(v.folder))
}

// writeNew writes a file that must not be there, and has it on disk when it returns.
func writeNew(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return ErrExists
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
