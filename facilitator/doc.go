// Package facilitator is the practice of facilitation: a session, its agenda, the people in it, the
// exercises they do, and what each seat may see.
//
// It is pure. A person's command is decided into events (Decide), the fold of the events is the
// session (Apply), and each seat is shown its documents (View). Nothing here asks the time, reads
// a file, draws a random number or starts a goroutine: time, ids and shuffles arrive in Input.
//
// A Session has one owner at a time and is not safe for concurrent use. Decide never changes it.
// To decide several commands in a row, apply each one's events to a Clone and keep the clone once
// the events are stored.
package facilitator
