package realtime

import (
	"time"

	"mend/facilitator"
)

// gather says when changed documents are shown. The first change after a quiet time is shown at once.
// What follows closely is shown together, so that a burst never costs a frame per event per person: as
// soon as it is quiet and nothing more is on its way, and after gatherMost in any case.
type gather struct {
	dirty   bool
	touched facilitator.Touched
	at      time.Time // when it will have been quiet
	last    time.Time // when to show it whatever comes
	shown   time.Time // when something was shown last
}

const gatherMost = 200 * time.Millisecond

// quiet is how long it has to be quiet before what was gathered is shown.
func quiet(people int) time.Duration {
	return 10*time.Millisecond + time.Duration(people)*15*time.Microsecond
}

func (g *gather) add(now time.Time, t facilitator.Touched, people int) {
	g.touched = both(g.touched, t)
	q := quiet(people)
	switch {
	case !g.dirty && now.Sub(g.shown) > q:
		g.soon(now)
	case !g.dirty:
		g.last = now.Add(gatherMost)
		fallthrough
	default:
		g.at = now.Add(q)
	}
	g.dirty = true
}

// soon has what was gathered shown at once.
func (g *gather) soon(now time.Time) { g.at, g.last = now, now }

// due is when to show what was gathered.
func (g *gather) due(moreToCome bool) time.Time {
	if moreToCome || g.last.Before(g.at) {
		return g.last
	}
	return g.at
}

// take hands over what was gathered.
func (g *gather) take(now time.Time) facilitator.Touched {
	t := g.touched
	*g = gather{shown: now}
	return t
}
