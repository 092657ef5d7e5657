package server

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"mend/facilitator"
	"mend/realtime/sharer"
)

// TestGuestsFillABowl: simulated guests hold a bowl, and a weak amend to be said better, by the same sockets and posts as
// browsers, and all they put in says that it is simulated.
func TestGuestsFillABowl(t *testing.T) {
	line := []facilitator.Text{{"en": "Why?", "es": "¿Por qué?"}}
	for kind, script := range map[string]any{
		"bowl":        facilitator.BowlScript{Questions: line, Window: 1},
		"sayitbetter": facilitator.SayItBetterScript{Lines: line, Window: 1, Learned: []facilitator.Text{line[0], line[0]}},
	} {
		t.Run(kind, func(t *testing.T) {
			trial := bowlProgramme(t, kind, script)
			p := newParty(t, 6, func(c *Config) { c.Trial = &trial })
			p.pass("six sit there", func(facilitator.Everyone) bool { return len(p.guests.seated) == 6 })
			p.step(kind)
			p.orders(facilitator.OpenBowl{Question: 1})
			p.live(func() bool {
				for _, guest := range p.guests.seated {
					if guest.place == nil || guest.place.sharer == nil {
						return false
					}
				}
				return true
			})
			if open := p.bowl(); open.Size != 0 || open.Guests != 6 || open.Small {
				t.Errorf("six guests are told as %d people and %d guests, small %v", open.Size, open.Guests, open.Small)
			}
			p.orders(facilitator.CloseBowl{})
			p.live(func() bool { return p.bowl().Phase == facilitator.BowlIsPoured })
			if n := len(p.bowl().Spent); n != 6 {
				t.Errorf("%d bodies of six guests", n)
			}
			shares := p.batch().Shares
			if len(shares) == 0 || len(shares) == 6 {
				t.Errorf("%d of six wrote: some do, some don't", len(shares))
			}
			for id, share := range shares {
				if !strings.Contains(share.Text, "simulad") && !strings.Contains(share.Text, "Simulated") {
					t.Errorf("nothing says that this is simulated: %s", share.Text)
				}
				p.orders(facilitator.OpenShare{Share: id})
				p.orders(facilitator.ShowShare{})
			}
			p.afterwards(shares)
			if kind == "sayitbetter" {
				p.orders(facilitator.AskLearned{})
				p.pass("all have picked", func(facilitator.Everyone) bool {
					document, err := p.node.View(t.Context(), p.demo.Session, facilitator.ForFacilitators)
					must(t, err)
					return document.(facilitator.ForLeaders).Exercise.(facilitator.SayItBetterFacilitators).Picked == 6
				})
			}
		})
	}
}

// afterwards answers a share and looks at what its author then posts.
func (p *party) afterwards(shares map[facilitator.ShareID]facilitator.Moderated) {
	p.t.Helper()
	for id, share := range shares {
		_, sealed, err := sharer.SealAnswer(p.demo.Session, p.bowl().Bowl, share.Share, "Thank you.")
		must(p.t, err)
		p.orders(facilitator.AnswerShare{Share: id, Sealed: sealed})
		break
	}
	shown, replies, marked := p.bowl(), 0, 0
	for round := range 20 { // marks are drawn
		for _, guest := range p.guests.seated {
			body, err := facilitator.ReadBody(guest.place.later(shown, []string{"Simulated"}))
			must(p.t, err)
			switch body.Kind {
			case facilitator.Replying:
				replies++
			case facilitator.Marking:
				marked++
			}
			byThemselves := guest.place.slot != 0 // in the last moments of a slot they post as soon as they may, and one body is all
			if !p.guests.post(p.t.Context(), "bowl", guest.place, body.Bytes()) && round == 0 && !byThemselves {
				p.t.Error("what a guest says afterwards is refused")
			}
			clear(guest.place.weighed)
		}
		if replies > 0 && marked > 0 {
			break
		}
	}
	if replies != 1 || marked == 0 {
		p.t.Errorf("%d replies to one answer, %d marked", replies, marked)
	}
}

// live lets guests look up as time goes by, until it is so.
func (p *party) live(so func() bool) {
	p.t.Helper()
	eventually(p.t, func() bool {
		p.guests.look(p.t.Context(), p.everyone(p.demo.Session), time.Now())
		return so()
	})
	p.at = time.Now()
}

func (p *party) bowl() facilitator.BowlEveryone {
	p.t.Helper()
	switch x := p.everyone(p.demo.Session).Step.Exercise.(type) {
	case facilitator.BowlEveryone:
		return x
	case facilitator.SayItBetterEveryone:
		return x.BowlEveryone
	}
	p.t.Fatal("no bowl is here")
	return facilitator.BowlEveryone{}
}

func (p *party) batch() facilitator.BowlFacilitators {
	p.t.Helper()
	document, err := p.node.View(p.t.Context(), p.demo.Session, facilitator.ForFacilitators)
	must(p.t, err)
	switch x := document.(facilitator.ForLeaders).Exercise.(type) {
	case facilitator.BowlFacilitators:
		return x
	case facilitator.SayItBetterFacilitators:
		return x.BowlFacilitators
	}
	p.t.Fatal("no bowl is here")
	return facilitator.BowlFacilitators{}
}

// Whoever reads what a guest says sees that nobody lived it, in either language.
func TestGuestsSayThatTheyAreSimulated(t *testing.T) {
	words, err := loadGuestWords()
	must(t, err)
	if len(words) != 2 {
		t.Errorf("words in %d languages", len(words))
	}
	for lang, v := range words {
		if other := words["en"]; len(v.Shares) != len(other.Shares) || len(v.Rewrites) != len(other.Rewrites) || len(v.Words) != len(other.Words) || len(v.Shares) < 8 {
			t.Errorf("%s says more or less than English", lang)
		}
		said := []string{v.Speaker, v.Listener}
		for _, some := range [][]string{v.Shares, v.Rewrites, v.Words, v.Replies} {
			said = append(said, some...)
		}
		for _, text := range said {
			if !strings.Contains(strings.ToLower(text), v.Mark) {
				t.Errorf("%s: %q does not hold %q", lang, text, v.Mark)
			}
		}
		for _, word := range v.Words {
			if utf8.RuneCountInString(word) > 40 {
				t.Errorf("%s: %q is no short word", lang, word)
			}
		}
	}
}
