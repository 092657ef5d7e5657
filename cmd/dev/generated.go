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
	before, err := sums(ctx, top)
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
	after, err := sums(ctx, top)
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

// sums are those of every file that the repository keeps or would keep: what git ignores may change as it likes.
func sums(ctx context.Context, top string) (map[string][32]byte, error) {
	names, err := command{dir: top, args: []string{"git", "ls-files", "--cached", "--others", "--exclude-standard"}}.lines(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string][32]byte{}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(top, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		all[name] = sha256.Sum256(data)
	}
	return all, nil
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
