package facilitator

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

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
		var b Body
		var err error
		soon(t, func() { b, err = ReadBody(raw[:BodySize]) })
		if err != nil {
			return
		}
		again, err := ReadBody(b.Bytes())
		if err != nil || !reflect.DeepEqual(again, b) {
			t.Fatalf("%+v is read back as %+v: %v", b, again, err)
		}
	})
}
