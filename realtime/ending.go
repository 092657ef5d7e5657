package realtime

import "time"

// When a session is closed its words leave the disk at once, or after the days they were to be kept: its key is destroyed, then its log. What
// this node still holds in memory stays readable for a while, so that everybody can take what is theirs.
const (
	forgetOthers = 15 * time.Second // when another node made the last commit, it forgets; should it die, we do
	forgetAgain  = 5 * time.Second
)

// farewell forgets a closed session, and later sends everybody away.
func (r *Room) farewell(now time.Time) {
	if !r.forgetAt.IsZero() && !now.Before(r.forgetAt) && r.broken == nil {
		r.forgetAt = time.Time{}
		if !r.forgetting {
			r.forgetting = true
			sum := r.fold.state.Summary()
			r.aside(func() message { return forgotten{r.node.forget(r.ctx, r.session, sum)} })
		}
	}
	if !r.farewellAt.IsZero() && !now.Before(r.farewellAt) {
		r.vanished()
	}
}

// until is how long people stay in a session that is over: as long as it is kept, and a while in any case.
func (r *Room) until(now time.Time) time.Time {
	farewell := now.Add(r.node.farewell)
	if kept := time.UnixMilli(int64(r.fold.state.Forgets())); kept.After(farewell) {
		return kept
	}
	return farewell
}

// forgotten is how forgetting went.
type forgotten struct{ err error }

func (m forgotten) handle(r *Room) {
	r.forgetting = false
	if m.err != nil {
		r.logger.Error("a closed session is not forgotten yet", "session", r.session, "error", m.err)
		r.forgetAt = time.Now().Add(forgetAgain)
	}
}

// vanished ends the room of a session that is no more.
func (r *Room) vanished() {
	if r.fold.state.Closed() && time.Now().Before(r.farewellAt) {
		return // the words are gone from the disk; people here may still take what is theirs
	}
	r.dismiss(byeOver)
	r.gone = true
	r.node.drop(r)
}
