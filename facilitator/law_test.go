package facilitator

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestLaws drives random commands of random people through a session and holds, after each, what must
// hold in every state that can be reached. Once it roams through the whole workshop; then it stays with
// each kind of exercise, so that its far corners are reached too.
func TestLaws(t *testing.T) {
	t.Run("workshop", func(t *testing.T) { holdLaws(t, "", nil) })
	for _, sc := range withGroup(t).Steps {
		k, _ := kindNamed(sc.Kind)
		t.Run(sc.ID, func(t *testing.T) {
			own := k.orders
			if _, is := k.begin(nil).(writes); is {
				own = slices.Concat(own, writingOrders)
			}
			if _, is := k.begin(nil).(bowls); is && k.name != bowlKind.name {
				own = slices.Concat(own, bowlKind.orders)
			}
			holdLaws(t, StepID(sc.ID), slices.Concat(own, own, own, peopleOrders[3:5]))
		})
	}
}

func holdLaws(t *testing.T, stay StepID, with []order) {
	rapid.Check(t, func(r *rapid.T) {
		w := newWorldOf(t, withGroup(t))
		w.join("Alias-0", Facilitator)
		for i := range rapid.IntRange(0, 14).Draw(r, "people") {
			w.join(fmt.Sprintf("Alias-%d", i+1), Participant)
		}
		first := stay
		if stay == "" {
			first = rapid.SampledFrom(w.s.agenda.order).Draw(r, "first")
		}
		w.must(OpenStep{Step: first}, Seat{Person: "p1"})
		if _, is := w.s.bowlAt(stay); is && rapid.Bool().Draw(r, "poured") {
			pourBowl(r, w)
		}
		for range rapid.IntRange(5, 60).Draw(r, "steps") {
			postSomething(r, w)
			c, by := anything(r, w, with)
			holdDecide(r, w, c, by)
			w.pass(Millis(rapid.SampledFrom([]int{0, 50, 20_000, 90_000}).Draw(r, "wait")))
			holdState(r, w)
		}
	})
}

// anything draws a command and the seat it comes from: often one of the present exercise's, often from
// somebody who may give it, and sometimes one that makes no sense at all.
func anything(r *rapid.T, w *world, with []order) (Command, Seat) {
	by := Seat{Person: anyone(r, w)}
	from := with
	switch n := rapid.IntRange(0, 19).Draw(r, "from"); {
	case n == 0:
		return fromServer(r, w), Seat{Role: System}
	case from != nil:
	case n < 6:
		from = orders
	default:
		k, _ := kindNamed(w.s.agenda.steps[w.s.agenda.now].script.Kind)
		from = slices.Concat(k.orders, k.orders, agendaOrders[:2], handOrders)
	}
	o := rapid.SampledFrom(from).Draw(r, "order")
	if _, closing := o.sample.(Close); closing && rapid.IntRange(0, 9).Draw(r, "close") > 0 {
		o = orderByName["agenda.next"]
	}
	if (o.who == forLeaders || o.who == forKeepers) && rapid.IntRange(0, 4).Draw(r, "lead") > 0 {
		by.Person = "p1"
	}
	v := reflect.New(reflect.TypeOf(o.sample)).Elem()
	if o.who != forSystem {
		fill(r, w, v)
	}
	return v.Interface().(Command), by
}

func fromServer(r *rapid.T, w *world) Command {
	switch rapid.IntRange(0, 3).Draw(r, "server") {
	case 0:
		return Came{Person: anyone(r, w)}
	case 1:
		return Went{Person: anyone(r, w)}
	}
	id := w.seat()
	alias := fmt.Sprintf("Alias-%d", len(w.who))
	w.who[alias] = id
	return Join{Person: id, Alias: alias, Role: Participant}
}

func anyone(r *rapid.T, w *world) PersonID {
	ids := append(slices.Sorted(maps.Values(w.who)), "p999")
	return rapid.SampledFrom(ids).Draw(r, "person")
}

// fill draws a value for each field by its type, so that new commands are covered without a line here.
func fill(r *rapid.T, w *world, v reflect.Value) {
	for i := range v.NumField() {
		f := v.Field(i)
		switch f.Interface().(type) {
		case PersonID:
			f.SetString(string(anyone(r, w)))
			continue
		case StepID:
			f.SetString(string(rapid.SampledFrom(append(slices.Clone(w.s.agenda.order), "none", "")).Draw(r, "step")))
			continue
		case SupportID:
			f.SetString(string(rapid.SampledFrom(append(slices.Sorted(maps.Keys(w.s.support)), "none")).Draw(r, "request")))
			continue
		case ShareID:
			f.SetString(string(anyShare(r, w)))
			continue
		case BowlID:
			f.SetString(string(bowlOf(w.s).id))
			continue
		case Role:
			draw(r, f, Facilitator, CoFacilitator, Keeper, Participant, Stage)
			continue
		case RoomID:
			draw(r, f, append(roomsOf(w.s), "none", "")...)
			continue
		case LinkID:
			draw(r, f, append(slices.Sorted(maps.Keys(w.s.door.links)), "none")...)
			continue
		case DeedID:
			draw(r, f, append(slices.Sorted(maps.Keys(w.s.deeds)), "none")...)
			continue
		case HeldID:
			draw(r, f, append(slices.Sorted(maps.Keys(w.s.hold.items)), "none")...)
			continue
		case ReportID:
			draw(r, f, append(slices.Sorted(maps.Keys(w.s.reports)), "none")...)
			continue
		case DoorMode:
			draw(r, f, DoorOpen, DoorKnock, DoorClosed, "ajar")
			continue
		case []PersonID:
			f.Set(reflect.ValueOf(rapid.SliceOfN(rapid.Custom(func(r *rapid.T) PersonID { return anyone(r, w) }), 0, 3).Draw(r, "people")))
			continue
		case []int:
			f.Set(reflect.ValueOf(rapid.SliceOfN(rapid.IntRange(0, 3), 0, 3).Draw(r, "choices")))
			continue
		case Side:
			draw(r, f, FamilySide, RecoverySide, "other")
			continue
		case Breath:
			draw(r, f, "calm", "square", "fast", "")
			continue
		case Part:
			draw(r, f, Plays, Watches, Rests, "")
			continue
		case Phase:
			draw(r, f, append(wholeTurn, inWaiting)...)
			continue
		case Choice:
			draw(r, f, goOn, change, end)
			continue
		case Help:
			draw(r, f, NeedsHelp, Invites, "")
			continue
		case Behaviour:
			draw(r, f, "silence", "repair", "shouting")
			continue
		case Terms:
			fill(r, w, f)
			draw(r, f.FieldByName("Scenario"), "short", "own", "none")
			draw(r, f.FieldByName("Stance"), append(stances, "bored", "")...)
			continue
		}
		switch f.Kind() {
		case reflect.String:
			f.SetString(rapid.SampledFrom([]string{"", "a word", "\u202eturned", strings.Repeat("long ", 100)}).Draw(r, "text"))
		case reflect.Int:
			f.SetInt(int64(rapid.IntRange(-3, 6).Draw(r, "number")))
		case reflect.Bool:
			f.SetBool(rapid.Bool().Draw(r, "yes"))
		default:
			r.Fatalf("the laws cannot draw a %s: teach fill about it", f.Type())
		}
	}
}

func draw[T ~string](r *rapid.T, f reflect.Value, from ...T) {
	f.SetString(string(rapid.SampledFrom(from).Draw(r, "choice")))
}

// roomsOf is the practice rooms there are now.
func roomsOf(s *Session) []RoomID {
	if x := s.nowPractice(); x != nil {
		return x.inOrder()
	}
	return nil
}

// holdDecide holds the laws of one decision: it changes nothing, a refusal leaves no event, applying to
// a clone leaves the original alone, and only the people an event names see a change of their own.
func holdDecide(r *rapid.T, w *world, c Command, by Seat) {
	if own, ok := c.(CheckIn); ok && own.Word != "" {
		own.Word = canary(by.Person, "word")
		c = own
	}
	c = spokenInGroup(spoken(w.s, c, by), by)
	if rep, ok := c.(Report); ok {
		rep.Note = canary(by.Person, "report")
		c = rep
	}
	if ask, ok := c.(AskSupport); ok {
		ask.Note = canary(by.Person, "note")
		c = ask
	}
	if sign, ok := c.(SignBowl); ok {
		sign.Share, sign.Marks = blindedBy(by.Person), blindedBy(by.Person)
		c = sign
	}
	if answer, ok := c.(AnswerShare); ok {
		answer.Sealed = encode(make([]byte, SealedSize))
		c = answer
	}
	before := w.s.Clone()
	events, err := w.s.Decide(c, w.input(by))
	if !reflect.DeepEqual(before, w.s) {
		r.Fatalf("deciding %T changed the session", c)
	}
	if err != nil {
		if _, ok := err.(*Refusal); !ok || len(events) > 0 {
			r.Fatalf("%T: refused with %v and %d events", c, err, len(events))
		}
		return
	}
	then := w.s.Clone()
	for _, e := range events {
		holdShown(r, then, e)
		holdSides(r, then, e)
		holdTouched(r, then, e)
		name, with, _ := EncodeEvent(e)
		w.log = append(w.log, stored{name, with})
	}
	holdFinal(r, before, then)
	if !reflect.DeepEqual(before, w.s) {
		r.Fatalf("applying %T to a clone changed the original", c)
	}
	w.s = then
}

func canary(p PersonID, what string) string { return fmt.Sprintf("canary-%s-%s-end", p, what) }

// holdShown holds that no spread adds the answers of fewer than four people to the one before it.
func holdShown(r *rapid.T, s *Session, e Event) {
	if shown, ok := e.(SpreadShown); ok {
		if x := s.doing[shown.Step].(*checkIn); len(x.fresh) < few || len(x.answers) < few {
			r.Fatalf("a spread of %d answers, %d of them new, was shown", len(x.answers), len(x.fresh))
		}
	}
}

func seatsOf(s *Session) map[PersonID][]Document {
	all := map[PersonID][]Document{}
	for p := range s.people {
		all[p] = s.Documents(Seat{Person: p})
	}
	return all
}

func holdTouched(r *rapid.T, s *Session, e Event) {
	before, seats := documents(r, s), seatsOf(s)
	touched := s.Apply(e)
	if touched.All {
		return
	}
	for p, could := range seatsOf(s) {
		if !slices.Equal(seats[p], could) && !slices.Contains(touched.People, p) {
			r.Fatalf("%T changed what %s may read without touching them", e, p)
		}
	}
	for d, was := range documents(r, s) {
		if (d == ForEveryone || d == ForFacilitators || d == ForStage) && before[d] != was && !touched.Inside {
			r.Fatalf("%T changed %s from before the door", e, d)
		}
		room, isRoom := strings.CutPrefix(string(d), "room/")
		if _, there := before[d]; isRoom && there && before[d] != was && !slices.Contains(touched.Rooms, RoomID(room)) {
			r.Fatalf("%T changed %s without touching that room", e, d)
		}
		id, own := strings.CutPrefix(string(d), "person/")
		if own && before[d] != was && !slices.Contains(touched.People, PersonID(id)) {
			r.Fatalf("%T changed %s without touching that person", e, d)
		}
	}
}

// holdState holds that replay equals live and that no document tells what its readers may not know.
func holdState(r *rapid.T, w *world) {
	if !reflect.DeepEqual(w.replay(), w.s) {
		r.Fatalf("replaying the log gives another session")
	}
	docs := documents(r, w.s)
	holdDoor(r, w.s, docs)
	for d, text := range docs {
		holdNoCanaries(r, w.s, d, text)
	}
	holdGroup(r, w.s, docs)
	for alias := range w.who {
		if strings.Contains(docs[ForStage], alias) {
			r.Fatalf("the stage shows %s", alias)
		}
	}
	for _, x := range w.s.doing {
		if c, ok := x.(*checkIn); ok {
			holdReadings(r, w.s, c, docs)
		}
		if b, ok := x.(bowls); ok {
			holdBowl(r, w, b.bowlOfIt(), docs)
		}
	}
}

// holdNoCanaries: a word is in its author's document only, unless they chose to tell the facilitators;
// a note for support is in the keepers' and its author's; what waits at the door or is held, likewise.
func holdNoCanaries(r *rapid.T, s *Session, d Document, text string) {
	for _, m := range saidIn.FindAllStringSubmatch(text, -1) {
		if d != ForRoom(RoomID(m[2])) && d != ForPerson(PersonID(m[1])) && (d != ForKeepers || !toldKeepers(s, m[0])) {
			r.Fatalf("%s holds what %s said in room %s", d, m[1], m[2])
		}
	}
	if strings.Contains(text, "canary-stop") && !strings.HasPrefix(string(d), "room/") {
		r.Fatalf("%s holds the stop word of a room", d)
	}
	for id := range s.people {
		own := d == ForPerson(id)
		if strings.Contains(text, canary(id, "report")) && d != ForKeepers {
			r.Fatalf("%s holds the report of %s", d, id)
		}
		if strings.Contains(text, canary(id, "note")) && !own && d != ForKeepers {
			r.Fatalf("%s holds the note of %s", d, id)
		}
		if strings.Contains(text, canary(id, "word")) && !own && (d != ForFacilitators || !tells(s, id)) {
			r.Fatalf("%s holds the word of %s", d, id)
		}
	}
}

// toldKeepers reports whether something said in a room was held for the keepers or reported to them.
func toldKeepers(s *Session, said string) bool {
	for _, i := range s.hold.items {
		if strings.Contains(i.text, said) {
			return true
		}
	}
	for _, rep := range s.reports {
		if strings.Contains(rep.text, said) {
			return true
		}
	}
	return false
}

// holdDoor: who waits before the door is in the keepers' document and their own, and reads nothing else; by
// whom something was reported is in no document but that person's.
func holdDoor(r *rapid.T, s *Session, docs map[Document]string) {
	for id, k := range s.door.knocking {
		if got := s.Documents(Seat{Person: id}); len(got) != 1 || got[0] != ForPerson(id) {
			r.Fatalf("before the door %s reads %v", id, got)
		}
		for d, text := range docs {
			if name := strconv.Quote(k.Alias); d != ForKeepers && d != ForPerson(id) && strings.Contains(text, name) {
				r.Fatalf("%s holds %s, who waits before the door", d, name)
			}
		}
	}
	for id, rep := range s.reports {
		was := rep
		rep.by = "somebody else"
		s.reports[id] = rep
		other := documents(r, s)
		s.reports[id] = was
		for d, text := range docs {
			if d != ForPerson(was.by) && other[d] != text {
				r.Fatalf("%s tells who made a report", d)
			}
		}
	}
}

func tells(s *Session, id PersonID) bool {
	for _, x := range s.doing {
		if c, ok := x.(*checkIn); ok && c.answers[id].tell {
			return true
		}
	}
	return false
}

// holdReadings: had somebody chosen another place on the scale and not told, no document but their own
// would be any different until a spread is shown again.
func holdReadings(r *rapid.T, s *Session, x *checkIn, docs map[Document]string) {
	for id, a := range x.answers {
		if a.tell || !x.fresh[id] {
			continue
		}
		was := a
		a.reading = a.reading%len(x.script.Scale) + 1
		x.answers[id] = a
		other := documents(r, s)
		x.answers[id] = was
		for d, text := range docs {
			if d != ForPerson(id) && other[d] != text {
				r.Fatalf("%s depends on the reading of %s", d, id)
			}
		}
	}
}

// TestRegistryIsComplete holds that every kind can be begun, seen and decoded.
func TestRegistryIsComplete(t *testing.T) {
	for _, k := range kinds {
		if k.begin(nil) == nil || k.script() == nil || len(k.views) == 0 {
			t.Errorf("%s lacks a beginning, a script or views", k.name)
		}
	}
	for _, f := range facts {
		if _, err := DecodeEvent(f.name, []byte("{}")); err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
	}
}
