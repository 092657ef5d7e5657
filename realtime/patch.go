package realtime

import (
	"bytes"
	"encoding/json"
	"reflect"
	"sync"
)

// appendPatch encodes what changed between two views as a JSON Merge Patch (RFC 7396): merged into the
// old document it gives the new one. It reports false, and appends nothing, if the documents are equal.
func appendPatch(b []byte, old, new any) ([]byte, bool) {
	o, n := deref(reflect.ValueOf(old)), deref(reflect.ValueOf(new))
	if !o.IsValid() || !n.IsValid() {
		return appendJSON(b, new), o.IsValid() != n.IsValid()
	}
	return patchValue(b, o, n)
}

// patchValue compares two values that are both there.
func patchValue(b []byte, old, new reflect.Value) ([]byte, bool) {
	if same(old, new) {
		return b, false
	}
	if old.Type() != new.Type() || marshals(new.Type()) {
		return replace(b, old, new)
	}
	switch new.Kind() {
	case reflect.Struct:
		return patchStruct(b, old, new)
	case reflect.Map:
		return patchMap(b, old, new)
	}
	return replace(b, old, new)
}

// same is a quick yes; no means look closer.
func same(old, new reflect.Value) bool {
	if old.Type() != new.Type() {
		return false
	}
	switch new.Kind() {
	case reflect.Map:
		return old.Pointer() == new.Pointer()
	case reflect.Slice:
		return old.Pointer() == new.Pointer() && old.Len() == new.Len()
	}
	return isPlain(new.Type()) && old.Equal(new)
}

var plainTypes sync.Map // reflect.Type → bool

// isPlain reports whether == on two values of a type says at once that they are the same, without the
// panic that an interface inside could cause. It is worth knowing for a map of a thousand people.
func isPlain(t reflect.Type) bool {
	if known, ok := plainTypes.Load(t); ok {
		return known.(bool)
	}
	plain := t.Comparable()
	switch t.Kind() {
	case reflect.Interface:
		plain = false
	case reflect.Array:
		plain = plain && isPlain(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			plain = plain && isPlain(t.Field(i).Type)
		}
	}
	plainTypes.Store(t, plain)
	return plain
}

// replace gives the new value whole, if its JSON differs. Where an object takes the place of an object
// of another type, the members only the old one has are removed.
func replace(b []byte, old, new reflect.Value) ([]byte, bool) {
	was, is := appendValue(nil, old), appendValue(nil, new)
	if bytes.Equal(was, is) {
		return b, false
	}
	if was[0] == '{' && is[0] == '{' {
		return append(b, mergeObjects(was, is)...), true
	}
	return append(b, is...), true
}

func patchStruct(b []byte, old, new reflect.Value) ([]byte, bool) {
	start := len(b)
	b = append(b, '{')
	for _, f := range fieldsOf(new.Type()) {
		o, was := f.of(old)
		n, is := f.of(new)
		b = patchMember(b, func(b []byte) []byte { return append(b, f.key...) }, o, n, was, is)
	}
	return endPatch(b, start)
}

func patchMap(b []byte, old, new reflect.Value) ([]byte, bool) {
	start := len(b)
	b = append(b, '{')
	for _, k := range changedKeys(old, new) {
		o, n := deref(old.MapIndex(k)), deref(new.MapIndex(k))
		b = patchMember(b, func(b []byte) []byte { return appendKey(b, k) }, o, n, o.IsValid(), n.IsValid())
	}
	return endPatch(b, start)
}

// patchMember appends one member of an object, if it changed.
func patchMember(b []byte, key func([]byte) []byte, old, new reflect.Value, was, is bool) []byte {
	if !was && !is {
		return b
	}
	before := len(b)
	b = append(key(comma(b)), ':')
	changed := true
	switch {
	case !is:
		b = append(b, "null"...)
	case !was:
		b = appendValue(b, new)
	default:
		b, changed = patchValue(b, old, new)
	}
	if !changed {
		return b[:before]
	}
	return b
}

func endPatch(b []byte, start int) ([]byte, bool) {
	if len(b) == start+1 {
		return b[:start], false
	}
	return append(b, '}'), true
}

// changedKeys lists, in order, the keys of a map whose values may differ. Its loop runs over a thousand
// people for every change, so it takes its values out of the map into one place instead of many.
func changedKeys(old, new reflect.Value) []reflect.Value {
	var keys []reflect.Value
	k, v := reflect.New(new.Type().Key()).Elem(), reflect.New(new.Type().Elem()).Elem()
	there := 0
	for it := new.MapRange(); it.Next(); {
		k.SetIterKey(it)
		o := old.MapIndex(k)
		if o.IsValid() {
			there++
			v.SetIterValue(it)
			if same(o, v) {
				continue
			}
		}
		keys = append(keys, it.Key())
	}
	if there < old.Len() {
		for it := old.MapRange(); it.Next(); {
			if k := it.Key(); !new.MapIndex(k).IsValid() {
				keys = append(keys, k)
			}
		}
	}
	return sortKeys(keys)
}

// mergeObjects is the merge patch between two encoded objects of which nothing is known by type.
func mergeObjects(was, is []byte) []byte {
	var old, new map[string]any
	if json.Unmarshal(was, &old) != nil || json.Unmarshal(is, &new) != nil {
		return is
	}
	patch, _ := json.Marshal(mergeDiff(old, new))
	return patch
}

func mergeDiff(old, new map[string]any) map[string]any {
	patch := map[string]any{}
	for k := range old {
		if _, stays := new[k]; !stays {
			patch[k] = nil
		}
	}
	for k, n := range new {
		o, was := old[k]
		from, wasObject := o.(map[string]any)
		to, isObject := n.(map[string]any)
		switch {
		case was && reflect.DeepEqual(o, n):
		case wasObject && isObject:
			patch[k] = mergeDiff(from, to)
		default:
			patch[k] = n
		}
	}
	return patch
}
