package realtime

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// Documents are encoded like encoding/json does it, with one difference: there is no null in an object.
// A nil pointer or interface is left out, a nil list is [], a nil map is {}. A merge patch cannot set a
// member to null, because there null means "remove"; and clients need not ask which of the two is empty.

// appendJSON encodes a view.
func appendJSON(b []byte, view any) []byte {
	v := deref(reflect.ValueOf(view))
	if !v.IsValid() {
		return append(b, "null"...)
	}
	return appendValue(b, v)
}

// deref follows pointers and interfaces. The result is invalid at a nil.
func deref(v reflect.Value) reflect.Value {
	for v.IsValid() && (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) {
		v = v.Elem()
	}
	return v
}

func appendValue(b []byte, v reflect.Value) []byte {
	if marshals(v.Type()) {
		return appendMarshaled(b, v)
	}
	switch v.Kind() {
	case reflect.Bool:
		return strconv.AppendBool(b, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.AppendInt(b, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.AppendUint(b, v.Uint(), 10)
	case reflect.String:
		return appendString(b, v.String())
	case reflect.Struct:
		return appendStruct(b, v)
	case reflect.Map:
		return appendMap(b, v)
	case reflect.Slice, reflect.Array:
		return appendList(b, v)
	}
	return appendMarshaled(b, v) // floats, and what has no place in a view
}

var (
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

func marshals(t reflect.Type) bool {
	return t.NumMethod() > 0 && (t.Implements(marshaler) || t.Implements(textMarshaler))
}

func appendMarshaled(b []byte, v reflect.Value) []byte {
	enc, err := json.Marshal(v.Interface())
	if err != nil {
		panic(fmt.Sprintf("realtime: a view holds a %s that cannot be encoded: %v", v.Type(), err))
	}
	return append(b, enc...)
}

func appendStruct(b []byte, v reflect.Value) []byte {
	b = append(b, '{')
	for _, f := range fieldsOf(v.Type()) {
		if x, there := f.of(v); there {
			b = append(append(comma(b), f.key...), ':')
			b = appendValue(b, x)
		}
	}
	return append(b, '}')
}

func appendMap(b []byte, v reflect.Value) []byte {
	b = append(b, '{')
	for _, k := range sortKeys(v.MapKeys()) {
		if x := deref(v.MapIndex(k)); x.IsValid() {
			b = append(appendKey(comma(b), k), ':')
			b = appendValue(b, x)
		}
	}
	return append(b, '}')
}

func appendList(b []byte, v reflect.Value) []byte {
	b = append(b, '[')
	for i := range v.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		if x := deref(v.Index(i)); x.IsValid() {
			b = appendValue(b, x)
		} else {
			b = append(b, "null"...)
		}
	}
	return append(b, ']')
}

// comma separates what follows from what stands before it in the object.
func comma(b []byte) []byte {
	if b[len(b)-1] == '{' {
		return b
	}
	return append(b, ',')
}

func appendKey(b []byte, k reflect.Value) []byte {
	switch k.Kind() {
	case reflect.String:
		return appendString(b, k.String())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return append(strconv.AppendInt(append(b, '"'), k.Int(), 10), '"')
	}
	panic(fmt.Sprintf("realtime: a view holds a map keyed by %s; use strings or integers", k.Type()))
}

// sortKeys puts the keys of a map in order, so that the same document is the same bytes.
func sortKeys(keys []reflect.Value) []reflect.Value {
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		if a.Kind() == reflect.String {
			return strings.Compare(a.String(), b.String())
		}
		return int(a.Int() - b.Int())
	})
	return keys
}

// field is a member of a struct in a document.
type field struct {
	key       string // quoted
	index     []int
	omitEmpty bool
	omitZero  bool
}

// of is the member's value, and whether the document shows it.
func (f field) of(v reflect.Value) (reflect.Value, bool) {
	x := v
	for i, n := range f.index {
		if i > 0 {
			if x = deref(x); !x.IsValid() {
				return x, false
			}
		}
		x = x.Field(n)
	}
	if f.omitZero && x.IsZero() || f.omitEmpty && isEmpty(x) {
		return x, false
	}
	x = deref(x)
	return x, x.IsValid()
}

func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Map, reflect.Slice, reflect.String, reflect.Array:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

var fieldCache sync.Map // reflect.Type → []field

func fieldsOf(t reflect.Type) []field {
	if known, ok := fieldCache.Load(t); ok {
		return known.([]field)
	}
	fields := listFields(t, nil)
	fieldCache.Store(t, fields)
	return fields
}

func listFields(t reflect.Type, at []int) []field {
	var out []field
	for i := range t.NumField() {
		sf := t.Field(i)
		index := append(slices.Clone(at), i)
		name, opts, _ := strings.Cut(sf.Tag.Get("json"), ",")
		inner := sf.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case name == "-":
		case sf.Anonymous && name == "" && inner.Kind() == reflect.Struct:
			out = append(out, listFields(inner, index)...)
		case sf.IsExported():
			if name == "" {
				name = sf.Name
			}
			out = append(out, field{
				key: string(appendString(nil, name)), index: index,
				omitEmpty: hasOption(opts, "omitempty"), omitZero: hasOption(opts, "omitzero"),
			})
		}
	}
	return out
}

func hasOption(opts, want string) bool {
	return slices.Contains(strings.Split(opts, ","), want)
}

const hexDigits = "0123456789abcdef"

// appendString quotes a string. What is not UTF-8 becomes the replacement character.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[start:i]...), "\ufffd"...)
				start = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	return append(append(b, s[start:]...), '"')
}
