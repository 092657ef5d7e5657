package facilitator

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxAlias is how many characters a name may have.
const maxAlias = 40

// CleanAlias is the name a person may go by in the room: one line, composed, without what could make
// it look like another's or break the line it stands in.
func CleanAlias(raw string) (string, error) {
	name, err := cleanWords(raw, maxAlias)
	if err != nil {
		return "", err
	}
	if !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return "", refuse(Invalid, "alias_empty", "Choose a name to go by: a first name or any word you like.")
	}
	return name, nil
}

// sameName reports whether two names would be taken for each other: letter case and the width or style
// of characters make no difference.
func sameName(a, b string) bool { return strings.EqualFold(norm.NFKC.String(a), norm.NFKC.String(b)) }

// cleanWords is a short plain text of at most limit characters on one line. Characters that draw
// nothing or turn the line around are refused rather than dropped, so that nobody is shown as
// something they did not write.
func cleanWords(raw string, limit int) (string, error) {
	if !utf8.ValidString(raw) {
		return "", refuse(Invalid, "not_text", "This is not readable text. Type it again.")
	}
	text := strings.Join(strings.Fields(norm.NFC.String(raw)), " ")
	if utf8.RuneCountInString(text) > limit {
		return "", refuse(Invalid, "too_long", "This is too long. Shorten it and send it again.")
	}
	if hides(text) {
		return "", refuse(Invalid, "hidden_characters", "This holds characters that cannot be seen. Type it by hand instead of pasting it.")
	}
	return text, nil
}

// hides reports characters that draw nothing by themselves: controls, bidirectional marks, zero-width
// and other format characters, blanks that are no spaces. The zero-width joiner passes where it makes
// one picture of two, and nowhere else, so that no name can be doubled by it.
func hides(text string) bool {
	before := rune(0)
	for _, r := range text {
		if r == joiner && unicode.In(before, unicode.So, unicode.Sk, unicode.Mn) && before != combiningJoiner {
			before = r
			continue
		}
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co) || strings.ContainsRune(blanks, r) || r == utf8.RuneError {
			return true
		}
		before = r
	}
	return before == joiner
}

const (
	joiner          = '\u200d'
	combiningJoiner = '\u034f'
	blanks          = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
)
