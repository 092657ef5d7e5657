package facilitator

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestScenarios plays testdata/scenarios/*.txt: who does what, and what each seat then sees. One
// sentence a line; # begins a remark.
//
//	Ada opens the room                       she is the facilitator
//	Ben joins | Ben is refused door_locked at the door
//	Ben joins with the link                  the one that a keeper made
//	7 people join at once                    Guest1, Guest2 and so on
//	Ben loses the connection | Ben is back
//	Ben does checkin.answer {"reading": 2}
//	Ben is refused not_leading for agenda.next {}
//	90 seconds pass
//	Ben sees everyone people.@Ada.role = "facilitator"
//	Ben sees own exercise.reading = 2
//	the stage sees step.kind = "quiet"
//	Ada sees facilitators support has 1      entries of a map or list
//	Ben sees no everyone step.exercise.spread
//	Ben gets his place in the bowl           the blind signatures
//	Ben puts "words" into the bowl | Ben puts nothing into the bowl
//	Ben takes the share back
//	Ada does share.open on "words"
//	only Ben and Ada see "trembling"         in any document that anybody reads
//	Ben sees room phase = "consent"          the practice room whose document they read
//
// @Name stands for that person's id, in commands and in paths, and @room:Name for their practice room's.
func TestScenarios(t *testing.T) {
	files, _ := filepath.Glob("testdata/scenarios/*.txt")
	if len(files) == 0 {
		t.Fatal("there are no scenarios")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p := play{newWorld(t)}
			switch kind, _, _ := strings.Cut(filepath.Base(file), "-"); kind {
			case "practice":
				p = play{newWorldOf(t, withPractice(t))}
			case "library":
				p = play{newWorldOf(t, withLibrary(t))}
			}
			if strings.HasPrefix(filepath.Base(file), "group-") {
				p = play{newWorldOf(t, withGroup(t))}
			}
			for i, line := range strings.Split(string(text), "\n") {
				sentence, _, _ := strings.Cut(line, "#")
				if sentence = strings.TrimSpace(sentence); sentence == "" {
					continue
				}
				if err := p.sentence(sentence); err != nil {
					t.Fatalf("%s:%d: %s\n\t%v", file, i+1, sentence, err)
				}
			}
			if !reflect.DeepEqual(p.replay(), p.s) {
				t.Error("replaying the log gives another session")
			}
		})
	}
}

type play struct{ *world }

// sentences are the forms a line may have; the first that matches is played.
var sentences = []struct {
	form *regexp.Regexp
	play func(p play, m []string) error
}{
	{regexp.MustCompile(`^(\w+) opens the room$`), func(p play, m []string) error { return p.arrive(m[1], Facilitator) }},
	{regexp.MustCompile(`^(\w+) joins$`), func(p play, m []string) error { return p.arrive(m[1], Participant) }},
	{regexp.MustCompile(`^(\w+) joins with the link$`), func(p play, m []string) error { return p.invited(m[1]) }},
	{regexp.MustCompile(`^(\d+) people join at once$`), func(p play, m []string) error { return p.wave(m[1]) }},
	{regexp.MustCompile(`^(\w+) is refused (\w+) at the door$`), func(p play, m []string) error {
		return refusedAs(p.arrive(m[1], Participant), m[2])
	}},
	{regexp.MustCompile(`^(\w+) loses the connection$`), func(p play, m []string) error { return p.server(Went{Person: p.who[m[1]]}) }},
	{regexp.MustCompile(`^(\w+) is back$`), func(p play, m []string) error { return p.server(Came{Person: p.who[m[1]]}) }},
	{regexp.MustCompile(`^(\w+) gets (?:her|his|their) place in the bowl$`), func(p play, m []string) error { return p.sign(m[1]) }},
	{regexp.MustCompile(`^(\w+) puts (?:nothing|"(.*)") into the bowl$`), func(p play, m []string) error { return p.put(m[1], m[2]) }},
	{regexp.MustCompile(`^(\w+) takes the share back$`), func(p play, m []string) error { return p.takeBack(m[1]) }},
	{regexp.MustCompile(`^(\w+) does (share\.\w+|report\.make) on "(.*)"$`), func(p play, m []string) error {
		return p.order(m[1], m[2], fmt.Sprintf(`{"share": %q}`, p.shareWith(m[3])))
	}},
	{regexp.MustCompile(`^(\w+) is refused (\w+) for her place in the bowl$`), func(p play, m []string) error { return refusedAs(p.sign(m[1]), m[2]) }},
	{regexp.MustCompile(`^(\w+) does ([\w.]+) ?(.*)$`), func(p play, m []string) error { return p.order(m[1], m[2], m[3]) }},
	{regexp.MustCompile(`^(\w+) is refused (\w+) for ([\w.]+) ?(.*)$`), func(p play, m []string) error {
		return refusedAs(p.order(m[1], m[3], m[4]), m[2])
	}},
	{regexp.MustCompile(`^(\d+) seconds? pass(?:es)?$`), func(p play, m []string) error {
		n, err := strconv.Atoi(m[1])
		p.pass(Millis(n) * second)
		return err
	}},
	{regexp.MustCompile(`^only ([\w, ]+?) sees? "(.*)"$`), func(p play, m []string) error { return p.onlySee(m[1], m[2]) }},
	{regexp.MustCompile(`^nobody sees "(.*)"$`), func(p play, m []string) error { return p.onlySee("", m[1]) }},
	{regexp.MustCompile(`^(?:the )?(\w+) sees no (.+)$`), func(p play, m []string) error {
		if v, err := p.look(m[1], m[2]); err == nil {
			return fmt.Errorf("it is %v", v)
		}
		return nil
	}},
	{regexp.MustCompile(`^(?:the )?(\w+) sees (.+?) has (\d+)$`), func(p play, m []string) error { return p.has(m[1], m[2], m[3]) }},
	{regexp.MustCompile(`^(?:the )?(\w+) sees (.+?) = (.+)$`), func(p play, m []string) error { return p.is(m[1], m[2], m[3]) }},
}

func (p play) sentence(text string) error {
	for _, s := range sentences {
		if m := s.form.FindStringSubmatch(text); m != nil {
			return s.play(p, m)
		}
	}
	return fmt.Errorf("this is not a sentence that can be played")
}

func (p play) arrive(name string, role Role) error {
	id := p.seat()
	err := p.server(Join{Person: id, Alias: name, Role: role})
	if err == nil {
		p.who[name] = id
	}
	return err
}

func (p play) invited(name string) error {
	id := p.seat()
	p.who[name] = id
	for link := range p.s.door.links {
		return p.server(Join{Person: id, Alias: name, Role: Participant, Link: link})
	}
	return p.server(Join{Person: id, Alias: name, Role: Participant, Link: "used up"})
}

func (p play) wave(count string) error {
	n, err := strconv.Atoi(count)
	for range n {
		if err == nil {
			err = p.arrive(fmt.Sprintf("Guest%d", p.seats), Participant)
		}
	}
	return err
}

func (p play) server(c Command) error {
	_, err := p.do(c, Seat{Role: System})
	return err
}

func (p play) order(name, do, with string) error {
	if _, ok := p.who[name]; !ok {
		return fmt.Errorf("nobody is called %s", name)
	}
	c, err := DecodeCommand(do, []byte(p.ids(with)))
	if err != nil {
		return err
	}
	_, err = p.do(c, Seat{Person: p.who[name]})
	return err
}

var roomOf = regexp.MustCompile(`@room:(\w+)`)

var named = regexp.MustCompile(`@(\w+)`)

func (p play) ids(text string) string {
	text = roomOf.ReplaceAllStringFunc(text, func(at string) string {
		x := p.s.nowPractice()
		return string(x.where[p.who[strings.TrimPrefix(at, "@room:")]])
	})
	return named.ReplaceAllStringFunc(text, func(at string) string { return string(p.who[at[1:]]) })
}

func refusedAs(err error, reason string) error {
	if r, ok := err.(*Refusal); !ok || r.Reason != reason {
		return fmt.Errorf("it was not refused as %s but: %v", reason, err)
	}
	return nil
}

// look finds a value in a document: "everyone people.p1.alias". The stage has one document.
func (p play) look(name, path string) (any, error) {
	seat, d, path := Seat{Person: p.who[name]}, ForStage, p.ids(path)
	if name == "stage" {
		seat = Seat{Role: Stage}
	} else {
		doc, rest, _ := strings.Cut(path, " ")
		switch d, path = Document(doc), rest; doc {
		case "own":
			d = ForPerson(p.who[name])
		case "room":
			d = ForRoom(p.s.reads(p.who[name]))
		}
	}
	if !reads(p.s, seat, d) {
		return nil, fmt.Errorf("%s may not read %s", name, d)
	}
	raw, _ := json.Marshal(p.s.View(d))
	var tree any
	_ = json.Unmarshal(raw, &tree)
	for _, key := range strings.Split(path, ".") {
		m, _ := tree.(map[string]any)
		v, ok := m[key]
		if !ok {
			return nil, fmt.Errorf("there is no %s in %s of %s", key, path, d)
		}
		tree = v
	}
	return tree, nil
}

func reads(s *Session, seat Seat, d Document) bool {
	for _, own := range s.Documents(seat) {
		if own == d {
			return true
		}
	}
	return false
}

func (p play) is(name, path, want string) error {
	var wanted any
	if err := json.Unmarshal([]byte(p.ids(want)), &wanted); err != nil {
		return fmt.Errorf("%s is not JSON: %w", want, err)
	}
	got, err := p.look(name, path)
	if err == nil && !reflect.DeepEqual(got, wanted) {
		raw, _ := json.Marshal(got)
		err = fmt.Errorf("it is %s", raw)
	}
	return err
}

func (p play) has(name, path, count string) error {
	got, err := p.look(name, path)
	if err != nil {
		return err
	}
	v := reflect.ValueOf(got)
	if k := v.Kind(); k != reflect.Map && k != reflect.Slice || strconv.Itoa(v.Len()) != count {
		err = fmt.Errorf("it is %v", got)
	}
	return err
}

// onlySee holds that a text stands in what these people read, and in nothing that anybody else reads.
func (p play) onlySee(names, text string) error {
	may := map[string]bool{}
	for _, n := range strings.FieldsFunc(strings.ReplaceAll(names, " and ", ","), func(r rune) bool { return r == ',' || r == ' ' }) {
		may[n] = true
	}
	docs := documents(p.t, p.s)
	seats := map[string]Seat{"stage": {Role: Stage}}
	for name, id := range p.who {
		seats[name] = Seat{Person: id}
	}
	for name, seat := range seats {
		sees := false
		for _, d := range p.s.Documents(seat) {
			sees = sees || strings.Contains(docs[d], text)
		}
		if sees != may[name] {
			return fmt.Errorf("%s sees it: %v", name, sees)
		}
	}
	return nil
}

func (p play) sign(name string) error {
	who := p.who[name]
	_, err := p.do(SignBowl{Bowl: bowlOf(p.s).id, Share: blindedBy(who), Marks: blindedBy(who)}, Seat{Person: who})
	return err
}

func (p play) put(name, text string) error {
	if text == "" {
		return p.post(bowlStep(p.s), bodyOf(p.s, bowlOf(p.s), FirstBody, p.who[name]))
	}
	return p.post(bowlStep(p.s), shareOf(p.s, bowlOf(p.s), p.who[name], text))
}

func (p play) takeBack(name string) error {
	b := bodyOf(p.s, bowlOf(p.s), LaterBody, p.who[name])
	b.Kind, b.Secret = TakeBack, secretOf(p.who[name], "lock")
	return p.post(bowlStep(p.s), b)
}

func (p play) shareWith(text string) ShareID {
	for id, sh := range bowlOf(p.s).shares {
		if sh.Text == text {
			return id
		}
	}
	return "none"
}
