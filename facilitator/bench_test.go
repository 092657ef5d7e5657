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

// BenchmarkPractice is what a tap, a message and a round of timers cost with 500 people in practice rooms of three.
func BenchmarkPractice(b *testing.B) {
	w := newWorldOf(b, withPractice(b))
	lead := Seat{Person: w.join("Ada", Facilitator)}
	for i := range 500 {
		w.join(fmt.Sprintf("Guest %d", i), Participant)
	}
	w.must(OpenStep{Step: "threes"}, lead)
	b.Run("form", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.s.Decide(FormRooms{}, w.input(lead)); err != nil {
				b.Fatal(err)
			}
		}
	})
	w.must(FormRooms{}, lead)
	w.must(OpenRooms{}, lead)
	room := w.s.nowPractice().inOrder()[7]
	by := Seat{Person: w.s.nowPractice().rooms[room].speaker}
	w.must(SetTerms{Room: room, Terms: Terms{Scenario: "short"}}, by)
	for _, c := range []struct {
		name string
		do   Command
	}{
		{"tap", ReadyToGoOn{Room: room, Phase: inConsent, Turn: 1}},
		{"message", WriteToRoom{Room: room, Text: "a few words"}},
		{"last minutes of all", Tick{}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			in := w.input(by)
			if _, tick := c.do.(Tick); tick {
				in.At, in.By = w.now.add(60*minute), Seat{Role: System}
			}
			for b.Loop() {
				events, err := w.s.Decide(c.do, in)
				if err != nil {
					b.Fatal(err)
				}
				then := w.s.Clone()
				for _, e := range events {
					then.Apply(e)
				}
			}
		})
	}
}
