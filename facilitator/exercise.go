package facilitator

import "encoding/json"

// exercise is the state of one opened step. What all exercises share belongs to the session; an
// exercise keeps only what is its own.
type exercise interface {
	clone() exercise

	joined(s *Session, p PersonID)                        // somebody came in
	left(p PersonID)                                      // somebody's seat is gone
	absent(s *Session, p PersonID, in Input) []Event      // somebody stepped away or leaves; s is the session after that
	noticed(s *Session, p PersonID, in Input) []Event     // somebody came, came back or lost their connection; s is the session after that
	rang(s *Session, names []timerName, in Input) []Event // timers came to their end; s is the session after that
	leaving(s *Session, id StepID) []Event                // the session goes on to another step
	everyone(s *Session, id StepID) any                   // what each reader is shown of it, nil for nothing
	facilitators(s *Session, id StepID) any
	stage(s *Session, id StepID) any
	person(s *Session, id StepID, p PersonID) any
}

// plain is an exercise that takes no notice of comings and goings and has nothing of its own to show.
type plain struct{}

func (plain) joined(*Session, PersonID)                 {}
func (plain) left(PersonID)                             {}
func (plain) absent(*Session, PersonID, Input) []Event  { return nil }
func (plain) noticed(*Session, PersonID, Input) []Event { return nil }
func (plain) rang(*Session, []timerName, Input) []Event { return nil }
func (plain) leaving(*Session, StepID) []Event          { return nil }
func (plain) everyone(*Session, StepID) any             { return nil }
func (plain) facilitators(*Session, StepID) any         { return nil }
func (plain) stage(*Session, StepID) any                { return nil }
func (plain) person(*Session, StepID, PersonID) any     { return nil }

// kind is a sort of exercise: the script its author writes, how it begins, its commands, its events
// and its views (samples of them, for the types other languages read).
type kind struct {
	name   string
	script func() any // a pointer to an empty script
	begin  func(with json.RawMessage) exercise
	orders []order
	facts  []fact
	views  []any
}

// beginWith makes a kind's begin from one that takes the decoded script. The script was checked when
// the programme was read, so one that does not decode is an empty one.
func beginWith[S any](start func(S) exercise) func(json.RawMessage) exercise {
	return func(with json.RawMessage) exercise {
		var script S
		_ = json.Unmarshal(with, &script)
		return start(script)
	}
}

// begin is the exercise of a step that is opened for the first time.
func begin(script StepScript) exercise {
	k, ok := kindNamed(script.Kind)
	if !ok {
		return words{}
	}
	return k.begin(script.With)
}

// words is a step whose kind this server does not know (any more): its words are still shown.
type words struct{ plain }

func (w words) clone() exercise { return w }

// leaving lets the present exercise finish what must not be left open.
func (s *Session) leaving() []Event {
	if x := s.doing[s.agenda.now]; x != nil {
		return x.leaving(s, s.agenda.now)
	}
	return nil
}

// notice lets the present exercise follow a coming or going that led to some events.
func (s *Session) notice(events []Event, p PersonID, in Input) []Event {
	if x := s.doing[s.agenda.now]; x != nil && len(events) > 0 {
		return append(events, x.noticed(s.after(events...), p, in)...)
	}
	return events
}

// present is the exercise of the present step, which a command must be meant for.
func present[E exercise](s *Session) (E, StepID, error) {
	if e, ok := s.doing[s.agenda.now].(E); ok {
		return e, s.agenda.now, nil
	}
	var none E
	return none, "", refuse(Conflict, "step_not_open", "The group has gone on to something else. Your screen will follow in a moment.")
}
