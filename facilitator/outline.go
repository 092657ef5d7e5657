package facilitator

// Outline is how a group's answers lie, drawn so that no number under four stands in it or can be worked out from it,
// not even by somebody who counts their own answer in. It is drawn once for a question, when its answers are final:
// two outlines of nearly the same answers would tell the difference between them.
//
// Where a few chose an option, it is merged with others until the rest hides who they are; what cannot be told in
// numbers is told in words (Portion.As), and of fewer than five people nothing but that they answered.
type Outline struct {
	Answers  int       `json:"answers"`            // of how many people, four or more
	Portions []Portion `json:"portions,omitempty"` // one for each option, in order; absent where nothing may be told
	Rest     int       `json:"rest,omitempty"`     // how many chose one of the options that are merged
}

// Portion is what is told of one option: how many chose it, or else a word for it, or neither.
type Portion struct {
	Count int     `json:"count,omitempty"` // four or more
	As    Bearing `json:"as,omitempty"`
}

// Bearing says in a word how an option lies.
type Bearing string

const (
	asMerged Bearing = "merged" // counted in the rest
	asFew    Bearing = "few"    // fewer than four chose it, perhaps nobody
	asMost   Bearing = "most"   // everybody, or all but fewer than four
	asFirst  Bearing = "first"  // no other was chosen more often
)

const (
	enoughForFirst = 5 // people among whom the first of the options tells on nobody
	enoughForWords = 8 // people among whom the words for an amount do not
)

// outlineOfOne draws answers of people who chose one option each.
func outlineOfOne(counts []int) *Outline {
	o := &Outline{}
	for _, n := range counts {
		o.Answers += n
	}
	switch {
	case o.Answers < few:
		return nil
	case o.Answers < enoughForFirst:
	case o.count(counts):
	default:
		o.first(counts)
	}
	return o
}

// outlineOfSome draws answers of people who chose as many options as they liked: each option is a question of its own.
func outlineOfSome(counts []int, people int) *Outline {
	o := &Outline{Answers: people}
	switch {
	case people < few:
		return nil
	case people < enoughForFirst:
	case people < enoughForWords:
		o.first(counts)
	default:
		for _, n := range counts {
			o.Portions = append(o.Portions, portionOf(n, people))
		}
	}
	return o
}

func portionOf(n, people int) Portion {
	switch {
	case n < few:
		return Portion{As: asFew}
	case people-n < few:
		return Portion{As: asMost}
	}
	return Portion{Count: n}
}

func (o *Outline) first(counts []int) {
	o.Portions = make([]Portion, len(counts))
	o.Portions[largest(counts)].As = asFirst
}

// largest is the option that was chosen most often, of equals the first.
func largest(counts []int) int {
	at := 0
	for i, n := range counts {
		if n > counts[at] {
			at = i
		}
	}
	return at
}

// count gives the options from four up their numbers and merges the others. One option alone, or a rest under four, would
// be worked out from the numbers; then the smallest of the others is merged too. It fails when no number is left.
func (o *Outline) count(counts []int) bool {
	hidden, kept := map[int]bool{}, len(counts)
	for i, n := range counts {
		if n < few {
			hidden[i] = true
			o.Rest += n
			kept--
		}
	}
	for kept > 0 && len(hidden) > 0 && !(len(hidden) > 1 && o.Rest >= few && o.Rest < (few-1)*len(hidden)) {
		at := smallest(counts, hidden)
		hidden[at] = true
		o.Rest += counts[at]
		kept--
	}
	if kept == 0 {
		o.Rest = 0
		return false
	}
	for i, n := range counts {
		p := Portion{Count: n}
		if hidden[i] {
			p = Portion{As: asMerged}
		}
		o.Portions = append(o.Portions, p)
	}
	return true
}

// smallest is the option chosen least often of those that are not hidden, of equals the last.
func smallest(counts []int, hidden map[int]bool) int {
	at := -1
	for i, n := range counts {
		if !hidden[i] && (at < 0 || n <= counts[at]) {
			at = i
		}
	}
	return at
}
