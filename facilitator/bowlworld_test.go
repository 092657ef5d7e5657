package facilitator

import (
	"crypto/ecdh"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"maps"
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

// bowlStep is the present step if it has a bowl, or else the one there always is.
func bowlStep(s *Session) StepID {
	if _, ok := s.bowlAt(s.agenda.now); ok {
		return s.agenda.now
	}
	return "bowl"
}

func bowlOf(s *Session) *bowl {
	if x, ok := s.bowlAt(bowlStep(s)); ok {
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
	if err := w.post(bowlStep(w.s), b); err != nil {
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
		if err := w.post(bowlStep(w.s), shareOf(w.s, x, p, canary(p, "share"))); err != nil {
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
