package facilitator

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// kinds are the exercises there are. A new one is a Go file, a Svelte file and a line here.
var kinds = []kind{
	welcomeKind,
	checkInKind,
	readingKind,
	goAroundKind,
	practiceKind,
	quietKind,
	bowlKind,
	amendsMapKind,
	commitmentsKind,
	letterKind,
	otherShoesKind,
	selfAmendsKind,
	answerNoKind,
	sayItBetterKind,
	pollKind,
	sortKind,
	groundingKind,
	whoCanHelpKind,
	closingKind,
	feedbackKind,
}

var (
	orders, facts = register()
	orderByName   = index(orders, func(o order) string { return o.name })
	orderByType   = index(orders, func(o order) reflect.Type { return reflect.TypeOf(o.sample) })
	factByName    = index(facts, func(f fact) string { return f.name })
	factByType    = index(facts, func(f fact) reflect.Type { return reflect.TypeOf(f.sample) })
)

func register() ([]order, []fact) {
	o := slices.Concat(sessionOrders, keepingOrders, timerOrders, agendaOrders, peopleOrders, leadOrders, handOrders, supportOrders, doorOrders, familyOrders, writingOrders, knockOrders, freezeOrders, deedOrders, holdOrders, reportOrders)
	f := slices.Concat(sessionFacts, keepingFacts, timerFacts, agendaFacts, peopleFacts, leadFacts, handFacts, supportFacts, doorFacts, familyFacts, writingFacts, knockFacts, freezeFacts, deedFacts, holdFacts, reportFacts)
	for _, k := range kinds {
		o, f = append(o, k.orders...), append(f, k.facts...)
	}
	return o, f
}

func index[T any, K comparable](all []T, key func(T) K) map[K]T {
	by := make(map[K]T, len(all))
	for _, one := range all {
		if _, twice := by[key(one)]; twice {
			panic(fmt.Sprintf("facilitator: %v is registered twice", key(one)))
		}
		by[key(one)] = one
	}
	return by
}

func kindNamed(name string) (kind, bool) {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
	if i < 0 {
		return kind{}, false
	}
	return kinds[i], true
}

// scriptFor is a pointer to an empty script of a kind, for the programme reader to fill.
func scriptFor(name string) (any, bool) {
	k, ok := kindNamed(name)
	if !ok {
		return nil, false
	}
	return k.script(), true
}

func orderOf(c Command) (order, bool) {
	o, ok := orderByType[reflect.TypeOf(c)]
	return o, ok
}

// Commands are the commands people may give, by name, for those who describe the wire. Those of the
// server itself are not among them.
func Commands() map[string]reflect.Type {
	public := map[string]reflect.Type{}
	for _, o := range orders {
		if o.who != forSystem {
			public[o.name] = reflect.TypeOf(o.sample)
		}
	}
	return public
}

// Views are the types documents are made of: the six documents, then each exercise's parts by kind.
func Views() (documents []reflect.Type, exercises map[string][]reflect.Type) {
	for _, d := range []any{Everyone{}, ForLeaders{}, Keeping{}, StageView{}, Own{}, RoomView{}} {
		documents = append(documents, reflect.TypeOf(d))
	}
	exercises = map[string][]reflect.Type{}
	for _, k := range kinds {
		exercises[k.name] = nil
		for _, v := range k.views {
			exercises[k.name] = append(exercises[k.name], reflect.TypeOf(v))
		}
	}
	return documents, exercises
}

// DecodeCommand reads a person's command off the wire. Unknown fields pass, unknown commands do not,
// and neither do the server's own.
func DecodeCommand(do string, with json.RawMessage) (Command, error) {
	o, ok := orderByName[do]
	if !ok || o.who == forSystem {
		return nil, refuse(Invalid, "unknown_command", "This server does not know that command. Reload the page to get its newest version.")
	}
	c, err := decode(o.sample, with)
	if err != nil {
		return nil, refuse(Invalid, "command_form", "This command is not of the form it should have. Reload the page to get its newest version.")
	}
	return c, nil
}

// EncodeEvent is an event as it is stored.
func EncodeEvent(e Event) (string, json.RawMessage, error) {
	f, ok := factByType[reflect.TypeOf(e)]
	if !ok {
		return "", nil, fmt.Errorf("event %T is not registered", e)
	}
	with, err := json.Marshal(e)
	return f.name, with, err
}

// DecodeEvent reads a stored event.
func DecodeEvent(name string, with json.RawMessage) (Event, error) {
	f, ok := factByName[name]
	if !ok {
		return nil, fmt.Errorf("event %q is not known", name)
	}
	return decode(f.sample, with)
}

// decode fills a new value of the sample's type.
func decode[T any](sample T, with json.RawMessage) (T, error) {
	v := reflect.New(reflect.TypeOf(sample))
	if len(with) > 0 {
		if err := json.Unmarshal(with, v.Interface()); err != nil {
			var none T
			return none, fmt.Errorf("reading a %T: %w", sample, err)
		}
	}
	return v.Elem().Interface().(T), nil
}
