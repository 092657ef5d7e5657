package server

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mend/facilitator"
)

// everyRecord is every type that this server stores, by the name knows.yaml has for it. A new one belongs here.
var everyRecord = map[string]any{
	"account": account{}, "passkey": passkey{}, "factor": factor{}, "spent": spent{}, "first": firstAccount{}, "signin": refreshChain{},
	"invitation": invitation{}, "session": sessionRecord{}, "keys": keysRecord{}, "trail": trailEntry{}, "programme": ownProgramme{}, "demand": demand{},
}

// Whatever records take is among them, and so is each type of ours inside.
func TestNoStoredTypeIsLeftOut(t *testing.T) {
	known := map[string]bool{"pointer": true, "programmeView": true} // it has no fields; what a list shows of a programme
	ours := reflect.TypeFor[account]().PkgPath()
	var within func(reflect.Type)
	for _, record := range everyRecord {
		known[reflect.TypeOf(record).Name()] = true
	}
	within = func(of reflect.Type) {
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			within(of.Elem())
		case reflect.Struct:
			if of.PkgPath() == ours && !known[of.Name()] {
				t.Errorf("%s is stored within another, and not among everyRecord", of.Name())
			}
		}
	}
	for _, record := range everyRecord {
		for field := range reflect.TypeOf(record).Fields() {
			if field.IsExported() {
				within(field.Type)
			}
		}
	}
	files, err := filepath.Glob("*.go")
	must(t, err)
	takes, count := regexp.MustCompile(`(?m)^func \((?:\w+ )?\*?(\w+)\) isStored\(\)`), 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(t, err)
		for _, found := range takes.FindAllStringSubmatch(string(text), -1) {
			if count++; !known[found[1]] {
				t.Errorf("records take %s, which is not among everyRecord", found[1])
			}
		}
	}
	if count < 9 {
		t.Errorf("records take %d types", count)
	}
}

func TestEveryStoredFieldIsToldToThoseItIsAbout(t *testing.T) {
	known, err := readKnowledge()
	must(t, err)
	stored := facilitator.StoredFields()
	for name, record := range everyRecord {
		for _, field := range facilitator.FieldsOf(reflect.TypeOf(record)) {
			stored = append(stored, name+"."+field)
		}
	}
	told := map[string]int{} // by field or pattern: how many entries name it
	for _, entry := range known.Entries {
		for _, field := range entry.Fields {
			told[field]++
		}
		if len(entry.Seats) == 0 || !slices.Contains([]string{"session", "account", "organisation", "trail"}, entry.Kept) {
			t.Errorf("%q: seats %v, kept %q", entry.What["en"], entry.Seats, entry.Kept)
		}
		for _, words := range []facilitator.Text{entry.What, entry.Who} {
			if words["en"] == "" || words["es"] == "" {
				t.Errorf("%v is not in both languages", words)
			}
		}
		for _, seat := range entry.Seats {
			if !slices.Contains(known.Seats, seat) {
				t.Errorf("%q: there is no seat %q", entry.What["en"], seat)
			}
		}
	}
	used := map[string]bool{}
	for _, field := range stored {
		pattern := "*" + field[strings.LastIndexByte(field, '.'):]
		switch {
		case told[field] > 0:
			used[field] = true
		case told[pattern] > 0:
			used[pattern] = true
		default:
			t.Errorf("nobody is told that %s is stored: say so in knows.yaml", field)
		}
	}
	for _, field := range slices.Sorted(maps.Keys(told)) {
		if told[field] > 1 {
			t.Errorf("%s is told twice", field)
		}
		if !used[field] {
			t.Errorf("%s is told and not stored", field)
		}
	}
}

func TestTheServerSaysWhatItKnowsToAnybody(t *testing.T) {
	w := newWorld(t)
	var view knowledge
	w.get("/api/knows").into(&view)
	if len(view.Entries) < 10 || len(view.Never) == 0 || view.Entries[0].What["es"] == "" {
		t.Errorf("%+v", view)
	}
}
