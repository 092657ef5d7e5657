package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// health knows whether this node can do its work: whether an append became durable lately. JetStream itself says it is
// fine while its disk is full, so nothing less than an append tells.
type health struct {
	canary func(context.Context) error
	now    func() time.Time
	logger *slog.Logger

	mu   sync.Mutex
	last time.Time // of the last canary that was acknowledged
	why  error     // of the last one that was not; nil after a good one
	stop bool

	cancel context.CancelFunc
	ended  chan struct{}
}

const (
	canaryEvery  = 3 * time.Second
	canaryWithin = 2 * time.Second
	canaryFresh  = 3 * canaryEvery
)

// watch sings a first canary, so that a server which starts is ready or knows at once why not, and goes on until close.
func watch(ctx context.Context, canary func(context.Context) error, now func() time.Time, logger *slog.Logger) *health {
	h := &health{canary: canary, now: now, logger: logger, ended: make(chan struct{})}
	h.sing(ctx)
	ctx, h.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go h.run(ctx)
	return h
}

func (h *health) run(ctx context.Context) {
	defer close(h.ended)
	tick := time.NewTicker(canaryEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			h.sing(ctx)
		case <-ctx.Done():
			return
		}
	}
}

func (h *health) sing(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, canaryWithin)
	defer cancel()
	err := h.canary(ctx)
	h.mu.Lock()
	defer h.mu.Unlock()
	if err == nil {
		h.last = h.now()
	}
	if (err == nil) != (h.why == nil) {
		h.logger.Warn("canary append", "ok", err == nil, "error", err)
	}
	h.why = err
}

// ready is nil, or why this node should get no new people now.
func (h *health) ready() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.stop:
		return unavailable("stopping", "This node is stopping. Another one, or this one after its restart, takes over.")
	case h.why == nil && h.now().Sub(h.last) < canaryFresh:
		return nil
	case h.why != nil && !errors.Is(h.why, context.DeadlineExceeded) && !outOfReach(h.why):
		return unavailable("log_refuses", "An append to the log was refused: "+h.why.Error())
	}
	return unavailable("log_unreachable", fmt.Sprintf("No append to the log was acknowledged within %s. Is the disk full, or NATS out of reach?", canaryWithin))
}

// stopping makes the node not ready, before anything else of it stops.
func (h *health) stopping() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stop = true
}

func (h *health) close() {
	h.cancel()
	<-h.ended
}
