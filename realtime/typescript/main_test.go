package main

import (
	"bytes"
	"os"
	"testing"
)

func TestTheCommittedTypesAreThoseOfTheCode(t *testing.T) {
	committed, err := os.ReadFile("../" + file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(committed, wire()) {
		t.Error("frontend/src/wire.gen.ts is out of date: run go generate ./realtime")
	}
}
