package facilitator

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// TestSharesOfTheTime holds that a fit uses what there is to the minute, leaves no step without a minute and the closing
// with all of its own, and turns no order around.
func TestSharesOfTheTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := agenda{steps: map[StepID]step{}}
		planned := 0
		for i, m := range rapid.SliceOfN(rapid.IntRange(1, maxMinutes), 1, 20).Draw(t, "minutes") {
			id := StepID(fmt.Sprint(i))
			a.steps[id] = step{minutes: m, script: StepScript{Kind: "quiet"}}
			a.order = append(a.order, id)
			planned += m
		}
		a.steps["end"] = step{minutes: 7, script: StepScript{Kind: closingKind.name}}
		a.order = append(a.order, "end")
		minutes := rapid.IntRange(-30, planned+7).Draw(t, "remains")

		given, missing := a.share(a.order, minutes)
		if least := len(a.order) - 1 + 7; minutes < least {
			if missing != least-minutes {
				t.Fatalf("%d minutes are missing, and it says %d", least-minutes, missing)
			}
			return
		}
		sum := 0
		for x, m := range given {
			if sum += m; m < 1 {
				t.Errorf("%s got %d minutes", x, m)
			}
			for y, other := range given {
				if x != "end" && y != "end" && a.steps[x].minutes < a.steps[y].minutes && m > other+1 {
					t.Errorf("%d minutes became %d, and %d became %d", a.steps[x].minutes, m, a.steps[y].minutes, other)
				}
			}
		}
		if missing != 0 || sum != minutes || given["end"] != 7 {
			t.Errorf("of %d minutes %d were given, %d to the closing", minutes, sum, given["end"])
		}
	})
}

// TestWhatToLeaveOut holds that a refused fit names enough steps: once they are left out, it fits.
func TestWhatToLeaveOut(t *testing.T) {
	w := newWorld(t)
	ada := Seat{Person: w.join("Ada", Facilitator)}
	w.must(NextStep{}, ada)
	w.pass(50 * minute)
	_, err := w.do(FitAgenda{}, ada)
	refusal, ok := err.(*Refusal)
	if !ok || refusal.Reason != "cannot_fit" || len(refusal.Steps) != 2 || refusal.Steps[0] != "bowl" {
		t.Fatalf("with 7 minutes left for 6 steps and the closing: %+v", err)
	}
	for _, id := range refusal.Steps {
		w.must(SkipStep{Step: id, Skip: true}, ada)
	}
	w.must(FitAgenda{}, ada)
}
