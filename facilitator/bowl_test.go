package facilitator

import (
	"crypto/ecdh"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// urn is what was posted in a world: bodies, without knowing whose.
type urn struct {
	first, later []Body
}

var fakeKeys = BowlKeys{SharePublic: []byte("share"), SharePrivate: []byte("canary-private"), MarksPublic: []byte("marks"), MarksPrivate: []byte("canary-private"), Check: [4]byte{1, 2, 3, 4}}

// runErrands does what a node would, until nothing is left to do.
func (w *world) runErrands() {
	for todo := w.s.Errands(); len(todo) > 0; todo = w.s.Errands() {
		for _, e := range todo {
			switch e.Do {
			case MakeKeys:
				w.must(KeepKeys{Step: e.Step, Bowl: e.Bowl, Keys: fakeKeys}, Seat{Role: System})
			case PourOut:
				w.must(Pour{Step: e.Step, Bowl: e.Bowl, Bodies: w.urn.first}, Seat{Role: System})
			}
		}
	}
	for step, id := range w.s.Poured() {
		if len(w.urn.later) > 0 {
			w.must(Stir{Step: step, Bowl: id, Bodies: w.urn.later}, Seat{Role: System})
			w.urn.later = nil
		}
	}
}

// post hands a body in as a node would take it, without a signature.
func (w *world) post(step StepID, b Body) error {
	b, err := ReadBody(b.Bytes())
	if err != nil {
		return err
	}
	admission, err := w.s.Admit(step, b)
	switch {
	case err != nil:
		return err
	case admission.Spent:
		return TokenSpent()
	}
	if b.Form == FirstBody {
		w.urn.first = append(w.urn.first, b)
	} else {
		w.urn.later = append(w.urn.later, b)
	}
	return nil
}

var shareKey = func() []byte {
	k, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return k.PublicKey().Bytes()
}()

// bodyOf is a body as a person's client makes it; the person is only what its numbers are drawn from.
func bodyOf(s *Session, x *bowl, form Form, p PersonID) Body {
	purpose := ForShare
	if form == LaterBody {
		purpose = ForMarks
	}
	random := sha256.Sum256([]byte(string(x.id) + string(p) + purpose))
	message := append(make([]byte, 32), TokenMessage(purpose, s.id, x.id, random)...)
	return Body{Form: form, Message: message, Signature: make([]byte, SignatureSize), Session: s.id, Bowl: x.id, Purpose: purpose}
}

func secretOf(p PersonID, what string) [32]byte { return sha256.Sum256([]byte(string(p) + what)) }

func shareOf(s *Session, x *bowl, p PersonID, text string) Body {
	b := bodyOf(s, x, FirstBody, p)
	b.Kind = Written
	lock, reply := secretOf(p, "lock"), secretOf(p, "reply")
	b.Share = NewShare{Text: text, Key: shareKey, Lock: sha256.Sum256(lock[:]), ReplyLock: sha256.Sum256(reply[:])}
	return b
}

func blindedBy(p PersonID) string {
	return encode([]byte(strings.Repeat(string(p), SignatureSize))[:SignatureSize])
}

func bowlOf(s *Session) *bowl {
	if x, ok := s.doing["bowl"].(*bowl); ok {
		return x
	}
	return &bowl{}
}

func anyShare(r *rapid.T, w *world) ShareID {
	return rapid.SampledFrom(append(slices.Sorted(maps.Keys(bowlOf(w.s).shares)), "none")).Draw(r, "share")
}

// postSomething has somebody's client post, sometimes.
func postSomething(r *rapid.T, w *world) {
	x := bowlOf(w.s)
	if x.id == "" || len(x.signed) == 0 || rapid.IntRange(0, 1).Draw(r, "post") == 0 {
		return
	}
	p := rapid.SampledFrom(slices.Sorted(maps.Keys(x.signed))).Draw(r, "who posts")
	b := bodyOf(w.s, x, LaterBody, p)
	switch rapid.IntRange(0, 6).Draw(r, "what") {
	case 0:
		b.Kind, b.Secret = TakeBack, secretOf(p, "lock")
	case 1:
		b.Kind, b.Secret, b.Sealed = Replying, secretOf(p, "reply"), make([]byte, SealedSize)
	case 2:
		b.Kind, b.Marks = Marking, []ShareID{anyShare(r, w)}
	case 3:
		b = bodyOf(w.s, x, FirstBody, p)
	default:
		b = shareOf(w.s, x, p, canary(p, "share"))
	}
	if err := w.post("bowl", b); err != nil {
		if _, ok := err.(*Refusal); !ok {
			r.Fatalf("posting: %v", err)
		}
	}
}

// pourBowl brings the room to where shares are opened.
func pourBowl(r *rapid.T, w *world) {
	w.must(OpenBowl{Question: 1, Anyway: true}, Seat{Person: "p1"})
	w.runErrands()
	x := bowlOf(w.s)
	for p := range x.people {
		w.must(SignBowl{Bowl: x.id, Share: blindedBy(p), Marks: blindedBy(p)}, Seat{Person: p})
		if err := w.post("bowl", shareOf(w.s, x, p, canary(p, "share"))); err != nil {
			r.Fatalf("posting: %v", err)
		}
	}
	w.must(CloseBowl{}, Seat{Person: "p1"})
	w.pass(20 * second)
	for id := range bowlOf(w.s).shares {
		w.must(OpenShare{Share: id}, Seat{Person: "p1"})
	}
}

// holdBowl: a share not shown is in the facilitators' document only; a private key and a secret in none;
// and nothing that is stored names a person beside a share or a token.
func holdBowl(r *rapid.T, w *world, x *bowl, docs map[Document]string) {
	shown := map[string]bool{}
	for _, sh := range x.shares {
		shown[sh.Text] = shown[sh.Text] || sh.shown
	}
	for d, text := range docs {
		for p := range x.people {
			if c := canary(p, "share"); strings.Contains(text, c) && d != ForFacilitators && !shown[c] {
				r.Fatalf("%s holds a share that was not opened", d)
			}
		}
		if strings.Contains(text, encode(fakeKeys.SharePrivate)) {
			r.Fatalf("%s holds a private key", d)
		}
	}
	for _, n := range x.marked() {
		if text := docs[ForEveryone]; n < few && strings.Contains(text, fmt.Sprintf(`"marks":%d`, n)) {
			r.Fatalf("everyone sees %d marks", n)
		}
	}
	for _, e := range w.log {
		holdNoLink(r, e)
	}
}

// holdNoLink holds that an event which brings a share or a token names nobody.
func holdNoLink(r interface{ Fatalf(string, ...any) }, e stored) {
	if e.name != "bowl.poured" && e.name != "bowl.tallied" && e.name != "bowl.stirred" {
		return
	}
	for i := range 40 {
		if strings.Contains(string(e.with), fmt.Sprintf(`"p%d"`, i)) {
			r.Fatalf("%s names a person: %s", e.name, e.with)
		}
	}
}

// bowlWorld is a room in which a bowl is open and everybody has signed.
func bowlWorld(t testing.TB, people int) (*world, *bowl) {
	w := newWorld(t)
	lead := w.join("Ada", Facilitator)
	for i := range people {
		w.join(fmt.Sprintf("Guest %d", i), Participant)
	}
	w.must(OpenStep{Step: "bowl"}, Seat{Person: lead})
	w.must(OpenBowl{Question: 1, Anyway: true}, Seat{Person: lead})
	w.runErrands()
	for _, p := range slices.Sorted(maps.Keys(bowlOf(w.s).people)) {
		w.must(SignBowl{Bowl: bowlOf(w.s).id, Share: blindedBy(p), Marks: blindedBy(p)}, Seat{Person: p})
	}
	return w, bowlOf(w.s)
}

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

func TestBodiesOfOneSize(t *testing.T) {
	w, x := bowlWorld(t, 5)
	reply := bodyOf(w.s, x, LaterBody, "p2")
	reply.Kind, reply.Sealed = Replying, make([]byte, SealedSize)
	mark := bodyOf(w.s, x, LaterBody, "p2")
	mark.Kind, mark.Marks = Marking, []ShareID{"a", "b"}
	for _, b := range []Body{
		bodyOf(w.s, x, FirstBody, "p2"), shareOf(w.s, x, "p2", "short"), shareOf(w.s, x, "p2", strings.Repeat("long ", 400)),
		bodyOf(w.s, x, LaterBody, "p2"), reply, mark,
	} {
		raw := b.Bytes()
		if len(raw) != BodySize {
			t.Errorf("a body of %d bytes", len(raw))
		}
		back, err := ReadBody(raw)
		b.Share.Text = strings.TrimSpace(b.Share.Text)
		if err != nil || !reflect.DeepEqual(back, b) {
			t.Errorf("read back as %+v: %v", back, err)
		}
	}
}

func TestBodiesRefused(t *testing.T) {
	w, x := bowlWorld(t, 5)
	good := shareOf(w.s, x, "p2", "words").Bytes()
	with := func(change func([]byte)) []byte {
		raw := slices.Clone(good)
		change(raw)
		return raw
	}
	for name, c := range map[string]struct {
		raw    []byte
		reason string
	}{
		"truncated":             {good[:4095], "bowl_body_short"},
		"oversize":              {append(slices.Clone(good), 0), "bowl_body_long"},
		"not UTF-8":             {with(func(b []byte) { b[atText] = 0xff }), "bowl_not_text"},
		"no text":               {with(func(b []byte) { b[atLength+1] = 0; clear(b[atText:]) }), "bowl_body_form"},
		"only spaces":           {with(func(b []byte) { copy(b[atText:], "     ") }), "bowl_empty_share"},
		"turned around":         {with(func(b []byte) { copy(b[atText:], "\u202ewo") }), "hidden_characters"},
		"no key":                {with(func(b []byte) { clear(b[atKey:atLock]) }), "bowl_share_key"},
		"another form":          {with(func(b []byte) { b[atForm] = 9 }), "bowl_body_form"},
		"wrong purpose":         {with(func(b []byte) { copy(b[atPurpose:], "marks\x00") }), "bowl_body_form"},
		"hidden in the padding": {with(func(b []byte) { b[BodySize-1] = 1 }), "bowl_body_form"},
		"padded name":           {with(func(b []byte) { b[atRandom-1] = 'x' }), "bowl_body_form"},
		"another magic":         {with(func(b []byte) { b[0] = 'M' }), "bowl_body_form"},
	} {
		_, err := ReadBody(c.raw)
		if r, ok := err.(*Refusal); !ok || r.Reason != c.reason {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := shareOf(w.s, x, "p2", "words")
	other.Bowl = "another"
	if _, err := w.s.Admit("bowl", other); err.(*Refusal).Reason != "bowl_other" {
		t.Error(err)
	}
	other = shareOf(w.s, x, "p2", "words")
	other.Session = "another"
	if _, err := w.s.Admit("bowl", other); err.(*Refusal).Reason != "bowl_other_session" {
		t.Error(err)
	}
	if _, err := w.s.Admit("round", other); err.(*Refusal).Reason != "no_bowl" {
		t.Error(err)
	}
}

func FuzzReadBody(f *testing.F) {
	w, x := bowlWorld(f, 5)
	f.Add(shareOf(w.s, x, "p2", "words").Bytes())
	f.Add(bodyOf(w.s, x, LaterBody, "p2").Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) < BodySize {
			raw = append(raw, make([]byte, BodySize-len(raw))...)
		}
		b, err := ReadBody(raw[:BodySize])
		if err != nil {
			return
		}
		again, err := ReadBody(b.Bytes())
		if err != nil || !reflect.DeepEqual(again, b) {
			t.Fatalf("%+v is read back as %+v: %v", b, again, err)
		}
	})
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
