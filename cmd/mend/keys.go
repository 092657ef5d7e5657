package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"mend/realtime"
	"mend/server"
)

// keys is "mend keys": the secrets that stand apart from the store.
type keys struct {
	Make   keysMake   `cmd:"" help:"Write a new folder of keys, one file for each purpose."`
	Rotate keysRotate `cmd:"" help:"Put new keys before the old ones, which are honoured a day longer. Running servers take them up by themselves."`
}

type keysMake struct {
	Folder string `arg:"" help:"Folder to write."`
}

type keysRotate struct {
	Folder string `arg:"" type:"existingdir" help:"Folder that \"mend keys make\" wrote."`
}

func (k *keysMake) Run(out *output) error {
	if err := server.MakeKeyring(k.Folder, time.Now()); err != nil {
		return fail("keys", err)
	}
	fmt.Fprintf(out.stdout, "%s: new keys. Give it to \"mend serve --keys %s\", on every node the same, and keep it out of the store's backups.\n", k.Folder, k.Folder)
	return nil
}

func (k *keysRotate) Run(out *output) error {
	if err := server.RotateKeyring(k.Folder, time.Now()); err != nil {
		return fail("keys", err)
	}
	fmt.Fprintf(out.stdout, "%s: new keys, used from two minutes on. Copy the folder to every node within that time.\n", k.Folder)
	return nil
}

// unsaved is the folder of session keys, named by what to do with it.
const unsaved = "leave-out-of-backups"

// givenKeys are keys in the environment, by their kind: the one in use, then those before it.
type givenKeys map[string][]string

const keyVariable = "MEND_KEY_"

var keyKinds = []string{"tokens", "links", "seals"}

// keysIn reads MEND_KEY_TOKENS and so on, and MEND_KEY_TOKENS_PREVIOUS and so on, where several stand between blanks.
func keysIn(env []string) givenKeys {
	given := givenKeys{}
	for _, suffix := range []string{"", "_PREVIOUS"} {
		for _, kind := range keyKinds {
			for _, entry := range env {
				if value, ours := strings.CutPrefix(entry, keyVariable+strings.ToUpper(kind)+suffix+"="); ours && strings.TrimSpace(value) != "" {
					given[kind] = append(given[kind], strings.Fields(value)...)
				}
			}
		}
	}
	return given
}

// forgetSecrets takes them out of what this process would hand on. The system still shows them to whoever may read
// /proc/PID/environ, which is this user and root.
func forgetSecrets() {
	for _, kind := range keyKinds {
		os.Unsetenv(keyVariable + strings.ToUpper(kind))
		os.Unsetenv(keyVariable + strings.ToUpper(kind) + "_PREVIOUS")
	}
	os.Unsetenv(variable("nats"))
}

func (g givenKeys) read() (server.Keyring, error) { return server.KeyringOf(g) }

// check refuses keys that stand in two places, and keys that are none.
func (g givenKeys) check(folder string) error {
	if len(g) == 0 {
		return nil
	}
	if folder != "" {
		return misused("--keys and %s… are two places for the keys: give one", keyVariable)
	}
	if _, err := g.read(); err != nil {
		return misused("%sTOKENS, %sLINKS and %sSEALS: %w. Each is 32 random bytes in base64: head -c 32 /dev/urandom | base64", keyVariable, keyVariable, keyVariable, err)
	}
	return nil
}

// keyring says where the keys are read from: the environment; the folder given; else one beside the embedded store, made the first time;
// else, on NATS of its own, nothing, and they stand in the store.
func (s settled) keyring() (func() (server.Keyring, error), error) {
	if len(s.given) > 0 {
		return s.given.read, nil
	}
	folder := s.Keys
	if folder == "" && s.NATS != "" {
		return nil, nil
	}
	if folder == "" {
		folder = filepath.Join(s.Data, "keys")
		if err := server.MakeKeyring(folder, time.Now()); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, fail("keys", err)
		}
	}
	read := func() (server.Keyring, error) { return server.ReadKeyring(folder) }
	if _, err := read(); err != nil {
		return nil, misused("--keys: %w", err)
	}
	return read, nil
}

// vault keeps the keys of sessions apart from the embedded store. On NATS of its own many nodes share them, and they are
// sealed with the keyring instead.
func (s settled) vault() (realtime.Vault, error) {
	if s.NATS != "" {
		return nil, nil
	}
	vault, err := realtime.OpenFolderVault(filepath.Join(s.Data, unsaved))
	if err != nil {
		return nil, fail("keys", err)
	}
	return vault, nil
}
