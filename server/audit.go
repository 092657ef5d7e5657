package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/nats-io/nats.go/jetstream"

	"mend/facilitator"
)

// trail is the audit trail: what was done to people, rooms and accounts, in which hour, in which role and with what
// result. Who did it is not in it, nor to whom, nor a word of anybody. Each entry holds the hash of the one before, so
// that none can be changed or taken out unseen. Sign-ins are not in it either: they stand with their accounts and end there.
type trail struct {
	js     jetstream.JetStream
	stream jetstream.Stream
	now    func() time.Time
	logger *slog.Logger
	queue  chan trailEntry
	writer sync.WaitGroup
}

// trailEntry is one line of it.
type trailEntry struct {
	Hour    string `json:"hour"`              // such as 2030-01-31T14Z
	Session string `json:"session,omitempty"` // its random id; none for what concerns accounts
	Role    string `json:"role"`
	Action  string `json:"action"` // a command of a session, or of the organisation
	Result  string `json:"result"` // done, or why it was refused
	Before  []byte `json:"before"` // SHA-256 of the entry before, as it is stored
}

const (
	trailStream  = "mend-audit"
	trailSubject = "mend.audit"
	trailKeeps   = 400 * 24 * time.Hour
	trailHour    = "2006-01-02T15Z"
	// trailWaits entries wait for the store; what comes while they fill is missing from the trail, and said in the log.
	trailWaits = 1024
	trailShown = 200
)

// openTrail opens it, or makes it; its oldest entries give way when it has used up bytes.
func openTrail(ctx context.Context, js jetstream.JetStream, replicas int, bytes int64, now func() time.Time, logger *slog.Logger) (*trail, error) {
	stream, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: trailStream, Subjects: []string{trailSubject}, Description: "the audit trail", Storage: jetstream.FileStorage,
		Replicas: replicas, MaxAge: trailKeeps, MaxBytes: bytes, Discard: jetstream.DiscardOld, DenyDelete: true,
	})
	if err != nil {
		return nil, fmt.Errorf("open the audit trail: %w", err)
	}
	t := &trail{js: js, stream: stream, now: now, logger: logger, queue: make(chan trailEntry, trailWaits)}
	t.writer.Go(t.write)
	return t, nil
}

// close waits until what was noted is written.
func (t *trail) close() {
	close(t.queue)
	t.writer.Wait()
}

// note takes an entry and does not wait.
func (t *trail) note(session, role, action string, refused error) {
	e := trailEntry{Hour: t.now().UTC().Format(trailHour), Session: session, Role: role, Action: action, Result: "done"}
	if refusal := (*facilitator.Refusal)(nil); errors.As(refused, &refusal) {
		e.Result = refusal.Reason
	} else if refused != nil {
		e.Result = "failed"
	}
	select {
	case t.queue <- e:
	default:
		t.logger.Error("the audit trail is full and misses an entry", "action", action)
	}
}

func (t *trail) write() {
	for e := range t.queue {
		ctx, cancel := context.WithTimeout(context.Background(), requestWithin)
		if err := t.append(ctx, e); err != nil {
			t.logger.Error("the audit trail misses an entry", "action", e.Action, "error", err)
		}
		cancel()
	}
}

// append binds an entry to the latest, again when another node was faster.
func (t *trail) append(ctx context.Context, e trailEntry) (err error) {
	for range 16 {
		var after uint64
		last, readErr := t.stream.GetLastMsgForSubject(ctx, trailSubject)
		switch {
		case readErr == nil:
			sum := sha256.Sum256(last.Data)
			after, e.Before = last.Sequence, sum[:]
		case !errors.Is(readErr, jetstream.ErrMsgNotFound):
			return readErr
		}
		data, jsonErr := json.Marshal(e)
		if jsonErr != nil {
			return jsonErr
		}
		_, err = t.js.Publish(ctx, trailSubject, data, jetstream.WithExpectLastSequence(after))
		refused := (*jetstream.APIError)(nil)
		if !errors.As(err, &refused) || !raced[refused.ErrorCode] {
			return err
		}
	}
	return err
}

// read is the latest entries, newest first, and whether the chain of all of them is whole.
func (t *trail) read(ctx context.Context) (latest []trailEntry, whole bool, err error) {
	info, err := t.stream.Info(ctx)
	if err != nil {
		return nil, false, err
	}
	var before []byte
	whole = true
	for seq := info.State.FirstSeq; seq <= info.State.LastSeq && info.State.Msgs > 0; seq++ {
		msg, err := t.stream.GetMsg(ctx, seq)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			whole = false
			continue
		}
		if err != nil {
			return nil, false, err
		}
		var e trailEntry
		if err := json.Unmarshal(msg.Data, &e); err != nil {
			whole = false
			continue
		}
		whole = whole && (before == nil || bytes.Equal(before, e.Before))
		sum := sha256.Sum256(msg.Data)
		before = sum[:]
		latest = append(latest, e)
	}
	slices.Reverse(latest)
	return latest[:min(len(latest), trailShown)], whole, nil
}

// trailView is the trail for administrators.
type trailView struct {
	Entries []trailEntryView `json:"entries"`
	Whole   bool             `json:"whole"` // nothing was changed or taken out
}

type trailEntryView struct {
	Hour    string `json:"hour"`
	Session string `json:"session,omitempty"`
	Role    string `json:"role"`
	Action  string `json:"action"`
	Result  string `json:"result"`
}

func (s *Server) showTrail(c *fiber.Ctx) error {
	if _, err := s.administers(c, s.signedIn); err != nil {
		return err
	}
	latest, whole, err := s.trail.read(c.UserContext())
	if err != nil {
		return err
	}
	view := trailView{Entries: []trailEntryView{}, Whole: whole}
	for _, e := range latest {
		view.Entries = append(view.Entries, trailEntryView{e.Hour, e.Session, e.Role, e.Action, e.Result})
	}
	return c.JSON(view)
}

// audit notes what a request of somebody who is signed in came to.
func (s *Server) audit(action string, handle fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		role := "nobody"
		if _, found, err := s.signedInAnyhow(c); err == nil {
			role = string(found.Role)
		}
		err := handle(c)
		s.trail.note("", role, action, err)
		return err
	}
}
