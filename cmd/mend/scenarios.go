package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"mend/facilitator"
)

// readScenarios reads the operator's own scenarios: every .yaml file of a folder. All mistakes are told at once, each with
// its file, line and column.
func readScenarios(folder string) ([]facilitator.Scenario, error) {
	if _, err := os.ReadDir(folder); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no .yaml file is there", folder)
	}
	var scenarios []facilitator.Scenario
	var mistakes []error
	named := map[string]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		sc, err := facilitator.ParseScenario(file, data)
		if err == nil && named[sc.ID] != "" {
			err = fmt.Errorf("%s: the name “%s” is that of the scenario in %s", file, sc.ID, named[sc.ID])
		}
		if err != nil {
			mistakes = append(mistakes, err)
			continue
		}
		named[sc.ID] = file
		scenarios = append(scenarios, sc)
	}
	return scenarios, errors.Join(mistakes...)
}

// readProgramme reads an author's programme, to be tried in the demo.
func readProgramme(file string, own []facilitator.Scenario) (*facilitator.Programme, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	p, err := facilitator.ParseProgramme(file, data, own...)
	return &p, err
}
