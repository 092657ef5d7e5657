package main

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"os"
	"strings"
	"time"
)

// test runs every check, or those named in args.
func test(ctx context.Context, top string, args []string, w io.Writer) error {
	stages := checks(top)
	if len(args) > 0 && args[0] == "-list" {
		for _, s := range stages {
			for _, l := range s {
				for _, c := range l {
					say(w, "%s", c.name)
				}
			}
		}
		return nil
	}
	if len(args) > 0 {
		var err error
		if stages, err = only(stages, args); err != nil {
			return err
		}
	}
	r, began := &report{w: w}, time.Now()
	r.stages(ctx, stages)
	return r.close(began)
}

// checks are laid out for two cores: Go's beside the web app's, which take about as long. The browsers and the tests of Go
// wait half of their time, each for clocks of their own, and watch none of anybody else's.
func checks(top string) []stage {
	web := frontend(top)
	in := func(dir string, args ...string) func(context.Context, io.Writer) error {
		return command{dir: dir, args: args}.run
	}
	return []stage{
		{
			{
				{"packages", func(ctx context.Context, w io.Writer) error { return installPackages(ctx, top, w) }, true},
				{"browser", installBrowser, false},
				{"compiler", installCompiler, false},
			},
		},
		{{{"generated", func(ctx context.Context, w io.Writer) error { return generated(ctx, top, w) }, false}}},
		{{{"web", func(ctx context.Context, w io.Writer) error { return buildWeb(ctx, top, w) }, true}}},
		{
			{
				{"gofmt", func(ctx context.Context, w io.Writer) error { return gofmt(ctx, top, w) }, false},
				{"secrets", func(ctx context.Context, w io.Writer) error { return secrets(ctx, top, w) }, false},
				{"dependencies", func(ctx context.Context, w io.Writer) error { return dependencies(ctx, top, w) }, false},
				{"vet", in(top, "go", "vet", "./..."), false},
				{"staticcheck", in(top, "go", "tool", "staticcheck", "./..."), false},
				{"go", func(ctx context.Context, w io.Writer) error {
					return gotest(ctx, top, w, "-race", "-timeout", "30m")
				}, false},
			},
			{
				{"svelte-check", in(web, "npm", "run", "--silent", "check"), false},
				{"eslint", in(web, tool("eslint"), "."), false},
				{"prettier", in(web, tool("prettier"), "--check", "."), false},
				{"vitest", in(web, tool("vitest"), "run"), false},
				{"size", in(web, "npm", "run", "--silent", "size"), false},
				{"browsers", func(ctx context.Context, w io.Writer) error { return browsers(ctx, top, w) }, false},
			},
		},
	}
}

// tool is a program of the web app's packages, started in their folder.
func tool(name string) string { return "./node_modules/.bin/" + name }

// browsers runs the end-to-end tests. Their reporter puts what failed before everything else and tells its progress on the
// side, for a person at a terminal.
func browsers(ctx context.Context, top string, w io.Writer, flags ...string) error {
	var progress bytes.Buffer
	env := []string{"CHROMIUM=" + chromium(), "FORCE_COLOR=0", "MEND_PICTURES=" + cmp.Or(os.Getenv("MEND_PICTURES"), "no")}
	c := command{
		dir: frontend(top), env: env, side: io.MultiWriter(&progress, terminal()),
		args: append([]string{tool("playwright"), "test", "-c", "e2e", "--workers", "2"}, flags...),
	}
	err := c.run(ctx, w)
	for line := range strings.Lines(progress.String()) {
		if !strings.HasPrefix(line, "  ok ") {
			_, _ = io.WriteString(w, line)
		}
	}
	return err
}

// terminal is the standard error where a person watches it, and nothing elsewhere.
func terminal() io.Writer {
	info, err := os.Stderr.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return io.Discard
	}
	return os.Stderr
}
