package facilitator

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// lengths are the built-in programmes and how many minutes each is meant to last.
var lengths = map[string]int{
	"making-amends": 90, "practising-amends": 75, "step-nine-meeting": 60, "when-the-answer-is-no": 60, "amends-to-myself": 60,
	"families-hearing-amends": 75, "circle-of-repair": 75, "peer-specialists-1": 120, "peer-specialists-2": 120,
}

var (
	labels = regexp.MustCompile(`(?i)\b(addicts?|alcoholics?|junkies?|adict[oa]s?|alcohólic[oa]s?|drogadict[oa]s?)\b`)
	dial   = regexp.MustCompile(`\d{3}[ .-]?\d{3,}`) // each room has its own crisis card
)

func TestBuiltIn(t *testing.T) {
	all, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	if all[0].ID != firstProgramme || len(all) != len(lengths) {
		t.Errorf("there are %d, and %s is first", len(all), all[0].ID)
	}
	for _, p := range all {
		raw, _ := json.Marshal(p.Steps)
		switch {
		case !slices.Equal(p.Languages, []string{"en", "es"}):
			t.Errorf("%s is written in %v", p.ID, p.Languages)
		case p.Minutes != lengths[p.ID]:
			t.Errorf("%s lasts %d minutes, and should last %d", p.ID, p.Minutes, lengths[p.ID])
		case p.Audience == nil || p.Room == nil || p.Bring == nil || len(p.Settings) == 0:
			t.Errorf("%s does not say for whom it is, what its room is called, in what kind of room it is or what to bring", p.ID)
		case slices.Contains(p.Settings, "training") && p.Pack == "peer-training" && len(p.Teaches) < 3:
			t.Errorf("%s is for training and teaches %d things", p.ID, len(p.Teaches))
		case labels.Match(raw):
			t.Errorf("%s labels people: %s", p.ID, labels.Find(raw))
		case dial.Match(raw):
			t.Errorf("%s has a number to call: %s", p.ID, dial.Find(raw))
		}
		if last := p.Steps[len(p.Steps)-1].Kind; p.Steps[0].Kind != "welcome" || last != "closing" && last != "feedback" {
			t.Errorf("%s begins with a %s and ends with a %s", p.ID, p.Steps[0].Kind, last)
		}
		for _, s := range p.Steps {
			for _, tag := range p.Languages {
				if !strings.Contains(s.Say[tag], "\n\n>") && !slices.Contains([]string{"quiet", "grounding", "feedback", "checkin", "reading", "closing"}, s.Kind) {
					t.Errorf("%s, %s: whoever leads it is told nothing in “%s”", p.ID, s.ID, tag)
				}
			}
		}
	}
}

// TestEveryKindIsInAProgramme: what none of them has nobody finds ready to run, plays to its end or looks at in a browser.
func TestEveryKindIsInAProgramme(t *testing.T) {
	all, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, p := range all {
		for _, s := range p.Steps {
			there[s.Kind] = true
		}
	}
	for _, k := range kinds {
		if !there[k.name] {
			t.Errorf("no built-in programme has a %s", k.name)
		}
	}
}

// TestBuiltInIsPlayed goes through each programme to its end, as people in each kind of room would.
func TestBuiltInIsPlayed(t *testing.T) {
	all, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	packs, err := Packs()
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range all {
		pack := packs[i%len(packs)]
		if p.Pack != "" {
			pack = packNamed(t, p.Pack)
		}
		t.Run(p.ID, func(t *testing.T) { walkThrough(t, p.In(pack)) })
	}
}

// TestEveryRoomReadsEveryProgramme holds that no words in braces are left in any of them.
func TestEveryRoomReadsEveryProgramme(t *testing.T) {
	all, _ := BuiltIn()
	packs, _ := Packs()
	for _, p := range all {
		for _, pack := range packs {
			raw, err := json.Marshal(p.In(pack).Steps)
			for _, word := range packWords() {
				if err != nil || strings.Contains(strings.ToLower(string(raw)), "{"+word+"}") {
					t.Errorf("%s in a %s room leaves {%s}: %v", p.ID, pack.ID, word, err)
				}
			}
		}
	}
}

// guests are everybody in the walk but Ada, who leads.
var guests = []string{"Ben", "Cleo", "Dan", "Eve", "Finn", "Gil", "Hana", "Ivo", "Jo"}

// walker takes a room through a programme.
type walker struct {
	play
	t    *testing.T
	step StepScript
}

// does plays sentences of a scenario file.
func (w *walker) does(sentences ...string) {
	w.t.Helper()
	for _, text := range sentences {
		if err := w.sentence(text); err != nil {
			w.t.Fatalf("%s: %s\n\t%v", w.step.ID, text, err)
		}
	}
}

// each plays one sentence for every guest; %d is their number, from 0.
func (w *walker) each(format string) {
	w.t.Helper()
	for i, name := range guests {
		w.does(name + " " + strings.ReplaceAll(format, "%d", fmt.Sprint(i)))
	}
}

func walkThrough(t *testing.T, p Programme) {
	w := &walker{play: play{newWorldOf(t, p)}, t: t}
	w.does("Ada opens the room")
	for _, name := range guests {
		w.does(name + " joins")
	}
	if p.Family {
		w.does(`Jo does family.sit {"side": "family"}`)
	}
	for i, step := range p.Steps {
		w.step = step
		if w.does("Ada does agenda.next"); i == 0 {
			w.does("Ben sees everyone session.phase = \"running\"")
		}
		w.arrives()
		begin, known := walks[step.Kind]
		if !known {
			t.Fatalf("%s: nobody knows how to play a %s", step.ID, step.Kind)
		}
		begin(w)
	}
	w.does("Ada is refused last_step for agenda.next", "Ada does session.close", "Ben sees everyone session.phase = \"over\"")
	if !reflect.DeepEqual(w.replay(), w.s) {
		t.Error("replaying the log gives another session")
	}
}

// arrives looks at a step as it opens, on each seat and in each language.
func (w *walker) arrives() {
	w.t.Helper()
	for tag, words := range w.step.Say {
		w.does(fmt.Sprintf("Ada sees facilitators words.%s = %s", tag, quoted(words)))
		w.does(fmt.Sprintf("Ben sees everyone step.text.%s = %s", tag, quoted(w.step.Phone[tag])))
		w.does(fmt.Sprintf("Ben sees everyone step.title.%s = %s", tag, quoted(w.step.Title[tag])))
		w.does(fmt.Sprintf("the stage sees step.text.%s = %s", tag, quoted(w.step.Stage[tag])))
	}
	for tag, words := range w.step.Family.Phone {
		w.does(fmt.Sprintf("Jo sees own words.phone.%s = %s", tag, quoted(words)), fmt.Sprintf("only Jo sees %s", quoted(words)))
	}
	w.does("Ben sees everyone step.kind = " + quoted(w.step.Kind))
}

func quoted(s string) string {
	raw, _ := json.Marshal(s)
	return string(raw)
}

// walks are how each kind is played to its end.
var walks = map[string]func(*walker){
	"welcome": func(w *walker) {
		w.each(`does welcome.agree {"in": true}`)
		w.does("the stage sees step.exercise.in = 9")
	},
	"checkin": func(w *walker) {
		w.each(`does checkin.answer {"reading": 2}`)
		w.does("the stage sees step.exercise.spread.answers = 9")
	},
	"reading": func(w *walker) {
		var script ReadingScript
		_ = json.Unmarshal(w.step.With, &script)
		w.does(`Cleo does reading.take {"passage": 2}`, `Ada does reading.read {"passage": 1}`)
		for n := range script.Passages {
			reader := "Ada"
			if n == 1 {
				reader = "Cleo"
			}
			w.does(fmt.Sprintf(`the stage sees step.exercise.text.es = %s`, quoted(script.Passages[n]["es"])),
				fmt.Sprintf(`%s does reading.done {"passage": %d}`, reader, n+1))
		}
		w.does("Ben sees everyone step.exercise.done = true")
	},
	"goaround": func(w *walker) {
		w.does("Ada does goaround.start")
		for range len(guests) + 1 {
			now, err := w.look("Ben", "everyone step.exercise.now")
			if err != nil {
				w.t.Fatalf("%s: nobody has the turn: %v", w.step.ID, err)
			}
			for name, id := range w.who {
				if string(id) == now {
					w.does("20 seconds pass", name+" does goaround.done")
				}
			}
		}
		w.does("Ben sees everyone step.exercise.over = true")
	},
	"quiet": func(w *walker) {
		w.does("Ada does quiet.start", "1800 seconds pass", "the stage sees step.exercise.done = true")
	},
	"bowl": func(w *walker) { w.pours(1, "share") },
	"closing": func(w *walker) {
		w.does("Ada sees everyone step.exercise.words has 2")
	},
	"practice": func(w *walker) { w.practises() },
	"poll": func(w *walker) {
		var script PollScript
		_ = json.Unmarshal(w.step.With, &script)
		if script.Form == pollWords {
			w.each(`does poll.answer {"word": "patience"}`)
			w.does("Ada does poll.gather")
		} else {
			w.each(`does poll.answer {"choices": [1]}`)
		}
		w.does("Ada does poll.reveal", "the stage sees step.exercise.outline.answers = 9", "Ada does poll.talk {\"to\": 1}",
			"the stage sees step.exercise.talk.es = "+quoted(script.Talk[0]["es"]))
	},
	"sort": func(w *walker) {
		var script SortScript
		_ = json.Unmarshal(w.step.With, &script)
		places := strings.TrimSuffix(strings.Repeat("1,", len(script.Cards)), ",")
		w.each(`does sort.place {"places": [` + places + `]}`)
		w.does("Ada does sort.reveal", "Ben sees everyone step.exercise.revealed = true")
		for card := range script.Cards {
			w.does(fmt.Sprintf(`Ada does sort.settle {"card": %d, "place": 1}`, card+1))
		}
	},
	"grounding": func(w *walker) {
		var script GroundingScript
		_ = json.Unmarshal(w.step.With, &script)
		for _, breath := range script.Breathing {
			w.does(fmt.Sprintf(`Ada does grounding.start {"breath": "%s"}`, breath), fmt.Sprintf(`the stage sees step.exercise.now.breath = "%s"`, breath))
		}
		for n := range script.Guides {
			w.does(fmt.Sprintf(`Ada does grounding.start {"guide": %d}`, n+1), fmt.Sprintf(`the stage sees step.exercise.now.guide = %d`, n+1))
		}
		w.does("Ada does grounding.stop")
	},
	"whocanhelp": func(w *walker) {
		var script WhoCanHelpScript
		_ = json.Unmarshal(w.step.With, &script)
		w.does(fmt.Sprintf("Ben sees everyone step.exercise.topics has %d", len(script.Topics)))
	},
	"feedback": func(w *walker) {
		var script FeedbackScript
		_ = json.Unmarshal(w.step.With, &script)
		w.each(`does feedback.give {"places": [` + strings.TrimSuffix(strings.Repeat("1,", len(script.Questions)), ",") + `]}`)
		w.does("Ada sees facilitators exercise.answers = 9")
	},
	"amendsmap":   (*walker).writes,
	"commitments": (*walker).writes,
	"letter":      (*walker).writes,
	"othershoes":  (*walker).writes,
	"selfamends":  (*walker).writes,
	"answerno": func(w *walker) {
		var script AnswerNoScript
		_ = json.Unmarshal(w.step.With, &script)
		for n, card := range script.Cards {
			w.does(fmt.Sprintf(`Ada does answerno.turn {"to": %d}`, n+1))
			w.writes()
			w.does("Ada does answerno.show", fmt.Sprintf("the stage sees step.exercise.card.answers has %d", len(card.Answers)),
				"the stage sees step.exercise.card.words.es = "+quoted(card.Words["es"]))
		}
		w.does(fmt.Sprintf(`Ada does answerno.turn {"to": %d}`, len(script.Cards)+1), "Ben sees everyone step.exercise.night = true")
	},
	"sayitbetter": func(w *walker) {
		var script SayItBetterScript
		_ = json.Unmarshal(w.step.With, &script)
		for n := range script.Lines {
			w.pours(n+1, fmt.Sprintf("better %d by", n+1))
		}
		w.does("Ada does sayitbetter.ask")
		w.each(`does sayitbetter.pick {"choices": [1]}`)
		w.does("Ada does sayitbetter.show", "the stage sees step.exercise.learned.outline.answers = 9")
	},
}

// pours opens a bowl with one of the step's questions, fills it, and opens one of the shares.
func (w *walker) pours(question int, words string) {
	w.does(fmt.Sprintf(`Ada does bowl.open {"question": %d}`, question), "0 seconds pass")
	w.each("gets their place in the bowl")
	w.does("Ada does bowl.close")
	w.each(`puts "` + words + ` %d" into the bowl`)
	w.does("300 seconds pass", `Ada sees everyone step.exercise.phase = "poured"`, `Ada does share.open on "`+words+` 3"`, "Ada does share.show")
	w.does(`only Ada, Ben, Cleo, Dan, Eve, Finn, Gil, Hana, Ivo, Jo, stage see "` + words + ` 3"`)
}

// writes is a time to write, which comes to its end by itself.
func (w *walker) writes() {
	w.does("Ada does writing.open", "Ben sees no everyone step.exercise.done", "3600 seconds pass", "Ben sees everyone step.exercise.done = true")
}

// practises lets every room go through all its turns: agree, rehearse, talk about it, step out. Then the group is brought
// back together.
func (w *walker) practises() {
	w.does("Ada does practice.form", "Ada does practice.open")
	for !w.roomsAreDone() {
		moved := false
		for _, id := range slices.Sorted(maps.Values(w.who)) {
			moved = w.steps(id) || moved
		}
		if !moved {
			w.pass(30 * second)
		}
		if w.now > 1_000_000_000 {
			w.t.Fatalf("%s: some room is never done", w.step.ID)
		}
	}
	w.does("Ada does practice.debrief", `Ben sees everyone step.exercise.stage = "debrief"`, "Ada does practice.ground",
		`the stage sees step.exercise.stage = "grounding"`)
}

func (w *walker) roomsAreDone() bool {
	for _, room := range w.s.nowPractice().rooms {
		if room.phase != inDone {
			return false
		}
	}
	return true
}

// steps does what is to be done next for one person in their practice room, if anything is.
func (w *walker) steps(id PersonID) bool {
	own, _ := w.s.View(ForPerson(id)).(Own)
	mine, _ := own.Exercise.(PracticeOwn)
	room, in := w.s.View(ForRoom(w.s.reads(id))).(RoomView)
	var c Command
	switch {
	case !in || room.Members[id].Ready:
		return false
	case room.Phase == inConsent && room.Terms.Scenario == "":
		if mine.Role != "speaker" {
			return false
		}
		c = SetTerms{Room: room.Room, Terms: Terms{Scenario: ownScenario, Stance: "guarded", Difficulty: 1}}
	case room.Phase == inOut && mine.InRole:
		c = StepOut{}
	case room.Phase == inConsent:
		c = ReadyToGoOn{Room: room.Room, Phase: room.Phase, Turn: room.Turn}
	default:
		return false
	}
	events, err := w.do(c, Seat{Person: id})
	if err != nil {
		w.t.Fatalf("%s: %T: %v", w.step.ID, c, err)
	}
	return len(events) > 0
}
