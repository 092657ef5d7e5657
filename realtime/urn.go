package realtime

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"mend/facilitator"
)

// The urn is where bodies wait until they are poured: a stream in memory, never on disk, with one
// message a token at most, so that any number of nodes accept a token once. Bodies are sealed with the
// session's own key before they leave the process, like commits. It is emptied as soon as what waited
// is in the log.
//
// It is one urn for all nodes, and not a list on each, so that all shares of a bowl are poured in one
// order: a batch a node would say of each share through which node it came. And a node that dies takes
// nothing with it.

const (
	urnSubject = "mend.urn."
	urnBytes   = 48 << 20
)

// urn is what a node needs of it.
type urn interface {
	Put(ctx context.Context, subject string, sealed []byte) error
	Waiting(ctx context.Context, subject string) ([]waiting, error)
	Empty(ctx context.Context, subject string, last uint64) error
}

// waiting is a body in the urn.
type waiting struct {
	seq    uint64
	round  int64 // the slot of a later body, the try of a first one
	sealed []byte
}

func (l *Log) openUrn(ctx context.Context) error {
	s, err := l.makeUrn(ctx)
	l.urn = s
	return err
}

func (l *Log) makeUrn(ctx context.Context) (jetstream.Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	s, err := l.nats.JS.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: "mend-urn", Subjects: []string{urnSubject + ">"}, Storage: jetstream.MemoryStorage,
		Replicas: l.nats.replicas, MaxBytes: urnBytes, Discard: jetstream.DiscardNew,
		MaxMsgsPerSubject: 1, DiscardNewPerSubject: true,
	})
	if err != nil {
		return nil, fmt.Errorf("making the stream in memory for anonymous shares, of %d MiB: %w", urnBytes>>20, err)
	}
	return s, nil
}

// again does something with the urn, and once more with a new one if there is none: a NATS server that
// was started again has forgotten what it had in memory, the stream itself too.
func (l *Log) again(ctx context.Context, do func() error) error {
	err := do()
	if !errors.Is(err, jetstream.ErrNoStreamResponse) && !errors.Is(err, jetstream.ErrStreamNotFound) {
		return err
	}
	if _, err := l.makeUrn(ctx); err != nil {
		return err
	}
	return do()
}

func firstSubject(session string, bowl facilitator.BowlID) string {
	return urnSubject + session + "." + string(bowl) + ".first."
}

func laterSubject(session string, bowl facilitator.BowlID) string {
	return urnSubject + session + "." + string(bowl) + ".later."
}

func oneSubject(of string, round int64, t facilitator.Token) string {
	return of + strconv.FormatInt(round, 10) + "." + string(t)
}

// Put lays a body in, unless there is one of that subject. errConflict says there is.
func (l *Log) Put(ctx context.Context, subject string, sealed []byte) error {
	return l.again(ctx, func() error {
		_, err := l.publish(ctx, subject, sealed, jetstream.WithExpectLastSequencePerSubject(0))
		return err
	})
}

// Waiting reads what lies under a subject.
func (l *Log) Waiting(ctx context.Context, subject string) (all []waiting, err error) {
	err = l.again(ctx, func() error {
		all, err = l.waiting(ctx, subject)
		return err
	})
	return all, err
}

func (l *Log) waiting(ctx context.Context, subject string) ([]waiting, error) {
	ctx, cancel := context.WithTimeout(ctx, 4*callWithin)
	defer cancel()
	var all []waiting
	for after := uint64(0); ; {
		msg, err := l.urn.GetMsg(ctx, after+1, jetstream.WithGetMsgSubject(subject+">"))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading what waits for a bowl: %w", err)
		}
		round, _, _ := strings.Cut(msg.Subject[len(subject):], ".")
		n, _ := strconv.ParseInt(round, 10, 64)
		all = append(all, waiting{seq: msg.Sequence, round: n, sealed: msg.Data})
		after = msg.Sequence
	}
}

// Empty throws away what lies under a subject, up to a number.
func (l *Log) Empty(ctx context.Context, subject string, last uint64) error {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	err := l.urn.Purge(ctx, jetstream.WithPurgeSubject(subject+">"), jetstream.WithPurgeSequence(last+1))
	if err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
		return fmt.Errorf("emptying the urn: %w", err)
	}
	return nil
}
