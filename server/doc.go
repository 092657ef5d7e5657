// Package server is everything of a node but the live rooms: joining, the facilitators' accounts, the pages, limits and
// health, over HTTP; and the hand-over of sockets to package realtime.
//
// Who may do what in a session is the session's own to decide. This package only says who somebody is: a person of a
// session (room token), the stage (a link's key), or a facilitator (an account). Everything it keeps stands in one
// key-value bucket, see records; nothing said in a session and no participant's name is ever in there or in a log line,
// and no address is kept at all, see throttle.
//
// Goroutines. A Server owns its HTTP workers and its health watch; Close returns when they have ended. Guests own one
// goroutine that moves them and what serves their line, ended by their Close.
package server
