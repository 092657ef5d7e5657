// Command typescript writes the types of the wire for the web app: the frames, the documents and the
// commands, from the Go types themselves. Run it by "go generate ./realtime".
package main

import (
	"bytes"
	"fmt"
	"log"
	"maps"
	"os"
	"reflect"
	"slices"

	"mend/facilitator"
	"mend/realtime"
)

// file is where they go, seen from package realtime.
const file = "../frontend/src/wire.gen.ts"

func main() {
	log.SetFlags(0)
	if err := os.WriteFile(file, wire(), 0o644); err != nil {
		log.Fatalf("writing the types of the wire: %v", err)
	}
}

// wire is the whole file.
func wire() []byte {
	ts := &types{
		declared: map[string]string{}, named: map[string]reflect.Type{},
		unions: map[reflect.Type][]string{
			reflect.TypeFor[facilitator.Role]():      {"facilitator", "cofacilitator", "keeper", "participant", "stage"},
			reflect.TypeFor[facilitator.Code]():      {"invalid", "denied", "conflict", "not_found", "closed", "internal"},
			reflect.TypeFor[facilitator.BowlPhase](): {"", "preparing", "open", "closing", "pouring", "recovery", "poured"},
			reflect.TypeFor[facilitator.DoorMode]():  {"open", "knock", "closed"},
			reflect.TypeFor[facilitator.DeedKind]():  {"quiet", "door", "remove"},
			reflect.TypeFor[facilitator.Ruling]():    {"", "open", "kept", "aloud"},
		},
	}
	for _, frame := range []any{realtime.ClientFrame{}, realtime.ServerFrame{}, realtime.DocFrame{}} {
		ts.of(reflect.TypeOf(frame))
	}
	var b bytes.Buffer
	b.WriteString("// Written by \"go generate ./realtime\" from the Go types. Do not edit.\n")
	b.WriteString("// The frames are described in realtime/PROTOCOL.md.\n")
	commands(&b, ts)
	documents(&b, ts)
	b.Write(ts.all())
	return b.Bytes()
}

// commands maps each command's name to what goes with it.
func commands(b *bytes.Buffer, ts *types) {
	all := facilitator.Commands()
	b.WriteString("\n/** What a person may order: the name in \"do\", and what goes into \"with\". */\nexport interface Commands {\n")
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(b, "  '%s': %s\n", name, ts.of(all[name]))
	}
	b.WriteString("}\n")
}

// documents maps each document's name to its type, and lists the kinds of exercise.
func documents(b *bytes.Buffer, ts *types) {
	views, exercises := facilitator.Views()
	names := []string{"everyone", "facilitators", "keepers", "stage", "[own: `person/${string}`]", "[room: `room/${string}`]"}
	b.WriteString("\n/** The documents by name. */\nexport interface Documents {\n")
	for i, view := range views {
		fmt.Fprintf(b, "  %s: %s\n", names[i], ts.of(view))
	}
	b.WriteString("}\n")
	kinds := slices.Sorted(maps.Keys(exercises))
	for _, kind := range kinds {
		for _, part := range exercises[kind] {
			ts.of(part)
		}
	}
	fmt.Fprintf(b, "\n/** The kinds of exercise. */\nexport type Kind = %s\n", quoted(kinds))
}
