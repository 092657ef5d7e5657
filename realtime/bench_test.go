package realtime

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	mathrand "math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"mend/facilitator"
)

func BenchmarkDecideAndApply(b *testing.B) {
	for _, people := range []int{30, 1000} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) {
			s := facilitator.New()
			step := func(by facilitator.Seat, c facilitator.Command) {
				events, err := s.Decide(c, facilitator.Input{At: 1, By: by, ID: freshID, Shuffle: mathrand.Shuffle})
				if err != nil {
					b.Fatal(err)
				}
				for _, e := range events {
					s.Apply(e)
				}
			}
			step(system, facilitator.Open{Session: "s", Code: "ABCDEF", Programme: programme(b)})
			for i := range people {
				step(system, facilitator.Join{Person: personN(i), Alias: fmt.Sprintf("Heron %d", i), Role: facilitator.Participant})
			}
			i := 0
			for b.Loop() {
				who := facilitator.Seat{Person: personN(i / 2 % people)}
				if i%2 == 0 {
					step(who, facilitator.RaiseHand{})
				} else {
					step(who, facilitator.LowerHand{})
				}
				i++
			}
		})
	}
}

func BenchmarkAppendDurable(b *testing.B) {
	l := openLog(b, openNATS(b, NATSConfig{Folder: b.TempDir()}))
	c := newChain(b, l, "s")
	for b.Loop() {
		say(b, l, c, "a word or two")
	}
}

func BenchmarkReadLog(b *testing.B) {
	h := embedded(b)
	h.session("s")
	h.join("s", 1, 1000)
	for b.Loop() {
		if _, err := readLog(context.Background(), h.node.log, "s"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(1004, "commits")
}

// room opens a session with people, all connected from a load process.
func (h *house) room(b *testing.B, people int) *loader {
	h.session("s")
	h.join("s", 1, people)
	l := startLoad(b, 0)
	l.do(task{Connect: &connectTask{h.addr, "s", 1, people}})
	time.Sleep(500 * time.Millisecond)
	return l
}

// BenchmarkSpread is a command in a room: from the client sending it until the last of all members has
// read the change, which is more than until it is written. Each is followed by the floor, which is what no
// server can go below here: a bare loop that writes one ready frame to the same connections.
func BenchmarkSpread(b *testing.B) {
	for _, people := range []int{100, 1000} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) {
			h := embedded(b)
			l := h.room(b, people)
			var took []time.Duration
			var cpu, floor time.Duration
			for b.Loop() {
				id := len(took) + 1
				before := cpuTime()
				took = append(took, l.do(task{Round: &roundTask{From: id % people, ID: id, Do: "hand.raise", Want: `"doc":"everyone"`}}).Took)
				cpu += cpuTime() - before
				time.Sleep(30 * time.Millisecond)
				floor += h.floor(b, l)
			}
			deliveries := float64(people * len(took))
			b.ReportMetric(ms(percentile(took, 50)), "p50-ms")
			b.ReportMetric(ms(percentile(took, 99)), "p99-ms")
			b.ReportMetric(float64(cpu.Microseconds())/deliveries, "cpu-µs/delivery")
			b.ReportMetric(float64(floor.Microseconds())/deliveries, "floor-µs/delivery")
			b.ReportMetric(float64(cpu)/float64(floor), "times-the-floor")
		})
	}
}

// floor writes one ready frame to everybody connected, and returns what that cost.
func (h *house) floor(b *testing.B, l *loader) time.Duration {
	h.node.mu.Lock()
	conns := slices.Collect(maps.Keys(h.node.conns))
	h.node.mu.Unlock()
	frame := textFrame([]byte(`{"doc":"everyone","rev":13,"from":12,"patch":{"people":{"p1":{"hand":1}}}}`))
	l.start(task{Round: &roundTask{Want: `"doc":"everyone"`}})
	time.Sleep(20 * time.Millisecond)
	before := cpuTime()
	for _, c := range conns {
		if _, err := c.net.Write(frame); err != nil {
			b.Fatal(err)
		}
	}
	l.finish()
	return cpuTime() - before
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// cpuTime is what this process used, user and system.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkIdleConnection(b *testing.B) {
	const people = 1000
	for b.Loop() {
		h := embedded(b)
		h.session("s")
		h.join("s", 1, people)
		l := startLoad(b, 0)
		heap, rss := memory()
		l.do(task{Connect: &connectTask{h.addr, "s", 1, people}})
		time.Sleep(2 * time.Second)
		heapAfter, rssAfter := memory()
		b.ReportMetric(float64(heapAfter-heap)/people/1024, "KiB-heap+stack")
		b.ReportMetric(float64(rssAfter-rss)/people/1024, "KiB-resident")
	}
}

// memory is what the heap and the stacks use, and what the system has given us.
func memory() (used, resident int64) {
	debug.FreeOSMemory()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return int64(m.HeapInuse + m.StackInuse), 0
	}
	pages, _ := strconv.ParseInt(string(bytes.Fields(statm)[1]), 10, 64)
	return int64(m.HeapInuse + m.StackInuse), pages * int64(os.Getpagesize())
}

// BenchmarkBurst is a thousand people who check in within two seconds.
func BenchmarkBurst(b *testing.B) {
	const people = 1000
	for b.Loop() {
		h := embedded(b)
		l := h.room(b, people)
		first, cpu := h.commits(), cpuTime()
		r := l.do(task{Burst: &burstTask{Within: 2 * time.Second}})
		b.ReportMetric(ms(cpuTime()-cpu)/1000, "cpu-s")
		b.ReportMetric(float64(h.commits()-first), "appends")
		b.ReportMetric(float64(r.Frames), "frames/person")
		b.ReportMetric(ms(r.Took), "ms-to-final")
	}
}

func (h *house) commits() uint64 {
	h.node.mu.Lock()
	r := h.node.rooms["s"]
	h.node.mu.Unlock()
	n := make(chan uint64, 1)
	r.tell(peek{n})
	return <-n
}

type peek struct{ n chan uint64 }

func (p peek) handle(r *Room) { p.n <- r.fold.chain.n }

// BenchmarkFilling is a room that fills from nobody to a thousand, each connected as soon as they joined.
func BenchmarkFilling(b *testing.B) {
	const people = 1000
	for b.Loop() {
		h := embedded(b)
		h.session("s")
		l := startLoad(b, 0)
		cpu, sent := cpuTime(), int64(0)
		for i := 1; i <= people; i++ {
			h.join("s", i, i)
			sent += l.do(task{Connect: &connectTask{h.addr, "s", i, i}}).Bytes
			time.Sleep(5 * time.Millisecond)
		}
		time.Sleep(time.Second)
		b.ReportMetric(float64(sent)/1e6, "MB")
		b.ReportMetric(ms(cpuTime()-cpu)/1000, "cpu-s")
	}
}

// BenchmarkPatch compares two views of a room of a thousand in which one hand went up.
func BenchmarkPatch(b *testing.B) {
	people := func() map[facilitator.PersonID]facilitator.PersonView {
		all := map[facilitator.PersonID]facilitator.PersonView{}
		for i := range 1000 {
			all[personN(i)] = facilitator.PersonView{Alias: fmt.Sprintf("Heron %d", i), Order: i}
		}
		return all
	}
	old, new := facilitator.Everyone{People: people()}, facilitator.Everyone{People: people()}
	p := new.People["p7"]
	p.Hand = 1
	new.People["p7"] = p
	for b.Loop() {
		if _, changed := appendPatch(nil, old, new); !changed {
			b.Fatal("no change")
		}
	}
}
