package realtime

import (
	"fmt"
	"strconv"
	"strings"
)

// CommandID names a command for ever: whose tab gave it, and that tab's own rising number. As text it is
// "person/tab.number": nobody can use up the numbers of another's tab.
type CommandID struct {
	Client string // "person/tab"
	ID     uint64
}

func (c CommandID) MarshalText() ([]byte, error) {
	return strconv.AppendUint(append([]byte(c.Client), '.'), c.ID, 10), nil
}

func (c *CommandID) UnmarshalText(text []byte) error {
	s := string(text)
	dot := strings.LastIndexByte(s, '.')
	if dot < 0 {
		return fmt.Errorf("command id %q has no dot", s)
	}
	id, err := strconv.ParseUint(s[dot+1:], 10, 64)
	if err != nil {
		return fmt.Errorf("command id %q: %w", s, err)
	}
	c.Client, c.ID = s[:dot], id
	return nil
}

// replayWindow is how many of a client's latest commands are remembered one by one. A client has at
// most maxUnanswered commands on the way, so what lies before the window was answered long ago.
const replayWindow = 64

// applied remembers which commands of each client are in the log. It is folded from the commits, so
// every node remembers the same.
type applied map[string]window

// window is the highest id applied, and a bit for each of the replayWindow ids below it.
type window struct {
	highest uint64
	below   uint64
}

func (a applied) has(c CommandID) bool {
	w, ok := a[c.Client]
	switch {
	case !ok || c.ID > w.highest:
		return false
	case c.ID == w.highest:
		return true
	}
	back := w.highest - c.ID
	return back > replayWindow || w.below&(1<<(back-1)) != 0
}

func (a applied) add(c CommandID) {
	w, ok := a[c.Client]
	switch {
	case !ok:
		w = window{highest: c.ID}
	case c.ID > w.highest:
		up := c.ID - w.highest
		w.below = w.below<<up | 1<<(up-1)
		w.highest = c.ID
	case c.ID < w.highest && w.highest-c.ID <= replayWindow:
		w.below |= 1 << (w.highest - c.ID - 1)
	}
	a[c.Client] = w
}
