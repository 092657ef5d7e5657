package facilitator

// Errand is something a session needs from outside: work that takes time, or what only a node holds.
// Any node may run it, beside its room, and then orders what came of it as the system; the log decides
// which node was first, and the others' orders find nothing left to do.
type Errand struct {
	Do   ErrandKind
	Step StepID
	Bowl BowlID
	Try  int
}

// ErrandKind says what is needed.
type ErrandKind string

// The errands there are.
const (
	MakeKeys ErrandKind = "keys" // two fresh key pairs, to be handed over by KeepKeys
	PourOut  ErrandKind = "pour" // what waits for a bowl, to be handed over by Pour
)

// errander is an exercise that sometimes needs something from outside.
type errander interface {
	errands(s *Session, id StepID) []Errand
}

// Errands lists what the session needs now.
func (s *Session) Errands() []Errand {
	if s.phase != open {
		return nil
	}
	var all []Errand
	for id, x := range s.doing {
		if e, ok := x.(errander); ok {
			all = append(all, e.errands(s, id)...)
		}
	}
	return all
}
