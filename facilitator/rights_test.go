package facilitator

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var rewrite = flag.Bool("rewrite", false, "write testdata/rights.txt anew, to be read before it is kept")

const rightsFile = "testdata/rights.txt"

// seatsOfRights are the seats a command may come from, as columns.
var seatsOfRights = []string{"facilitator", "cofacilitator", "keeper", "participant", "quieted", "knocking", "removed", "stage", "server"}

// momentsOfRights are the moments of a session, in their order.
var momentsOfRights = []string{"unopened", "arriving", "running", "frozen", "over"}

// TestRights gives every command there is from every seat in every moment of a session, and compares what
// comes of it with testdata/rights.txt: "+" where it is taken, else the reason of the refusal. A new command
// changes the table, and so does a changed right: run the test with -rewrite and read what changed.
func TestRights(t *testing.T) {
	got := rights(t)
	if *rewrite {
		if err := os.WriteFile(rightsFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(rightsFile)
	if err != nil {
		t.Fatal(err)
	}
	wanted := strings.Split(string(want), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(wanted) || line != wanted[i] {
			t.Fatalf("line %d is not as in %s:\n\t%s", i+1, rightsFile, line)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s ends with lines that are of no command", rightsFile)
	}
}

// TestRightsOfAudiences holds, apart from the table, what every command's audience promises.
func TestRightsOfAudiences(t *testing.T) {
	for _, o := range orders {
		reasons := map[string]string{}
		for _, seat := range seatsOfRights {
			reasons[seat] = outcome(t, o, "running", seat)
		}
		for _, seat := range []string{"removed", "stage"} {
			if o.who != forSystem && reasons[seat] != "no_seat" {
				t.Errorf("%s from %s: %s", o.name, seat, reasons[seat])
			}
		}
		if o.who == forSystem && reasons["facilitator"] != "not_yours" && o.name != "session.open" {
			t.Errorf("%s is the server's, and the facilitator is told %s", o.name, reasons["facilitator"])
		}
		if o.who == forLeaders && (reasons["keeper"] != "not_leading" || reasons["participant"] != "not_leading") {
			t.Errorf("%s is for leaders, and others are told %s and %s", o.name, reasons["keeper"], reasons["participant"])
		}
		if o.who == forKeepers && (reasons["participant"] != "not_keeping" || strings.HasPrefix(reasons["keeper"], "not_keep")) {
			t.Errorf("%s is for keepers, who are told %s, and others %s", o.name, reasons["keeper"], reasons["participant"])
		}
	}
}

// rights is the table: a line for each command and each moment in which it comes out another way than before.
func rights(t *testing.T) string {
	var b strings.Builder
	b.WriteString("# What comes of every command from every seat, by moment of a session. + is taken.\n")
	fmt.Fprintf(&b, "# command moment: %s\n", strings.Join(seatsOfRights, " "))
	for _, o := range orders {
		before := ""
		for _, moment := range momentsOfRights {
			cells := make([]string, len(seatsOfRights))
			for i, seat := range seatsOfRights {
				cells[i] = outcome(t, o, moment, seat)
			}
			line := strings.Join(cells, " ")
			if len(slices.Compact(slices.Clone(cells))) == 1 {
				line = "all " + cells[0]
			}
			if line != before {
				fmt.Fprintf(&b, "%s %s: %s\n", o.name, moment, line)
				before = line
			}
		}
	}
	return b.String()
}

// outcome gives a command, in the step whose kind it belongs to, about a participant, a step and so on that
// are there.
func outcome(t *testing.T, o order, moment, seat string) string {
	w, by := rightsWorld(t, o, moment, seat)
	v := reflect.New(reflect.TypeOf(o.sample)).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Interface().(type) {
		case PersonID:
			f.SetString("p5")
		case Role:
			f.SetString(string(CoFacilitator))
		case StepID:
			f.SetString("minute")
		case DoorMode:
			f.SetString(string(DoorKnock))
		}
	}
	_, err := w.s.Decide(v.Interface().(Command), w.input(by))
	if r, refused := err.(*Refusal); refused {
		return r.Reason
	}
	if err != nil {
		t.Fatalf("%s: %v", o.name, err)
	}
	return "+"
}

func rightsWorld(t *testing.T, o order, moment, seat string) (*world, Seat) {
	seats := map[string]Seat{"stage": {Role: Stage}, "server": {Role: System}}
	for i, name := range []string{"facilitator", "cofacilitator", "keeper", "participant", "other", "quieted", "removed", "knocking"} {
		seats[name] = Seat{Person: PersonID(fmt.Sprintf("p%d", i+1))}
	}
	if moment == "unopened" {
		return &world{t: t, s: New(), now: 1_000_000, who: map[string]PersonID{}}, seats[seat]
	}
	step := stepFor(t, o)
	key := moment + " " + string(step)
	if worldsOfRights[key] == nil {
		worldsOfRights[key] = worldOfRights(t, moment, step)
	}
	return worldsOfRights[key], seats[seat]
}

// They are kept between commands: deciding changes nothing.
var (
	worldsOfRights = map[string]*world{}
	stepsOfRights  []StepScript
)

func worldOfRights(t *testing.T, moment string, step StepID) *world {
	w := newWorldOf(t, withGroup(t))
	w.join("Facilitator", Facilitator)
	lead := Seat{Person: "p1"}
	for _, name := range []string{"Co", "Watch", "Part", "Other", "Still", "Gone"} {
		w.join(name, Participant)
	}
	w.must(GiveRole{Person: "p2", Role: CoFacilitator}, lead)
	w.must(GiveRole{Person: "p3", Role: Keeper}, lead)
	w.must(QuietPerson{Person: "p6", Quiet: true}, lead)
	w.must(Remove{Person: "p7"}, lead)
	w.join("Knock", Participant)
	if moment == "arriving" {
		return w
	}
	w.must(OpenStep{Step: step}, lead)
	switch moment {
	case "frozen":
		w.must(Freeze{Frozen: true}, lead)
	case "over":
		w.must(Close{}, lead)
	}
	return w
}

// stepFor is a step of the kind that a command belongs to.
func stepFor(t *testing.T, o order) StepID {
	if stepsOfRights == nil {
		stepsOfRights = withGroup(t).Steps
	}
	for _, k := range kinds {
		if !slices.ContainsFunc(k.orders, func(own order) bool { return own.name == o.name }) {
			continue
		}
		i := slices.IndexFunc(stepsOfRights, func(s StepScript) bool { return s.Kind == k.name })
		if i < 0 {
			t.Fatalf("the programme of the tests has no %s", k.name)
		}
		return StepID(stepsOfRights[i].ID)
	}
	return "round"
}
