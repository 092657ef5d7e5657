package facilitator

import (
	"fmt"
	"testing"
)

// BenchmarkDecideApply is what one command costs the core, without its log: decided and applied, in a
// room of so many people.
func BenchmarkDecideApply(b *testing.B) {
	for _, people := range []int{12, 100, 1000} {
		for _, c := range []struct {
			name string
			step StepID
			make func(i int) Command
		}{
			{"hand", "arrive", func(i int) Command {
				if i/people%2 == 0 {
					return RaiseHand{}
				}
				return LowerHand{}
			}},
			{"check-in", "arrive", func(i int) Command { return CheckIn{Reading: 1 + (i+i/people)%5} }},
			{"agree", "welcome", func(i int) Command { return Agree{In: i/people%2 == 0} }},
		} {
			b.Run(fmt.Sprintf("%s/people=%d", c.name, people), func(b *testing.B) {
				w := newWorld(b)
				lead := w.join("Ada", Facilitator)
				for i := range people - 1 {
					w.join(fmt.Sprintf("Guest %d", i), Participant)
				}
				w.must(OpenStep{Step: c.step}, Seat{Person: lead})
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					events, err := w.s.Decide(c.make(i), w.input(Seat{Person: PersonID(fmt.Sprintf("p%d", i%people+1))}))
					if err != nil {
						b.Fatal(err)
					}
					for _, e := range events {
						w.s.Apply(e)
					}
				}
			})
		}
	}
}
