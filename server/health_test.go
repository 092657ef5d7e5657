package server

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"mend/facilitator"
)

func TestReadiness(t *testing.T) {
	now := time.Now()
	hang := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	for name, c := range map[string]struct {
		canary func(context.Context) error
		age    time.Duration
		reason string
	}{
		"sings":                    {func(context.Context) error { return nil }, 0, ""},
		"sang, but not lately":     {func(context.Context) error { return nil }, canaryFresh, "log_unreachable"},
		"hangs, as on a full disk": {hang, 0, "log_unreachable"},
		"is refused":               {func(context.Context) error { return errors.New("maximum bytes exceeded") }, 0, "log_refuses"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var moved atomic.Int64
			h := watch(t.Context(), c.canary, func() time.Time { return now.Add(time.Duration(moved.Load())) }, slog.New(slog.DiscardHandler))
			h.close() // what it knows now is what it knew at the start
			moved.Store(int64(c.age))
			err := h.ready()
			if c.reason == "" {
				must(t, err)
				return
			}
			refusal := (*facilitator.Refusal)(nil)
			if !errors.As(err, &refusal) || refusal.Reason != c.reason {
				t.Errorf("%v", err)
			}
		})
	}
}
