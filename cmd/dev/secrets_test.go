package main

import (
	"strings"
	"testing"
)

// Each is put together here, so that this file holds none.
var planted = map[string]string{
	"a private key":            "-----BEGIN EC " + "PRIVATE KEY-----",
	"a NATS seed":              "SU" + strings.Repeat("A2", 28),
	"an AWS key":               "AKIA" + "QYLPMN5HNJ7TG2XV",
	"a GitHub token":           "ghp_" + strings.Repeat("aB3", 12),
	"an npm token":             "npm_" + strings.Repeat("aB3", 12),
	"a Slack token":            "xoxb-" + "1234567890-abc",
	"a Google key":             "AIza" + strings.Repeat("Sy_-1", 7),
	"a Stripe key":             "sk_live_" + "51Hq2aL8bX0cD9eF",
	"a signed token":           "eyJhbGciOiJFZERTQSJ9." + "eyJzdWIiOiJhbmEifQ." + "c2lnbmF0dXJlLW9mLWE_",
	"a password in an address": "nats://mend:" + "correcthorse@example.org:4222",
	"random as a key":          "q8Zt3nXw" + "1LrYv7Kd" + "0PsHb5Jm" + "9GfCe2Ua",
}

func TestEachPlantedSecretIsFound(t *testing.T) {
	for why, text := range planted {
		var found []string
		for _, l := range leaks("server/x.go", []byte("first line\n\tkey := \""+text+"\"\n")) {
			if l.line == 2 {
				found = append(found, l.why)
			}
		}
		if !strings.Contains(strings.Join(found, "; "), why) {
			t.Errorf("%s: found %q", why, found)
		}
	}
}

func TestARandomHexadecimalKeyIsFound(t *testing.T) {
	if found := leaks("x.yaml", []byte("secret: "+"9f86d081884c7d65"+"9a2feaa0c55ad015")); len(found) != 1 {
		t.Errorf("found %v", found)
	}
}

func TestWhatPeopleWriteIsNoSecret(t *testing.T) {
	for _, text := range []string{
		"func TestAnUnfinishedRoundOfTheLinesIsGivenUpWhenTheyAreCalledBack(t *testing.T) {",
		"realtime/testdata/scenarios/library-letter-and-other-shoes-2.txt",
		"https://pkg.go.dev/github.com/nats-io/nats-server/v2@v2.14.9/server",
		"--nats nats://{user}:{password}@host",
		"0000000000000000000000000000000000000000",
		"================================",
	} {
		if found := leaks("x.go", []byte(text)); len(found) > 0 {
			t.Errorf("%q: found %v", text, found)
		}
	}
}

func TestTheAllowListIsForAFileAndAText(t *testing.T) {
	all := allowed("# a reason\nrealtime/testdata/ *\nx_test.go hunter # made up\n")
	for l, want := range map[leak]bool{
		{file: "realtime/testdata/a.json", text: "anything"}: true,
		{file: "x_test.go", text: "//me:hunter2@h"}:          true,
		{file: "x_test.go", text: "//me:other@h"}:            false,
		{file: "y.go", text: "//me:hunter2@h"}:               false,
	} {
		if all.has(l) != want {
			t.Errorf("%v: allowed %v", l, !want)
		}
	}
}
