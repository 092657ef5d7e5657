package realtime

import (
	"maps"
	"slices"
	"time"

	"mend/facilitator"
)

// A person is here while any node holds a connection of theirs, and for a grace after, so that a phone
// that sleeps for a moment does not flicker. Nodes tell each other whom they hold; any of them may find
// that somebody went, and the log takes it once.
const (
	beatEvery     = 15 * time.Second
	presenceEvery = 5 * time.Second
	grace         = 45 * time.Second
)

// hold counts one more connection of a person.
func (r *Room) hold(p facilitator.PersonID) {
	r.held[p]++
	if r.held[p] == 1 {
		r.came(p)
		if r.beatAt.IsZero() {
			r.beatAt = time.Now()
		}
	}
}

func (r *Room) came(p facilitator.PersonID) {
	if !slices.Contains(r.fold.state.Here(), p) && !r.fold.state.Closed() {
		r.system(facilitator.Came{Person: p})
	}
}

// letGo counts one less.
func (r *Room) letGo(p facilitator.PersonID, now time.Time) {
	r.held[p]--
	if r.held[p] <= 0 {
		delete(r.held, p)
		r.seen[p] = now
	}
}

// beaten is another node's beat.
type beaten struct{ people []facilitator.PersonID }

func (m beaten) handle(r *Room) {
	now := time.Now()
	for _, p := range m.people {
		r.seen[p] = now
	}
}

// watch beats for the people held here, and finds who went.
func (r *Room) watch(now time.Time) {
	if len(r.held) > 0 && !now.Before(r.beatAt) {
		r.beatAt = now.Add(beatEvery)
		r.bus.Beat(r.session, slices.Collect(maps.Keys(r.held)))
	}
	if now.Before(r.presenceAt) {
		return
	}
	r.presenceAt = now.Add(presenceEvery)
	if r.fold.state.Closed() || r.broken != nil {
		return
	}
	r.findWhoWent(now)
}

func (r *Room) findWhoWent(now time.Time) {
	here := map[facilitator.PersonID]bool{}
	for _, p := range r.fold.state.Here() {
		here[p] = true
		switch last, known := r.seen[p]; {
		case r.held[p] > 0:
		case !known:
			r.seen[p] = now // this node has just begun to look
		case now.Sub(last) >= grace:
			r.system(facilitator.Went{Person: p})
		}
	}
	for p := range r.held {
		if _, seated := r.fold.state.RoleOf(p); seated && !here[p] {
			r.system(facilitator.Came{Person: p})
		}
	}
	maps.DeleteFunc(r.seen, func(p facilitator.PersonID, _ time.Time) bool { return !here[p] })
}

// present holds a person here without a connection, or lets them go.
type present struct {
	person facilitator.PersonID
	here   bool
}

func (m present) handle(r *Room) {
	if m.here {
		r.hold(m.person)
	} else {
		r.letGo(m.person, time.Now())
	}
}
