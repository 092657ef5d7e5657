package realtime

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// shape has every form a view may take.
type shape struct {
	Title  string            `json:"title"`
	Count  int               `json:"count,omitempty"`
	Open   bool              `json:"open,omitempty"`
	Share  float64           `json:"share"`
	Words  map[string]string `json:"words,omitempty"`
	Maybe  *shape            `json:"maybe,omitempty"`
	Always *leaf             `json:"always"`
	People map[string]leaf   `json:"people"`
	Linked map[string]*shape `json:"linked,omitempty"`
	Order  []string          `json:"order"`
	Parts  []leaf            `json:"parts,omitempty"`
	Any    any               `json:"any,omitempty"`
	Steps  map[int]leaf      `json:"steps,omitempty"`
	Bytes  json.RawMessage   `json:"bytes,omitempty"`
	leaf
	Hidden string `json:"-"`
	Leaf   leaf   `json:"leaf,omitzero"`
}

type leaf struct {
	Alias string   `json:"alias"`
	Hand  int      `json:"hand,omitempty"`
	Tags  []string `json:"tags,omitempty"`
}

// word takes from few words, so that values often stay the same, and from all strings, so that none is
// encoded wrongly.
var word = rapid.OneOf(rapid.SampledFrom([]string{"", "a", "b", "café", "\"\\\n\x01"}), rapid.String())

func someLeaf() *rapid.Generator[leaf] {
	return rapid.Custom(func(t *rapid.T) leaf {
		return leaf{word.Draw(t, "alias"), rapid.IntRange(0, 2).Draw(t, "hand"), someList(word).Draw(t, "tags")}
	})
}

func someList[T any](of *rapid.Generator[T]) *rapid.Generator[[]T] {
	return rapid.OneOf(rapid.Just[[]T](nil), rapid.SliceOfN(of, 0, 3))
}

func someMap[K comparable, T any](key *rapid.Generator[K], of *rapid.Generator[T]) *rapid.Generator[map[K]T] {
	return rapid.OneOf(rapid.Just[map[K]T](nil), rapid.MapOfN(key, of, 0, 4))
}

func someShape(depth int) *rapid.Generator[shape] {
	return rapid.Custom(func(t *rapid.T) shape {
		s := shape{
			Title: word.Draw(t, "title"), Count: rapid.IntRange(0, 2).Draw(t, "count"), Open: rapid.Bool().Draw(t, "open"),
			Share: rapid.SampledFrom([]float64{0, 0.5, 1e30}).Draw(t, "share"),
			Words: someMap(word, word).Draw(t, "words"), People: someMap(word, someLeaf()).Draw(t, "people"),
			Order: someList(word).Draw(t, "order"), Parts: someList(someLeaf()).Draw(t, "parts"),
			Steps: someMap(rapid.IntRange(-1, 3), someLeaf()).Draw(t, "steps"), leaf: someLeaf().Draw(t, "embedded"),
			Bytes: rapid.SampledFrom([]json.RawMessage{nil, []byte("1"), []byte(`{"a":1}`), []byte(`{"b":{"c":2}}`)}).Draw(t, "bytes"),
			Leaf:  someLeaf().Draw(t, "leaf"),
		}
		if rapid.Bool().Draw(t, "has always") {
			l := someLeaf().Draw(t, "always")
			s.Always = &l
		}
		if depth > 0 {
			if rapid.Bool().Draw(t, "has maybe") {
				m := someShape(depth-1).Draw(t, "maybe")
				s.Maybe = &m
			}
			s.Any = rapid.SampledFrom([]any{nil, "x", 3, leaf{Alias: "z"}, &leaf{Hand: 1}, map[string]string{"k": "v"}}).Draw(t, "any")
			linked := someMap(word, rapid.Ptr(someShape(depth-1), true)).Draw(t, "linked")
			s.Linked = linked
		}
		return s
	})
}

func TestAPatchMergedIntoTheOldDocumentIsTheNewOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, new := someShape(2).Draw(t, "old"), someShape(2).Draw(t, "new")
		if rapid.Bool().Draw(t, "alike") {
			kept := new
			new = old
			new.Title, new.People = kept.Title, kept.People
		}
		patch, changed := appendPatch(nil, &old, &new)
		was, is := parse(t, appendJSON(nil, old)), parse(t, appendJSON(nil, new))
		if !changed {
			if len(patch) != 0 || !reflect.DeepEqual(was, is) {
				t.Fatalf("no patch from %v to %v", was, is)
			}
			return
		}
		if got := merge(was, parse(t, patch)); !reflect.DeepEqual(got, is) {
			t.Fatalf("merging %s gave\n%v, not\n%v", patch, got, is)
		}
	})
}

// What is encoded reads back as encoding/json's own would, but for what is empty.
func TestDocumentsReadLikeEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := someShape(1).Draw(t, "shape")
		theirs, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		ours, want := parse(t, appendJSON(nil, s)), parse(t, theirs)
		if got, want := withoutEmpty(ours), withoutEmpty(want); !reflect.DeepEqual(got, want) {
			t.Fatalf("ours %v\ntheirs %v", got, want)
		}
	})
}

func withoutEmpty(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	out := map[string]any{}
	for k, x := range m {
		x = withoutEmpty(x)
		list, isList := x.([]any)
		object, isObject := x.(map[string]any)
		if x == nil || isList && len(list) == 0 || isObject && len(object) == 0 {
			continue
		}
		out[k] = x
	}
	return out
}

func parse(t interface{ Fatalf(string, ...any) }, b []byte) any {
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	return v
}

// merge is RFC 7396, section 2.
func merge(target, patch any) any {
	p, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	into := map[string]any{}
	if old, ok := target.(map[string]any); ok {
		for k, v := range old {
			into[k] = v
		}
	}
	for k, v := range p {
		if v == nil {
			delete(into, k)
		} else {
			into[k] = merge(into[k], v)
		}
	}
	return into
}
