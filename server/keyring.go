package server

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Keyring holds the secrets an operator keeps apart from the store: each kind has its own, so that one that leaks opens
// nothing else. The first of a kind whose time has come is used; the others are still honoured.
type Keyring struct {
	Tokens []Key // Ed25519 seeds: sign what lets people into rooms and accounts
	Links  []Key // derive the links an operator or a facilitator hands out
	Seals  []Key // encrypt secrets that are kept in the store
}

// Key is one secret of 32 bytes, and when it begins to be used. A new one begins a little later than it is written, so
// that every node knows it before the first one uses it.
type Key struct {
	From   time.Time
	Secret []byte
}

const (
	keyBytes = 32
	// keyStarts is how long a new key waits for all nodes to have read it; they look every keyLooks.
	keyStarts = 2 * time.Minute
	keyLooks  = 30 * time.Second
	// keyOverlaps is how long an old one is honoured after the next began: longer than any token lives.
	keyOverlaps = roomTokenLives + time.Hour
)

// The files of a keyring folder: a line for each key, its time and its bytes, the newest first.
var keyFiles = []struct {
	name string
	of   func(*Keyring) *[]Key
}{
	{"tokens.key", func(k *Keyring) *[]Key { return &k.Tokens }},
	{"links.key", func(k *Keyring) *[]Key { return &k.Links }},
	{"seals.key", func(k *Keyring) *[]Key { return &k.Seals }},
}

// ReadKeyring reads a folder that MakeKeyring wrote. It refuses files that others may read, a folder
// they may change, and secrets that are none.
func ReadKeyring(folder string) (ring Keyring, err error) {
	if about, err := os.Stat(folder); err == nil && about.Mode().Perm()&0o022 != 0 {
		return Keyring{}, fmt.Errorf("others can put keys of their own into %s (mode %04o): chmod 700 it", folder, about.Mode().Perm())
	}
	for _, file := range keyFiles {
		path := filepath.Join(folder, file.name)
		if *file.of(&ring), err = readKeys(path); err != nil {
			return Keyring{}, err
		}
	}
	return ring, ring.check()
}

func readKeys(path string) ([]Key, error) {
	about, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%w. \"mend keys make FOLDER\" makes the files", err)
	}
	if open := about.Mode().Perm() & 0o077; open != 0 {
		return nil, fmt.Errorf("%s can be read or changed by others (mode %04o): chmod 600 it, and rotate it if anybody may have read it", path, about.Mode().Perm())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var all []Key
	lines := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		key, err := readKey(lines.Text())
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		all = append(all, key)
	}
	return all, lines.Err()
}

// KeyringOf reads keys written as base64, by their kind: tokens, links, seals. The first of a kind is used, the others are
// still honoured. It refuses what ReadKeyring refuses, and never repeats what it read.
func KeyringOf(written map[string][]string) (ring Keyring, err error) {
	for _, file := range keyFiles {
		kind := strings.TrimSuffix(file.name, ".key")
		for _, text := range written[kind] {
			secret, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return Keyring{}, fmt.Errorf("a key of %s is not base64", kind)
			}
			*file.of(&ring) = append(*file.of(&ring), Key{Secret: secret})
		}
	}
	return ring, ring.check()
}

func readKey(line string) (key Key, err error) {
	from, secret, _ := strings.Cut(strings.TrimSpace(line), " ")
	if key.From, err = time.Parse(time.RFC3339, from); err != nil {
		return key, errors.New("a line is a time such as 2030-01-31T12:00:00Z, a blank, and 32 random bytes in base64")
	}
	if key.Secret, err = base64.StdEncoding.DecodeString(strings.TrimSpace(secret)); err != nil {
		return key, errors.New("what follows the time is not base64")
	}
	return key, nil
}

// check refuses what nobody should trust: nothing, too little, a pattern somebody typed, one secret in two places.
func (k Keyring) check() error {
	seen := map[string]string{}
	for _, file := range keyFiles {
		keys := *file.of(&k)
		if len(keys) == 0 {
			return fmt.Errorf("%s holds no key: \"mend keys make FOLDER\" makes one", file.name)
		}
		for _, key := range keys {
			if err := checkSecret(key.Secret); err != nil {
				return fmt.Errorf("%s: %w", file.name, err)
			}
			if where, twice := seen[string(key.Secret)]; twice {
				return fmt.Errorf("%s repeats a key of %s: each needs its own", file.name, where)
			}
			seen[string(key.Secret)] = file.name
		}
	}
	return nil
}

func checkSecret(secret []byte) error {
	if len(secret) != keyBytes {
		return fmt.Errorf("a key has %d bytes, not %d", keyBytes, len(secret))
	}
	different, typed := map[byte]bool{}, true
	for _, b := range secret {
		different[b] = true
		typed = typed && b >= ' ' && b <= '~'
	}
	// 32 random bytes hold fewer than 16 different values once in 10^12, and are text somebody could type once in 10^13.
	if len(different) < 16 || typed {
		return errors.New("a key is not random. Let \"mend keys make\" or \"head -c 32 /dev/urandom | base64\" make it")
	}
	return nil
}

// MakeKeyring writes a new folder of keys that are used at once. It leaves one that is there alone.
func MakeKeyring(folder string, now time.Time) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(folder, keyFiles[0].name)); err == nil {
		return fmt.Errorf("%s: %w", folder, fs.ErrExist)
	}
	for _, file := range keyFiles {
		if err := writeKeys(filepath.Join(folder, file.name), []Key{newKey(now)}, nil); err != nil {
			return err
		}
	}
	return nil
}

// RotateKeyring puts a new key before the others of each kind and drops those whose overlap is over. Running servers take
// it up by themselves.
func RotateKeyring(folder string, now time.Time) error {
	ring, err := ReadKeyring(folder)
	if err != nil {
		return err
	}
	for _, file := range keyFiles {
		keys := *file.of(&ring)
		keys = slices.Insert(keys, 0, newKey(now.Add(keyStarts)))
		keys = overlapping(keys, now)
		if file.name == "seals.key" {
			keys = slices.Insert(*file.of(&ring), 0, newKey(now.Add(keyStarts))) // what they sealed is still there
		}
		if err := replaceKeys(filepath.Join(folder, file.name), keys); err != nil {
			return err
		}
	}
	return nil
}

// replaceKeys leaves the file to whom it belonged: root may rotate what a service reads under another name.
func replaceKeys(path string, keys []Key) error {
	about, err := os.Stat(path)
	if err != nil {
		return err
	}
	fresh := path + ".new"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	owner, _ := about.Sys().(*syscall.Stat_t)
	if os.Geteuid() != 0 {
		owner = nil // it is one's own
	}
	if err := writeKeys(fresh, keys, owner); err != nil {
		return err
	}
	return os.Rename(fresh, path)
}

// writeKeys makes a file that is not there yet.
func writeKeys(path string, keys []Key, owner *syscall.Stat_t) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if owner != nil {
		err = f.Chown(int(owner.Uid), int(owner.Gid))
	}
	for _, key := range keys {
		_, writing := fmt.Fprintf(f, "%s %s\n", key.From.Format(time.RFC3339), base64.StdEncoding.EncodeToString(key.Secret))
		err = errors.Join(err, writing)
	}
	return errors.Join(err, f.Sync(), f.Close())
}

// overlapping are the keys whose successor has not been in use for long; newest first.
func overlapping(keys []Key, now time.Time) []Key {
	for i := 1; i < len(keys); i++ {
		if now.Sub(keys[i-1].From) > keyOverlaps {
			return keys[:i]
		}
	}
	return keys
}

func newKey(from time.Time) Key {
	key := Key{From: from.UTC().Truncate(time.Second), Secret: make([]byte, keyBytes)}
	rand.Read(key.Secret)
	return key
}

// inUse is the index of the key to use now: the newest whose time has come.
func inUse(keys []Key, now time.Time) int {
	for i, key := range keys {
		if !now.Before(key.From) {
			return i
		}
	}
	return len(keys) - 1
}
