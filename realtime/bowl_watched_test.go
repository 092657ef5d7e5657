package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mend/facilitator"
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

// watchBowls runs bowls on a real node and log, and reads all that was stored of each.
func watchBowls(t *testing.T) []*watched {
	h := embedded(t)
	h.node.newKeys = keyPool(t, 3)
	bowls := make([]*watched, bowlsWatched())
	jobs := make(chan int)
	var running sync.WaitGroup
	for range 8 {
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

// patiently asks again while the log does not answer in time.
func (c *circle) patiently(ask func() error) {
	c.t.Helper()
	err := ask()
	for end := time.Now().Add(patience); errors.Is(err, errUnknown) && time.Now().Before(end); {
		err = ask()
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

// readLog reads every commit of the session, and holds that no record has both a person and a share or token.
func (c *circle) readLog(w *watched) {
	log := c.h.node.log
	var key []byte
	var entries []Entry
	c.patiently(func() (err error) {
		if key, err = log.Key(context.Background(), c.session); err == nil {
			entries, err = readOn(context.Background(), log, c.session, 0)
		}
		return err
	})
	s, _ := newSeal(key, c.session)
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
