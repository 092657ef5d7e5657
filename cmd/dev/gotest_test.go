package main

import (
	"strings"
	"testing"
)

func TestFailuresOfGoTestComeFirstWithWhatTheySaid(t *testing.T) {
	const run = `{"Action":"start","Package":"mend/a"}
{"Action":"run","Package":"mend/a","Test":"TestGood"}
{"Action":"output","Package":"mend/a","Test":"TestGood","Output":"chatter\n"}
{"Action":"pass","Package":"mend/a","Test":"TestGood","Elapsed":1}
{"Action":"output","Package":"mend/a","Output":"ok  \tmend/a\t2.5s\n"}
{"Action":"pass","Package":"mend/a","Elapsed":2.5}
{"Action":"output","Package":"mend/b","Test":"TestBad","Output":"    b_test.go:7: no\n"}
{"Action":"fail","Package":"mend/b","Test":"TestBad","Elapsed":0.1}
{"Action":"output","Package":"mend/b","Output":"FAIL\n"}
{"Action":"fail","Package":"mend/b","Elapsed":0.2}
{"ImportPath":"mend/c","Action":"build-output","Output":"c.go:1:1: expected 'package'\n"}
{"ImportPath":"mend/c","Action":"build-fail"}
{"Action":"output","Package":"mend/d","Output":"panic: outside of a test\n"}
{"Action":"fail","Package":"mend/d","Elapsed":0.3}
go: a warning
`
	var out strings.Builder
	tell(&out, strings.NewReader(run))
	want := `go: a warning
FAILED mend/b TestBad
    b_test.go:7: no
FAILED mend/c 
c.go:1:1: expected 'package'
FAILED mend/d 
panic: outside of a test
note:    2.5 s  mend/a
note:    0.3 s  mend/d
note:    0.2 s  mend/b
`
	if out.String() != want {
		t.Errorf("told\n%s\nwant\n%s", out.String(), want)
	}
}

func TestALongFailureKeepsItsBeginningAndItsEnd(t *testing.T) {
	got := middle([]string{"1", "2", "3", "4", "5", "6", "7"}, 6)
	if strings.Join(got, "") != "1234    …\n67" {
		t.Errorf("kept %q", got)
	}
}
