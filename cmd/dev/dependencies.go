package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// dependencies says whether what others wrote is what was agreed to. It needs no network: it reads the lock files and what
// lies in the caches beside them.
func dependencies(ctx context.Context, top string, w io.Writer) error {
	modules, err := goModules(ctx, top)
	if err != nil {
		return err
	}
	lock, err := os.ReadFile(filepath.Join(frontend(top), "package-lock.json"))
	if err != nil {
		return err
	}
	packages, err := npmPackages(lock)
	if err != nil {
		return err
	}
	for _, wrong := range slices.Concat(modules, packages) {
		say(w, "%s", wrong)
	}
	if len(modules)+len(packages) > 0 {
		return errors.New("a dependency is not what was agreed to")
	}
	return nil
}

// goModules compares every module that is built in with its sum in go.sum, and wants each that go.mod names for us to be imported.
func goModules(ctx context.Context, top string) ([]string, error) {
	var out bytes.Buffer
	edit := command{dir: top, args: []string{"go", "mod", "edit", "-json"}}
	if err := edit.run(ctx, &out); err != nil {
		return nil, err
	}
	imports := []string{"go", "list", "-f", `{{join .Imports "\n"}}{{"\n"}}{{join .TestImports "\n"}}{{"\n"}}{{join .XTestImports "\n"}}`, "./...", "tool"}
	imported, err := command{dir: top, args: imports}.lines(ctx)
	if err != nil {
		return nil, err
	}
	tools, err := command{dir: top, args: []string{"go", "list", "tool"}}.lines(ctx)
	if err != nil {
		return nil, err
	}
	wrong, err := unimported(out.Bytes(), append(imported, tools...))
	if err != nil {
		return nil, err
	}
	used := []string{"go", "list", "-deps", "-test", "-f", `{{with .Module}}{{if .Version}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}`, "./...", "tool"}
	lines, err := command{dir: top, args: used}.lines(ctx)
	if err != nil {
		return nil, err
	}
	sums, err := os.ReadFile(filepath.Join(top, "go.sum"))
	if err != nil {
		return nil, err
	}
	slices.Sort(lines)
	for _, line := range slices.Compact(lines) {
		words := strings.SplitN(line, " ", 3)
		if len(words) < 3 || words[0] == "go:" {
			continue // "go: downloading …", where it was not here yet
		}
		sum, err := moduleSum(words[0]+"@"+words[1], words[2])
		if err != nil {
			return nil, err
		}
		if !bytes.Contains(sums, fmt.Appendf(nil, "%s %s %s\n", words[0], words[1], sum)) {
			wrong = append(wrong, fmt.Sprintf("%s %s in the module cache is not what go.sum has: go clean -modcache", words[0], words[1]))
		}
	}
	return wrong, nil
}

// unimported names the modules that go.mod, as JSON, requires for us and of which nothing is imported.
func unimported(mod []byte, imported []string) ([]string, error) {
	var file struct {
		Require []struct {
			Path     string
			Indirect bool
		}
	}
	if err := json.Unmarshal(mod, &file); err != nil {
		return nil, fmt.Errorf("go.mod: %w", err)
	}
	var wrong []string
	for _, r := range file.Require {
		within := func(path string) bool { return path == r.Path || strings.HasPrefix(path, r.Path+"/") }
		if !r.Indirect && !slices.ContainsFunc(imported, within) {
			wrong = append(wrong, r.Path+" is required in go.mod and imported nowhere: go mod tidy")
		}
	}
	return wrong, nil
}

// moduleSum is the "h1:" sum of a folder as go.sum has it: golang.org/x/mod/sumdb/dirhash, Hash1.
func moduleSum(name, dir string) (string, error) {
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rest := strings.TrimPrefix(path, dir)
		files[name+filepath.ToSlash(rest)] = fmt.Sprintf("%x", sha256.Sum256(data))
		return err
	})
	sum := sha256.New()
	for _, file := range slices.Sorted(maps.Keys(files)) {
		say(sum, "%s  %s", files[file], file)
	}
	return "h1:" + base64.StdEncoding.EncodeToString(sum.Sum(nil)), err
}

// npmPackage is one of package-lock.json. The one named "" is ours.
type npmPackage struct {
	Version, Resolved, Integrity string
	Link, HasInstallScript       bool
	Dependencies                 map[string]string
	DevDependencies              map[string]string
	Optional                     bool
}

var exact = regexp.MustCompile(`^\d+\.\d+\.\d+(-[\w.]+)?$`)

// npmPackages wants our packages named by exact versions, and all of them to come from the registry, with a sum, and to run
// nothing of theirs on being installed.
func npmPackages(lock []byte) ([]string, error) {
	var all struct{ Packages map[string]npmPackage }
	if err := json.Unmarshal(lock, &all); err != nil {
		return nil, fmt.Errorf("package-lock.json: %w", err)
	}
	var wrong []string
	ours := all.Packages[""]
	for _, named := range []map[string]string{ours.Dependencies, ours.DevDependencies} {
		for _, name := range slices.Sorted(maps.Keys(named)) {
			if !exact.MatchString(named[name]) {
				wrong = append(wrong, fmt.Sprintf("%s: %q is no exact version", name, named[name]))
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(all.Packages)) {
		switch p := all.Packages[path]; {
		case path == "":
		case p.Link || p.Resolved != "":
			wrong = append(wrong, path+" names a place of its own to come from: everything comes from the registry that npm is set to")
		case p.HasInstallScript:
			wrong = append(wrong, path+" runs a script of its own on being installed")
		case !strings.HasPrefix(p.Integrity, "sha512-") && !p.Optional:
			wrong = append(wrong, path+" has no sum in the lock file")
		}
	}
	return wrong, nil
}
