// Command dev is what a developer of Mend runs. It needs Go and Node; what else a fresh machine lacks it installs.
//
//	go run ./cmd/dev run     build and start a demo
//	go run ./cmd/dev test    everything that has to hold before a change goes in
//	go run ./cmd/dev bench   the measured figures, each with its command
//	go run ./cmd/dev soak    fuzzing and long runs
//
// It imports nothing of the program, so that a program which does not compile is still reported in words.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

const usage = `Usage: go run ./cmd/dev COMMAND

  run   [flags]   build the web app and the program, start "mend serve --demo" with these flags
  test  [check…]  every check, or only those named ("test -list" shows the names)
  bench [-for 1s] measure, and print each figure with the command that made it
  soak  [-for 10m] fuzz every target for that long, then run the random tests and the browsers over and over
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := dispatch(ctx, os.Args[1:])
	switch {
	case errors.Is(err, errUsage):
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	case errors.Is(err, errReported):
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "dev:", err)
		os.Exit(1)
	}
}

var (
	errUsage    = errors.New("usage")
	errReported = errors.New("already shown")
)

func dispatch(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	top, err := checkout()
	if err != nil {
		return err
	}
	switch args[0] {
	case "run":
		return run(ctx, top, args[1:])
	case "test":
		return test(ctx, top, args[1:], os.Stdout)
	case "bench":
		return bench(ctx, top, args[1:], os.Stdout)
	case "soak":
		return soak(ctx, top, args[1:], os.Stdout)
	}
	return errUsage
}

// checkout finds the top of the working copy: the nearest folder upwards with a go.mod.
func checkout() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod here or above: run this inside the checkout")
		}
		dir = up
	}
}

func frontend(top string) string { return filepath.Join(top, "frontend") }

// say writes a line about progress; a failed write to a terminal is nobody's concern.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
