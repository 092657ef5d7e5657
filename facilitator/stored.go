package facilitator

import (
	"reflect"
	"slices"
	"strings"
)

// StoredFields are the fields of every event as they stand in a session's log, each as event.field, for whoever has to
// say what is kept.
func StoredFields() []string {
	var all []string
	for _, f := range facts {
		for _, field := range FieldsOf(reflect.TypeOf(f.sample)) {
			all = append(all, f.name+"."+field)
		}
	}
	slices.Sort(all)
	return all
}

// FieldsOf are the names of a stored struct's fields in JSON, those of embedded structs among them.
func FieldsOf(t reflect.Type) []string {
	var names []string
	for f := range fields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			names = append(names, FieldsOf(f.Type)...)
		case f.IsExported() && name != "-":
			names = append(names, name)
		}
	}
	return names
}

func fields(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}
