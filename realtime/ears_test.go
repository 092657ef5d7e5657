package realtime

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// raw builds a client's frame with any first byte, masked with something.
func raw(first byte, payload []byte) []byte {
	b := frameOf(0, payload)
	b[0] = first
	b[1] |= masked
	at := len(b) - len(payload)
	mask := []byte{1, 2, 3, 4}
	out := append(append([]byte{}, b[:at]...), mask...)
	for i, x := range payload {
		out = append(out, x^mask[i&3])
	}
	return out
}

func hears(sent []byte) (*Conn, *bytes.Buffer) {
	ours, theirs := net.Pipe()
	answered := &bytes.Buffer{}
	go io.Copy(answered, ours)
	c := &Conn{net: theirs, in: bufio.NewReaderSize(bytes.NewReader(sent), earBuffer)}
	return c, answered
}

func TestMessagesAreHeardWhole(t *testing.T) {
	long := []byte(strings.Repeat("long words ", 1000))
	cases := map[string]struct {
		sent []byte
		want []byte
		err  error
	}{
		"short":              {raw(final|opText, []byte("hi")), []byte("hi"), nil},
		"empty":              {raw(final|opText, nil), []byte{}, nil},
		"long":               {raw(final|opText, long), long, nil},
		"in pieces":          {join(raw(opText, []byte("a")), raw(opContinue, []byte("b")), raw(final|opContinue, []byte("c"))), []byte("abc"), nil},
		"a ping between":     {join(raw(opText, []byte("a")), raw(final|opPing, []byte("?")), raw(final|opContinue, []byte("b"))), []byte("ab"), nil},
		"as long as may be":  {raw(final|opText, make([]byte, frameMost)), make([]byte, frameMost), nil},
		"too long":           {raw(final|opText, make([]byte, frameMost+1)), nil, errTooBig},
		"too long in pieces": {join(raw(opText, make([]byte, frameMost)), raw(final|opContinue, []byte("a"))), nil, errTooBig},
		"a claim of 2^63":    {[]byte{final | opText, masked | 127, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}, nil, errTooBig},
		"unmasked":           {frameOf(opText, []byte("hi")), nil, errProtocol},
		"reserved bit":       {raw(final|0x40|opText, []byte("hi")), nil, errProtocol},
		"unknown kind":       {raw(final|0x3, []byte("hi")), nil, errProtocol},
		"a ping in pieces":   {raw(opPing, nil), nil, errProtocol},
		"a ping too long":    {raw(final|opPing, make([]byte, 126)), nil, errProtocol},
		"nothing begun":      {raw(final|opContinue, nil), nil, errProtocol},
		"begun twice":        {join(raw(opText, nil), raw(opText, nil)), nil, errProtocol},
		"a close":            {raw(final|opClose, []byte{3, 232}), nil, errHungUp},
		"half a close code":  {raw(final|opClose, []byte{3}), nil, errProtocol},
		"cut off":            {raw(final|opText, []byte("hello"))[:7], nil, io.ErrUnexpectedEOF},
		"nothing":            {nil, nil, io.EOF},
	}
	for name, k := range cases {
		c, _ := hears(k.sent)
		_, got, err := c.message()
		if !errors.Is(err, k.err) || k.err == nil && !bytes.Equal(got, k.want) {
			t.Errorf("%s: heard %d bytes, %v", name, len(got), err)
		}
		c.end()
	}
}

func join(frames ...[]byte) []byte { return bytes.Join(frames, nil) }

func TestAPingIsAnsweredWithItsOwnWords(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	c := newConn(nil, theirs)
	go c.message()
	client := newClient(ours)
	client.conn.SetDeadline(time.Now().Add(patience))
	if err := client.write(opPing, []byte("are you there")); err != nil {
		t.Fatal(err)
	}
	if op, data, err := client.next(); err != nil || op != opPong || string(data) != "are you there" {
		t.Errorf("got %x %q, %v", op, data, err)
	}
}

// Whatever bytes come, a message is never longer than it may be and nothing panics.
func FuzzHearing(f *testing.F) {
	f.Add(raw(final|opText, []byte("hi")))
	f.Add(join(raw(opText, []byte("a")), raw(final|opPing, nil), raw(final|opContinue, []byte("b"))))
	f.Add([]byte{final | opText, masked | 127, 255, 255, 255, 255, 255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, sent []byte) {
		soon(t, func() {
			c, _ := hears(sent)
			defer c.end()
			for {
				_, message, err := c.message()
				if len(message) > frameMost {
					t.Fatalf("%d bytes", len(message))
				}
				if err != nil {
					return
				}
			}
		})
	})
}
