package facilitator

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestOutlineOfOne(t *testing.T) {
	for _, c := range []struct {
		counts []int
		want   *Outline
	}{
		{[]int{2, 1}, nil},
		{[]int{4, 0}, &Outline{Answers: 4}},
		{[]int{5, 0}, &Outline{Answers: 5, Portions: []Portion{{As: asFirst}, {}}}},
		{[]int{4, 5}, &Outline{Answers: 9, Portions: []Portion{{Count: 4}, {Count: 5}}}},
		{[]int{9, 2, 3, 6}, &Outline{Answers: 20, Portions: []Portion{{Count: 9}, {As: asMerged}, {As: asMerged}, {Count: 6}}, Rest: 5}},
		{[]int{7, 3}, &Outline{Answers: 10, Portions: []Portion{{As: asFirst}, {}}}},
		{[]int{12, 0, 0}, &Outline{Answers: 12, Portions: []Portion{{As: asFirst}, {}, {}}}},
		{[]int{3, 3, 2, 1}, &Outline{Answers: 9, Portions: []Portion{{As: asFirst}, {}, {}, {}}}},
	} {
		if got := outlineOfOne(c.counts); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v is drawn as %+v", c.counts, got)
		}
	}
}

// TestOutlinesTellOnNobody tries all answers of groups up to a size: whatever an outline shows, and whichever answer
// somebody knows to be their own, each number under four could as well be another.
func TestOutlinesTellOnNobody(t *testing.T) {
	for options, largest := range map[int]int{2: 26, 3: 20, 4: 16, 5: 13} {
		for n := few; n <= largest; n++ {
			holdUnknown(t, allShares(options, n), outlineOfOne)
		}
	}
	for options, largest := range map[int]int{2: 14, 3: 10} {
		for n := few; n <= largest; n++ {
			holdUnknown(t, allChoices(options, n), func(counts []int) *Outline { return outlineOfSome(counts, n) })
		}
	}
}

func holdUnknown(t *testing.T, all [][]int, outline func([]int) *Outline) {
	t.Helper()
	alike := map[string][][]int{}
	for _, counts := range all {
		o := outline(counts)
		for _, p := range o.Portions {
			if p.Count != 0 && p.Count < few || o.Rest != 0 && o.Rest < few {
				t.Errorf("%v is drawn with a number under four: %+v", counts, o)
			}
		}
		drawn, _ := json.Marshal(o)
		alike[string(drawn)] = append(alike[string(drawn)], counts)
	}
	for drawn, class := range alike {
		for own := range class[0] {
			for option := range class[0] {
				known := map[int]bool{}
				small := false
				for _, counts := range class {
					if counts[own] == 0 {
						continue
					}
					known[counts[option]] = true
					small = small || counts[option] < few
				}
				if small && len(known) == 1 {
					t.Errorf("%s: who chose %d knows how many chose %d: %v", drawn, own, option, class)
				}
			}
		}
	}
}

// allShares are all ways in which n people choose one of some options each.
func allShares(options, n int) [][]int {
	if options == 1 {
		return [][]int{{n}}
	}
	var all [][]int
	for here := 0; here <= n; here++ {
		for _, rest := range allShares(options-1, n-here) {
			all = append(all, append([]int{here}, rest...))
		}
	}
	return all
}

// allChoices are all counts that n people can come to who may choose any number of options.
func allChoices(options, n int) [][]int {
	if options == 0 {
		return [][]int{{}}
	}
	var all [][]int
	for here := 0; here <= n; here++ {
		for _, rest := range allChoices(options-1, n) {
			all = append(all, append([]int{here}, rest...))
		}
	}
	return all
}
