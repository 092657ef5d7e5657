// Package realtime is the wires of a live session: its log on JetStream, the room that owns it on this
// node, and the connections of the people in it. What goes over a connection is in PROTOCOL.md.
//
// A command reaches a Room, is decided there by package facilitator, and becomes durable as one Commit
// of the session's log before anybody is told. The log's own sequence check is the only arbiter
// between nodes: any node may serve any session, and any node may die.
//
// Goroutines. A NATS owns its server and connection. A Node owns its rooms and connections. A room has one
// goroutine, and beside it at most one append or read of the log, one high-water mark, one errand, and while
// documents go out the few that write them. Blind signatures are made by a fixed number of workers of the Node. A connection is read by a goroutine of its own, and written by another
// only while the network is slower than we are; it is closed when both have ended. Close on a NATS and on
// a Node returns when what they started has ended.
//
//go:generate go run ./typescript
package realtime
