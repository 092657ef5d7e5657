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

// looksLike reports whether one name could be read as the other at a glance: across scripts, with or
// without accents, blanks and points.
func looksLike(a, b string) bool {
	return skeleton(a) == skeleton(b) || skeleton(strings.ToLower(a)) == skeleton(strings.ToLower(b))
}

// skeleton is a name with every character replaced by the plainest one that looks like it.
func skeleton(name string) string {
	var plain strings.Builder
	for _, r := range norm.NFKD.String(name) {
		if like, ok := lookalikes[r]; ok {
			plain.WriteString(like)
		} else if unicode.IsLetter(r) || unicode.IsDigit(r) {
			plain.WriteRune(unicode.ToLower(r))
		}
	}
	return twins.Replace(plain.String())
}

// twins are pairs of letters that look like one.
var twins = strings.NewReplacer("rn", "m", "vv", "w", "cl", "d")

// lookalikes are the letters and digits that pass for a Latin letter in common typefaces: Cyrillic, Greek,
// Armenian, Cherokee and Latin ones that no decomposition reaches. It follows the most common part of
// Unicode's list of confusables (UTS 39).
var lookalikes = pairs(
	"аa еe оo рp сc уy хx ѕs іi јj һh ԁd ԛq ԝw гr кk мm нh тt вb ьb ӏl үy ғf өo ѵv пn",
	"Аa Вb Еe Кk Мm Нh Оo Рp Сc Тt Уy Хx Ѕs Іl Јj Үy Ԍg Ԝw Ѵv",
	"αa βb γy εe ηn ιi κk νv οo ρp τt υu χx ωw ϲc ϳj",
	"Αa Βb Εe Ζz Ηh Ιl Κk Μm Νn Οo Ρp Τt Υy Χx Ϲc",
	"օo սu ոn հh ցg լl Սu Օo Տs քp",
	"Ꭺa Ᏼb Ꮯc Ꭰd Ꭼe Ꮋh Ꭻj Ꮶk Ꮮl Ꮇm Ꮲp Ꮪs Ꭲt Ꮩv Ꮃw Ꮓz",
	"0o 1l Il |l 5s øo Øo łl Łl đd Đd ħh ıi ſs ƒf ɑa ɡg ɩi ɪi ʏy ʟl ɴn ʀr ɢg ʜh ʙb ɛe ɔc ʋv ɯw ƅb",
	"ᴀa ᴄc ᴅd ᴇe ᴊj ᴋk ᴍm ᴏo ᴘp ᴛt ᴜu ᴠv ᴡw ᴢz $s @a ǀl ǃl",
)

// pairs reads "аa" as: а looks like a.
func pairs(lists ...string) map[rune]string {
	all := map[rune]string{}
	for _, pair := range strings.Fields(strings.Join(lists, " ")) {
		runes := []rune(pair)
		all[runes[0]] = string(runes[1])
	}
	return all
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
