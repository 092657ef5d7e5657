package realtime

import (
	"sync/atomic"
	"time"
)

const (
	pulseEvery = 5 * time.Second
	pingEvery  = 25 * time.Second
	silence    = 60 * time.Second // without a frame or a pong
)

// pulse is when a connection last gave a sign of life.
type pulse struct {
	at     atomic.Int64 // Unix nanoseconds
	pinged atomic.Bool
}

func (p *pulse) beat() {
	p.at.Store(time.Now().UnixNano())
	p.pinged.Store(false)
}

// feelPulses pings connections that are silent, and cuts those that stay so.
func (n *Node) feelPulses() {
	for pause(n.ctx, pulseEvery) {
		now := time.Now()
		n.mu.Lock()
		conns := make([]*Conn, 0, len(n.conns))
		for c := range n.conns {
			conns = append(conns, c)
		}
		n.mu.Unlock()
		for _, c := range conns {
			c.feel(now)
		}
	}
}

var pingFrame = frameOf(opPing, nil)

func (c *Conn) feel(now time.Time) {
	switch silent := now.Sub(time.Unix(0, c.heard.at.Load())); {
	case silent > silence:
		c.net.Close()
	case silent > pingEvery && !c.heard.pinged.Swap(true):
		c.send(pingFrame)
	}
}
