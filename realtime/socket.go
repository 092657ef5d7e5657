package realtime

import (
	"fmt"
	"io"
	"net"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"
)

// This file is all that knows which WebSocket library serves us. The library reads; frames to clients
// are our own bytes, written to the connection beneath it.

const (
	readBuffer  = 512 // one a connection; longer messages are read in pieces
	writeBuffer = 256 // from a pool, and only for the library's own pongs and close frames
)

// Socket is the route of the protocol. mayOpen judges a browser's Origin; it is empty if there is none.
func (n *Node) Socket(mayOpen func(origin string) bool) fiber.Handler {
	upgrade := websocket.New(n.serveSocket, websocket.Config{
		Origins:         []string{"*"}, // judged below
		ReadBufferSize:  readBuffer,
		WriteBufferSize: writeBuffer,
		WriteBufferPool: &sync.Pool{},
		RecoverHandler:  n.socketFailed,
	})
	return func(c *fiber.Ctx) error {
		if !mayOpen(strings.Clone(c.Get(fiber.HeaderOrigin))) {
			return fiber.NewError(fiber.StatusForbidden, "This address may not be opened from that page.")
		}
		return upgrade(c)
	}
}

func (n *Node) serveSocket(ws *websocket.Conn) {
	c := &Conn{node: n, net: beneath(ws.NetConn())}
	ws.SetPongHandler(func(string) error { c.heard.beat(); return nil })
	ws.SetPingHandler(func(data string) error {
		c.heard.beat()
		c.send(frameOf(opPong, []byte(data)))
		return nil
	})
	n.Serve(c, socketEars{ws})
}

// beneath is the connection the HTTP server took over. Its wrapper belongs to a pool: whoever wrote to
// it after the handler returned would write to a stranger.
func beneath(c net.Conn) net.Conn {
	if wrapped, ok := c.(interface{ UnsafeConn() net.Conn }); ok {
		return wrapped.UnsafeConn()
	}
	return c
}

// socketFailed ends a connection whose handler panicked, without telling the client why.
func (n *Node) socketFailed(*websocket.Conn) {
	if p := recover(); p != nil {
		n.logger.Error("a connection failed", "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
	}
}

type socketEars struct{ ws *websocket.Conn }

func (e socketEars) Hear() (bool, []byte, error) {
	kind, r, err := e.ws.NextReader()
	if err != nil {
		return false, nil, err
	}
	message, err := io.ReadAll(io.LimitReader(r, frameMost+1))
	if err == nil && len(message) > frameMost {
		err = errTooBig
	}
	return kind == websocket.TextMessage, message, err
}
