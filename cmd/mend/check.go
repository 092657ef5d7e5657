package main

import (
	"fmt"
	"os"
	"regexp"

	"mend/facilitator"
)

// check is "mend check FILE…": each file is a programme or a scenario. Scenarios named on the same line may be chosen by
// the programmes.
type check struct {
	Files []string `arg:"" type:"existingfile" help:"Programme and scenario files (YAML)."`
}

var isScenario = regexp.MustCompile(`(?m)^scenario:`)

// Run prints one line a file that is right, and the mistakes of those that are not: file, line, column, what to do.
func (f *check) Run(out *output) error {
	wrong := 0
	report := func(file, what string, err error) {
		if err != nil {
			wrong++
			fmt.Fprintln(out.stdout, err)
			return
		}
		fmt.Fprintf(out.stdout, "%s: %s, without mistakes\n", file, what)
	}
	programmes, own := map[string][]byte{}, []facilitator.Scenario{}
	for _, file := range f.Files {
		data, err := os.ReadFile(file)
		if err != nil {
			return fail("check", err)
		}
		if !isScenario.Match(data) {
			programmes[file] = data
			continue
		}
		scenario, err := facilitator.ParseScenario(file, data)
		report(file, "a scenario", err)
		if err == nil {
			own = append(own, scenario)
		}
	}
	for _, file := range f.Files {
		if data, ok := programmes[file]; ok {
			_, err := facilitator.ParseProgramme(file, data, own...)
			report(file, "a programme", err)
		}
	}
	if wrong > 0 {
		return fail("check", fmt.Errorf("%d of %d files have mistakes", wrong, len(f.Files)))
	}
	return nil
}
