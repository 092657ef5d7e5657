package main

import (
	"context"
	"flag"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// soak looks for what a short run misses: every fuzz target for a while, the random tests with many more cases, the browsers again and again.
func soak(ctx context.Context, top string, args []string, w io.Writer) error {
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	long := flags.Duration("for", 10*time.Minute, "how long each target is fuzzed")
	times := flags.Int("times", 20, "how often the tests and the browsers are run")
	if err := flags.Parse(args); err != nil {
		return errUsage
	}
	commands, err := soakCommands(ctx, top, *long, *times)
	if err != nil {
		return err
	}
	for _, c := range commands {
		// Time is no matter here: more is drawn, and what may take long is timed.
		c.env = append(c.env, "MEND_SOAK=yes")
		say(w, "\n$ %s", c)
		if err := c.run(ctx, w); err != nil {
			return err
		}
	}
	if err := prepareBrowsers(ctx, top); err != nil {
		return err
	}
	return browsers(ctx, top, w, "--repeat-each", strconv.Itoa(*times))
}

func soakCommands(ctx context.Context, top string, long time.Duration, times int) ([]command, error) {
	fuzz, err := targets(ctx, top, "Fuzz")
	if err != nil {
		return nil, err
	}
	var all []command
	for _, t := range fuzz {
		// Left to itself the fuzzer spends a minute making each find small, and with long inputs does nothing else.
		all = append(all, command{dir: top, args: []string{"go", "test", "-run", "^$", "-fuzz", "^" + t.name + "$", "-fuzztime", long.String(), "-fuzzminimizetime", "100x", t.pkg}})
	}
	// Only packages that import the property-test library know its flag.
	random := []string{"go", "list", "-f", `{{range .TestImports}}{{.}} {{end}}{{range .XTestImports}}{{.}} {{end}}{{.Dir}}`, "./..."}
	lines, err := command{dir: top, args: random}.lines(ctx)
	if err != nil {
		return nil, err
	}
	for _, line := range lines {
		words := strings.Fields(line)
		if strings.Contains(line, "pgregory.net/rapid ") {
			all = append(all, command{dir: words[len(words)-1], args: []string{"go", "test", "-race", "-timeout", "0", ".", "-rapid.checks", strconv.Itoa(50 * times)}})
		}
	}
	return append(all, command{dir: top, args: []string{"go", "test", "-race", "-timeout", "0", "-count", strconv.Itoa(times), "./..."}}), nil
}

func prepareBrowsers(ctx context.Context, top string) error {
	if err := installPackages(ctx, top, os.Stderr); err != nil {
		return err
	}
	if err := installBrowser(ctx, os.Stderr); err != nil {
		return err
	}
	return buildWeb(ctx, top, os.Stderr)
}
