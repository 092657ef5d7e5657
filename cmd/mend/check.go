package main

import (
	"fmt"
	"io"
	"os"
	"regexp"

	"mend/facilitator"
)

// check is "mend check FILE…": each file is a programme, a scenario, a pack or an operator's board of resources. Scenarios named on the same line may be
// chosen by the programmes.
type check struct {
	Files []string `arg:"" type:"existingfile" help:"Programmes, scenarios, packs and resources (YAML)."`
}

var (
	isScenario = regexp.MustCompile(`(?m)^\x{feff}?scenario:`)
	isPack     = regexp.MustCompile(`(?m)^\x{feff}?pack:`)
	isHelpers  = regexp.MustCompile(`(?m)^\x{feff}?helpers:`)
	isProgram  = regexp.MustCompile(`(?m)^\x{feff}?programme:`)
)

// Run is silent where all is well. Otherwise it prints a line for each mistake, FILE:LINE:COLUMN: what is wrong and how to
// mend it, and the status is 2.
func (f *check) Run(out *output) error {
	wrong := 0
	report := func(err error) {
		if err != nil {
			wrong++
			fmt.Fprintln(out.stdout, err)
		}
	}
	programmes, own := map[string][]byte{}, []facilitator.Scenario{}
	for _, file := range f.Files {
		data, err := readManuscript(file)
		switch {
		case err != nil:
			return misused("%v", err)
		case isScenario.Match(data):
			scenario, err := facilitator.ParseScenario(file, data)
			report(err)
			if err == nil {
				own = append(own, scenario)
			}
		case isPack.Match(data) && !isProgram.Match(data): // a programme may name its pack
			_, err := facilitator.ParsePack(file, data)
			report(err)
		case isHelpers.Match(data) && !isProgram.Match(data):
			_, err := facilitator.ParseResources(file, data)
			report(err)
		default:
			programmes[file] = data
		}
	}
	for _, file := range f.Files {
		if data, ok := programmes[file]; ok {
			_, err := facilitator.ParseProgramme(file, data, own...)
			report(err)
		}
	}
	if wrong > 0 {
		return errMistakes
	}
	return nil
}

// readManuscript reads no more of a file than is needed to see that it is too large.
func readManuscript(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, facilitator.LargestManuscript+1))
}
