package facilitator

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestBowlTakesAndGivesBack(t *testing.T) {
	w, x := bowlWorld(t, 6)
	refused := func(err error, reason string) {
		t.Helper()
		if r, ok := err.(*Refusal); !ok || r.Reason != reason {
			t.Errorf("not refused as %s: %v", reason, err)
		}
	}
	late := w.join("Late", Participant)
	_, err := w.do(SignBowl{Bowl: x.id, Share: blindedBy(late), Marks: blindedBy(late)}, Seat{Person: late})
	refused(err, "bowl_not_among")
	_, err = w.do(SignBowl{Bowl: x.id, Share: blindedBy("other"), Marks: blindedBy("other")}, Seat{Person: "p2"})
	refused(err, "bowl_signed_already")
	if _, owed := w.s.Owes(SignBowl{Bowl: x.id, Share: blindedBy("other"), Marks: blindedBy("other")}, Seat{Person: "p2"}); owed {
		t.Error("a second signature is owed")
	}
	again := SignBowl{Bowl: x.id, Share: blindedBy("p2"), Marks: blindedBy("p2")}
	if events := w.must(again, Seat{Person: "p2"}); len(events) > 0 {
		t.Error("the same message again made an event")
	}
	if _, owed := w.s.Owes(again, Seat{Person: "p2"}); !owed {
		t.Error("the same message is not signed again")
	}
	for _, p := range []PersonID{"p2", "p3", "p4", "p5"} {
		if err := w.post("bowl", shareOf(w.s, x, p, "share of "+string(p))); err != nil {
			t.Fatal(err)
		}
	}
	w.must(CloseBowl{}, Seat{Person: "p1"})
	w.pass(20 * second) // one phone sleeps: tokens are tallied, no share is shown yet
	x = bowlOf(w.s)
	if x.phase != recovery || len(x.heard) != 4 || len(x.shares) != 0 {
		t.Fatalf("phase %d, heard %d, shares %d", x.phase, len(x.heard), len(x.shares))
	}
	for _, p := range []PersonID{"p6", "p7"} {
		if err := w.post("bowl", bodyOf(w.s, x, FirstBody, p)); err != nil {
			t.Fatal(err)
		}
	}
	w.pass(15 * second)
	x = bowlOf(w.s)
	if x.phase != poured || len(x.spent) != 6 || len(x.shares) != 4 {
		t.Fatalf("phase %d, spent %d, shares %d", x.phase, len(x.spent), len(x.shares))
	}
	refused(w.post("bowl", shareOf(w.s, x, "p2", "again")), "bowl_token_spent")
	refused(w.post("bowl", bodyOf(w.s, x, FirstBody, "p9")), "bowl_window_over")

	for id := range x.shares {
		w.must(OpenShare{Share: id}, Seat{Person: "p1"})
		w.must(ShowShare{}, Seat{Person: "p1"})
	}
	_, err = w.do(ShowShare{}, Seat{Person: "p1"})
	refused(err, "no_share_open")
	for id := range x.shares {
		w.must(Report{Share: id, Note: "about this one"}, Seat{Person: "p2"})
	}
	back := bodyOf(w.s, x, LaterBody, "p3")
	back.Kind, back.Secret = TakeBack, secretOf("p3", "lock")
	if err := w.post("bowl", back); err != nil {
		t.Fatal(err)
	}
	w.runErrands()
	if x = bowlOf(w.s); len(x.shares) != 3 {
		t.Fatalf("%d shares after one was taken back", len(x.shares))
	}
	for d, text := range documents(t, w.s) {
		if strings.Contains(text, "share of p3") {
			t.Errorf("%s still holds the share taken back", d)
		}
	}
}

// TestGuestsHideNobody: simulated guests take part in a bowl and are never counted among the people in it.
func TestGuestsHideNobody(t *testing.T) {
	for people, small := range map[int]bool{0: false, 1: true, 4: true, 5: false} {
		w := newWorld(t)
		w.join("Ada", Facilitator)
		for i := range people {
			w.join(fmt.Sprintf("Person %d", i), Participant)
		}
		for i := range 6 {
			w.must(Join{Person: w.seat(), Alias: fmt.Sprintf("Simulated %d", i), Role: Participant, Guest: true}, Seat{Role: System})
		}
		w.must(OpenStep{Step: "bowl"}, Seat{Person: "p1"})
		if _, err := w.do(OpenBowl{Question: 1}, Seat{Person: "p1"}); (err != nil) != small {
			t.Errorf("%d people and six guests: %v", people, err)
		}
		if small {
			w.must(OpenBowl{Question: 1, Anyway: true}, Seat{Person: "p1"})
		}
		v := w.s.View(ForEveryone).(Everyone).Step.Exercise.(BowlEveryone)
		if v.Size != people || v.Guests != 6 || v.Small != small {
			t.Errorf("%d people and six guests are told as %d and %d, small %v", people, v.Size, v.Guests, v.Small)
		}
	}
}

// TestFewHandIn: who was away while phones handed in cannot have written, and where fewer than five did everybody is told.
func TestFewHandIn(t *testing.T) {
	for hand, few := range map[int]bool{0: false, 4: true, 5: false} {
		w, x := bowlWorld(t, 6)
		for i := range hand {
			if err := w.post("bowl", shareOf(w.s, x, PersonID(fmt.Sprintf("p%d", i+2)), "a share")); err != nil {
				t.Fatal(err)
			}
		}
		told := func() bool { return w.s.View(ForEveryone).(Everyone).Step.Exercise.(BowlEveryone).Few }
		w.must(CloseBowl{}, Seat{Person: "p1"})
		w.pass(20 * second)
		if told() {
			t.Errorf("%d handed in, and it is told before all of them have", hand)
		}
		w.pass(20 * second)
		if bowlOf(w.s).phase != poured || told() != few {
			t.Errorf("%d handed in: phase %d, told %v", hand, bowlOf(w.s).phase, told())
		}
	}
}

// TestMemoryLost: tokens were heard, then the memory they waited in was gone. Nothing was spent, so all
// of them can hand in again, and nothing is there twice.
func TestMemoryLost(t *testing.T) {
	w, x := bowlWorld(t, 6)
	for _, p := range []PersonID{"p2", "p3", "p4"} {
		w.post("bowl", shareOf(w.s, x, p, "share of "+string(p)))
	}
	w.must(CloseBowl{}, Seat{Person: "p1"})
	w.pass(20 * second)
	w.urn.first = nil
	w.pass(10 * second)
	if x = bowlOf(w.s); x.phase != recovery || len(x.spent) != 0 {
		t.Fatalf("phase %d, spent %d", x.phase, len(x.spent))
	}
	for _, p := range []PersonID{"p2", "p3", "p4", "p4"} {
		w.post("bowl", shareOf(w.s, x, p, "share of "+string(p)))
	}
	w.pass(10 * second)
	if x = bowlOf(w.s); x.phase != poured || len(x.shares) != 3 || len(x.spent) != 3 {
		t.Fatalf("phase %d, shares %d, spent %d", x.phase, len(x.shares), len(x.spent))
	}
}

// TestAllAreSeenAtOnce: part of what was heard is lost, so the rest is poured before it. Had facilitators seen the first
// shares already, they could tell which ones came from the phones that were asked again.
func TestAllAreSeenAtOnce(t *testing.T) {
	w, x := bowlWorld(t, 6)
	for _, p := range []PersonID{"p2", "p3", "p4"} {
		w.post("bowl", shareOf(w.s, x, p, "share of "+string(p)))
	}
	seen := func() int { return len(bowlOf(w.s).facilitators(w.s, "bowl").(BowlFacilitators).Shares) }
	w.must(CloseBowl{}, Seat{Person: "p1"})
	w.pass(20 * second)
	w.urn.first = w.urn.first[:2]
	w.pass(10 * second)
	if x = bowlOf(w.s); x.phase != recovery || len(x.shares) != 2 || seen() != 0 {
		t.Fatalf("phase %d, shares %d, seen %d", x.phase, len(x.shares), seen())
	}
	w.post("bowl", shareOf(w.s, x, "p4", "share of p4"))
	w.pass(10 * second)
	if x = bowlOf(w.s); x.phase != poured || seen() != 3 {
		t.Fatalf("phase %d, seen %d", x.phase, seen())
	}
}

// TestWhoWroteChangesNothing runs two rooms that differ in one thing: two people wrote each other's words,
// and a third wrote what a fourth did. Of all that is stored and shown, only the order in which the shares
// lay before they were shuffled may differ.
func TestWhoWroteChangesNothing(t *testing.T) {
	run := func(author map[PersonID]string) (log []string, docs map[Document]string) {
		w, x := bowlWorld(t, 6)
		for _, p := range slices.Sorted(maps.Keys(x.people)) {
			b := bodyOf(w.s, x, FirstBody, p)
			if text := author[p]; text != "" {
				b = shareOf(w.s, x, PersonID(text), text) // its keys and secrets go with the words
				b.Message, b.Signature = bodyOf(w.s, x, FirstBody, p).Message, make([]byte, SignatureSize)
			}
			if err := w.post("bowl", b); err != nil {
				t.Fatal(err)
			}
		}
		w.must(CloseBowl{}, Seat{Person: "p1"})
		w.pass(20 * second)
		for _, text := range []string{"one", "two", "three"} {
			w.must(OpenShare{Share: play{w}.shareWith(text)}, Seat{Person: "p1"})
		}
		names := map[string]string{}
		for id, sh := range bowlOf(w.s).shares {
			names[string(id)] = "share-" + sh.Text
		}
		plain := func(s string) string {
			for id, name := range names {
				s = strings.ReplaceAll(s, fmt.Sprintf("%q", id), fmt.Sprintf("%q", name))
			}
			return s
		}
		for _, e := range w.log {
			if e.name == "bowl.poured" {
				var poured BowlPoured
				if err := json.Unmarshal(e.with, &poured); err != nil {
					t.Fatal(err)
				}
				slices.SortFunc(poured.Shares, func(a, b StoredShare) int { return strings.Compare(a.Text, b.Text) })
				e.with, _ = json.Marshal(poured)
			}
			log = append(log, e.name+" "+plain(string(e.with)))
		}
		docs = map[Document]string{}
		for d, text := range documents(t, w.s) {
			var v any
			json.Unmarshal([]byte(plain(text)), &v)
			raw, _ := json.Marshal(v) // members in order of their names
			docs[d] = string(raw)
		}
		return log, docs
	}
	log, docs := run(map[PersonID]string{"p2": "one", "p3": "two", "p4": "three"})
	otherLog, otherDocs := run(map[PersonID]string{"p2": "two", "p3": "one", "p5": "three"})
	if !reflect.DeepEqual(log, otherLog) {
		t.Errorf("the log tells who wrote what:\n%s\n%s", strings.Join(log, "\n"), strings.Join(otherLog, "\n"))
	}
	if !reflect.DeepEqual(docs, otherDocs) {
		t.Errorf("a document tells who wrote what:\n%v\n%v", docs, otherDocs)
	}
}

// TestMuchIsPouredInParts: more than one record holds is stored in several, each share once, and shown at once.
func TestMuchIsPouredInParts(t *testing.T) {
	w, x := bowlWorld(t, 200)
	for p := range x.people {
		if err := w.post("bowl", shareOf(w.s, x, p, string(p)+strings.Repeat(" <<<<", 390))); err != nil {
			t.Fatal(err)
		}
	}
	w.must(CloseBowl{}, Seat{Person: "p1"})
	w.pass(20 * second)
	x = bowlOf(w.s)
	if x.phase != poured || len(x.shares) != 200 || len(x.spent) != 200 {
		t.Errorf("phase %d, shares %d, spent %d", x.phase, len(x.shares), len(x.spent))
	}
	parts := 0
	for _, e := range w.log {
		if e.name == "bowl.poured" {
			parts++
			if len(e.with) > 512<<10 {
				t.Errorf("a record of %d bytes", len(e.with))
			}
		}
	}
	if parts < 3 || !reflect.DeepEqual(w.replay(), w.s) {
		t.Errorf("%d parts, or the replay differs", parts)
	}
}
