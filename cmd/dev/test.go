package main

import (
	"context"
	"io"
	"os"
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

// checks are laid out for two cores: the compilers of Go beside those of the web app, and the browsers alone, since they watch the clock.
func checks(top string) []stage {
	web := frontend(top)
	in := func(dir string, args ...string) func(context.Context, io.Writer) error {
		return command{dir: dir, args: args}.run
	}
	npx := func(args ...string) func(context.Context, io.Writer) error {
		return in(web, append([]string{"npx", "--no-install"}, args...)...)
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
				{"vet", in(top, "go", "vet", "./..."), false},
				{"staticcheck", in(top, "go", "tool", "staticcheck", "./..."), false},
				{"go", in(top, "go", "test", "-race", "-timeout", "15m", "./..."), false},
			},
			{
				{"svelte-check", in(web, "npm", "run", "--silent", "check"), false},
				{"eslint", npx("eslint", "."), false},
				{"prettier", npx("prettier", "--check", "."), false},
				{"vitest", npx("vitest", "run"), false},
				{"size", in(web, "npm", "run", "--silent", "size"), false},
			},
		},
		{{{"browsers", func(ctx context.Context, w io.Writer) error { return browsers(ctx, top, w) }, false}}},
	}
}

// browsers runs the end-to-end tests.
func browsers(ctx context.Context, top string, w io.Writer, flags ...string) error {
	args := append([]string{"npx", "--no-install", "playwright", "test", "-c", "e2e"}, flags...)
	return command{dir: frontend(top), env: []string{"CHROMIUM=" + chromium(), "FORCE_COLOR=0"}, args: args}.run(ctx, io.MultiWriter(w, echo()))
}

// echo lets a person at a terminal watch the slowest check; in CI its output is kept for a failure only.
func echo() io.Writer {
	if os.Getenv("CI") != "" {
		return io.Discard
	}
	return os.Stderr
}
