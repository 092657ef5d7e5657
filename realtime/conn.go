package realtime

import (
	"bufio"
	"net"
	"slices"
	"sync"
	"syscall"
	"time"

	"mend/facilitator"
)

// Conn is one person's connection, from the first byte to the last. It is read by the goroutine that
// serves it. It is written by whoever holds writing, and that only while there is something to write;
// others may ask for it at any time, and nothing is written once end has returned.
type Conn struct {
	node *Node
	net  net.Conn
	in   *bufio.Reader
	seat facilitator.Seat

	direct syscall.RawConn // for writing without waiting; nil where there is no such thing, as with TLS

	mu      sync.Mutex
	reading []reading // the documents this seat reads, and how far it has been sent each
	queue   [][]byte  // welcome, answers and last words, in order
	writing bool
	closing bool // the last words are in the queue
	ended   bool
	writers int       // who were made writer and are not done yet
	idle    sync.Cond // told when there are none

	heard pulse
	deaf  error // why its listener hears no further message
}

type reading struct {
	feed *feed
	sent uint64
}

const (
	// queueMost is how many answers wait for a client that does not read; past it the connection is cut.
	// Documents do not wait: the latest is sent when there is room.
	queueMost   = 128
	writeWithin = 10 * time.Second
	lastWords   = 2 * time.Second // for the client to answer a close
)

func newConn(n *Node, from net.Conn) *Conn {
	c := &Conn{node: n, net: from, in: bufio.NewReaderSize(from, earBuffer)}
	if tcp, ok := from.(*net.TCPConn); ok {
		c.direct, _ = tcp.SyscallConn()
	}
	c.heard.beat()
	return c
}

// person is whose connection this is, empty for the stage.
func (c *Conn) person() facilitator.PersonID {
	if c.seat.Role == facilitator.Stage {
		return ""
	}
	return c.seat.Person
}

// read adds a document, or begins it again.
func (c *Conn) read(f *feed, sent uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.reading {
		if c.reading[i].feed.doc == f.doc {
			c.reading[i] = reading{f, sent}
			return
		}
	}
	c.reading = append(c.reading, reading{f, sent})
}

// unread takes a document away, and says so.
func (c *Conn) unread(d facilitator.Document) {
	c.mu.Lock()
	c.reading = slices.DeleteFunc(c.reading, func(r reading) bool { return r.feed.doc == d })
	c.mu.Unlock()
	c.send(ServerFrame{Gone: d}.frame())
}

func (c *Conn) reads(d facilitator.Document) bool {
	return slices.Contains(c.documents(), d)
}

func (c *Conn) documents() []facilitator.Document {
	c.mu.Lock()
	defer c.mu.Unlock()
	docs := make([]facilitator.Document, len(c.reading))
	for i, r := range c.reading {
		docs[i] = r.feed.doc
	}
	return docs
}

// send queues a frame. It never waits.
func (c *Conn) send(frame []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing || c.ended {
		return
	}
	if len(c.queue) >= queueMost {
		c.net.Close() // the reader notices
		return
	}
	c.queue = append(c.queue, frame)
	c.start()
}

// answer tells the client what became of its command.
func (c *Conn) answer(id uint64, err error) {
	if err != nil {
		c.send(ServerFrame{No: id, Error: refusalOf(err)}.frame())
		return
	}
	c.send(okFrame(id, timeOf(time.Now())))
}

// answer tells a sender what became of its command, in the room's goroutine. What a command gives besides
// is made elsewhere, and the answer follows then.
func (r *Room) answer(c *Conn, id uint64, do facilitator.Command, err error) {
	if err == nil {
		if owed, ok := r.fold.state.Owes(do, c.seat); ok {
			if r.node.bench.ask(signing{owed, func(s *Signatures, err error) { c.give(id, s, err) }}) {
				return
			}
			err = errBusy
		}
	}
	c.answer(id, err)
}

// give answers a command with what it gives.
func (c *Conn) give(id uint64, s *Signatures, err error) {
	if err != nil {
		c.answer(id, err)
		return
	}
	c.send(ServerFrame{OK: id, Now: timeOf(time.Now()), With: s}.frame())
}

// bye says a last word and closes. What the client sends from now on is not listened to.
func (c *Conn) bye(b bye) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing || c.ended {
		return
	}
	c.queue = append(c.queue, ServerFrame{Bye: &b.Bye}.frame(), closeFrame(b.code))
	c.closing = true
	c.start()
}

// hangUp answers a client's close with the same.
func (c *Conn) hangUp(said []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing || c.ended {
		return
	}
	c.queue = append(c.queue, frameOf(opClose, said))
	c.closing = true
	c.start()
}

// start has somebody write, if nobody does. The lock is held.
func (c *Conn) start() {
	if c.claim() {
		go c.write()
	}
}

// claim makes the caller the writer. The lock is held.
func (c *Conn) claim() bool {
	if c.writing || c.ended {
		return false
	}
	c.writing = true
	c.writers++
	return true
}

// wake writes what is new without ever waiting: what does not go through at once, a goroutine of the
// connection's own goes on with.
func (c *Conn) wake() {
	c.mu.Lock()
	claimed := c.claim()
	c.mu.Unlock()
	if !claimed {
		return
	}
	if c.direct == nil {
		go c.write()
		return
	}
	var few [4][]byte
	for {
		frames := c.next(few[:0])
		if len(frames) == 0 {
			c.written()
			return
		}
		if rest := c.tryAll(frames); len(rest) > 0 {
			go c.writeOn(rest)
			return
		}
	}
}

// write sends until there is nothing more to send.
func (c *Conn) write() { c.writeOn(nil) }

// writeOn sends what was begun, and then until there is nothing more to send.
func (c *Conn) writeOn(frames [][]byte) {
	defer c.written()
	var few [4][]byte
	for {
		if len(frames) == 0 {
			if frames = c.next(few[:0]); len(frames) == 0 {
				return
			}
		}
		c.net.SetWriteDeadline(time.Now().Add(writeWithin))
		if err := c.put(frames); err != nil {
			c.net.Close()
			return
		}
		c.net.SetWriteDeadline(time.Time{}) // one that has passed would forbid writing without waiting, too
		frames = nil
	}
}

// put writes frames in one call.
func (c *Conn) put(frames [][]byte) error {
	if len(frames) == 1 {
		_, err := c.net.Write(frames[0])
		return err
	}
	all := net.Buffers(frames)
	_, err := all.WriteTo(c.net)
	return err
}

// next takes what is to be sent now: the queue, then each document's way to its latest edition. With
// nothing left the caller is the writer no more.
func (c *Conn) next(frames [][]byte) [][]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	frames = append(frames, c.queue...)
	c.queue = nil
	if c.closing {
		if len(frames) > 0 {
			c.net.SetReadDeadline(time.Now().Add(lastWords))
		}
	} else {
		for i := range c.reading {
			r := &c.reading[i]
			e := r.feed.current.Load()
			frames = e.since(frames, r.feed.doc, r.sent)
			r.sent = e.rev
		}
	}
	c.writing = len(frames) > 0
	return frames
}

// written ends one writer's work.
func (c *Conn) written() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writers--; c.writers == 0 {
		c.idle.Broadcast()
	}
}

// settle waits until nobody writes. Unless the connection has ended, somebody may begin again at once.
func (c *Conn) settle() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle.L = &c.mu
	for c.writers > 0 {
		c.idle.Wait()
	}
}

// end closes the connection and waits for the writer. After it nobody writes.
func (c *Conn) end() {
	c.mu.Lock()
	c.ended = true
	c.mu.Unlock()
	c.net.Close()
	c.settle()
}
