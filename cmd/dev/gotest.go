package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
)

// gotest runs the tests of all packages and tells of those that failed, each with what it said.
func gotest(ctx context.Context, top string, w io.Writer, flags ...string) error {
	var out bytes.Buffer
	args := append([]string{"go", "test", "-json"}, flags...)
	err := command{dir: top, args: append(args, "./...")}.run(ctx, &out)
	tell(w, &out)
	return err
}

// line is what "go test -json" prints one a line; see "go doc test2json". A build's output has an ImportPath instead of a Package.
type line struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Elapsed    float64
	Output     string
}

// suite is a package, and within it one test; Test is "" for what the package said beside its tests.
type suite struct{ pkg, test string }

const (
	mostSaid = 60 // lines of one failure: the first are the reason, the last what a timeout or a race shows
	slowest  = 5  // packages named with their time
)

// tell writes what failed, in order of failing, and the slowest packages. What is no line of a test's is shown as it is.
func tell(w io.Writer, out io.Reader) {
	said, took := map[suite][]string{}, map[string]float64{}
	var failed []suite
	lines, _ := io.ReadAll(out)
	for text := range strings.Lines(string(lines)) {
		var l line
		if json.Unmarshal([]byte(text), &l) != nil {
			say(w, "%s", strings.TrimSpace(text))
			continue
		}
		s := suite{cmp.Or(l.Package, l.ImportPath), l.Test}
		switch l.Action {
		case "output", "build-output":
			said[s] = append(said[s], l.Output)
		case "fail", "build-fail":
			failed = append(failed, s)
		}
		if l.Test == "" && l.Elapsed > 0 {
			took[l.Package] = l.Elapsed
		}
	}
	for _, s := range failed {
		// A package fails because a test of it did, which is told already, or for a reason of its own.
		if s.test == "" && slices.ContainsFunc(failed, func(o suite) bool { return o.pkg == s.pkg && o.test != "" }) {
			continue
		}
		say(w, "FAILED %s %s", s.pkg, s.test)
		say(w, "%s", strings.TrimRight(strings.Join(middle(said[s], mostSaid), ""), "\n"))
	}
	pkgs := slices.SortedFunc(maps.Keys(took), func(a, b string) int { return cmp.Compare(took[b], took[a]) })
	for _, pkg := range pkgs[:min(slowest, len(pkgs))] {
		say(w, "note: %6.1f s  %s", took[pkg], pkg)
	}
}

// middle leaves out what is in the middle of too many lines.
func middle(lines []string, most int) []string {
	if len(lines) <= most {
		return lines
	}
	cut := []string{"    …\n"}
	return slices.Concat(lines[:most*2/3], cut, lines[len(lines)-most/3:])
}
