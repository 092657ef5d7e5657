package facilitator

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

// both is a text in the two languages of the test programme.
func both(en string) Text { return Text{"en": en, "es": "es: " + en} }

func script(t testing.TB, id, kind string, minutes int, with any) StepScript {
	t.Helper()
	raw, err := json.Marshal(with)
	if err != nil {
		t.Fatal(err)
	}
	return StepScript{ID: id, Kind: kind, Title: both(id), Minutes: minutes, Say: both("say " + id), Phone: both("phone " + id), Stage: both("stage " + id), With: raw}
}

// shortProgramme has one step of each kind, in the order of a small workshop.
func shortProgramme(t testing.TB) Programme {
	scale := []Text{both("hard"), both("uneasy"), both("in between"), both("all right"), both("steady")}
	return Programme{
		ID: "short", Version: 1, Title: both("A short workshop"), Languages: []string{"en", "es"},
		Steps: []StepScript{
			script(t, "welcome", "welcome", 5, WelcomeScript{Agreements: []Text{both("What is said here stays here")}, Keep: both("Opened shares may be kept")}),
			script(t, "arrive", "checkin", 5, CheckInScript{Question: both("How do you arrive?"), Scale: scale, Word: both("One word, if you like")}),
			script(t, "text", "reading", 10, ReadingScript{Passages: []Text{both("One."), both("Two."), both("Three.")}}),
			script(t, "round", "goaround", 12, GoAroundScript{Prompt: both("What brings you?"), Most: 180}),
			script(t, "minute", "quiet", 2, QuietScript{Seconds: 60, Prompt: both("Breathe.")}),
			script(t, "bowl", "bowl", 15, BowlScript{Questions: []Text{both("What would you like to put down?")}, Window: 20}),
			script(t, "leave", "checkin", 5, CheckInScript{Question: both("How do you leave?"), Scale: scale, Compare: "arrive"}),
			script(t, "close", "closing", 3, ClosingScript{Words: both("Go gently.")}),
		},
	}
}

// withPractice is the short programme, and after it a practice of each form.
func withPractice(t testing.TB) Programme {
	p := shortProgramme(t)
	p.Library = []Scenario{shortScenario(t)}
	for _, form := range []string{"threes", "pairs", "lines"} {
		p.Steps = append(p.Steps, script(t, form, "practice", 40, practiceScript(form)))
	}
	return p
}

// withLibrary is that, and after it one step of each further kind of the library.
func withLibrary(t testing.TB) Programme {
	p := withPractice(t)
	p.Steps = append(p.Steps,
		script(t, "map", "amendsmap", 20, AmendsMapScript{Minutes: 15, Prompt: both("Whom have you harmed?"), Part: "list", Family: FamilyPrompt{both("What were you touched by?")}}),
		script(t, "promises", "commitments", 10, CommitmentsScript{Minutes: 8, Prompt: both("What will you do?"), Witness: both("Read one aloud, if you like."), Family: FamilyPrompt{both("Where is your boundary?")}}),
		script(t, "letter", "letter", 20, LetterScript{Minutes: 15, Prompt: both("To whom?"), Prompts: []Text{both("What happened?"), both("What did it cost you?")}, Family: FamilyPrompts{both("To them, or to you?"), []Text{both("What was it like?")}}}),
		script(t, "shoes", "othershoes", 15, OtherShoesScript{Minutes: 10, Prompt: both("Be them."), Prompts: []Text{both("What did I see?")}, Share: both("One sentence, if you like."), Family: FamilyPrompts{both("Be your own witness."), []Text{both("What did you carry?")}}}),
		script(t, "self", "selfamends", 15, SelfAmendsScript{Minutes: 10, Prompt: both("To yourself."), Neglect: both("What was left?"), Kind: both("One kind thing?"), Practical: both("One practical thing?"), Forgiveness: both("As to a friend."), Family: FamilySelf{both("For you."), both("What did you put aside?"), both("Kind?"), both("Practical?"), both("As to a friend.")}}),
		script(t, "no", "answerno", 15, AnswerNoScript{Minutes: 3, Tonight: both("And tonight?"), Ideas: []Text{both("Call somebody.")}, Cards: []AnswerNoCard{
			{Response: "anger", Words: both("How dare you."), Answers: []Text{both("You have a right to be angry.")}, Family: SayingNo{both("You boil."), []Text{both("I am too angry for this.")}}},
			{Response: "silence", Words: both("(nothing)"), Answers: []Text{both("I will leave you in peace.")}},
		}}),
		script(t, "better", "sayitbetter", 15, SayItBetterScript{Lines: []Text{both("Sorry, but you started it."), both("Sorry for everything.")}, Window: 20, Learned: []Text{both("No but."), both("Say what I did."), both("Ask for nothing.")}}),
	)
	return p
}

func practiceScript(form string) PracticeScript {
	return PracticeScript{
		Form: form, Scenarios: []string{"all"}, Rounds: 2, Competencies: form == "threes", Mixing: form == "pairs",
		Minutes: PracticeMinutes{Consent: 2, Prepare: 3, Rehearse: 5, Speaker: 1, Listener: 1, Observer: 1, Again: 2, Out: 1},
		Rest:    both("Rest."), Debrief: []Text{both("What happened?")}, Grounding: both("Feel your feet."),
	}
}

func shortScenario(t testing.TB) Scenario {
	t.Helper()
	data, err := os.ReadFile("testdata/roleplays/short.yaml")
	if err != nil {
		t.Fatal(err)
	}
	sc, err := ParseScenario("short.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

// world is a session with a clock, ids and names, as a test sees it.
type world struct {
	t     testing.TB
	s     *Session
	now   Time
	ids   int
	seats int
	who   map[string]PersonID
	log   []stored
	again *Session // what was stored, folded as far as it was replayed
	read  int      // so many of the log
	urn   urn      // what was posted to bowls and waits
}

type stored struct {
	name string
	with json.RawMessage
}

func newWorld(t testing.TB) *world { return newWorldOf(t, shortProgramme(t)) }

func newWorldOf(t testing.TB, p Programme) *world {
	w := &world{t: t, s: New(), now: 1_000_000, who: map[string]PersonID{}}
	w.must(Open{Session: "s1", Code: "AMENDS", StageKey: "stage-key", Programme: p}, Seat{Role: System})
	return w
}

func (w *world) input(by Seat) Input {
	return Input{
		At: w.now, By: by,
		ID:      func() string { w.ids++; return fmt.Sprintf("id%d", w.ids) },
		Shuffle: func(n int, swap func(i, j int)) { swap(0, max(0, n-1)) },
	}
}

// do decides and applies, keeping what a log would keep.
func (w *world) do(c Command, by Seat) ([]Event, error) {
	events, err := w.s.Decide(c, w.input(by))
	for _, e := range events {
		name, with, encodeErr := EncodeEvent(e)
		if encodeErr != nil {
			w.t.Fatal(encodeErr)
		}
		w.log = append(w.log, stored{name, with})
		w.s.Apply(e)
	}
	return events, err
}

func (w *world) must(c Command, by Seat) []Event {
	w.t.Helper()
	events, err := w.do(c, by)
	if err != nil {
		w.t.Fatalf("%T: %v", c, err)
	}
	return events
}

// seat is the id of the next person to join.
func (w *world) seat() PersonID {
	w.seats++
	return PersonID(fmt.Sprintf("p%d", w.seats))
}

func (w *world) join(name string, role Role) PersonID {
	w.t.Helper()
	id := w.seat()
	w.must(Join{Person: id, Alias: name, Role: role}, Seat{Role: System})
	w.who[name] = id
	return id
}

// pass lets time go by and timers ring.
func (w *world) pass(d Millis) {
	for end := w.now.add(d); ; {
		w.runErrands()
		due, ok := w.s.Due()
		if !ok || due > end {
			w.now = end
			return
		}
		w.now = max(due, w.now)
		w.must(Tick{}, Seat{Role: System})
	}
}

// replay folds the stored events into a session of their own, from where it left off.
func (w *world) replay() *Session {
	if w.again == nil {
		w.again = New()
	}
	for _, e := range w.log[w.read:] {
		event, err := DecodeEvent(e.name, e.with)
		if err != nil {
			w.t.Fatal(err)
		}
		w.again.Apply(event)
	}
	w.read = len(w.log)
	return w.again
}

// documents renders everything anybody could read.
func documents(t interface{ Fatal(...any) }, s *Session) map[Document]string {
	names := []Document{ForEveryone, ForFacilitators, ForKeepers, ForStage}
	for id := range s.door.knocking {
		names = append(names, ForPerson(id))
	}
	for id := range s.people {
		names = append(names, ForPerson(id))
	}
	if x := s.nowPractice(); x != nil && x.running() && !s.frozen && s.phase == open {
		for id := range x.rooms {
			names = append(names, ForRoom(id))
		}
	}
	all := map[Document]string{}
	for _, d := range names {
		raw, err := json.Marshal(s.View(d))
		if err != nil {
			t.Fatal(err)
		}
		all[d] = string(raw)
	}
	return all
}
