package facilitator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

//go:generate go run ../cmd/mend schema --out programmes/programme.schema.json

// ProgrammeSchema is a JSON Schema (draft 2020-12) of programme files, made from the types that read them, so that no
// kind is left out of it. It is about form: what only somebody who reads the whole file can see, such as two steps of one
// name or a check-in compared with a later one, ParseProgramme finds.
//
// A script says more about a field in its tags: about:"what it is for" and schema:"min=1,max=20" for numbers and the
// lengths of lists, schema:"enum=pairs|threes" for words.
func ProgrammeSchema() json.RawMessage {
	defs := object{{"text", textSchema()}, {"step", object{{"type", "string"}, {"pattern", slug.String()}, {"maxLength", longestSlug}}}}
	names, kindly := []any{}, []any{}
	for _, k := range kinds {
		names = append(names, k.name)
		defs = append(defs, member{k.name, schemaOf(reflect.TypeOf(k.script()).Elem())})
		kindly = append(kindly, object{
			{"if", object{{"properties", object{{"kind", object{{"const", k.name}}}}}}},
			{"then", object{{"properties", object{{"with", object{{"$ref", "#/$defs/" + k.name}}}}}, {"required", []any{"with"}}}},
		})
	}
	step := schemaOf(reflect.TypeFor[StepScript]())
	properties := step.at("properties").(object)
	properties.set("kind", append(properties.at("kind").(object), member{"enum", names}))
	programme := append(object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", "programme.schema.json"},
		{"title", "Programme"},
		{"description", "A workshop as its author writes it. README.md beside this file says how; “mend check” says what is wrong, and where."},
	}, schemaOf(reflect.TypeFor[Programme]())...)
	front := programme.at("properties").(object)
	front.set("pack", append(front.at("pack").(object), member{"enum", packNames()}))
	steps := front.at("steps").(object)
	steps.set("items", append(step, member{"allOf", kindly}))
	var out bytes.Buffer
	to := json.NewEncoder(&out)
	to.SetEscapeHTML(false)
	to.SetIndent("", "  ")
	if err := to.Encode(append(programme, member{"$defs", defs})); err != nil {
		panic(fmt.Sprintf("facilitator: a schema that is not JSON: %v", err))
	}
	return out.Bytes()
}

func packNames() []any {
	packs, _ := Packs() // those that come with mend are read in its tests
	names := []any{}
	for _, pack := range packs {
		names = append(names, pack.ID)
	}
	return names
}

func textSchema() object {
	return object{
		{"description", "One wording in every language of the programme, such as {en: …, es: …}."},
		{"type", "object"},
		{"minProperties", 1},
		{"propertyNames", object{{"pattern", language.String()}}},
		{"additionalProperties", object{{"type", "string"}, {"minLength", 1}, {"maxLength", longestOther}}},
	}
}

func schemaOf(t reflect.Type) object {
	switch {
	case t == reflect.TypeFor[Text]():
		return object{{"$ref", "#/$defs/text"}}
	case t == reflect.TypeFor[StepID]():
		return object{{"$ref", "#/$defs/step"}}
	case t == reflect.TypeFor[json.RawMessage]():
		return object{{"type", "object"}}
	case t.Kind() == reflect.Struct:
		return structSchema(t)
	case t.Kind() == reflect.Pointer:
		return schemaOf(t.Elem())
	case t.Kind() == reflect.Slice:
		return object{{"type", "array"}, {"items", schemaOf(t.Elem())}}
	case t.Kind() == reflect.String:
		return object{{"type", "string"}}
	case t.Kind() == reflect.Int:
		return object{{"type", "integer"}}
	case t.Kind() == reflect.Bool:
		return object{{"type", "boolean"}}
	}
	panic("facilitator: no schema for a " + t.String())
}

func structSchema(t reflect.Type) object {
	properties, required := object{}, []any{}
	for i := range t.NumField() {
		field := t.Field(i)
		name := field.Tag.Get("yaml")
		if name == "-" {
			continue // not an author's to write
		}
		properties = append(properties, member{name, fieldSchema(name, field)})
		if !strings.HasSuffix(field.Tag.Get("json"), ",omitempty") {
			required = append(required, name)
		}
	}
	return object{{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}}
}

func fieldSchema(name string, field reflect.StructField) object {
	schema := schemaOf(field.Type)
	if most, ok := longest[name]; ok && field.Type == reflect.TypeFor[Text]() {
		schema = append(schema, member{"additionalProperties", object{{"maxLength", most}}})
	}
	if rules := field.Tag.Get("schema"); rules != "" {
		for rule := range strings.SplitSeq(rules, ",") {
			schema = withRule(schema, field.Type.Kind(), rule)
		}
	}
	if about := field.Tag.Get("about"); about != "" {
		schema = append(object{{"description", about}}, schema...)
	}
	return schema
}

// withRule adds one rule of a schema tag.
func withRule(schema object, kind reflect.Kind, rule string) object {
	name, value, _ := strings.Cut(rule, "=")
	number, err := strconv.Atoi(value)
	switch {
	case name == "enum" && kind == reflect.Slice:
		items := schema.at("items").(object)
		schema.set("items", withRule(items, reflect.String, rule))
		return schema
	case name == "enum":
		words := []any{}
		for word := range strings.SplitSeq(value, "|") {
			words = append(words, word)
		}
		return append(schema, member{"enum", words})
	case name == "form" && value == "slug":
		return append(schema, member{"pattern", slug.String()}, member{"maxLength", longestSlug})
	case name == "each" && value == "language":
		schema.set("items", object{{"type", "string"}, {"pattern", language.String()}})
		return append(schema, member{"uniqueItems", true})
	case err == nil && kind == reflect.Slice:
		return append(schema, member{name + "Items", number})
	case err == nil && kind == reflect.Int:
		return append(schema, member{name + "imum", number})
	}
	panic("facilitator: no rule of a schema: " + rule)
}

// object is a JSON object that keeps the order it was written in.
type object []member

type member struct {
	key   string
	value any
}

func (o object) at(key string) any {
	for _, m := range o {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

// set gives a key that is there another value.
func (o object) set(key string, value any) {
	for i := range o {
		if o[i].key == key {
			o[i].value = value
		}
	}
}

func (o object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		key, _ := json.Marshal(m.key)
		value := &bytes.Buffer{}
		to := json.NewEncoder(value)
		to.SetEscapeHTML(false)
		if err := to.Encode(m.value); err != nil {
			return nil, err
		}
		out.Write(key)
		out.WriteByte(':')
		out.Write(value.Bytes())
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}
