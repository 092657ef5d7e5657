package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestALockFileWithSomethingWrongIsTold(t *testing.T) {
	const good = `"node_modules/good": {"version": "1.0.0", "integrity": "sha512-abc"},
		"node_modules/other-machine": {"version": "1.0.0", "optional": true}`
	for name, c := range map[string]struct{ ours, others, want string }{
		"all is well":     {`{"a": "1.2.3"}`, good, ""},
		"a range":         {`{"a": "^1.2.3"}`, good, `a: "^1.2.3" is no exact version`},
		"another source":  {`{}`, `"node_modules/b": {"resolved": "https://example.org/b.tgz", "integrity": "sha512-abc"}`, "names a place of its own"},
		"a folder":        {`{}`, `"node_modules/b": {"link": true}`, "names a place of its own"},
		"no sum":          {`{}`, `"node_modules/b": {"version": "1.0.0"}`, "has no sum"},
		"a weak sum":      {`{}`, `"node_modules/b": {"integrity": "sha1-abc"}`, "has no sum"},
		"runs on install": {`{}`, `"node_modules/b": {"integrity": "sha512-abc", "hasInstallScript": true}`, "runs a script"},
	} {
		wrong, err := npmPackages([]byte(`{"packages": {"": {"devDependencies": ` + c.ours + `}, ` + c.others + `}}`))
		if err != nil {
			t.Fatal(name, err)
		}
		if c.want == "" && len(wrong) > 0 || c.want != "" && (len(wrong) != 1 || !strings.Contains(wrong[0], c.want)) {
			t.Errorf("%s: told %q, want %q", name, wrong, c.want)
		}
	}
}

func TestAModuleThatNothingImportsIsTold(t *testing.T) {
	mod := []byte(`{"Require": [{"Path": "example.org/used"}, {"Path": "example.org/use"}, {"Path": "example.org/theirs", "Indirect": true}]}`)
	wrong, err := unimported(mod, []string{"fmt", "example.org/used/part"})
	if err != nil || len(wrong) != 1 || !strings.HasPrefix(wrong[0], "example.org/use ") {
		t.Errorf("told %q, %v", wrong, err)
	}
}

func TestTheSumOfAModule(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.org/m\n")
	write("m.go", "package m\n")
	before, err := moduleSum("example.org/m@v1.0.0", dir)
	if err != nil {
		t.Fatal(err)
	}
	write("m.go", "package m // changed\n")
	after, err := moduleSum("example.org/m@v1.0.0", dir)
	if err != nil {
		t.Fatal(err)
	}
	if before == after || !strings.HasPrefix(before, "h1:") {
		t.Errorf("a changed file is not seen: %s, %s", before, after)
	}
}
