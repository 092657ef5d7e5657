package facilitator

import (
	"flag"
	"os"
	"testing"
)

// TestMain draws fewer cases than the library would: the laws render every document after every
// command, and each change waits for them. "dev soak" asks for many thousands.
func TestMain(m *testing.M) {
	const usual = "30"
	asked := false
	flag.Parse()
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if !asked {
		_ = flag.Set("rapid.checks", usual)
	}
	os.Exit(m.Run())
}
