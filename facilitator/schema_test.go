package facilitator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func programmeSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(ProgrammeSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("programme.schema.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("programme.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

var errNotYAML = errors.New("not YAML")

// fits holds a file against the schema.
func fits(schema *jsonschema.Schema, text string) error {
	var plain any
	if err := yaml.Unmarshal([]byte(text), &plain); err != nil {
		return errNotYAML
	}
	raw, err := json.Marshal(plain)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// TestTheCommittedSchema holds that the file authors use is the one that is made from the types.
func TestTheCommittedSchema(t *testing.T) {
	file, err := os.ReadFile("programmes/programme.schema.json")
	if err != nil || !bytes.Equal(file, ProgrammeSchema()) {
		t.Errorf("programmes/programme.schema.json is out of date (%v): go generate ./facilitator", err)
	}
}

func TestEveryBuiltInFitsTheSchema(t *testing.T) {
	schema := programmeSchema(t)
	files, _ := fs.Glob(builtIn, "programmes/*.yaml")
	for _, file := range files {
		text, err := fs.ReadFile(builtIn, file)
		if err != nil {
			t.Fatal(err)
		}
		if err := fits(schema, string(text)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	if err := fits(schema, programmeFile(t, "short.yaml")); err != nil {
		t.Error(err)
	}
}

// TestEveryKindIsInTheSchema tries each kind with no script, with an empty one and with a key nobody knows.
func TestEveryKindIsInTheSchema(t *testing.T) {
	schema := programmeSchema(t)
	step := "  - {id: one, kind: KIND, minutes: 1, title: {en: a}, say: {en: a}, phone: {en: a}, stage: {en: a}WITH}\n"
	head := "programme: x\nversion: 1\nlanguages: [en]\ntitle: {en: a}\nsummary: {en: a}\nsize: {from: 1, to: 2}\nsteps:\n"
	try := func(kind, with string) error {
		return fits(schema, head+strings.NewReplacer("KIND", kind, "WITH", with).Replace(step))
	}
	for _, k := range kinds {
		if err := try(k.name, ""); err == nil || !strings.Contains(err.Error(), "with") {
			t.Errorf("%s without a script: %v", k.name, err)
		}
		if err := try(k.name, ", with: {nonsense: 1}"); err == nil || !strings.Contains(err.Error(), "nonsense") {
			t.Errorf("%s with nonsense: %v", k.name, err)
		}
	}
	if err := try("nonsense", ", with: {}"); err == nil || !strings.Contains(err.Error(), "/kind") {
		t.Errorf("a kind nobody knows: %v", err)
	}
}

// What only the whole of a file shows, and a schema does not: README.md says so to authors.
var onlyTheCheck = []string{
	"title in a third language", "title in one language", "script in one language", "passage in one language", // languages against texts
	"title blank", "turned text", "control character", // what characters mean
	"size turned", "step twice", "compare later", "compare another kind", "scales of two lengths", "family words without seats", "family questions without seats", // one place against another
	"anchor", "tag", "explicit key", "not UTF-8", // forms of YAML
}

// TestSchemaAndCheckAgree holds that what the check refuses, the schema refuses too, but for what is listed above.
func TestSchemaAndCheckAgree(t *testing.T) {
	schema := programmeSchema(t)
	for _, c := range mistakes {
		err := fits(schema, mistaken(t, c.old, c.new))
		switch expected := slices.Contains(onlyTheCheck, c.name); {
		case err == nil && !expected:
			t.Errorf("%s: the schema takes it", c.name)
		case err != nil && expected:
			t.Errorf("%s: the schema refuses it after all: %v", c.name, err)
		}
	}
}

// TestTagsSayNoMoreThanTheCheck goes past each bound that a script's tags name: the check refuses that as well.
func TestTagsSayNoMoreThanTheCheck(t *testing.T) {
	for _, step := range withGroup(t).Steps {
		script, known := scriptFor(step.Kind)
		if !known {
			t.Fatalf("no kind %q", step.Kind)
		}
		check, checks := script.(interface{ check() error })
		if err := json.Unmarshal(step.With, script); err != nil {
			t.Fatal(err)
		}
		eachBound(reflect.ValueOf(script).Elem(), func(name string, past func() (undo func())) {
			undo := past()
			if !checks || check.check() == nil {
				t.Errorf("%s: the schema bounds %s, and the check does not", step.Kind, name)
			}
			undo()
		})
	}
}

func optional(tag reflect.StructTag) bool { return strings.HasSuffix(tag.Get("json"), ",omitempty") }

// eachBound calls do for every bound below v, with a way to go past it and back.
func eachBound(v reflect.Value, do func(name string, past func() func())) {
	for i := range v.NumField() {
		field, tag := v.Field(i), v.Type().Field(i).Tag
		if field.Kind() == reflect.Struct && !(optional(tag) && field.IsZero()) { // what is not there has no bounds
			eachBound(field, do)
		}
		for _, rule := range strings.Split(tag.Get("schema"), ",") {
			name, value, _ := strings.Cut(rule, "=")
			bound, err := strconv.Atoi(value)
			if err != nil || name == "min" && bound == 0 && field.Kind() == reflect.Slice {
				continue
			}
			past := bound + 1
			if name == "min" {
				past = bound - 1
			}
			do(tag.Get("yaml")+" "+rule, func() func() {
				before := reflect.ValueOf(field.Interface())
				if field.Kind() == reflect.Int {
					field.SetInt(int64(past))
				} else {
					field.Set(reflect.MakeSlice(field.Type(), past, past))
				}
				return func() { field.Set(before) }
			})
		}
	}
}
