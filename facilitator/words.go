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
	if strings.ContainsFunc(text, hidden) {
		return "", refuse(Invalid, "hidden_characters", "This holds characters that cannot be seen. Type it by hand instead of pasting it.")
	}
	return text, nil
}

// hidden reports characters that draw nothing by themselves: controls, bidirectional marks, zero-width
// and other format characters. The zero-width joiner stays, as emoji and some scripts need it.
func hidden(r rune) bool {
	const joiner = '\u200d'
	return r != joiner && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) ||
		r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\uffa0' || r == utf8.RuneError)
}
