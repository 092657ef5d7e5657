package facilitator

import (
	"errors"
	"fmt"
	"strings"
)

// Rehearsal is what the seats of a pretend session show at one step, for whoever writes a programme to look at.
type Rehearsal struct {
	Everyone any      `json:"everyone"`
	Own      any      `json:"own"`
	Stage    any      `json:"stage"`
	Person   PersonID `json:"person"` // whose phone it is
}

// Rehearse opens a session nobody keeps, seats a facilitator and people under those aliases, and goes to the step. The step
// must be without mistakes; the others need not.
func Rehearse(p Programme, step StepID, at Time, aliases []string) (Rehearsal, error) {
	s, ids := New(), 0
	by := Seat{Role: System}
	do := func(c Command) error {
		events, err := s.Decide(c, Input{At: at, By: by, ID: func() string { ids++; return fmt.Sprintf("pretend-%d", ids) }, Shuffle: func(int, func(i, j int)) {}})
		for _, e := range events {
			s.Apply(e)
		}
		return err
	}
	err := do(Open{Session: "pretend", Code: "PRETEND", StageKey: "pretend", Programme: p})
	for i, alias := range aliases {
		join := Join{Person: PersonID(fmt.Sprintf("person-%d", i)), Alias: alias}
		if join.Role = Participant; i == 0 {
			join.Role = Facilitator
		}
		err = errors.Join(err, do(join))
	}
	by = Seat{Person: "person-0"}
	if err = errors.Join(err, do(OpenStep{Step: step})); err != nil {
		return Rehearsal{}, fmt.Errorf("rehearse %s: %w", step, err)
	}
	who := PersonID(fmt.Sprintf("person-%d", len(aliases)-1))
	return Rehearsal{Everyone: s.View(ForEveryone), Own: s.View(ForPerson(who)), Stage: s.View(ForStage), Person: who}, nil
}

// BuiltInFile is the file of a programme that comes with mend.
func BuiltInFile(id string) ([]byte, bool) {
	if !slug.MatchString(id) || strings.Contains(id, "/") {
		return nil, false
	}
	data, err := builtIn.ReadFile("programmes/" + id + ".yaml")
	return data, err == nil
}
