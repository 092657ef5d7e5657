package facilitator

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// withGroup is the programme with the library, and after it what a group does together.
func withGroup(t testing.TB) Programme {
	p := withLibrary(t)
	p.Family = true
	three := []Text{both("low"), both("middle"), both("high")}
	p.Steps = append(p.Steps,
		script(t, "poll", "poll", 5, PollScript{Question: both("What holds you back?"), Form: pollSingle, Options: three, Talk: []Text{both("What surprised you?")}}),
		script(t, "several", "poll", 5, PollScript{Question: both("What helps?"), Form: pollSeveral, Options: three, Most: 2}),
		script(t, "ranking", "poll", 5, PollScript{Question: both("What comes first?"), Form: pollOrder, Options: three}),
		script(t, "words", "poll", 5, PollScript{Question: both("One word?"), Form: pollWords}),
		script(t, "sort", "sort", 5, SortScript{
			Question: both("An apology, or amends?"), Places: []Text{both("An apology"), both("Amends")},
			Cards: []SortCard{
				{Text: both("I am sorry"), Note: both("Words only."), Prompts: []Text{both("What would help?")}},
				{Text: both("I paid it back")},
			},
			Prompts: []Text{both("Which was hard?")},
		}),
		script(t, "ground", "grounding", 5, GroundingScript{
			Words: both("Choose."), Breathing: []Breath{"calm", "square"},
			Guides: []Guide{{Name: both("Feet"), Each: 10, Lines: []Text{both("Feel the floor."), both("It holds.")}}},
		}),
		script(t, "helpers", "whocanhelp", 5, WhoCanHelpScript{Words: both("Near here."), Topics: []Topic{"legal", "debt"}}),
		script(t, "feedback", "feedback", 5, FeedbackScript{
			Questions: []FeedbackQuestion{{Ask: both("Safe?"), Scale: three}, {Ask: both("Useful?"), Scale: three}}, Comment: both("What else?"),
		}),
	)
	for i := range p.Steps {
		if p.Steps[i].ID == "poll" || p.Steps[i].Kind == practiceKind.name {
			p.Steps[i].Family = FamilyWords{Phone: both("for family " + p.Steps[i].ID), Cards: []Text{both("You may refuse.")}}
		}
	}
	return p
}

// spokenInGroup gives what somebody writes for the group a mark of their own.
func spokenInGroup(c Command, by Seat) Command {
	switch own := c.(type) {
	case AnswerPoll:
		if own.Word != "" {
			own.Word = canary(by.Person, "poll")
		}
		return own
	case GiveFeedback:
		if own.Comment != "" {
			own.Comment = canary(by.Person, "feedback")
		}
		return own
	}
	return c
}

// holdGroup holds what a group's answers tell: nothing before they are shown, and then nothing of anybody.
func holdGroup(r *rapid.T, s *Session, docs map[Document]string) {
	for _, e := range s.doing {
		switch x := e.(type) {
		case *poll:
			holdPoll(r, s, x, docs)
		case *sayItBetter:
			holdOutline(r, x.outline)
			for p := range x.picked {
				holdElsewhere(r, s, p, docs, func() func() { return turned(x.picked, p, []int{1}, []int{2}) })
			}
		case *sorting:
			for _, o := range x.outlines {
				holdOutline(r, o)
			}
			if !x.revealed {
				for p := range x.placed {
					holdElsewhere(r, s, p, docs, func() func() { return turned(x.placed, p, []int{1, 2}, []int{2, 2}) })
				}
			}
		case *feedback:
			if s.phase != over {
				for p := range x.given {
					holdElsewhere(r, s, p, docs, func() func() {
						return turned(x.given, p, feedbackOf{[]int{1, 2}, "other"}, feedbackOf{[]int{3, 0}, ""})
					})
				}
			}
			for d, text := range docs {
				if strings.Contains(text, "-feedback-end") && !(s.phase == over && d == ForFacilitators && len(x.given) >= few) {
					holdAuthor(r, s, d, text, "feedback")
				}
			}
		}
	}
	for p := range s.sides {
		holdElsewhere(r, s, p, docs, func() func() {
			return turned(s.sides, p, SitWith{Side: FamilySide}, SitWith{Side: RecoverySide, Across: true})
		})
	}
	for _, f := range s.feedback() {
		for _, scale := range f.Scales {
			holdOutline(r, scale.Outline)
		}
	}
}

func holdPoll(r *rapid.T, s *Session, x *poll, docs map[Document]string) {
	holdOutline(r, x.outline)
	if x.counted && len(x.answers) > 0 {
		r.Fatalf("a poll that was counted still knows who answered what")
	}
	for p := range x.answers {
		holdElsewhere(r, s, p, docs, func() func() {
			return turned(x.answers, p, pollAnswer{[]int{1}, "other"}, pollAnswer{[]int{2}, "another"})
		})
	}
	if x.script.Form != pollWords {
		return
	}
	for d, text := range docs {
		switch {
		case !x.counted:
			holdAuthor(r, s, d, text, "poll")
		case !x.revealed && d != ForFacilitators && strings.Contains(text, "-poll-end"):
			r.Fatalf("%s holds words that only facilitators look through", d)
		}
		for w := range x.held {
			if d != ForFacilitators && strings.Contains(text, w) {
				r.Fatalf("%s holds a word that is kept back", d)
			}
		}
	}
}

// holdAuthor holds that what somebody wrote stands in their own document and in no other.
func holdAuthor(r *rapid.T, s *Session, d Document, text, what string) {
	for p := range s.people {
		if d != ForPerson(p) && strings.Contains(text, canary(p, what)) {
			r.Fatalf("%s holds what %s wrote", d, p)
		}
	}
}

// holdElsewhere holds that no document but a person's own would be any different, had they answered otherwise.
func holdElsewhere(r *rapid.T, s *Session, p PersonID, docs map[Document]string, turn func() func()) {
	back := turn()
	other := documents(r, s)
	back()
	for d, text := range docs {
		if d != ForPerson(p) && other[d] != text {
			r.Fatalf("%s depends on the answer of %s", d, p)
		}
	}
}

// turned changes one answer to the first of two that it is not, and returns how to change it back.
func turned[A any](answers map[PersonID]A, p PersonID, one, other A) func() {
	was := answers[p]
	if reflect.DeepEqual(was, one) {
		one = other
	}
	answers[p] = one
	return func() { answers[p] = was }
}

func holdOutline(r *rapid.T, o *Outline) {
	if o == nil {
		return
	}
	if o.Answers < few || o.Rest != 0 && o.Rest < few {
		r.Fatalf("an outline of %+v", o)
	}
	for _, p := range o.Portions {
		if p.Count != 0 && p.Count < few {
			r.Fatalf("an outline of %+v", o)
		}
	}
}

// holdFinal holds that an outline, once drawn, is never drawn again.
func holdFinal(r *rapid.T, before, then *Session) {
	for id, e := range before.doing {
		switch x := e.(type) {
		case *poll:
			if now := then.doing[id].(*poll); x.counted && (!now.counted || !reflect.DeepEqual(x.outline, now.outline) || !reflect.DeepEqual(x.words, now.words)) {
				r.Fatalf("a poll was drawn twice")
			}
		case *sayItBetter:
			if now := then.doing[id].(*sayItBetter); x.shown && (!now.shown || len(now.picked) > 0 || !reflect.DeepEqual(x.outline, now.outline)) {
				r.Fatalf("what was learned was drawn twice")
			}
		case *answerNo:
			if now := then.doing[id].(*answerNo); !now.shown[now.at] && now.everyone(then, id).(AnswerNoView).Card != nil && len(now.everyone(then, id).(AnswerNoView).Card.Answers) > 0 {
				r.Fatalf("answers were there before they were shown")
			}
		case *sorting:
			if now := then.doing[id].(*sorting); x.revealed && !reflect.DeepEqual(x.outlines, now.outlines) {
				r.Fatalf("a sort was drawn twice")
			}
		}
	}
}

// holdSides holds that forming puts nobody with the other side but by both sides' choice.
func holdSides(r *rapid.T, s *Session, e Event) {
	formed, ok := e.(RoomsFormed)
	if !ok {
		return
	}
	x := s.practiceOf(formed.Step)
	for _, room := range formed.Rooms {
		people := slices.Concat(room.Players, room.Watchers)
		for _, p := range people {
			for _, q := range people {
				if s.sides[p].apart(s.sides[q]) {
					r.Fatalf("%s and %s are in one room: %+v, %+v", p, q, s.sides[p], s.sides[q])
				}
			}
		}
	}
	if !reflect.DeepEqual(x.sat, s.sides) {
		r.Fatalf("a practice has other sides than the session: %v, %v", x.sat, s.sides)
	}
}

func TestPoolsLeaveNobodyAloneWithoutNeed(t *testing.T) {
	for _, c := range []struct{ sits, want string }{
		{"rrr", "-/012/-"},
		{"ffrr", "01/23/-"},
		{"ffRFrr", "01/45/23"},
		{"fFFRR", "02/-/134"},
		{"fFRR", "01/23/-"},
		{"FRr", "0/12/-"},
		{"FFrr", "01/23/-"},
		{"FR", "-/-/01"},
	} {
		var players []PersonID
		sides := map[PersonID]SitWith{}
		for i, sits := range c.sits {
			p := PersonID(fmt.Sprint(i))
			players = append(players, p)
			sides[p] = SitWith{Side: map[string]Side{"f": FamilySide, "r": RecoverySide}[strings.ToLower(string(sits))], Across: sits < 'a'}
		}
		var got []string
		for _, pool := range pools(players, sides) {
			names := ""
			slices.Sort(pool)
			for _, p := range pool {
				names += string(p)
			}
			if names == "" {
				names = "-"
			}
			got = append(got, names)
		}
		if joined := strings.Join(got, "/"); joined != c.want {
			t.Errorf("%s: %s, not %s", c.sits, joined, c.want)
		}
	}
}

// together is a room of eight in the named step.
func together(t *testing.T, step StepID) (*world, []PersonID) {
	w := newWorldOf(t, withGroup(t))
	w.join("Ada", Facilitator)
	var people []PersonID
	for i := range 8 {
		people = append(people, w.join(fmt.Sprintf("Person %d", i), Participant))
	}
	w.must(OpenStep{Step: step}, Seat{Person: "p1"})
	return w, people
}

func TestOrderOfAPoll(t *testing.T) {
	w, people := together(t, "ranking")
	for i, p := range people {
		order := [][]int{{3, 1, 2}, {3, 2, 1}, {1, 3, 2}}[i%3]
		w.must(AnswerPoll{Choices: order}, Seat{Person: p})
	}
	w.must(RevealPoll{}, Seat{Person: "p1"})
	if got := w.s.everyone().Step.Exercise.(PollEveryone); !reflect.DeepEqual(got.Order, []int{3, 1, 2}) || got.Outline.Answers != 8 || got.Outline.Portions != nil {
		t.Errorf("the group's order is shown as %+v", got)
	}
}

func TestAWordSaidTwiceIsShownOnce(t *testing.T) {
	w, people := together(t, "words")
	for i, p := range people[:5] {
		w.must(AnswerPoll{Word: []string{"Hope", "fear", "hope", "calm", "FEAR"}[i]}, Seat{Person: p})
	}
	w.must(RevealPoll{}, Seat{Person: "p1"})
	if got := w.s.everyone().Step.Exercise.(PollEveryone).Words; !reflect.DeepEqual(got, []string{"calm", "FEAR", "Hope"}) {
		t.Errorf("the words are shown as %q", got)
	}
}

func TestFeedbackIsForWhoLedOnceAllIsOver(t *testing.T) {
	w, people := together(t, "feedback")
	for i, p := range people {
		w.must(GiveFeedback{Places: []int{1 + i/4*2, 0}, Comment: []string{"", "Zest", "a break"}[i%3]}, Seat{Person: p})
	}
	if raw, _ := json.Marshal(w.s.leaders()); strings.Contains(string(raw), "Zest") {
		t.Error("facilitators read a comment while the session runs")
	}
	w.must(Close{}, Seat{Person: "p1"})
	got := w.s.leaders().Feedback["feedback"]
	if want := []string{"a break", "a break", "Zest", "Zest", "Zest"}; !reflect.DeepEqual(got.Comments, want) {
		t.Errorf("the comments are %q", got.Comments)
	}
	want := &Outline{Answers: 8, Portions: []Portion{{Count: 4}, {As: asMerged}, {As: asMerged}}, Rest: 4}
	if o := got.Scales[0].Outline; !reflect.DeepEqual(o, want) || got.Scales[1].Outline != nil {
		t.Errorf("the scales are %+v", got.Scales)
	}
	if sum := w.s.Summary(); !reflect.DeepEqual(sum.Feedback["feedback"], got.Scales) {
		t.Errorf("the summary keeps %+v", sum.Feedback)
	}
}
