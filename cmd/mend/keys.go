package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
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

// keyring says where the keys are read from: the folder given; else one beside the embedded store, made the first time;
// else, on NATS of its own, nothing, and they stand in the store.
func (s settled) keyring() (func() (server.Keyring, error), error) {
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
	vault, err := realtime.OpenFolderVault(filepath.Join(s.Data, "leave-out-of-backups"))
	if err != nil {
		return nil, fail("keys", err)
	}
	return vault, nil
}
