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
	if doubles(name) {
		return "", hidden()
	}
	if piles(name) {
		return "", refuse(Invalid, "alias_piled", "There are too many marks on one letter: they would cover other people's words. Leave some out.")
	}
	if mixes(name) {
		return "", refuse(Invalid, "alias_mixed", "A word of this name mixes letters of two alphabets. Write each word in one.")
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
	if hides(text) {
		return "", hidden()
	}
	return text, nil
}

func hidden() error {
	return refuse(Invalid, "hidden_characters", "This holds characters that cannot be seen. Type it by hand instead of pasting it.")
}

// hides reports characters that draw nothing by themselves: controls, bidirectional marks, zero-width
// and other format characters, blanks that are no spaces. What joins or parts letters passes where it is
// spelling, and makes one picture of two.
func hides(text string) bool {
	before := rune(0)
	for at, r := range text {
		after, _ := utf8.DecodeRuneInString(text[at+utf8.RuneLen(r):])
		switch {
		case r == joiner && after != utf8.RuneError && unicode.In(before, unicode.So, unicode.Sk, unicode.Mn) && before != combiningJoiner:
		case r == nonJoiner && parts(before, after):
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co) || strings.ContainsRune(blanks, r) || r == utf8.RuneError:
			return true
		}
		before = r
	}
	return false
}

// doubles reports what is no fault in a text but makes a second name of one: a selector or joiner where it changes nothing.
func doubles(name string) bool {
	before := rune(0)
	for at, r := range name {
		after, _ := utf8.DecodeRuneInString(name[at+utf8.RuneLen(r):])
		selects := unicode.Is(unicode.Variation_Selector, r)
		if selects && !varies(before, after) || r == joiner && !joins(before) {
			return true
		}
		before = r
	}
	return false
}

const (
	joiner          = '\u200d'
	nonJoiner       = '\u200c'
	combiningJoiner = '\u034f'
	keycap          = '\u20e3'
	blanks          = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
)

// joins reports what a zero-width joiner changes when it follows: a picture, or a letter of India's scripts that lost its vowel.
func joins(before rune) bool {
	return unicode.In(before, unicode.So, unicode.Sk, unicode.Variation_Selector) || virama(before)
}

// parts reports where a zero-width non-joiner is spelling: after a lost vowel, and in Arabic letters that would else be joined.
func parts(before, after rune) bool {
	joined := unicode.Is(unicode.Arabic, before) && unicode.IsLetter(before) && !strings.ContainsRune(neverJoined, before)
	return virama(before) && unicode.IsLetter(after) || joined && unicode.Is(unicode.Arabic, after) && unicode.IsLetter(after)
}

// neverJoined are the Arabic letters that do not reach for the next one.
const neverJoined = "ءآأؤإاةدذرزوىٱڈڑژۆۇۈۋےۀە"

func virama(r rune) bool { return norm.NFC.PropertiesString(string(r)).CCC() == 9 }

// varies reports where a variation selector draws something else: a picture, the digit of a keycap, a Chinese character.
func varies(before, after rune) bool {
	return unicode.In(before, unicode.So, unicode.Sk, unicode.Sm, unicode.Han) || strings.ContainsRune("\u203c\u2049\u2139\u3030", before) || after == keycap
}

// mostMarks on one letter are what Hebrew with all its points and Tibetan need.
const mostMarks = 4

// piles reports more marks on one letter than any writing has: they stand in the lines above and below.
func piles(text string) bool {
	marks := 0
	for _, r := range text {
		if marks++; !unicode.In(r, unicode.Mn, unicode.Me) {
			marks = 0
		}
		if marks > mostMarks {
			return true
		}
	}
	return false
}
