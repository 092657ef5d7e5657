package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// generated writes the generated files anew and fails when that changed one that is kept in the repository.
// The fresh file is left in place: what remains is to commit it.
func generated(ctx context.Context, top string, w io.Writer) error {
	before, err := sums(top)
	if err != nil {
		return err
	}
	for _, c := range []command{
		{dir: top, args: []string{"go", "generate", "./..."}},
		{dir: frontend(top), args: []string{"npm", "run", "--silent", "messages"}},
	} {
		if err := c.run(ctx, w); err != nil {
			return err
		}
	}
	after, err := sums(top)
	if err != nil {
		return err
	}
	stale := false
	for path, sum := range after {
		if before[path] != sum {
			stale = true
			say(w, "%s was out of date", path)
		}
	}
	if stale {
		return errors.New("generated files were out of date; they are fresh now, commit them")
	}
	return nil
}

func sums(top string) (map[string][32]byte, error) {
	all := map[string][32]byte{}
	err := walk(top, func(path string, _ fs.DirEntry) error {
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(top, path)
		all[name] = sha256.Sum256(data)
		return err
	})
	return all, err
}

// gofmt names the Go files that are not in the standard form. It is given files, not folders, to stay out of node_modules.
func gofmt(ctx context.Context, top string, w io.Writer) error {
	args := []string{"gofmt", "-l"}
	err := walk(top, func(path string, _ fs.DirEntry) error {
		if strings.HasSuffix(path, ".go") {
			args = append(args, path)
		}
		return nil
	})
	if err != nil {
		return err
	}
	off, err := command{dir: top, args: args}.lines(ctx)
	if err != nil {
		return err
	}
	for _, path := range off {
		say(w, "%s", path)
	}
	if len(off) > 0 {
		return errors.New(`not in the form of "gofmt -w"`)
	}
	return nil
}
