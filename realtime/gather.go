package realtime

import (
	"time"

	"mend/facilitator"
)

// gather says when changed documents are shown. The first change after a quiet time is shown at once.
// What follows closely is shown together, so that a burst never costs a frame per event per person.
type gather struct {
	dirty   bool
	touched facilitator.Touched
	at      time.Time // when to show it
	first   time.Time // when the first of it came
	shown   time.Time // when something was shown last
}

const gatherMost = 200 * time.Millisecond

// quiet is how long it has to be quiet before what was gathered is shown.
func quiet(people int) time.Duration {
	return 10*time.Millisecond + time.Duration(people)*15*time.Microsecond
}

func (g *gather) add(now time.Time, t facilitator.Touched, people int) {
	if !g.dirty {
		g.dirty, g.first = true, now
	}
	g.touched = both(g.touched, t)
	q := quiet(people)
	if now.Sub(g.shown) > q && g.first.Equal(now) {
		g.at = now
		return
	}
	g.at = earlier(now.Add(q), g.first.Add(gatherMost))
}

// take hands over what was gathered.
func (g *gather) take(now time.Time) facilitator.Touched {
	t := g.touched
	*g = gather{shown: now}
	return t
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
