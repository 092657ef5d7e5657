package facilitator

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestEveryStepCanBeRehearsed goes to each step of each built-in programme as the editor's preview does, and finds the words
// of the phone and the stage in what these seats are shown.
func TestEveryStepCanBeRehearsed(t *testing.T) {
	programmes, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range programmes {
		for _, step := range p.Steps {
			r, err := Rehearse(p, StepID(step.ID), 1_000_000, []string{"Fay", "Ana", "Ben"})
			if err != nil {
				t.Errorf("%s, %s: %v", p.ID, step.ID, err)
				continue
			}
			everyone, stage := r.Everyone.(Everyone), r.Stage.(StageView)
			if everyone.Step.Text["en"] != step.Phone["en"] || stage.Step.Text["en"] != step.Stage["en"] || r.Own.(Own).Person != r.Person {
				t.Errorf("%s, %s: the seats show other words", p.ID, step.ID)
			}
			if raw, _ := json.Marshal(stage); strings.Contains(string(raw), "Ana") {
				t.Errorf("%s, %s: a name is on the stage", p.ID, step.ID)
			}
		}
	}
	if _, err := Rehearse(programmes[0], "nowhere", 1, []string{"Fay"}); err == nil {
		t.Error("a step that is not there was rehearsed")
	}
}

func TestTakes(t *testing.T) {
	p := shortProgramme(t)
	got := p.Takes(12)
	if want := (StepTime{Turns: 12, Each: 3 * minute, Whole: 36 * minute}); got["round"] != want {
		t.Errorf("12 people, 3 minutes each: %+v", got["round"])
	}
	if want := (StepTime{Turns: 3, Each: minute / 2, Whole: 3 * minute / 2}); got["text"] != want {
		t.Errorf("three passages: %+v", got["text"])
	}
	if want := (StepTime{Whole: minute}); got["minute"] != want {
		t.Errorf("a quiet minute: %+v", got["minute"])
	}
	if _, said := got["welcome"]; said {
		t.Error("a welcome takes as long as it takes")
	}
	if got := p.Takes(0); got["round"].Whole != 0 {
		t.Errorf("nobody: %+v", got["round"])
	}
}

func TestBuiltInFiles(t *testing.T) {
	programmes, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range programmes {
		data, found := BuiltInFile(p.ID)
		if read, err := ParseProgramme(p.ID, data); !found || err != nil || read.ID != p.ID {
			t.Errorf("%s: %v", p.ID, err)
		}
	}
	for _, id := range []string{"", "nowhere", "../programme", "making-amends.yaml"} {
		if _, found := BuiltInFile(id); found {
			t.Errorf("there is a file of %q", id)
		}
	}
}
