package realtime

import (
	"encoding/binary"
	"errors"
	"io"
)

// Messages are read here, frame by frame (RFC 6455, section 5), with a buffer of a few bytes: what a
// thousand idle connections hold is mostly what each of them keeps for reading.

const (
	frameMost  = 16 << 10 // of a whole message
	earBuffer  = 128
	opContinue = 0x0
	opBinary   = 0x2
	reserved   = 0x70
	masked     = 0x80
)

var (
	errTooBig   = errors.New("the message is too long")
	errProtocol = errors.New("this is not how WebSocket frames look")
	errHungUp   = errors.New("the client closed the connection")
)

// frameHead is what stands before a frame's payload.
type frameHead struct {
	final bool
	op    byte
	size  uint64
	mask  [4]byte
}

func (h frameHead) control() bool { return h.op >= opClose }

// message reads the next whole message. Control frames between are seen to.
func (c *Conn) message() (text bool, message []byte, err error) {
	begun := false
	for {
		h, err := c.head()
		if err != nil {
			return text, nil, err
		}
		if h.control() {
			if err := c.control(h); err != nil {
				return text, nil, err
			}
			continue
		}
		if begun != (h.op == opContinue) {
			return text, nil, errProtocol
		}
		if !begun {
			text, begun = h.op == opText, true
		}
		if h.size > frameMost-uint64(len(message)) {
			return text, nil, errTooBig
		}
		if message, err = c.payload(message, h); err != nil || h.final {
			return text, message, err
		}
	}
}

// head reads and checks what stands before a payload.
func (c *Conn) head() (h frameHead, err error) {
	var b [8]byte
	if _, err := io.ReadFull(c.in, b[:2]); err != nil {
		return h, err
	}
	h = frameHead{final: b[0]&final != 0, op: b[0] & 0xf, size: uint64(b[1] &^ masked)}
	known := h.op <= opBinary || h.op >= opClose && h.op <= opPong
	if b[0]&reserved != 0 || b[1]&masked == 0 || !known || h.control() && (!h.final || h.size > 125) {
		return h, errProtocol
	}
	switch h.size {
	case 126:
		_, err = io.ReadFull(c.in, b[:2])
		h.size = uint64(binary.BigEndian.Uint16(b[:2]))
	case 127:
		_, err = io.ReadFull(c.in, b[:8])
		h.size = binary.BigEndian.Uint64(b[:8])
	}
	if err == nil {
		_, err = io.ReadFull(c.in, h.mask[:])
	}
	return h, err
}

// payload appends a frame's payload, unmasked, to what came before it. Its size has been judged.
func (c *Conn) payload(before []byte, h frameHead) ([]byte, error) {
	start := len(before)
	all := append(before, make([]byte, h.size)...)
	if _, err := io.ReadFull(c.in, all[start:]); err != nil {
		return nil, err
	}
	for i := range all[start:] {
		all[start+i] ^= h.mask[i&3]
	}
	return all, nil
}

// control answers pings, notes pongs, and returns a close with the code it came with.
func (c *Conn) control(h frameHead) error {
	data, err := c.payload(nil, h)
	if err != nil {
		return err
	}
	c.heard.beat()
	switch h.op {
	case opPing:
		c.send(frameOf(opPong, data))
	case opClose:
		if len(data) == 1 {
			return errProtocol
		}
		c.hangUp(data)
		return errHungUp
	}
	return nil
}
