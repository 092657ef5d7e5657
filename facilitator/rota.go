package facilitator

import (
	"maps"
	"slices"
)

// took is how often somebody has held each role, for a whole rehearsal.
type took struct{ spoke, listened, observed int }

// pairUp is who speaks to whom next, so that in the end each has taken each role once; nobody if all have. The next
// speaker is the first who has not been one. Listening goes to those who have not listened, and among them to those who
// are still to speak, as in their own turn they could not. Where somebody was there all along and was never the listener,
// because another left or came late, there is a turn more for them, with one who speaks again. Who is not here at the
// moment is not waited for.
func pairUp(players []PersonID, had map[PersonID]took, there func(PersonID) bool) (speaker, listener PersonID) {
	rank := func(bad ...bool) (n int) {
		for _, b := range bad {
			n *= 2
			if b {
				n++
			}
		}
		return n
	}
	speaker = lowest(players, func(p PersonID) int { return rank(!there(p), had[p].spoke > 0) })
	if speaker == "" || !there(speaker) {
		return "", ""
	}
	if had[speaker].spoke > 0 {
		missed := func(p PersonID) bool { return there(p) && had[p].observed > 0 && had[p].listened == 0 }
		i := slices.IndexFunc(players, missed)
		if i < 0 {
			return "", ""
		}
		listener = players[i]
		others := slices.Concat(players[:i], players[i+1:])
		speaker = lowest(others, func(p PersonID) int { return 1000*rank(!there(p)) + had[p].spoke })
		if !there(speaker) {
			return "", ""
		}
		return speaker, listener
	}
	i := slices.Index(players, speaker)
	beside := slices.Concat(players[i+1:], players[:i])
	return speaker, lowest(beside, func(p PersonID) int {
		return rank(!there(p), had[p].listened > 0, had[p].spoke > 0)
	})
}

// lowest is the first of those who stand lowest.
func lowest(people []PersonID, rank func(PersonID) int) PersonID {
	var best PersonID
	for _, p := range people {
		if best == "" || rank(p) < rank(best) {
			best = p
		}
	}
	return best
}

// rehearsed notes who held which role in a room whose rehearsal is over. Somebody who came in the middle of it has none
// yet.
func (x *practice) rehearsed(s *Session, id RoomID) {
	x.hold(x.took, x.rooms[id], func(p PersonID) bool {
		return s.there(p) && (x.inRole[p].room == id || x.inRole[p].awaits == id)
	})
}

func (x *practice) hold(had map[PersonID]took, r *practiceRoom, present func(PersonID) bool) {
	for _, p := range r.people() {
		t := had[p]
		switch {
		case p == r.speaker:
			t.spoke++
		case p == r.listener:
			t.listened++
		case present(p):
			t.observed++
		}
		had[p] = t
	}
}

// turns is how many a room will have had once each has taken each role, if everybody is here for it.
func (x *practice) turns(r *practiceRoom) int {
	if x.script.Form == "lines" {
		return 2 * x.script.Rounds
	}
	here := func(PersonID) bool { return true }
	n, had, next := r.turn, maps.Clone(x.took), *r
	if r.phase == inConsent || r.phase == inPrepare || r.phase == inRehearse {
		x.hold(had, r, here)
	}
	for !r.ended {
		next.speaker, next.listener = pairUp(r.players, had, here)
		if next.speaker == "" {
			break
		}
		x.hold(had, &next, here)
		n++
	}
	return n
}

// extra reports whether a room's next rehearsal is one more, for its listener.
func (x *practice) extra(r *practiceRoom) bool {
	return r.phase == inConsent && x.took[r.speaker].spoke > 0 && x.took[r.listener].listened == 0
}
