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
	got := withGroup(t).Takes(12)
	for step, want := range map[StepID]StepTime{
		"round":    {Turns: 12, Each: 3 * minute, Whole: 36 * minute},
		"text":     {Turns: 3, Each: minute / 2, Whole: 3 * minute / 2},
		"minute":   {Whole: minute},
		"arrive":   {Whole: minute},
		"threes":   {Turns: 3, Each: 13*minute + 40*second, First: 2 * minute, Whole: 43 * minute},
		"pairs":    {Turns: 2, Each: 12*minute + 40*second, First: 2 * minute, Whole: 27*minute + 20*second},
		"lines":    {Turns: 4, Each: 7*minute + 40*second, First: minute, Whole: 31*minute + 40*second},
		"poll":     {Turns: 1, Each: 2 * minute, First: minute, Whole: 3 * minute},
		"sort":     {Turns: 2, Each: minute / 2, First: 4*minute + 40*second, Whole: 5*minute + 40*second},
		"better":   {Turns: 12, Each: 20 * second, First: 4*minute + 20*second, Whole: 8*minute + 20*second},
		"no":       {Turns: 2, Each: 4 * minute, First: 3 * minute, Whole: 11 * minute},
		"letter":   {Whole: 15 * minute},
		"ground":   {Whole: 2 * minute},
		"feedback": {Whole: 2 * minute},
	} {
		if got[step] != want {
			t.Errorf("%s: %+v, not %+v", step, got[step], want)
		}
	}
	if _, said := got["welcome"]; said {
		t.Error("a welcome takes as long as it takes")
	}
	if got := withGroup(t).Takes(0); got["round"].Whole != 0 {
		t.Errorf("nobody: %+v", got["round"])
	}
	if few, many := withGroup(t).Takes(6)["better"], withGroup(t).Takes(30)["better"]; many.Whole-few.Whole != 8*minute {
		t.Errorf("24 more shares to read aloud: %v", many.Whole-few.Whole)
	}
}

// TestBuiltInsHaveTheTime holds that twelve people can do what a programme that comes with mend plans. In a go-around the
// script says the longest turn, which hardly anybody takes.
func TestBuiltInsHaveTheTime(t *testing.T) {
	programmes, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range programmes {
		takes := p.Takes(min(12, p.Size.To))
		for _, s := range p.Steps {
			if took, said := takes[StepID(s.ID)]; said && s.Kind != "goaround" && took.Whole > Millis(s.Minutes)*minute {
				t.Errorf("%s: %s has %d minutes, and takes %d s", p.ID, s.ID, s.Minutes, took.Whole/second)
			}
		}
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
