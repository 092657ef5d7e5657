package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// types collects TypeScript declarations of Go types as realtime encodes them: a member that may be
// empty, nil or of any type at all is optional, and no member is ever null.
type types struct {
	declared map[string]string // name → declaration
	named    map[string]reflect.Type
	unions   map[reflect.Type][]string // named strings of which all values are known
}

var rawMessage = reflect.TypeFor[json.RawMessage]()

// of is the TypeScript type of a Go type. Structs and named types are declared on the way.
func (ts *types) of(t reflect.Type) string {
	if t == rawMessage {
		return "unknown"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return ts.of(t.Elem())
	case reflect.Interface:
		return "unknown"
	case reflect.Slice, reflect.Array:
		return wrapped(ts.of(t.Elem())) + "[]"
	case reflect.Struct:
		return ts.declare(t, func() string { return ts.object(t) })
	}
	plain := ts.plain(t)
	if t.PkgPath() == "" {
		return plain
	}
	return ts.declare(t, func() string { return fmt.Sprintf("export type %s = %s\n", t.Name(), plain) })
}

// plain is what a type is beneath its name.
func (ts *types) plain(t reflect.Type) string {
	if values, known := ts.unions[t]; known {
		return quoted(values)
	}
	switch t.Kind() {
	case reflect.Bool:
		return "boolean"
	case reflect.String:
		return "string"
	case reflect.Map:
		return fmt.Sprintf("Record<string, %s>", ts.of(t.Elem()))
	}
	if t.ConvertibleTo(reflect.TypeFor[float64]()) {
		return "number"
	}
	panic(fmt.Sprintf("typescript: no type for %s", t))
}

// declare declares a named type once, under its own name.
func (ts *types) declare(t reflect.Type, how func() string) string {
	name := t.Name()
	if other, taken := ts.named[name]; taken {
		if other != t {
			panic(fmt.Sprintf("typescript: %s and %s have the same name", other, t))
		}
		return name
	}
	ts.named[name] = t
	ts.declared[name] = how()
	return name
}

func (ts *types) object(t reflect.Type) string {
	members := ts.members(t)
	if len(members) == 0 {
		return fmt.Sprintf("export type %s = Record<string, never>\n", t.Name())
	}
	return fmt.Sprintf("export interface %s {\n%s}\n", t.Name(), strings.Join(members, ""))
}

func (ts *types) members(t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		f := t.Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case f.Anonymous && name == "":
			out = append(out, ts.members(f.Type)...)
		case f.IsExported():
			if name == "" {
				name = f.Name
			}
			out = append(out, fmt.Sprintf("  %s%s: %s\n", name, optional(f.Type, opts), ts.of(f.Type)))
		}
	}
	return out
}

func optional(t reflect.Type, opts string) string {
	if strings.Contains(opts, "omit") || t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface {
		return "?"
	}
	return ""
}

// all is every declaration, by name.
func (ts *types) all() []byte {
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(ts.declared)) {
		b.WriteString("\n" + ts.declared[name])
	}
	return b.Bytes()
}

// wrapped puts a union into parentheses, so that it can be followed by [].
func wrapped(s string) string {
	if strings.Contains(s, "|") {
		return "(" + s + ")"
	}
	return s
}

func quoted(values []string) string {
	var q []string
	for _, v := range values {
		q = append(q, "'"+v+"'")
	}
	return strings.Join(q, " | ")
}
