package realtime

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// client is a WebSocket client of few bytes, for tests and for the load of the benchmarks.
type client struct {
	conn net.Conn
	in   *bufio.Reader

	docs map[string]any // the documents as merged so far
	revs map[string]uint64
	raw  map[string]int // frames per document
}

// closed is the error of a connection the server closed with a code.
type closed struct{ code int }

func (c closed) Error() string { return fmt.Sprintf("closed with %d", c.code) }

func newClient(conn net.Conn) *client {
	return &client{conn: conn, in: bufio.NewReaderSize(conn, 4096), docs: map[string]any{}, revs: map[string]uint64{}, raw: map[string]int{}}
}

// dial opens "host:port", or "host:port/path" for another route than /ws.
func dial(addr string) (*client, error) {
	host, target := addr, "/ws"
	if i := strings.IndexByte(addr, '/'); i >= 0 {
		host, target = addr[:i], addr[i:]
	}
	conn, err := net.Dial("tcp", host)
	if err != nil {
		return nil, err
	}
	c := newClient(conn)
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2l4dGVlbiBieXRlcyEhIQ==\r\n\r\n", target, host)
	status, err := c.in.ReadString('\n')
	if err != nil || !strings.Contains(status, " 101 ") {
		conn.Close()
		return nil, fmt.Errorf("no upgrade: %q, %v", status, err)
	}
	for {
		line, err := c.in.ReadString('\n')
		if err != nil || line == "\r\n" {
			return c, err
		}
	}
}

// write sends one masked frame. The mask is all zeros, which the protocol allows.
func (c *client) write(op byte, payload []byte) error {
	b := []byte{final | op}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	_, err := c.conn.Write(append(append(b, 0, 0, 0, 0), payload...))
	return err
}

// next reads one frame.
func (c *client) next() (op byte, payload []byte, err error) {
	var head [8]byte
	if _, err := io.ReadFull(c.in, head[:2]); err != nil {
		return 0, nil, err
	}
	op, size := head[0]&0xf, uint64(head[1]&0x7f)
	switch size {
	case 126:
		_, err = io.ReadFull(c.in, head[:2])
		size = uint64(binary.BigEndian.Uint16(head[:2]))
	case 127:
		_, err = io.ReadFull(c.in, head[:8])
		size = binary.BigEndian.Uint64(head[:8])
	}
	if err != nil {
		return 0, nil, err
	}
	payload = make([]byte, size)
	_, err = io.ReadFull(c.in, payload)
	return op, payload, err
}

// text reads on to the next text message.
func (c *client) text() ([]byte, error) {
	for {
		op, payload, err := c.next()
		switch {
		case err != nil:
			return nil, err
		case op == opText:
			return payload, nil
		case op == opPing:
			if err := c.write(opPong, payload); err != nil {
				return nil, err
			}
		case op == opClose:
			c.write(opClose, payload)
			return nil, closed{int(binary.BigEndian.Uint16(payload))}
		}
	}
}

// received is any frame of the server's.
type received struct {
	ServerFrame
	DocFrame
}

// frame reads the next frame, merging documents as a client does.
func (c *client) frame() (received, error) {
	var f received
	text, err := c.text()
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return f, err
	}
	return f, c.take(f.DocFrame)
}

var errHole = errors.New("a patch does not begin where the document is")

func (c *client) take(f DocFrame) error {
	name := string(f.Doc)
	if name == "" {
		return nil
	}
	c.raw[name]++
	var v any
	switch {
	case f.Is != nil:
		if err := json.Unmarshal(f.Is, &v); err != nil {
			return err
		}
		c.docs[name] = v
	case c.revs[name] != f.From:
		return fmt.Errorf("%w: %s is at %d, the patch from %d to %d", errHole, name, c.revs[name], f.From, f.Rev)
	default:
		if err := json.Unmarshal(f.Patch, &v); err != nil {
			return err
		}
		c.docs[name] = merge(c.docs[name], v)
	}
	c.revs[name] = f.Rev
	return nil
}

func (c *client) hello(token, tab string) error {
	b, err := json.Marshal(map[string]any{"hello": map[string]any{"token": token, "client": tab, "docs": c.revs}})
	if err != nil {
		return err
	}
	return c.write(opText, b)
}

func (c *client) do(id uint64, do, with string) error {
	if with == "" {
		with = "{}"
	}
	return c.write(opText, fmt.Appendf(nil, `{"id":%d,"do":%q,"with":%s}`, id, do, with))
}

// until reads frames until one satisfies, or fails the test.
func (c *client) until(t *testing.T, what string, ok func(received) bool) received {
	t.Helper()
	c.conn.SetReadDeadline(time.Now().Add(patience))
	defer c.conn.SetReadDeadline(time.Time{})
	for {
		f, err := c.frame()
		if err != nil {
			t.Fatalf("waiting for %s: %v", what, err)
		}
		if ok(f) {
			return f
		}
	}
}

// closedWith reads to the end and returns the last words and the close code.
func (c *client) closedWith(t *testing.T) (reason string, code int) {
	t.Helper()
	c.conn.SetReadDeadline(time.Now().Add(patience)) // some tests have a clock of their own
	for {
		f, err := c.frame()
		var end closed
		if errors.As(err, &end) {
			return reason, end.code
		}
		if err != nil {
			t.Fatalf("waiting for the close: %v", err)
		}
		if f.Bye != nil {
			reason = f.Bye.Reason
		}
	}
}
