package facilitator

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// sameName reports whether two names would be taken for each other: letter case, the width or style of characters and
// what joins them make no difference.
func sameName(a, b string) bool { return strings.EqualFold(bare(a), bare(b)) }

// bare is a name without what may draw nothing.
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		if r == joiner || r == nonJoiner || unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(name))
}

// looksLike reports whether one name could be read as the other at a glance: across scripts, with or
// without accents, blanks and points, its words turned around, or with a title beside it.
func looksLike(name, leader string) bool {
	for _, as := range []func(string) string{func(s string) string { return s }, strings.ToLower} {
		a, b := as(name), as(leader)
		words := skeletons(a)
		if skeleton(a) == skeleton(b) || len(words) > 0 && slices.Equal(words, skeletons(b)) {
			return true
		}
	}
	return false
}

// skeletons are those of a name's words without titles, in an order of their own.
func skeletons(name string) []string {
	words := slices.DeleteFunc(split(name), func(word string) bool { return called(word, titles) || called(word, articles) })
	for i, word := range words {
		words[i] = skeleton(word)
	}
	slices.Sort(words)
	return words
}

// split is a name's words: what stands between blanks, brackets and other signs.
func split(name string) []string {
	return strings.FieldsFunc(norm.NFKC.String(name), func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.N) && lookalikes[r] == "" && r != '\'' && r != '’'
	})
}

// claims reports a name that is nothing but a title.
func claims(name string) bool {
	words := split(name)
	return len(skeletons(name)) == 0 && slices.ContainsFunc(words, func(word string) bool { return called(word, titles) })
}

func called(word string, among map[string]bool) bool {
	return among[skeleton(word)] || among[skeleton(strings.ToLower(word))]
}

// titles are what those who lead are called, and articles what goes with it; as skeletons.
var (
	titles = skeletonsOf("facilitator cofacilitator facilitador facilitadora cofacilitador cofacilitadora keeper host cohost anfitrion anfitriona " +
		"moderator moderador moderadora admin administrator administrador administradora")
	articles = skeletonsOf("the el la los real your tu co official oficial")
)

func skeletonsOf(words string) map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields(words) {
		all[skeleton(word)] = true
	}
	return all
}

// skeleton is a name with every character replaced by the plainest one that looks like it.
func skeleton(name string) string {
	var plain strings.Builder
	for _, r := range norm.NFKD.String(name) {
		if like := lookalikes[r]; like != "" {
			plain.WriteString(like)
		} else if unicode.IsLetter(r) || unicode.IsDigit(r) {
			plain.WriteRune(unicode.ToLower(r))
		}
	}
	return twins.Replace(plain.String())
}

// twins are pairs of letters that look like one.
var twins = strings.NewReplacer("rn", "m", "vv", "w", "cl", "d")

// lookalikes are the letters, digits and signs that pass for a Latin letter in common typefaces: Cyrillic, Greek, Armenian,
// Coptic, Cherokee, Lisu, Canadian and Deseret ones, and Latin ones that no decomposition reaches. It follows the most
// common part of Unicode's list of confusables (UTS 39).
var lookalikes = likes(
	"a АаӐӑΑαɑᴀᎪꓮⲀⲁᗅȺᶏⱥ@",
	"b ВвЬьΒβƁƂƃɃɓʙᵬᶀꞖꞗᏴᏼᗷꓐⲂƅ",
	"c СсϲϹᴄᏟꓚⲤⲥƇƈȻȼɕꞒꞓꞔꟄↃɔ",
	"d ԁᎠᗞᗪꓓꓒĐđƊƋƌɖɗᴅᵭᶁᶑꟇꟈÐð",
	"e ЕеҽΕεᎬꓰⲈɆɇᴇᶒⱸꬴɛєЄ",
	"f ғҒϜϝᖴꓝƑƒᵮᶂꜰꞘꞙſ",
	"g ԌցᏀᏳꓖɡƓǤǥɠɢʛᶃꞠꞡ",
	"h НнҺһΗհᎻꓧⲎĦħɦʜⱧⱨꞕꞪᕼ",
	"i іїιɩɪıƗɨᶖꞮᎥ𑣃",
	"j ЈјϳᎫꓙᒍյɈɉʝᴊꞲ",
	"k КкҚқҜҝҞҟΚκᏦꓗⲔƘƙᴋᶄⱩⱪꝀꝁꝂꝃꝄꝅꞢꞣ",
	"l 1I|ІӏӀΙǀǃ∣׀│❘⏐ℓᏞꓡᒪⳐļʟᴌŁłƚȴȽɫɬɭᶅⱠⱡⱢꝈꝉꞎꞭꬷꬸꬹԼլןוߊⵏꓲⲒ",
	"m МмΜᎷꓟⲘɱᴍᵯᶆⱮꬺᗰ",
	"n ПпΝηոɴꓠⲚƝƞȠȵɲɳᵰᶇꞐꞑꞤꞥꬻИийЙ",
	"o 0ОоΟοσօՕᴏØøƟⱺꝊꝋꝌꝍꓳⲞⲟסഠဝ௦०੦૦౦೦൦๐໐၀〇ѲѳθΘ",
	"p РрΡρքᎮꓑⲢƤƥᴘᵱᵽᶈⱣꝐꝑꝒꝓꝔꝕþÞ",
	"q ԛզɋʠꝖꝗꝘꝙꞯႳ",
	"r гГᎡᏒꭱꮢꓣᖇЯяɌɍɼɽɾʀᵲᵳᶉⱤꝚꝛꞦꞧꭆꭉⲄ",
	"s 5ЅѕՏᏕᏚꓢꜱȿʂᵴᶊⱾꞨꞩꟅꟉꟊ$",
	"t ТтΤτᎢꓔⲦᴛŦŧƫƬƭƮȶȾʈᵵⱦ",
	"u ՍսυᴜᑌꓴᶙꞸꞹꭎꭒμ",
	"v ѴѵνᏙᏉꓦᴠᐯƲʋᶌⱱⴴꝞꝟ٧۷",
	"w ԜԝωᎳᏔꓪᴡɯⱲⱳшШ",
	"x ХхΧχꓫⲬ᙭ᶍꭖꭗꭘꭙ×",
	"y УуҮүΥγᎩꓬⲨʏƳƴɎɏỾỿꭚ¥",
	"z ΖᏃꓜⲌᴢƵƶȤȥɀʐʑᵶᶎⱫⱬⱿꟆ",
)

// likes reads "a Ааα": each of these looks like a.
func likes(lists ...string) map[rune]string {
	all := map[rune]string{}
	for _, list := range lists {
		plain, like, _ := strings.Cut(list, " ")
		for _, r := range like {
			all[r] = plain
		}
	}
	return all
}

// alphabets share letters that look the same.
var alphabets = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee, unicode.Coptic, unicode.Lisu, unicode.Canadian_Aboriginal}

// mixes reports a word with letters of two such alphabets, as nobody writes who does not want to be taken for another.
func mixes(name string) bool {
	return slices.ContainsFunc(split(name), func(word string) bool {
		of := -1
		for _, r := range word {
			i := slices.IndexFunc(alphabets, func(a *unicode.RangeTable) bool { return unicode.Is(a, r) })
			if i >= 0 && of >= 0 && i != of {
				return true
			}
			of = max(of, i)
		}
		return false
	})
}
