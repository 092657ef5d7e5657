// Command mend serves workshops: "mend serve" is a whole node, with its store inside.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	env := os.Environ()
	forgetSecrets()
	os.Exit(run(ctx, os.Args[1:], env, os.Stdout, os.Stderr))
}

type commands struct {
	Serve  serve  `cmd:"" help:"Serve workshops until told to stop."`
	Keys   keys   `cmd:"" help:"Make and rotate the keys a server signs and seals with."`
	Check  check  `cmd:"" help:"Say what is wrong with programmes, scenarios and packs, and where; nothing if all is well."`
	Schema schema `cmd:"" help:"Print the JSON Schema of programmes."`
}

// Exit statuses.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// run is the whole program but for the process around it. It ends when ctx does.
func run(ctx context.Context, args, env []string, stdout, stderr io.Writer) int {
	var parsed commands
	exited := -1
	parser, err := kong.New(&parsed, kong.Name("mend"), kong.Writers(stdout, stderr), kong.Exit(func(status int) { exited = status }),
		kong.Description("Live workshops about making amends, on a screen and on phones."),
		kong.Resolvers(environment(env)), kong.ValueFormatter(nameVariable))
	if err != nil {
		fmt.Fprintln(stderr, "mend: internal:", err)
		return exitFailed
	}
	command, err := parser.Parse(args)
	if exited >= 0 {
		return exited // after --help
	}
	if err == nil {
		command.BindTo(ctx, (*context.Context)(nil))
		command.Bind(keysIn(env))
		err = command.Run(&output{stdout: stdout, stderr: stderr, log: logTo(stderr)})
	}
	return report(err, stderr)
}

type output struct {
	stdout, stderr io.Writer
	log            *slog.Logger // to stderr
}

// failure is why the program ended. Code is for scripts, the rest for whoever reads it.
type failure struct {
	code string
	err  error
}

func (f *failure) Error() string { return f.code + ": " + f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func fail(code string, err error) error { return &failure{code: code, err: err} }

// errMistakes is for a command that has said already what is wrong with its files.
var errMistakes = errors.New("there are mistakes")

func misused(format string, a ...any) error { return fail("bad_config", fmt.Errorf(format, a...)) }

func report(err error, stderr io.Writer) int {
	if err == nil {
		return exitOK
	}
	if errors.Is(err, errMistakes) {
		return exitUsage
	}
	known := (*failure)(nil)
	if !errors.As(err, &known) {
		known = &failure{code: "bad_config", err: fmt.Errorf("%w. What there is: mend --help, mend serve --help", err)} // kong's own
	}
	// In one line, for whoever reads the last of a log.
	fmt.Fprintln(stderr, "mend:", strings.ReplaceAll(known.Error(), "\n", "; "))
	if known.code == "bad_config" {
		return exitUsage
	}
	return exitFailed
}

// environment answers every flag from MEND_ and its name, where the command line does not.
func environment(env []string) kong.Resolver {
	values := map[string]string{}
	for _, entry := range env {
		if name, value, ok := strings.Cut(entry, "="); ok {
			values[name] = value
		}
	}
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if value, set := values[variable(flag.Name)]; set && value != "" {
			return value, nil
		}
		return nil, nil
	})
}

func variable(flag string) string {
	return "MEND_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

func nameVariable(value *kong.Value) string {
	if value.Flag == nil || value.Name == "help" {
		return value.Help
	}
	return value.Help + " (" + variable(value.Name) + ")"
}

// logTo writes a line of key=value for each event, its time in UTC wherever the machine stands.
func logTo(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			a.Value = slog.TimeValue(a.Value.Time().UTC())
		}
		return a
	}}))
}
