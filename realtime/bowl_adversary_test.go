package realtime

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	mathrand "math/rand/v2"
	"slices"
	"strings"
	"sync"
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
// which a strategy reaches that is right about half as often again as chance.
const (
	bowlsWatched = 300
	winsBelow    = 1e-5
)

// watched is one bowl as it is stored, and the truth beside it.
type watched struct {
	people  []facilitator.PersonID // in the order in which they joined
	signed  []facilitator.PersonID // in the order in which the log has their signatures
	came    []facilitator.PersonID // those who were away meanwhile and came back
	posted  []facilitator.PersonID // the truth nobody has: authors in the order in which they posted
	shares  []facilitator.StoredShare
	spent   []facilitator.Token
	authors map[string]facilitator.PersonID // of each text
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

// watchBowls runs bowls on a real node and log, and reads all that was stored of each.
func watchBowls(t *testing.T) []*watched {
	h := embedded(t)
	h.node.newKeys = keyPool(t, 3)
	bowls := make([]*watched, bowlsWatched)
	jobs := make(chan int)
	var running sync.WaitGroup
	for range 24 {
		running.Go(func() {
			for i := range jobs {
				bowls[i] = watchBowl(t, h, i)
			}
		})
	}
	for i := range bowls {
		jobs <- i
	}
	close(jobs)
	running.Wait()
	return bowls
}

// keyPool makes keys once for many bowls: what they are has nothing to do with what is tested.
func keyPool(t *testing.T, n int) func() (facilitator.BowlKeys, error) {
	pool := make([]facilitator.BowlKeys, n)
	for i := range pool {
		var err error
		if pool[i], err = newBowlKeys(); err != nil {
			t.Fatal(err)
		}
	}
	return func() (facilitator.BowlKeys, error) { return pool[mathrand.IntN(n)], nil }
}

// watchBowl runs one bowl in the way that would tell the most, were it told: people sign in the order in
// which they post, and some go and come back late.
func watchBowl(t *testing.T, h *house, i int) *watched {
	random := mathrand.New(mathrand.NewPCG(uint64(i), 7))
	n := 5 + random.IntN(26)
	c := openBowl(t, h, fmt.Sprintf("watched-%d", i), n, 1)
	w := &watched{authors: map[string]facilitator.PersonID{}}
	for p := 1; p <= n; p++ {
		w.people = append(w.people, personN(p))
	}
	order := slices.Clone(w.people)
	random.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
	late := map[facilitator.PersonID]bool{}
	if random.IntN(4) == 0 {
		late[order[random.IntN(n)]], late[order[random.IntN(n)]] = true, true
	}
	for _, p := range order {
		c.sign(p)
	}
	post := func(p facilitator.PersonID) {
		body := c.sharers[p].Blank()
		if p == order[0] || random.IntN(10) < 6 {
			text := fmt.Sprintf("canary-text-%d-%d %s", i, random.Uint32(), strings.Repeat("word ", random.IntN(200)))
			text = strings.TrimSpace(text)
			body = c.share(p, text)
			w.authors[text], w.posted = p, append(w.posted, p)
		}
		c.mustPlace(body)
	}
	for _, p := range order {
		if !late[p] {
			post(p)
		} else {
			c.h.do(c.session, system, facilitator.Went{Person: p})
		}
	}
	c.lead(facilitator.CloseBowl{})
	if len(late) > 0 {
		c.until("the tokens are tallied", func(v facilitator.BowlEveryone) bool { return v.Phase == facilitator.BowlRecovery })
		for _, p := range order {
			if late[p] {
				c.h.do(c.session, system, facilitator.Came{Person: p})
				post(p)
			}
		}
	}
	c.until("all is poured", func(v facilitator.BowlEveryone) bool { return v.Phase == facilitator.BowlIsPoured })
	c.readLog(w)
	return w
}

// readLog reads every commit of the session, and holds that no record has both a person and a share or token.
func (c *circle) readLog(w *watched) {
	log := c.h.node.log
	key, err := log.Key(context.Background(), c.session)
	if err != nil {
		c.t.Error(err)
		return
	}
	s, _ := newSeal(key, c.session)
	entries, err := readOn(context.Background(), log, c.session, 0)
	if err != nil {
		c.t.Error(err)
	}
	for _, e := range entries {
		plain, err := s.open(e.Sealed)
		if err != nil {
			c.t.Error(err)
			continue
		}
		c.noLink(string(plain))
		var commit Commit
		if err := json.Unmarshal(plain, &commit); err != nil {
			c.t.Error(err)
		}
		for _, stored := range commit.Events {
			event, err := facilitator.DecodeEvent(stored.Is, stored.With)
			if err != nil {
				c.t.Error(err)
			}
			switch event := event.(type) {
			case facilitator.BowlSigned:
				w.signed = append(w.signed, event.Person)
			case facilitator.PersonCame:
				w.came = append(w.came, event.Person)
			case facilitator.BowlPoured:
				w.shares, w.spent = append(w.shares, event.Shares...), append(w.spent, event.Spent...)
			}
		}
	}
	if len(w.shares) != len(w.authors) || len(w.spent) != len(w.people) {
		c.t.Errorf("%s: %d shares of %d, %d tokens of %d", c.session, len(w.shares), len(w.authors), len(w.spent), len(w.people))
	}
}

// noLink holds that a record with a share or a token names nobody: no person, no alias, no tab.
func (c *circle) noLink(record string) {
	anonymous := strings.Contains(record, "canary-text") || strings.Contains(record, "bowl.poured") || strings.Contains(record, "bowl.tallied")
	for _, s := range c.sharers {
		anonymous = anonymous || strings.Contains(record, string(s.Token()))
	}
	if !anonymous {
		return
	}
	for p := range c.sharers {
		if strings.Contains(record, fmt.Sprintf("%q", p)) || strings.Contains(record, "Heron") || strings.Contains(record, `"commands"`) {
			c.t.Errorf("%s: a record holds somebody beside what is anonymous: %.300s", c.session, record)
		}
	}
}

// chiSquareLimit is the value that a chi-square of so many degrees exceeds once in a million draws
// (Wilson and Hilferty's approximation).
func chiSquareLimit(degrees int) float64 {
	const z, d = 4.7534, 9.0
	f := float64(degrees)
	return f * math.Pow(1-2/(d*f)+z*math.Sqrt(2/(d*f)), 3)
}

// Every order of five things is as likely as any other: chi-square over the 120 orders, 119 degrees.
func TestTheShuffleIsUniform(t *testing.T) {
	const draws = 120_000
	counts := map[[5]int]int{}
	for range draws {
		order := [5]int{0, 1, 2, 3, 4}
		shuffle(5, func(i, j int) { order[i], order[j] = order[j], order[i] })
		counts[order]++
	}
	want, chi := float64(draws)/120, 0.0
	for _, n := range counts {
		chi += (float64(n) - want) * (float64(n) - want) / want
	}
	t.Logf("chi-square %.1f over %d orders; limit %.1f", chi, len(counts), chiSquareLimit(119))
	if len(counts) != 120 || chi > chiSquareLimit(119) {
		t.Errorf("chi-square %.1f over %d orders", chi, len(counts))
	}
	holdPlaces(t)
}

// holdPlaces: each of 30 things comes to each of 30 places equally often; 29×29 degrees.
func holdPlaces(t *testing.T) {
	const things, draws = 30, 30_000
	var counts [things][things]int
	order := make([]int, things)
	for range draws {
		for i := range order {
			order[i] = i
		}
		shuffle(things, func(i, j int) { order[i], order[j] = order[j], order[i] })
		for place, thing := range order {
			counts[thing][place]++
		}
	}
	want, chi := float64(draws)/things, 0.0
	for _, row := range counts {
		for _, n := range row {
			chi += (float64(n) - want) * (float64(n) - want) / want
		}
	}
	t.Logf("chi-square %.1f over places; limit %.1f", chi, chiSquareLimit(29*29))
	if chi > chiSquareLimit(29*29) {
		t.Errorf("chi-square %.1f over places", chi)
	}
}
