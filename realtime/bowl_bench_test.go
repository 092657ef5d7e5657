package realtime

import (
	"crypto/rand"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"mend/facilitator"
	"mend/realtime/sharer"
)

// BenchmarkBlindSignatures is what the workers make; a person needs two.
func BenchmarkBlindSignatures(b *testing.B) {
	keys, err := newBowlKeys()
	if err != nil {
		b.Fatal(err)
	}
	bench, made := newBench(), sync.WaitGroup{}
	stop := make(chan struct{})
	for range signers() {
		go bench.work(stop)
	}
	defer close(stop)
	begun, cpu := time.Now(), cpuTime()
	for range b.N {
		made.Add(1)
		blinded := make([]byte, facilitator.SignatureSize)
		rand.Read(blinded[1:])
		s := signing{facilitator.Signing{Keys: &keys, Share: blinded, Marks: blinded}, func(*Signatures, error) { made.Done() }}
		for !bench.ask(s) {
			runtime.Gosched()
		}
	}
	made.Wait()
	b.ReportMetric(2*float64(b.N)/time.Since(begun).Seconds(), "signatures/s")
	b.ReportMetric(ms(cpuTime()-cpu)/float64(2*b.N), "cpu-ms/signature")
	b.ReportMetric(float64(signers()), "workers")
}

// BenchmarkBodyChecks is reading a body and checking its signature, on one core.
func BenchmarkBodyChecks(b *testing.B) {
	h := embedded(b)
	c := signedCircle(b, h, "s", 5, 60)
	raw := c.share("p1", "a share of a few words")
	var admission facilitator.Admission
	body, err := facilitator.ReadBody(raw)
	if err == nil {
		err = h.node.Read(b.Context(), "s", func(s *facilitator.Session) { admission, _ = s.Admit(bowlStep, body) })
	}
	if err != nil {
		b.Fatal(err)
	}
	begun, cpu, n := time.Now(), cpuTime(), 0
	for b.Loop() {
		body, err := facilitator.ReadBody(raw)
		if err == nil {
			err = verifyBody(body, admission.Public)
		}
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(float64(n)/time.Since(begun).Seconds(), "checks/s")
	b.ReportMetric(ms(cpuTime()-cpu)/float64(n), "cpu-ms/check")
}

// BenchmarkBowlOf500 is a bowl of 500 people who all write: until everybody has their signatures, until
// all bodies are taken, from the end of the window until everything is poured, and until the first share
// is before the group. The clients' own work (blinding, unblinding) is not in it.
func BenchmarkBowlOf500(b *testing.B) {
	const people = 500
	for b.Loop() {
		h := embedded(b)
		c := openBowl(b, h, "s", people, 1)
		asks := make([]facilitator.SignBowl, people)
		for i := range people {
			v := c.view()
			s, ask, err := sharer.New("s", v.Bowl, *v.Keys)
			if err != nil {
				b.Fatal(err)
			}
			c.sharers[personN(i+1)], asks[i] = s, ask
		}
		cpu := cpuTime()
		b.ReportMetric(ms(all(people, func(i int) {
			given, err := c.signatures(personN(i+1), asks[i])
			if err == nil {
				err = c.sharers[personN(i+1)].Take(given.Share, given.Marks)
			}
			if err != nil {
				b.Error(err)
			}
		})), "ms-to-sign")
		bodies := make([][]byte, people)
		for i := range bodies {
			bodies[i] = c.share(personN(i+1), fmt.Sprintf("share %d, of a few words, as they are", i))
		}
		b.ReportMetric(ms(all(people, func(i int) {
			if err := c.place(bodies[i]); err != nil {
				b.Error(err)
			}
		})), "ms-to-hand-in")
		c.lead(facilitator.CloseBowl{})
		ends := time.UnixMilli(int64(c.view().Window.Ends))
		c.until("it is poured", func(v facilitator.BowlEveryone) bool { return v.Phase == facilitator.BowlIsPoured })
		b.ReportMetric(ms(time.Since(ends)), "ms-closed-to-poured")
		for id := range c.moderated().Shares {
			c.lead(facilitator.OpenShare{Share: id})
			break
		}
		c.lead(facilitator.ShowShare{})
		c.until("one is shown", func(v facilitator.BowlEveryone) bool { return v.Now != "" })
		b.ReportMetric(ms(time.Since(ends)), "ms-closed-to-opened")
		b.ReportMetric(ms(cpuTime()-cpu)/1000, "cpu-s")
	}
}

// all does something for each of many, a few hundred at a time, and says how long it took.
func all(n int, do func(i int)) time.Duration {
	begun := time.Now()
	var running sync.WaitGroup
	atOnce := make(chan struct{}, 200)
	for i := range n {
		atOnce <- struct{}{}
		running.Go(func() {
			do(i)
			<-atOnce
		})
	}
	running.Wait()
	return time.Since(begun)
}
