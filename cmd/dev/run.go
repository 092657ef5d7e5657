package main

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// run builds what is stale and becomes "mend serve --demo": signals and the exit status are then the program's own.
func run(ctx context.Context, top string, flags []string) error {
	if err := installPackages(ctx, top, os.Stderr); err != nil {
		return err
	}
	stale, err := webStale(top)
	if err != nil {
		return err
	}
	if stale {
		if err := buildWeb(ctx, top, os.Stderr); err != nil {
			return err
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	program := filepath.Join(cache, "mend", "mend")
	build := command{dir: top, args: []string{"go", "build", "-o", program, "./cmd/mend"}}
	if err := build.run(ctx, os.Stderr); err != nil {
		return err
	}
	return syscall.Exec(program, append([]string{"mend", "serve", "--demo"}, flags...), os.Environ())
}

func buildWeb(ctx context.Context, top string, w io.Writer) error {
	return command{dir: frontend(top), args: []string{"npm", "run", "--silent", "build"}}.run(ctx, w)
}

// webStale says whether a source of the web app is newer than the page built from it.
func webStale(top string) (bool, error) {
	page, err := os.Stat(filepath.Join(frontend(top), "dist", "index.html"))
	if err != nil {
		return true, nil
	}
	newest := time.Time{}
	err = walk(frontend(top), func(path string, entry fs.DirEntry) error {
		info, err := entry.Info()
		if err == nil && info.ModTime().After(newest) {
			newest = info.ModTime()
		}
		return err
	})
	return newest.After(page.ModTime()), err
}

// walk visits the files of the checkout that people wrote or generated for keeping: not what npm, the build and the tests leave.
func walk(top string, visit func(path string, entry fs.DirEntry) error) error {
	left := map[string]bool{"node_modules": true, "dist": true, "paraglide": true, "test-results": true, ".git": true}
	return filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && left[entry.Name()]:
			return filepath.SkipDir
		case entry.Type().IsRegular():
			return visit(path, entry)
		}
		return nil
	})
}
