package realtime

import "time"

// Whoever comes late, and whoever knocks, stands in a line of their own. Those inside are served first, and of the line
// many are taken in at once and seldom: two hundred who come together cost a handful of appends, and the hand that goes
// up meanwhile waits for none of them. They are answered one after the other, for with the answer each of them begins to
// do more. Who comes alone is taken in at once.

// doorway is that line, and what has changed before the door and is not shown yet.
type doorway struct {
	waiting []order
	due     time.Time // when the first of them is taken in
	gather  gather

	replies []reply // to those taken in
	replyAt time.Time
	pace    time.Duration // from one to the next
}

type reply struct {
	to  order
	err error
}

const (
	doorwayEvery  = 500 * time.Millisecond
	doorwayAtOnce = 64
	doorwayMost   = 512             // past it whoever comes is asked to come again
	doorwayLate   = 2 * time.Second // so long those inside may go first
)

// queue puts an order at the end of the line.
func (d *doorway) queue(o order) {
	switch {
	case len(d.waiting) >= doorwayMost:
		refuseAll([]order{o}, errBusy)
		return
	case len(d.waiting) == 0:
		d.due = later(d.due, time.Now())
	}
	d.waiting = append(d.waiting, o)
}

// turn is when it is the line's turn: nobody inside waits, or it has waited too long.
func (d *doorway) turn(inside int) time.Time {
	if inside > 0 {
		return d.due.Add(doorwayLate)
	}
	return d.due
}

func (d *doorway) ready(now time.Time, inside int) bool {
	return len(d.waiting) > 0 && !now.Before(d.turn(inside))
}

// take is who is taken in now.
func (d *doorway) take(now time.Time) []order {
	n := min(len(d.waiting), doorwayAtOnce)
	orders := d.waiting[:n:n]
	d.waiting, d.due = d.waiting[n:], now.Add(doorwayEvery)
	return orders
}

// back puts orders at the head of the line again: another commit was first.
func (d *doorway) back(orders []order) {
	d.waiting, d.due = append(orders, d.waiting...), time.Time{}
}

func (d *doorway) busy() bool { return len(d.waiting)+len(d.replies) > 0 }

// owe puts replies off, so that they are all given when the next are taken in.
func (d *doorway) owe(replies []reply) {
	d.replies = append(d.replies, replies...)
	d.pace = doorwayEvery / time.Duration(max(len(d.replies), 1))
}

// reply gives the next reply, if it is due.
func (d *doorway) reply(now time.Time) {
	if len(d.replies) > 0 && !now.Before(d.replyAt) {
		r := d.replies[0]
		d.replies, d.replyAt = d.replies[1:], now.Add(d.pace)
		r.to.answer(r.err)
	}
}

func (d *doorway) replyAll() {
	for _, r := range d.replies {
		r.to.answer(r.err)
	}
	d.replies = nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
