package facilitator

import (
	"cmp"
	"maps"
	"slices"
)

// A room is booked until some hour. When a step took longer than planned, the steps to come are fitted into what remains
// until the end that was planned: each keeps its share, none goes below a minute, and the closing keeps all of its own.

// FitAgenda fits the steps that are still to come into the time that remains.
type FitAgenda struct{}

// UnfitAgenda gives them back the minutes they had before.
type UnfitAgenda struct{}

// MinutesFitted says how many minutes the steps to come have now, those that changed.
type MinutesFitted struct {
	Minutes map[StepID]int `json:"minutes"`
	Undone  bool           `json:"undone,omitempty"` // these are the minutes from before the last fit
}

// fitted is what a fit made of a step.
type fitted struct{ was, now int }

func (FitAgenda) decide(s *Session, in Input) ([]Event, error) {
	if s.agenda.began == 0 {
		return nil, refuse(Conflict, "not_begun", "The first step has not begun, so nothing is late. Go to the first step.")
	}
	ahead := s.agenda.ahead()
	if len(ahead) == 0 {
		return nil, refuse(Conflict, "nothing_to_fit", "No step is still to come. Give this one minutes, or close the session.")
	}
	remains := int((s.agenda.until().since(in.At) - s.leftNow(in.At)) / minute)
	given, missing := s.agenda.share(ahead, remains)
	if missing > 0 {
		return nil, s.agenda.tooLittle(ahead, missing)
	}
	maps.DeleteFunc(given, func(id StepID, m int) bool { return s.agenda.steps[id].minutes == m })
	if len(given) == 0 {
		return nil, nil
	}
	return []Event{MinutesFitted{Minutes: given}}, nil
}

func (UnfitAgenda) decide(s *Session, _ Input) ([]Event, error) {
	before := s.agenda.unfitted()
	if len(before) == 0 {
		return nil, refuse(Conflict, "nothing_fitted", "The steps to come were changed or begun since. Give or take minutes one by one.")
	}
	return []Event{MinutesFitted{Minutes: before, Undone: true}}, nil
}

func (e MinutesFitted) apply(s *Session) Touched {
	changed := map[StepID]fitted{}
	for id, m := range e.Minutes {
		st, ok := s.agenda.steps[id]
		if !ok {
			continue
		}
		changed[id] = fitted{st.minutes, m}
		st.minutes = m
		s.agenda.steps[id] = st
	}
	if s.agenda.fitted = changed; e.Undone {
		s.agenda.fitted = nil
	}
	return nobody
}

// until is when the session was to end: the programme's minutes after its first step began. Pauses do not move it, as they
// do not move the hour at which the room is needed by others.
func (a agenda) until() Time {
	end := a.began
	for _, st := range a.steps {
		end = end.add(Millis(st.script.Minutes) * minute)
	}
	return end
}

// ahead is the steps still to come that are not left out.
func (a agenda) ahead() []StepID {
	return slices.DeleteFunc(slices.Clone(a.order[a.at()+1:]), func(id StepID) bool { return a.steps[id].skipped })
}

// leftNow is what the present step has left of its minutes.
func (s *Session) leftNow(at Time) Millis {
	st := s.agenda.steps[s.agenda.now]
	return max(0, Millis(st.minutes)*minute-st.spent-s.running(at).since(st.entered))
}

// share deals minutes out in the proportions the steps have, or says how many are missing.
func (a agenda) share(ahead []StepID, minutes int) (given map[StepID]int, missing int) {
	given = map[StepID]int{}
	var open []StepID
	for _, id := range ahead {
		if a.steps[id].script.Kind != closingKind.name {
			open = append(open, id)
			continue
		}
		given[id] = a.steps[id].minutes
		minutes -= given[id]
	}
	if minutes < len(open) {
		return nil, len(open) - minutes
	}
	// From the shortest on, so that what the shortest get beyond their share is taken from the longer ones.
	slices.SortStableFunc(open, func(x, y StepID) int { return cmp.Compare(a.steps[x].minutes, a.steps[y].minutes) })
	planned := 0
	for _, id := range open {
		planned += a.steps[id].minutes
	}
	for _, id := range open {
		had := a.steps[id].minutes
		given[id] = min(max(1, (2*had*minutes+planned)/(2*planned)), maxMinutes)
		minutes, planned = minutes-given[id], planned-had
	}
	return given, 0
}

// tooLittle names steps to leave out: the longest of those to come, as many as there are minutes missing.
func (a agenda) tooLittle(ahead []StepID, missing int) error {
	rest := slices.DeleteFunc(slices.Clone(ahead), func(id StepID) bool { return a.steps[id].script.Kind == closingKind.name })
	slices.SortStableFunc(rest, func(x, y StepID) int { return cmp.Compare(a.steps[y].minutes, a.steps[x].minutes) })
	return &Refusal{Code: Conflict, Reason: "cannot_fit", Steps: rest[:min(missing, len(rest))],
		Message: "Not even a minute is left for each step to come. Leave some of them out, the longest first, or end later."}
}

// unfitted is the minutes an undo of the last fit gives back: of the steps still to come that nobody changed since.
func (a agenda) unfitted() map[StepID]int {
	before := map[StepID]int{}
	for _, id := range a.order[a.at()+1:] {
		if f, ok := a.fitted[id]; ok && a.steps[id].minutes == f.now {
			before[id] = f.was
		}
	}
	return before
}
