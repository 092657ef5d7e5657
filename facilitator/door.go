package facilitator

import (
	"maps"
	"slices"
)

// DoorMode says how people come in.
type DoorMode string

// The modes. Whoever has a seat keeps it in any of them.
const (
	DoorOpen   DoorMode = "open"
	DoorKnock  DoorMode = "knock" // whoever comes waits until a keeper lets them in
	DoorClosed DoorMode = "closed"
)

// LinkID is the secret of a link that lets one person in, whatever the mode.
type LinkID string

// door is how people come in, and who stands before it.
type door struct {
	mode     DoorMode
	wide     bool   // many are expected: no wave changes it
	waved    Time   // when a wave set it to knock; 0 if somebody else did
	started  Time   // when the first step was opened
	came     int    // participants who came in through it since then
	arrivals []Time // of them within the latest minute, since somebody set the door
	knocking line
	knocks   int // how many ever knocked or were sent back; the next one's place in line
	links    map[LinkID]Time
}

func newDoor() door {
	return door{mode: DoorOpen, knocking: line{}, links: map[LinkID]Time{}}
}

func (d door) clone() door {
	d.arrivals, d.links = slices.Clone(d.arrivals), maps.Clone(d.links)
	return d
}

// SetDoor sets the door. Wide keeps it open however many come at once.
type SetDoor struct {
	Mode DoorMode `json:"mode"`
	Wide bool     `json:"wide,omitempty"`
}

// MakeLink makes a link that lets one person in.
type MakeLink struct{}

// TakeLinkBack makes an unused one useless.
type TakeLinkBack struct {
	Link LinkID `json:"link"`
}

// SetCode gives the session another code. The server draws it and sees to it that nobody else has it.
type SetCode struct {
	Code string `json:"code"`
}

// DoorSet is how the door stands. Wave says that too many came at once.
type DoorSet struct {
	Mode DoorMode `json:"mode"`
	Wide bool     `json:"wide,omitempty"`
	Wave bool     `json:"wave,omitempty"`
	At   Time     `json:"at"`
}

// DoorLocked is what older logs say instead of DoorSet.
type DoorLocked struct {
	Locked bool `json:"locked"`
}

// LinkMade is the fact of a link. It is used up by a Joined that names it.
type LinkMade struct {
	Link LinkID `json:"link"`
	At   Time   `json:"at"`
}

// LinkTaken says that a link was taken back.
type LinkTaken struct {
	Link LinkID `json:"link"`
}

// CodeSet says by which code people come from now on.
type CodeSet struct {
	Code string `json:"code"`
}

var doorOrders = []order{
	{name: "door.set", who: forKeepers, sample: SetDoor{}},
	{name: "door.link", who: forKeepers, sample: MakeLink{}},
	{name: "door.unlink", who: forKeepers, sample: TakeLinkBack{}},
	{name: "door.code", who: forSystem, sample: SetCode{}},
}

var doorFacts = []fact{
	{"door.set", DoorSet{}},
	{"door.locked", DoorLocked{}},
	{"door.linked", LinkMade{}},
	{"door.unlinked", LinkTaken{}},
	{"door.coded", CodeSet{}},
}

func (c SetDoor) decide(s *Session, in Input) ([]Event, error) {
	if c.Mode != DoorOpen && c.Mode != DoorKnock && c.Mode != DoorClosed {
		return nil, refuse(Invalid, "door_mode", "A door is open, closed, or one to knock at.")
	}
	wide := c.Wide && c.Mode == DoorOpen
	if s.door.mode == c.Mode && s.door.wide == wide && s.door.waved == 0 {
		return nil, nil
	}
	return []Event{DoorSet{Mode: c.Mode, Wide: wide, At: in.At}}, nil
}

func (e DoorSet) apply(s *Session) Touched {
	s.door.mode, s.door.wide, s.door.arrivals, s.door.waved = e.Mode, e.Wide, nil, 0
	if e.Wave {
		s.door.waved = e.At
		return comingIn()
	}
	return nobody
}

func (e DoorLocked) apply(s *Session) Touched {
	s.door.mode = DoorOpen
	if e.Locked {
		s.door.mode = DoorClosed
	}
	return nobody
}

const mostLinks = 50 // unused at a time

func (MakeLink) decide(s *Session, in Input) ([]Event, error) {
	if len(s.door.links) >= mostLinks {
		return nil, refuse(Conflict, "many_links", "Fifty links wait to be used. Take some back first.")
	}
	return []Event{LinkMade{Link: LinkID(in.ID()), At: in.At}}, nil
}

func (e LinkMade) apply(s *Session) Touched {
	s.door.links[e.Link] = e.At
	return nobody
}

func (c TakeLinkBack) decide(s *Session, _ Input) ([]Event, error) {
	if !s.Invites(c.Link) {
		return nil, nil
	}
	return []Event{LinkTaken(c)}, nil
}

func (e LinkTaken) apply(s *Session) Touched {
	delete(s.door.links, e.Link)
	return nobody
}

// Invites reports whether a link would let somebody in.
func (s *Session) Invites(l LinkID) bool { return s.door.links[l] != 0 }

func (c SetCode) decide(s *Session, _ Input) ([]Event, error) {
	if c.Code == "" || c.Code == s.code {
		return nil, nil
	}
	return []Event{CodeSet(c)}, nil
}

func (e CodeSet) apply(s *Session) Touched {
	s.code = e.Code
	return nobody
}

// A wave is more people coming in than a session knows: more than waveMost within waveTime, or, once the
// session has run for a while, more than waveUsual times what is usual within a minute, and at least
// waveLeast. While people gather, before the first step is opened, nothing is a wave: a room full of
// phones joins within seconds of seeing the code on the wall.
const (
	waveTime  = 10 * second
	waveMost  = 5
	waveUsual = 3
	waveLeast = 5
	waveAfter = 5 * minute
)

// wave reports whether one more arrival now is part of a wave.
func (d door) wave(at Time) bool {
	if d.mode != DoorOpen || d.wide || d.started == 0 {
		return false
	}
	burst, late := 1, 1
	for _, t := range d.arrivals {
		if at.since(t) < waveTime {
			burst++
		}
		if at.since(t) < minute {
			late++
		}
	}
	if burst > waveMost {
		return true
	}
	ran := at.since(d.started)
	if ran < waveAfter || late < waveLeast {
		return false
	}
	before := Millis(max(0, d.came+1-late))
	return Millis(late)*(ran-minute) > waveUsual*before*minute
}

// arrived notes somebody who came in through the open door.
func (d *door) arrived(at Time) {
	if d.started == 0 || at == 0 {
		return
	}
	d.came++
	d.arrivals = append(slices.DeleteFunc(slices.Clone(d.arrivals), func(t Time) bool { return at.since(t) >= minute }), at)
}

// Mode is how people come in now. A frozen room's door is closed.
func (s *Session) Mode() DoorMode {
	if s.frozen {
		return DoorClosed
	}
	return s.door.mode
}

// Started reports whether the first step was opened.
func (s *Session) Started() bool { return s.door.started != 0 }

// DoorView is the door as keepers see it.
type DoorView struct {
	Mode     DoorMode               `json:"mode"`
	Wide     bool                   `json:"wide,omitempty"`
	Wave     Time                   `json:"wave,omitempty"` // when a wave set it to knock
	Knocking map[PersonID]KnockView `json:"knocking"`
	Links    map[LinkID]Time        `json:"links"` // unused, and when they were made
}

func (s *Session) doorView() DoorView {
	return DoorView{Mode: s.door.mode, Wide: s.door.wide, Wave: s.door.waved, Knocking: s.door.knocking, Links: maps.Clone(s.door.links)}
}
