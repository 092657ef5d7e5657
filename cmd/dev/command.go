package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// command is one program run in a folder. Standard input is closed unless it is asked for: nothing here may wait for an answer.
type command struct {
	dir  string
	env  []string // added to our own
	args []string
	side io.Writer // where standard error goes, if not where the output goes
}

func (c command) String() string { return strings.Join(c.args, " ") }

// run starts the program and waits for it; what it says goes to w. When ctx ends it is interrupted, and killed 10 s later.
func (c command) run(ctx context.Context, w io.Writer) error {
	cmd := exec.CommandContext(ctx, c.args[0], c.args[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.dir, w, w
	if c.side != nil {
		cmd.Stderr = c.side
	}
	cmd.Env = append(os.Environ(), c.env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", c, err)
	}
	return nil
}

// lines runs the program and returns what it said, line by line. Its output is part of the error when it fails.
func (c command) lines(ctx context.Context) ([]string, error) {
	var out bytes.Buffer
	if err := c.run(ctx, &out); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out.String())
	}
	text := strings.TrimSpace(out.String())
	if text == "" {
		return nil, nil
	}
	return strings.Split(text, "\n"), nil
}
