// Package realtime is the wires of a live session: its log on JetStream, the room that owns it on this
// node, and the connections of the people in it. What goes over a connection is in PROTOCOL.md.
//
// A command reaches a Room, is decided there by package facilitator, and becomes durable as one Commit
// of the session's log before anybody is told. The log's own sequence check is the only arbiter
// between nodes: any node may serve any session, and any node may die.
//
// Goroutines. A NATS owns its server and connection. A Node owns its rooms, a room its one goroutine
// and at most one append or read of the log beside it. A connection is read in the goroutine of the
// handler that serves it, and written by a goroutine that lives only while there is something to write;
// the handler waits for it. Close on each of them returns when what it started has ended.
//
//go:generate go run ./typescript
package realtime
