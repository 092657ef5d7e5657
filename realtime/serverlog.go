package realtime

import (
	"fmt"
	"log/slog"
	"sync"
)

// serverLog hands on what the embedded server wants known. The server's own would end the process on a
// fatal error; this one keeps it for whoever started the server.
type serverLog struct {
	to *slog.Logger

	mu   sync.Mutex
	last string
}

func (l *serverLog) Noticef(string, ...any) {}
func (l *serverLog) Debugf(string, ...any)  {}
func (l *serverLog) Tracef(string, ...any)  {}

func (l *serverLog) Warnf(format string, v ...any) {
	l.to.Warn("nats", "message", fmt.Sprintf(format, v...))
}

func (l *serverLog) Errorf(format string, v ...any) {
	l.to.Error("nats", "message", fmt.Sprintf(format, v...))
}

func (l *serverLog) Fatalf(format string, v ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = fmt.Sprintf(format, v...)
	l.to.Error("nats", "message", l.last)
}

// fatal is the last fatal error, or a sentence saying there was none.
func (l *serverLog) fatal() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == "" {
		return "it did not become ready in time"
	}
	return l.last
}
