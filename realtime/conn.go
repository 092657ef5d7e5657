package realtime

import (
	"net"
	"slices"
	"sync"
	"time"

	"mend/facilitator"
)

// Conn is one person's connection, from the first byte to the last. It is read by the goroutine that
// serves it. It is written by a goroutine that lives only while there is something to write; others may
// ask for that at any time, and nothing is written once end has returned.
type Conn struct {
	node *Node
	net  net.Conn
	seat facilitator.Seat

	mu      sync.Mutex
	reading []reading // the documents this seat reads, and how far it has been sent each
	queue   [][]byte  // welcome, answers and last words, in order
	writing bool
	closing bool // the last words are in the queue
	ended   bool
	writer  sync.WaitGroup

	heard pulse
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

// wake has the writer look for what is new in the documents.
func (c *Conn) wake() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.start()
}

// start starts the writer if there is none. The lock is held.
func (c *Conn) start() {
	if c.writing || c.ended {
		return
	}
	c.writing = true
	c.writer.Add(1)
	go c.write()
}

// write sends until there is nothing more to send.
func (c *Conn) write() {
	defer c.writer.Done()
	var few [4][]byte
	for {
		frames := c.next(few[:0])
		if len(frames) == 0 {
			return
		}
		c.net.SetWriteDeadline(time.Now().Add(writeWithin))
		if err := c.put(frames); err != nil {
			c.net.Close()
			return
		}
	}
}

// put writes frames in one call, so that nothing comes between.
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
// nothing left the writer is no more.
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

// end closes the connection and waits for the writer. After it nobody writes.
func (c *Conn) end() {
	c.mu.Lock()
	c.ended = true
	c.mu.Unlock()
	c.net.Close()
	c.writer.Wait()
}
