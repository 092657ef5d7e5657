package facilitator

import (
	"cmp"
	"slices"
)

// pairing is the forming of rooms: a pure function of people, of who asked not to be with whom, and of a shuffle. People
// are numbers here. A room has two to four players, and as many who only watch as fit.
type pairing struct {
	players    int
	want       int   // in a room: 2 or 3
	experience []int // of each player, to be mixed; nil to leave it to chance
	apart      []bool
	shuffle    func(n int, swap func(i, j int))

	room []int // of each player
	in   [][]int
	work int // swaps that may still be looked at
}

const (
	leastInRoom = 2
	mostInRoom  = 4

	swapsMost  = 1_500_000 // looked at in all: a few milliseconds
	searchMost = 60_000    // rooms tried by the search
	restarts   = 6
)

func newPairing(players, want int, shuffle func(int, func(int, int))) *pairing {
	return &pairing{players: players, want: want, shuffle: shuffle, apart: make([]bool, players*players), work: swapsMost}
}

// keepApart notes that one of the two asked not to be with the other.
func (p *pairing) keepApart(a, b int) {
	if a != b {
		p.apart[a*p.players+b], p.apart[b*p.players+a] = true, true
	}
}

func (p *pairing) not(a, b int) bool { return p.apart[a*p.players+b] }

// sizes is how many are to be in each room: leftovers make one room larger, or one of two, and nobody is alone.
func (p *pairing) sizes() []int {
	n := p.players
	if n < leastInRoom {
		return nil
	}
	sizes := make([]int, 0, n/p.want+1)
	for ; n >= p.want; n -= p.want {
		sizes = append(sizes, p.want)
	}
	switch {
	case n == 0:
	case n >= leastInRoom:
		sizes = append(sizes, n)
	default:
		sizes[len(sizes)-1] += n
	}
	return sizes
}

// form fills the rooms. tight says that somebody is with one they asked not to be with, because no other way was found.
func (p *pairing) form() (rooms [][]int, tight bool) {
	sizes := p.sizes()
	if sizes == nil {
		return nil, false
	}
	best, least := [][]int(nil), 0
	for range restarts {
		p.deal(sizes)
		if left := p.mend(); best == nil || left < least {
			best, least = p.in, left
		}
		if least == 0 {
			return best, false
		}
		if p.work <= 0 {
			break
		}
	}
	if found := p.search(); found != nil {
		return found, false
	}
	return best, true
}

// deal shuffles people into rooms; with experience to be mixed, those with most of it go around first.
func (p *pairing) deal(sizes []int) {
	order := make([]int, p.players)
	for i := range order {
		order[i] = i
	}
	p.shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	if p.experience != nil {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p.experience[b], p.experience[a]) })
	}
	p.in, p.room = make([][]int, len(sizes)), make([]int, p.players)
	for i, r := 0, 0; i < len(order); r = (r + 1) % len(sizes) {
		if len(p.in[r]) < sizes[r] {
			p.in[r] = append(p.in[r], order[i])
			p.room[order[i]] = r
			i++
		}
	}
}

// clashes counts those in a room whom a is to be kept from, without one.
func (p *pairing) clashes(a int, room []int, without int) int {
	n := 0
	for _, b := range room {
		if b != without && b != a && p.not(a, b) {
			n++
		}
	}
	return n
}

// mend swaps people between rooms while that keeps more of them apart, and counts the pairs that are left.
func (p *pairing) mend() int {
	for again := true; again && p.work > 0; {
		again = false
		for a := range p.players {
			if p.clashes(a, p.in[p.room[a]], a) > 0 && p.settle(a) {
				again = true
			}
		}
	}
	left := 0
	for a := range p.players {
		left += p.clashes(a, p.in[p.room[a]], a)
	}
	return left / 2
}

// settle makes the best swap there is for a, or the best move into a room with space; it reports false if none helps.
func (p *pairing) settle(a int) bool {
	home := p.in[p.room[a]]
	now := p.clashes(a, home, a)
	with, best := -1, 0
	for b := range p.players {
		if p.room[b] == p.room[a] {
			continue
		}
		there := p.in[p.room[b]]
		gain := now + p.clashes(b, there, b) - p.clashes(a, there, b) - p.clashes(b, home, a)
		if gain > best {
			with, best = b, gain
		}
	}
	p.work -= p.players
	if with >= 0 {
		p.swap(a, with)
		return true
	}
	if len(home) <= leastInRoom {
		return false
	}
	for r, there := range p.in {
		if r != p.room[a] && len(there) < mostInRoom && p.clashes(a, there, -1) < now {
			p.in[p.room[a]] = slices.DeleteFunc(home, func(b int) bool { return b == a })
			p.in[r], p.room[a] = append(there, a), r
			return true
		}
	}
	return false
}

func (p *pairing) swap(a, b int) {
	ra, rb := p.room[a], p.room[b]
	p.in[ra][slices.Index(p.in[ra], a)], p.in[rb][slices.Index(p.in[rb], b)] = b, a
	p.room[a], p.room[b] = rb, ra
}

// search looks for any way at all to keep everybody apart who is to be, whatever the sizes of the rooms from two to four.
// In small groups it finds it if there is one; in large ones it gives up after a while.
func (p *pairing) search() [][]int {
	free := make([]int, p.players)
	for i := range free {
		free[i] = i
	}
	slices.SortStableFunc(free, func(a, b int) int { return cmp.Compare(p.clashes(b, free, b), p.clashes(a, free, a)) })
	tries := searchMost
	return p.fill(free, nil, &tries)
}

// fill puts the first of the free people into a room with some others, and the rest likewise.
func (p *pairing) fill(free []int, rooms [][]int, tries *int) [][]int {
	if len(free) == 0 {
		return rooms
	}
	if *tries--; *tries < 0 || len(free) < leastInRoom {
		return nil
	}
	sizes := []int{p.want, leastInRoom, 3, mostInRoom}
	for i, size := range sizes {
		if slices.Contains(sizes[:i], size) {
			continue
		}
		if found := p.choose(free[1:], 0, []int{free[0]}, size, rooms, tries); found != nil {
			return found
		}
	}
	return nil
}

// choose adds people to a room until it has its size, from the one after the one chosen last so that no room is tried
// twice, then fills the next room with those passed over.
func (p *pairing) choose(free []int, next int, room []int, size int, rooms [][]int, tries *int) [][]int {
	if len(room) == size {
		return p.fill(free, append(slices.Clip(rooms), room), tries)
	}
	for i := next; i < len(free); i++ {
		if *tries < 0 {
			return nil
		}
		if p.clashes(free[i], room, -1) > 0 {
			continue
		}
		*tries--
		rest := slices.Concat(free[:i], free[i+1:])
		if found := p.choose(rest, i, append(slices.Clip(room), free[i]), size, rooms, tries); found != nil {
			return found
		}
	}
	return nil
}
