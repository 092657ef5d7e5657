package facilitator

import (
	"slices"
	"strings"
)

const lastMinute = minute

func roomTimer(id RoomID) timerName { return timerName("room/" + id) }

// LastMinutesBegan says that a phase's time is over in some rooms, and that each has a minute to come to an end.
type LastMinutesBegan struct {
	Step  StepID   `json:"step"`
	At    Time     `json:"at"`
	Rooms []RoomID `json:"rooms"`
}

func (e LastMinutesBegan) apply(s *Session) Touched {
	x := s.practiceOf(e.Step)
	if x == nil {
		return nobody
	}
	for _, id := range e.Rooms {
		if x.rooms[id] != nil {
			x.change(id).last = true
			s.setTimer(roomTimer(id), e.At, lastMinute)
		}
	}
	return x.touched(e.Rooms...)
}

// rang is what the rooms do when timers came to their end: first their last minute, then what is next.
func (x *practice) rang(s *Session, names []timerName, in Input) []Event {
	c := follow(s, in)
	if !c.x.running() {
		return nil
	}
	rooms := []RoomID{}
	for _, name := range names {
		if id, isRoom := strings.CutPrefix(string(name), "room/"); isRoom {
			rooms = append(rooms, RoomID(id))
		}
	}
	if slices.Contains(names, backTimer) {
		rooms = c.x.inOrder()
	}
	c.timeIsUp(rooms)
	return c.events
}

// timeIsUp gives a room its last minute if people may be speaking, and takes it on if they had it.
func (c *course) timeIsUp(rooms []RoomID) {
	var last []RoomID
	var begun []PhaseBegun
	for _, id := range rooms {
		switch r := c.x.rooms[id]; {
		case r == nil || r.phase == inDone:
		case r.stopped:
			if c.x.calledBack(c.s) {
				begun = append(begun, c.x.at(id, inOut))
			}
		case r.phase == inOut:
			if c.x.agreed(c.s, id) {
				begun = append(begun, c.x.next(c.s, id))
			}
		case r.phase == inConsent || r.phase == inWaiting || r.phase == inPrepare && c.x.calledBack(c.s):
			if c.x.calledBack(c.s) {
				begun = append(begun, c.x.at(id, inDone))
			}
		case !r.last:
			last = append(last, id)
		case c.s.timers[roomTimer(id)].Over:
			begun = append(begun, c.x.next(c.s, id))
		}
	}
	if len(last) > 0 {
		c.add(LastMinutesBegan{Step: c.id, At: c.in.At, Rooms: last})
	}
	c.begin(begun...)
}
