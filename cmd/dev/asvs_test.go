package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each row of the table of ASVS names a test, a file or a command that is there, or says that it was held by reading, or why not.
func TestTheTableOfASVSNamesWhatIsThere(t *testing.T) {
	top := filepath.Join("..", "..")
	table, err := os.ReadFile(filepath.Join(top, "deploy", "ASVS.md"))
	if err != nil {
		t.Fatal(err)
	}
	tests := testsBelow(t, top)
	row, name, requirement := regexp.MustCompile(`^\| (\d[^|]*) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$`), regexp.MustCompile("`([^`]+)`"), regexp.MustCompile(`^\| \d`)
	rows, seen := 0, map[string]bool{}
	for line := range strings.Lines(string(table)) {
		line = strings.TrimSuffix(line, "\n")
		if !requirement.MatchString(line) {
			continue
		}
		cells := row.FindStringSubmatch(line)
		if cells == nil {
			t.Errorf("not four cells: %s", line)
			continue
		}
		item, here, held := cells[1], cells[2], cells[3]
		if rows++; seen[item] {
			t.Errorf("%s stands there twice", item)
		}
		seen[item] = true
		names := name.FindAllStringSubmatch(held, -1)
		if len(names) == 0 && held != "reading" && held != "–" || here == "" {
			t.Errorf("%s: held by %q", item, held)
		}
		for _, n := range names {
			if !tests[n[1]] && !there(top, n[1]) && n[1] != "go vet" && n[1] != "go test -race" {
				t.Errorf("%s: there is no %s", item, n[1])
			}
		}
	}
	if rows < 90 {
		t.Errorf("%d rows", rows)
	}
}

// there says whether a path stands below the top or the web app.
func there(top, path string) bool {
	for _, from := range []string{top, filepath.Join(top, "frontend")} {
		if _, err := os.Stat(filepath.Join(from, path)); err == nil {
			return true
		}
	}
	return false
}

func testsBelow(t *testing.T, top string) map[string]bool {
	t.Helper()
	tests, declared := map[string]bool{}, regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	for _, pattern := range []string{"*/*_test.go", "*/*/*_test.go"} {
		files, err := filepath.Glob(filepath.Join(top, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range declared.FindAllStringSubmatch(string(text), -1) {
				tests[found[1]] = true
			}
		}
	}
	return tests
}
