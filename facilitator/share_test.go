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

// TestFacilitatorsGetNoMoreOfAShare holds, by the types themselves, that what a facilitator reads of a
// share is what everybody reads of it, and how its moderation stands.
func TestFacilitatorsGetNoMoreOfAShare(t *testing.T) {
	moderation := []string{"Ruling", "Agreed", "Shown", "Answered", "Replied"}
	shown, moderated := reflect.TypeOf(Shown{}), reflect.TypeOf(Moderated{})
	for i := range moderated.NumField() {
		f := moderated.Field(i)
		if _, everybody := shown.FieldByName(f.Name); !everybody && !slices.Contains(moderation, f.Name) {
			t.Errorf("facilitators are given %s of a share, participants are not", f.Name)
		}
	}
	for _, f := range reflect.VisibleFields(reflect.TypeOf(Share{})) {
		if g, ok := shown.FieldByName(f.Name); !ok || g.Type != f.Type {
			t.Errorf("participants are not given %s", f.Name)
		}
	}
}

func TestMarksFromFourUp(t *testing.T) {
	w, x := bowlWorld(t, 8)
	for p := range x.people {
		b := bodyOf(w.s, x, FirstBody, p)
		if p == "p2" {
			b = shareOf(w.s, x, p, "one share")
		}
		if err := w.post("bowl", b); err != nil {
			t.Fatal(err)
		}
	}
	w.must(CloseBowl{}, Seat{Person: "p1"})
	w.pass(20 * second)
	x = bowlOf(w.s)
	id := slices.Collect(maps.Keys(x.shares))[0]
	w.must(OpenShare{Share: id}, Seat{Person: "p1"})
	w.must(ShowShare{}, Seat{Person: "p1"})
	for i, p := range []PersonID{"p2", "p3", "p3", "p4", "p5", "p6"} {
		b := bodyOf(w.s, x, LaterBody, p)
		b.Kind, b.Marks = Marking, []ShareID{id, id, "none"}
		if err := w.post("bowl", b); err != nil {
			t.Fatal(err)
		}
		w.runErrands()
		want := []int{0, 0, 0, 0, 4, 5}[i]
		if got := w.s.View(ForEveryone).(Everyone).Step.Exercise.(BowlEveryone).Shares[id].Marks; got != want {
			t.Errorf("after %d: %d marks are shown, not %d", i+1, got, want)
		}
	}
}

func TestAnsweredAndReplied(t *testing.T) {
	w, x := bowlWorld(t, 5)
	for p := range x.people {
		w.post("bowl", shareOf(w.s, x, p, "share of "+string(p)))
	}
	w.must(CloseBowl{}, Seat{Person: "p1"})
	w.pass(20 * second)
	x = bowlOf(w.s)
	var to ShareID
	for id, sh := range x.shares {
		if sh.Text == "share of p2" {
			to = id
		}
	}
	reply := bodyOf(w.s, x, LaterBody, "p2")
	reply.Kind, reply.Secret, reply.Sealed = Replying, secretOf("p2", "reply"), make([]byte, SealedSize)
	for range 2 { // before an answer, and a second time, a reply comes to nothing
		w.post("bowl", reply)
		w.runErrands()
		if n := len(bowlOf(w.s).replies); n != 0 {
			t.Fatalf("%d replies", n)
		}
	}
	w.must(AnswerShare{Share: to, Sealed: encode(make([]byte, SealedSize))}, Seat{Person: "p1"})
	everyone, _ := json.Marshal(w.s.View(ForEveryone))
	if strings.Contains(string(everyone), string(to)) {
		t.Error("the document everybody reads names the share that was answered")
	}
	for range 2 {
		w.post("bowl", reply)
		w.runErrands()
		if n := len(bowlOf(w.s).replies); n != 1 {
			t.Fatalf("%d replies", n)
		}
	}
}

// TestTextsAreKeptByAgreement: at the closing everything is gone, unless the group agreed in the welcome.
func TestTextsAreKeptByAgreement(t *testing.T) {
	for _, agreed := range []bool{false, true} {
		w := newWorld(t)
		lead := w.join("Ada", Facilitator)
		for i := range 5 {
			w.join(fmt.Sprintf("Guest %d", i), Participant)
		}
		w.must(OpenStep{Step: "welcome"}, Seat{Person: lead})
		w.must(KeepTexts{Keep: agreed}, Seat{Person: lead})
		w.must(OpenStep{Step: "bowl"}, Seat{Person: lead})
		w.must(OpenBowl{Question: 1}, Seat{Person: lead})
		w.runErrands()
		x := bowlOf(w.s)
		for p := range x.people {
			w.must(SignBowl{Bowl: x.id, Share: blindedBy(p), Marks: blindedBy(p)}, Seat{Person: p})
			w.post("bowl", shareOf(w.s, x, p, canary(p, "share")))
		}
		w.must(CloseBowl{}, Seat{Person: lead})
		w.pass(20 * second)
		for id := range bowlOf(w.s).shares {
			w.must(OpenShare{Share: id}, Seat{Person: lead})
		}
		w.must(ShowShare{}, Seat{Person: lead})
		w.must(ShowShare{}, Seat{Person: lead})
		w.must(OpenStep{Step: "leave"}, Seat{Person: lead})
		w.must(Close{}, Seat{Person: lead})
		kept := 0
		if agreed {
			kept = 2
		}
		if got := w.s.View(ForEveryone).(Everyone).Kept; len(got) != kept {
			t.Errorf("agreed %v: %d texts are kept", agreed, len(got))
		}
		for d, text := range documents(t, w.s) {
			if n := strings.Count(text, "canary-"); n != 0 && (d != ForEveryone || n != kept) {
				t.Errorf("agreed %v: %s holds %d texts", agreed, d, n)
			}
		}
	}
}

// TestTwoFacilitatorsAgree: where the programme asks for it, one facilitator alone opens nothing.
func TestTwoFacilitatorsAgree(t *testing.T) {
	w, x := bowlWorld(t, 5)
	x.script.Agree = 2
	for p := range x.people {
		w.post("bowl", shareOf(w.s, x, p, "share of "+string(p)))
	}
	w.must(CloseBowl{}, Seat{Person: "p1"})
	w.pass(20 * second)
	w.must(GiveRole{Person: "p2", Role: CoFacilitator}, Seat{Person: "p1"})
	id := slices.Sorted(maps.Keys(bowlOf(w.s).shares))[0]
	for range 2 {
		w.must(OpenShare{Share: id}, Seat{Person: "p1"})
	}
	if sh := bowlOf(w.s).shares[id]; sh.ruling != Unruled {
		t.Errorf("one facilitator alone ruled %q", sh.ruling)
	}
	w.must(OpenShare{Share: id}, Seat{Person: "p2"})
	if sh := bowlOf(w.s).shares[id]; sh.ruling != ToOpen {
		t.Errorf("two facilitators ruled %q", sh.ruling)
	}
}
