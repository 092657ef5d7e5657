package server

import (
	"errors"
	"slices"
	"testing"
)

func TestRecords(t *testing.T) {
	w := newWorld(t)
	ctx, r := t.Context(), w.records
	var read string
	if _, err := r.get(ctx, "a.1", &read); !errors.Is(err, errMissing) {
		t.Errorf("reading nothing: %v", err)
	}
	for _, key := range []string{"", ".", "a..b", "a b", "*", "a.>"} {
		if _, err := r.get(ctx, key, &read); !errors.Is(err, errMissing) {
			t.Errorf("reading %q: %v", key, err)
		}
	}
	must(t, r.create(ctx, "a.1", pointer("one")))
	if err := r.create(ctx, "a.1", pointer("other")); !errors.Is(err, errRaced) {
		t.Errorf("creating twice: %v", err)
	}
	revision, err := r.get(ctx, "a.1", &read)
	must(t, err)
	must(t, r.update(ctx, "a.1", pointer("two"), revision))
	if err := r.update(ctx, "a.1", pointer("other"), revision); !errors.Is(err, errRaced) {
		t.Errorf("updating an old revision: %v", err)
	}
	must(t, r.create(ctx, "a.2", pointer("three")))
	must(t, r.create(ctx, "b.1", pointer("four")))
	keys, err := r.keys(ctx, "a.")
	must(t, err)
	if slices.Sort(keys); !slices.Equal(keys, []string{"a.1", "a.2"}) {
		t.Errorf("keys %v", keys)
	}
	must(t, r.remove(ctx, "a.1"))
	must(t, r.remove(ctx, "a.1"))
	if keys, err = r.keys(ctx, "a."); err != nil || !slices.Equal(keys, []string{"a.2"}) {
		t.Errorf("keys %v, %v", keys, err)
	}
	must(t, r.create(ctx, "a.1", pointer("again")))
	stream, err := w.store.JS.Stream(ctx, "KV_"+recordsBucket)
	must(t, err)
	if stream.CachedInfo().Config.AllowDirect {
		t.Error("records are read from copies that may be behind")
	}
}
