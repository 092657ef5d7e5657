package realtime

import (
	"cmp"
	"os"
	"slices"
	"testing"

	"mend/facilitator"
)

// The adversary reads everything that is ever stored of a bowl, unsealed: every commit of its session's
// log with its number, its time, the commands and events in it. For each share it guesses the author, in
// every way below, among the people of the bowl.
//
// The statistic is the number of right guesses T over all bowls. Without a link each guess in a bowl of n
// people is right with probability 1/n, so T is Poisson-binomial; its upper tail is computed exactly. The
// adversary wins if the tail of its best strategy is below 10^-5 (after Bonferroni over the strategies),
// which a strategy reaches that is right two thirds more often than chance; where time is no matter ("dev soak"),
// over as many bowls as it takes to see one that is right a third more often.
const winsBelow = 1e-5

func bowlsWatched() int {
	if os.Getenv("MEND_SOAK") != "" {
		return 300
	}
	return 100
}

// strategy guesses the author of the k-th share.
type strategy struct {
	name  string
	guess func(w *watched, k int) facilitator.PersonID
}

func strategies() []strategy {
	along := func(people []facilitator.PersonID, k, of int) facilitator.PersonID {
		return people[min(len(people)-1, k*len(people)/max(1, of))]
	}
	rank := func(w *watched, k int, less func(a, b facilitator.StoredShare) int) int {
		sorted := slices.SortedFunc(slices.Values(w.shares), less)
		return slices.IndexFunc(sorted, func(s facilitator.StoredShare) bool { return s.ID == w.shares[k].ID })
	}
	byID := func(a, b facilitator.StoredShare) int { return cmp.Compare(a.ID, b.ID) }
	byLength := func(a, b facilitator.StoredShare) int { return len(a.Text) - len(b.Text) }
	byKey := func(a, b facilitator.StoredShare) int { return cmp.Compare(a.Key, b.Key) }
	return []strategy{
		{"the k-th share is the k-th signer's", func(w *watched, k int) facilitator.PersonID { return w.signed[k] }},
		{"shares lie along the signers", func(w *watched, k int) facilitator.PersonID { return along(w.signed, k, len(w.shares)) }},
		{"shares lie along the signers, backwards", func(w *watched, k int) facilitator.PersonID {
			return along(w.signed, len(w.shares)-1-k, len(w.shares))
		}},
		{"shares lie along those who joined", func(w *watched, k int) facilitator.PersonID { return along(w.people, k, len(w.shares)) }},
		{"names of shares lie along the signers", func(w *watched, k int) facilitator.PersonID {
			return along(w.signed, rank(w, k, byID), len(w.shares))
		}},
		{"names of shares lie along those who joined", func(w *watched, k int) facilitator.PersonID {
			return along(w.people, rank(w, k, byID), len(w.shares))
		}},
		{"keys of shares lie along the signers", func(w *watched, k int) facilitator.PersonID {
			return along(w.signed, rank(w, k, byKey), len(w.shares))
		}},
		{"lengths lie along the signers", func(w *watched, k int) facilitator.PersonID {
			return along(w.signed, rank(w, k, byLength), len(w.shares))
		}},
		{"tokens lie along the signers, as shares along tokens", func(w *watched, k int) facilitator.PersonID {
			return along(w.signed, k*len(w.spent)/len(w.shares), len(w.spent))
		}},
		{"the last shares are theirs who came back", func(w *watched, k int) facilitator.PersonID {
			if n := len(w.shares) - 1 - k; n < len(w.came) {
				return w.came[n]
			}
			return w.signed[k]
		}},
		{"the first shares are theirs who came back", func(w *watched, k int) facilitator.PersonID {
			if k < len(w.came) {
				return w.came[k]
			}
			return w.signed[k]
		}},
	}
}

// learned looks at the truth of half of the bowls, and guesses in the others the place among the signers
// that a share at this place had most often.
func learned(bowls []*watched) (strategy, []*watched) {
	const places = 8
	var seen [places][places]int
	place := func(k, of int) int { return min(places-1, k*places/max(1, of)) }
	half := len(bowls) / 2
	for _, w := range bowls[:half] {
		for k, sh := range w.shares {
			author := slices.Index(w.signed, w.authors[sh.Text])
			seen[place(k, len(w.shares))][place(author, len(w.signed))]++
		}
	}
	return strategy{"learned from the truth of other bowls", func(w *watched, k int) facilitator.PersonID {
		row := seen[place(k, len(w.shares))]
		best := slices.Index(row[:], slices.Max(row[:]))
		return w.signed[min(len(w.signed)-1, best*len(w.signed)/places+len(w.signed)/(2*places))]
	}}, bowls[half:]
}

// upperTail is the chance of so many right guesses or more, each with a probability of its own.
func upperTail(chances []float64, right int) float64 {
	dist := []float64{1}
	for _, p := range chances {
		next := make([]float64, len(dist)+1)
		for k, q := range dist {
			next[k] += q * (1 - p)
			next[k+1] += q * p
		}
		dist = next
	}
	sum := 0.0
	for k := len(dist) - 1; k >= right; k-- {
		sum += dist[k]
	}
	return sum
}

// judge counts a strategy's right guesses.
func judge(s strategy, bowls []*watched) (right int, expected, p float64) {
	var chances []float64
	for _, w := range bowls {
		for k, sh := range w.shares {
			chances = append(chances, 1/float64(len(w.people)))
			expected += 1 / float64(len(w.people))
			if s.guess(w, k) == w.authors[sh.Text] {
				right++
			}
		}
	}
	return right, expected, upperTail(chances, right)
}

func TestTheAdversaryGuessesNoBetterThanChance(t *testing.T) {
	bowls := watchBowls(t)
	if slices.Contains(bowls, nil) {
		t.Fatal("not every bowl came to its end")
	}
	total := 0
	for _, w := range bowls {
		total += len(w.shares)
	}
	t.Logf("%d bowls, %d shares", len(bowls), total)
	all := strategies()
	taught, rest := learned(bowls)
	best := 1.0
	report := func(s strategy, of []*watched) {
		right, expected, p := judge(s, of)
		best = min(best, p)
		t.Logf("%-55s right %4d, by chance %6.1f, tail %.3g", s.name, right, expected, p)
	}
	for _, s := range all {
		report(s, bowls)
	}
	report(taught, rest)
	if best *= float64(len(all) + 1); best < winsBelow {
		t.Errorf("the best strategy is better than chance: %g", best)
	}
	control(t, all[1], bowls)
}

// control holds that the adversary would have won, had shares been stored in the order in which they came.
func control(t *testing.T, s strategy, bowls []*watched) {
	t.Helper()
	var leaky []*watched
	for _, w := range bowls {
		l := *w
		l.shares = slices.SortedFunc(slices.Values(w.shares), func(a, b facilitator.StoredShare) int {
			return slices.Index(w.posted, w.authors[a.Text]) - slices.Index(w.posted, w.authors[b.Text])
		})
		leaky = append(leaky, &l)
	}
	right, expected, p := judge(s, leaky)
	t.Logf("control, unshuffled: right %d, by chance %.1f, tail %.3g", right, expected, p)
	if p > winsBelow {
		t.Errorf("the adversary cannot see what there is to see: %d right, by chance %.1f", right, expected)
	}
}
