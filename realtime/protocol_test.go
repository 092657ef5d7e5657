package realtime

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const examples = "testdata/protocol"

// Each example decodes into the type the program uses, knows no other member, and encodes to itself.
func TestTheExamplesAreFrames(t *testing.T) {
	kinds := map[string]func() any{
		"hello": newClientFrame, "command": newClientFrame, "beat": newClientFrame, "signal": newClientFrame,
		"document": func() any { return new(DocFrame) }, "patch": func() any { return new(DocFrame) },
	}
	files, _ := filepath.Glob(examples + "/*.json")
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if name == "merge" {
			continue
		}
		frame := any(new(ServerFrame))
		if kind, ok := kinds[name]; ok {
			frame = kind()
		}
		data := example(t, name)
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		if err := d.Decode(frame); err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		again, err := json.Marshal(frame)
		if err != nil || !reflect.DeepEqual(parse(t, again), parse(t, data)) {
			t.Errorf("%s became %s, %v", file, again, err)
		}
	}
}

func newClientFrame() any { return new(ClientFrame) }

func example(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(examples, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestTheMergeExampleMerges(t *testing.T) {
	var m struct {
		Is, Becomes any
		Patches     []any
	}
	if err := json.Unmarshal(example(t, "merge"), &m); err != nil {
		t.Fatal(err)
	}
	for _, p := range m.Patches {
		m.Is = merge(m.Is, p)
	}
	if !reflect.DeepEqual(m.Is, m.Becomes) {
		t.Errorf("got %v", m.Is)
	}
}

// The table of close codes is that of the program, and every example is spoken of.
func TestTheProtocolSaysWhatTheProgramDoes(t *testing.T) {
	page, err := os.ReadFile("PROTOCOL.md")
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| (\\d{4}) \\| `([a-z_0-9]+)`").FindAllSubmatch(page, -1) {
		written[string(row[1])+" "+string(row[2])] = true
	}
	said := map[string]bool{}
	for _, b := range []bye{byeRestart, byeLater, byeTooFast, byeBadToken, byeRemoved, byeNoHello, byeOver, byeProtocol, byeNotUTF8, byeNotText, byeTooBig, byeFrame, byeDamaged} {
		said[strconv.Itoa(b.code)+" "+b.Reason] = true
	}
	if !reflect.DeepEqual(written, said) {
		t.Errorf("PROTOCOL.md has %v, the program %v", written, said)
	}
	files, _ := filepath.Glob(examples + "/*.json")
	for _, file := range files {
		if name := filepath.Base(file); !bytes.Contains(page, []byte(name)) {
			t.Errorf("PROTOCOL.md does not speak of %s", name)
		}
	}
}
