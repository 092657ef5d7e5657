package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// secrets looks for keys and passwords in what the repository keeps, by their forms and by their randomness.
func secrets(ctx context.Context, top string, w io.Writer) error {
	names, err := command{dir: top, args: []string{"git", "ls-files", "--cached", "--others", "--exclude-standard"}}.lines(ctx)
	if err != nil {
		return err
	}
	known := allowed(allowList)
	found := 0
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(top, name))
		if errors.Is(err, os.ErrNotExist) {
			continue // removed and not committed yet
		}
		if err != nil {
			return err
		}
		for _, l := range leaks(name, data) {
			if !known.has(l) {
				found++
				say(w, "%s:%d: %s: %.12s…", l.file, l.line, l.why, l.text)
			}
		}
	}
	if found > 0 {
		return fmt.Errorf("%d of what may be a secret; one that is none goes into cmd/dev/secrets.allow, with the reason", found)
	}
	return nil
}

// leak is a text that looks like a secret.
type leak struct {
	file string
	line int
	why  string
	text string
}

// forms are those of secrets that show what they are.
var forms = []struct {
	why string
	re  *regexp.Regexp
}{
	{"a private key", regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----`)},
	{"a NATS seed", regexp.MustCompile(`\bS[UAONCX][A-Z2-7]{56}\b`)},
	{"an AWS key", regexp.MustCompile(`\b(AKIA|ASIA)[0-9A-Z]{16}\b`)},
	{"a GitHub token", regexp.MustCompile(`\b(gh[opsru]_\w{36}|github_pat_\w{40,})`)},
	{"an npm token", regexp.MustCompile(`\bnpm_[0-9A-Za-z]{36}\b`)},
	{"a Slack token", regexp.MustCompile(`\bxox[abprs]-[0-9A-Za-z-]{10,}`)},
	{"a Google key", regexp.MustCompile(`\bAIza[\w-]{35}`)},
	{"a Stripe key", regexp.MustCompile(`\b[rs]k_live_\w{16,}`)},
	{"a signed token", regexp.MustCompile(`\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}`)},
	{"a password in an address", regexp.MustCompile(`://[^/\s:@"'{$<]+:[^/\s@"'{$<]+@[\w.]`)},
}

// word is what a random key, in hexadecimal or base64, consists of.
var word = regexp.MustCompile(`[A-Za-z0-9+/_=-]{32,}`)

// unread are files that hold sums, or nothing that a person wrote.
var unread = regexp.MustCompile(`(^|/)(go\.sum|package-lock\.json)$|\.(png|ico|webp|woff2)$`)

// leaks finds what looks like a secret in a file, at most once a line and kind.
func leaks(file string, data []byte) []leak {
	if unread.MatchString(file) || bytes.IndexByte(data, 0) >= 0 {
		return nil
	}
	var found []leak
	n := 0
	for text := range strings.Lines(string(data)) {
		n++
		for _, f := range forms {
			if hit := f.re.FindString(text); hit != "" {
				found = append(found, leak{file, n, f.why, hit})
			}
		}
		for _, hit := range word.FindAllString(text, -1) {
			if random(hit) {
				found = append(found, leak{file, n, "random as a key", hit})
			}
		}
	}
	return found
}

// random tells a drawn key from a name: many different characters, letters and digits mixed, and no path of words.
func random(text string) bool {
	digits := strings.IndexFunc(text, unicode.IsDigit) >= 0
	letters := strings.IndexFunc(text, unicode.IsLetter) >= 0
	if !digits || !letters {
		return false
	}
	if hex := strings.Trim(text, "0123456789abcdef") == ""; hex {
		return entropy(text) > 3
	}
	upper := strings.IndexFunc(text, unicode.IsUpper) >= 0
	lower := strings.IndexFunc(text, unicode.IsLower) >= 0
	return upper && lower && entropy(text) > 4.2
}

// entropy is Shannon's, in bits a character.
func entropy(text string) float64 {
	count := map[rune]float64{}
	for _, r := range text {
		count[r]++
	}
	var sum float64
	for _, c := range count {
		p := c / float64(len(text))
		sum -= p * math.Log2(p)
	}
	return sum
}

//go:embed secrets.allow
var allowList string

// allowance names files, by the beginning of their path, and what may stand in them.
type allowance struct{ file, text string }

type allowances []allowance

// allowed reads the list: a path and a part of the text on each line, "*" for any; "#" begins a reason.
func allowed(list string) (all allowances) {
	for text := range strings.Lines(list) {
		text, _, _ = strings.Cut(text, "#")
		if words := strings.Fields(text); len(words) == 2 {
			all = append(all, allowance{words[0], words[1]})
		}
	}
	return all
}

func (all allowances) has(l leak) bool {
	return slices.ContainsFunc(all, func(a allowance) bool {
		return strings.HasPrefix(l.file, a.file) && (a.text == "*" || strings.Contains(l.text, a.text))
	})
}
