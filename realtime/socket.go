package realtime

import (
	"fmt"
	"net"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"
)

// This file is all that knows which library upgrades our sockets. After the upgrade a connection leaves
// the HTTP server for good, and with it the buffers the server would keep for it while it lives. What the
// server and the adapter reuse for strangers (their wrappers of the connection) is not touched again.

const handshakeBuffer = 256 // the least of them; nothing is read or written by the library

// Socket is the route of the protocol. mayOpen judges a browser's Origin; it is empty if there is none.
// The server must not close connections behind our back: KeepHijackedConns has to be set on it.
func (n *Node) Socket(mayOpen func(origin string) bool) fiber.Handler {
	upgrade := websocket.New(n.takeOver, websocket.Config{
		Origins:         []string{"*"}, // judged below
		ReadBufferSize:  handshakeBuffer,
		WriteBufferSize: handshakeBuffer,
		WriteBufferPool: &sync.Pool{},
		RecoverHandler:  func(*websocket.Conn) { n.recovered() },
	})
	return func(c *fiber.Ctx) error {
		if !c.App().Server().KeepHijackedConns {
			return fmt.Errorf("the HTTP server closes sockets itself: set KeepHijackedConns")
		}
		if !mayOpen(strings.Clone(c.Get(fiber.HeaderOrigin))) {
			return fiber.NewError(fiber.StatusForbidden, "This address may not be opened from that page.")
		}
		return upgrade(c)
	}
}

func (n *Node) takeOver(ws *websocket.Conn) {
	n.accept(beneath(ws.NetConn()))
}

// accept serves a connection beside the caller. Close waits for it.
func (n *Node) accept(from net.Conn) {
	c := newConn(n, from)
	if !n.enter(c) {
		c.bye(byeRestart)
		c.settle()
		c.end()
		return
	}
	go n.serve(c)
}

// beneath is the connection itself, without the wrapper that is reused.
func beneath(c net.Conn) net.Conn {
	if wrapped, ok := c.(interface{ UnsafeConn() net.Conn }); ok {
		return wrapped.UnsafeConn()
	}
	return c
}

// recovered is deferred at a connection's edge. A panic there is a bug and ends only that connection,
// without telling the client why.
func (n *Node) recovered() {
	if p := recover(); p != nil {
		n.logger.Error("a connection failed", "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
	}
}
