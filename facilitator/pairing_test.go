package facilitator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawPairing is people, and who is to be kept from whom.
func drawPairing(r *rapid.T, from, to, wishes int) *pairing {
	n := rapid.IntRange(from, to).Draw(r, "people")
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
	p := newPairing(n, rapid.IntRange(2, 3).Draw(r, "want"), random.Shuffle)
	for a := range n {
		for range rapid.IntRange(0, wishes).Draw(r, "wishes") {
			p.keepApart(a, random.IntN(n))
		}
	}
	if rapid.Bool().Draw(r, "mixing") {
		for range n {
			p.experience = append(p.experience, random.IntN(4))
		}
	}
	return p
}

// holdForm holds that everybody is in one room of two to four, and counts the pairs that were to be apart and are not.
func holdForm(r *rapid.T, p *pairing, rooms [][]int) (clashes int) {
	seen := make([]bool, p.players)
	for _, room := range rooms {
		if len(room) < leastInRoom || len(room) > mostInRoom {
			r.Fatalf("a room of %d", len(room))
		}
		for i, a := range room {
			if seen[a] {
				r.Fatalf("%d is in two rooms", a)
			}
			seen[a] = true
			clashes += p.clashes(a, room[i+1:], -1)
		}
	}
	if slices.Contains(seen, false) {
		r.Fatalf("somebody is in no room: %v", rooms)
	}
	return clashes
}

// TestSmallGroupsAreKeptApartWheneverPossible compares with trying everything.
func TestSmallGroupsAreKeptApartWheneverPossible(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := drawPairing(r, 2, 9, 3)
		rooms, tight := p.form()
		clashes := holdForm(r, p, rooms)
		if possible := p.possible(1<<p.players - 1); tight == possible || tight != (clashes > 0) {
			r.Fatalf("%d clashes, said to be tight %v, and it was possible %v", clashes, tight, possible)
		}
	})
}

// possible tries every way to seat the people of a set.
func (p *pairing) possible(left int) bool {
	if left == 0 {
		return true
	}
	for room := left; room > 0; room = (room - 1) & left {
		var people []int
		for a := range p.players {
			if room&(1<<a) != 0 {
				people = append(people, a)
			}
		}
		if len(people) < leastInRoom || len(people) > mostInRoom || room&-room != left&-left {
			continue
		}
		apart := true
		for i, a := range people {
			apart = apart && p.clashes(a, people[i+1:], -1) == 0
		}
		if apart && p.possible(left&^room) {
			return true
		}
	}
	return false
}

// TestLargeGroupsAreKeptApart: with no more wishes than half the rooms about anybody there is always a way (even one with
// rooms of the same size, by a theorem of Hajnal and Szemerédi), and it is found.
func TestLargeGroupsAreKeptApart(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := drawPairing(r, 10, 500, 3)
		most := 0
		for a := range p.players {
			n := 0
			for b := range p.players {
				if p.not(a, b) {
					n++
				}
			}
			most = max(most, n)
		}
		began := time.Now()
		rooms, tight := p.form()
		took := time.Since(began)
		if clashes := holdForm(r, p, rooms); tight != (clashes > 0) || tight && 2*most <= len(rooms) {
			r.Fatalf("%d people in %d rooms, at most %d wishes about one: %d clashes, tight %v", p.players, len(rooms), most, clashes, tight)
		}
		if took > time.Second {
			r.Fatalf("it took %v", took)
		}
	})
}

func TestExperienceIsMixed(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	p := newPairing(30, 3, random.Shuffle)
	for i := range 30 {
		p.experience = append(p.experience, i/10+1)
	}
	rooms, _ := p.form()
	for _, room := range rooms {
		levels := map[int]bool{}
		for _, a := range room {
			levels[p.experience[a]] = true
		}
		if len(levels) != 3 {
			t.Errorf("a room with the experience of %v", levels)
		}
	}
}

// BenchmarkPairing forms the rooms of so many people: without wishes, with three from each, and with so many from each
// that not all can be kept.
func BenchmarkPairing(b *testing.B) {
	for _, people := range []int{7, 30, 500} {
		for _, wishes := range []int{0, 3, 200} {
			b.Run(fmt.Sprintf("people=%d/wishes=%d", people, wishes), func(b *testing.B) {
				random := rand.New(rand.NewPCG(3, 4))
				for b.Loop() {
					p := newPairing(people, 3, random.Shuffle)
					for a := range people {
						for range min(wishes, people) {
							p.keepApart(a, random.IntN(people))
						}
					}
					p.form()
				}
			})
		}
	}
}
