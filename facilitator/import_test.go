package facilitator

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestImports holds the direction facilitator ← realtime ← server ← cmd, and that the core imports
// nothing that could read a clock, a file or the network for it. What runs on a server starts no other program.
func TestImports(t *testing.T) {
	mayImport := map[string][]string{
		"facilitator": {},
		"realtime":    {"mend/facilitator"},
		"server":      {"mend/facilitator", "mend/realtime", "mend/realtime/sharer"},
		"frontend":    {},
		"cmd/dev":     {},
		"cmd/mend":    {"mend/facilitator", "mend/realtime", "mend/server", "mend/frontend"},
	}
	core := []string{"github.com/goccy/go-yaml", "golang.org/x/text"}
	impure := []string{"net", "net/http", "math/rand", "math/rand/v2", "crypto/rand", "os/exec", "sync", "context"}

	for dir, ours := range mayImport {
		for file, imports := range importsBelow(t, filepath.Join("..", dir)) {
			for _, path := range imports {
				if strings.HasPrefix(path, "mend/") && !slices.Contains(ours, path) && path != "mend/"+dir {
					t.Errorf("%s imports %s", file, path)
				}
				if path == "unsafe" || path == "plugin" || path == "os/exec" && dir != "cmd/dev" {
					t.Errorf("%s imports %s", file, path)
				}
				if dir != "facilitator" {
					continue
				}
				library := strings.Contains(path, ".") && !slices.ContainsFunc(core, func(c string) bool { return strings.HasPrefix(path, c) })
				if library || slices.Contains(impure, path) {
					t.Errorf("%s imports %s, which the core must not", file, path)
				}
			}
		}
	}
}

func importsBelow(t *testing.T, dir string) map[string][]string {
	found := map[string][]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata") {
			if err == nil {
				err = filepath.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			found[path] = append(found[path], name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
