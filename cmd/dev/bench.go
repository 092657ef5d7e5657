package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"
)

// bench runs every benchmark by itself and prints its figures under the command that made them.
func bench(ctx context.Context, top string, args []string, w io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	long := flags.Duration("for", time.Second, "how long each benchmark measures")
	match := flags.String("only", "", "only those whose name contains this")
	if err := flags.Parse(args); err != nil {
		return errUsage
	}
	found, err := targets(ctx, top, "Benchmark")
	if err != nil {
		return err
	}
	say(w, "%s/%s, %d cores, %s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	for _, t := range found {
		if !strings.Contains(t.name, *match) {
			continue
		}
		args := []string{"go", "test", "-run", "^$", "-bench", "^" + t.name + "$", "-benchtime", long.String(), t.pkg}
		c := command{dir: top, args: args}
		say(w, "\n$ %s", c)
		lines, err := c.lines(ctx)
		if err != nil {
			return err
		}
		if err := table(w, lines); err != nil {
			return err
		}
	}
	return nil
}

// table prints the result lines of "go test -bench" as rows: the name, then each figure with its unit.
func table(w io.Writer, lines []string) error {
	rows := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, line := range lines {
		words := strings.Fields(line)
		if len(words) < 4 || !strings.HasPrefix(words[0], "Benchmark") {
			continue
		}
		name := strings.TrimSuffix(strings.TrimPrefix(words[0], "Benchmark"), fmt.Sprintf("-%d", runtime.GOMAXPROCS(0)))
		say(rows, "  %s\t%s\t", name, figures(words[2:]))
	}
	return rows.Flush()
}

// figures pairs numbers with their units, which go test writes as alternating words.
func figures(words []string) string {
	var pairs []string
	for i := 0; i+1 < len(words); i += 2 {
		pairs = append(pairs, words[i]+" "+words[i+1])
	}
	return strings.Join(pairs, "\t")
}
