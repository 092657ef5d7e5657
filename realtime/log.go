package realtime

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Log keeps every session's commits: few streams, one subject a session. Keys and high-water records
// have streams of their own.
type Log struct {
	nats   *NATS
	shards [logShards]jetstream.Stream
	keys   jetstream.Stream
	marks  jetstream.Stream
	urn    jetstream.Stream // in memory
	vault  Vault            // nil: the keys stand in the store as they are
}

const (
	logShards  = 4
	keySubject = "mend.key."
	markSubj   = "mend.mark."
	canarySubj = "mend.canary"

	callWithin = 2 * time.Second // then the outcome is unknown, and is asked about
)

// What an append or a read can come to.
var (
	ErrNoSession = errors.New("there is no such session")
	ErrExists    = errors.New("there is such a session already")
	ErrFull      = errors.New("the storage is full")
	errConflict  = errors.New("another commit was first")
	errUnknown   = errors.New("no answer from the log")
	errEnd       = errors.New("the log ends here")
)

// OpenLog makes the streams that are not there yet. Without a vault the store alone opens what it holds.
func OpenLog(ctx context.Context, n *NATS, vault Vault) (*Log, error) {
	l := &Log{nats: n, vault: vault}
	share := n.store / (2 * logShards) // the other half is for keys, marks, and what others keep
	var err error
	for i := range l.shards {
		if l.shards[i], err = l.stream(ctx, jetstream.StreamConfig{
			Name:     fmt.Sprintf("mend-log-%d", i),
			Subjects: []string{fmt.Sprintf("mend.log.%d.*", i)},
			MaxBytes: share, Discard: jetstream.DiscardNew,
		}); err != nil {
			return nil, err
		}
	}
	if l.keys, err = l.stream(ctx, jetstream.StreamConfig{
		Name: "mend-keys", Subjects: []string{keySubject + "*"}, MaxBytes: share / 8,
		Discard: jetstream.DiscardNew, MaxMsgsPerSubject: 1, DiscardNewPerSubject: true,
	}); err != nil {
		return nil, err
	}
	if l.marks, err = l.stream(ctx, jetstream.StreamConfig{
		Name: "mend-marks", Subjects: []string{markSubj + "*"}, MaxBytes: share / 8,
		MaxMsgsPerSubject: marksKept, Discard: jetstream.DiscardOld,
	}); err != nil {
		return nil, err
	}
	if err = l.openUrn(ctx); err != nil {
		return nil, err
	}
	_, err = l.stream(ctx, jetstream.StreamConfig{
		Name: "mend-canary", Subjects: []string{canarySubj}, MaxBytes: 1 << 20,
		MaxMsgs: 1, Discard: jetstream.DiscardOld,
	})
	return l, err
}

// stream opens a stream, or makes it: on file, acknowledged only when stored, full is an error, and
// read only from the server that leads it (a direct read may be stale).
func (l *Log) stream(ctx context.Context, cfg jetstream.StreamConfig) (jetstream.Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	if s, err := l.nats.JS.Stream(ctx, cfg.Name); err == nil {
		return s, nil
	} else if !errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, fmt.Errorf("opening stream %s: %w", cfg.Name, err)
	}
	cfg.Storage = jetstream.FileStorage
	cfg.Replicas = l.nats.replicas
	s, err := l.nats.JS.CreateOrUpdateStream(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("making stream %s on %d servers: %w", cfg.Name, cfg.Replicas, err)
	}
	return s, nil
}

func shardOf(session string) int {
	h := fnv.New32a()
	h.Write([]byte(session))
	return int(h.Sum32() % logShards)
}

func logSubject(session string) string {
	return fmt.Sprintf("mend.log.%d.%s", shardOf(session), session)
}

// Append stores a commit if last is still the stream's number of the session's latest. Its errors are
// errConflict and ErrFull, which say that it is not stored, and errUnknown, which says nothing: read back.
func (l *Log) Append(ctx context.Context, session string, last uint64, sealed []byte) (uint64, error) {
	return l.publish(ctx, logSubject(session), sealed, jetstream.WithExpectLastSequencePerSubject(last))
}

func (l *Log) publish(ctx context.Context, subject string, data []byte, opts ...jetstream.PublishOpt) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	opts = append(opts, jetstream.WithRetryAttempts(0))
	ack, err := l.nats.JS.PublishMsg(ctx, &nats.Msg{Subject: subject, Data: data}, opts...)
	if err == nil {
		return ack.Sequence, nil
	}
	var api *jetstream.APIError
	if !errors.As(err, &api) {
		return 0, fmt.Errorf("%w: %w", errUnknown, err)
	}
	return 0, fmt.Errorf("%w: %w", refusedAppend(api), err)
}

// codeStoreFailed is the server's number for any failure of a store; its words say which.
const codeStoreFailed = 10077

// refusedAppend sorts a refusal of the server: a conflict and a full stream are certain, all else is not.
func refusedAppend(api *jetstream.APIError) error {
	switch api.ErrorCode {
	case jetstream.JSErrCodeStreamWrongLastSequence, jetstream.JSErrCodeStreamWrongLastSequenceConstant:
		return errConflict
	case codeStoreFailed:
		if strings.Contains(api.Description, server.ErrMaxBytes.Error()) {
			return ErrFull
		}
	}
	return errUnknown
}

// Next is the session's first commit after a stream's number, or errEnd.
func (l *Log) Next(ctx context.Context, session string, after uint64) (Entry, error) {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	s := l.shards[shardOf(session)]
	return entryOf(s.GetMsg(ctx, after+1, jetstream.WithGetMsgSubject(logSubject(session))))
}

// Last is the session's latest commit, or errEnd.
func (l *Log) Last(ctx context.Context, session string) (Entry, error) {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	return entryOf(l.shards[shardOf(session)].GetLastMsgForSubject(ctx, logSubject(session)))
}

func entryOf(msg *jetstream.RawStreamMsg, err error) (Entry, error) {
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		return Entry{}, errEnd
	case err != nil:
		return Entry{}, fmt.Errorf("%w: %w", errUnknown, err)
	}
	return Entry{Seq: msg.Sequence, Sealed: msg.Data}, nil
}

// NewKey draws a key for a session that does not exist yet.
func (l *Log) NewKey(ctx context.Context, session string) ([]byte, error) {
	key := make([]byte, keySize)
	rand.Read(key)
	kept := key
	if l.vault != nil {
		var err error
		if kept, err = l.vault.Wrap(session, key); err != nil {
			return nil, err
		}
	}
	_, err := l.publish(ctx, keySubject+session, kept, jetstream.WithExpectLastSequencePerSubject(0))
	if errors.Is(err, errConflict) {
		return nil, ErrExists
	}
	return key, err
}

// Key is a session's key. Without it there is no session any more, or there never was.
func (l *Log) Key(ctx context.Context, session string) ([]byte, error) {
	e, err := l.keyEntry(ctx, session)
	if err != nil || l.vault == nil {
		return e.Sealed, err
	}
	key, err := l.vault.Unwrap(session, e.Sealed)
	if err != nil {
		return nil, fmt.Errorf("unwrapping the key of session %s: %w", session, err)
	}
	return key, nil
}

func (l *Log) keyEntry(ctx context.Context, session string) (Entry, error) {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	e, err := entryOf(l.keys.GetLastMsgForSubject(ctx, keySubject+session))
	if errors.Is(err, errEnd) {
		return Entry{}, ErrNoSession
	}
	return e, err
}

// Destroy forgets a session: its key is overwritten where it lies, then what it sealed is thrown away.
func (l *Log) Destroy(ctx context.Context, session string) error {
	if l.vault != nil {
		if err := l.vault.Forget(session); err != nil {
			return fmt.Errorf("forgetting the key of session %s: %w", session, err)
		}
	}
	switch e, err := l.keyEntry(ctx, session); {
	case err == nil:
		if err := l.keys.SecureDeleteMsg(ctx, e.Seq); err != nil {
			return fmt.Errorf("destroying the key of session %s: %w", session, err)
		}
	case !errors.Is(err, ErrNoSession):
		return fmt.Errorf("finding the key of session %s: %w", session, err)
	}
	if err := l.shards[shardOf(session)].Purge(ctx, jetstream.WithPurgeSubject(logSubject(session))); err != nil {
		return fmt.Errorf("purging the log of session %s: %w", session, err)
	}
	if err := l.marks.Purge(ctx, jetstream.WithPurgeSubject(markSubj+session)); err != nil {
		return fmt.Errorf("purging the high-water record of session %s: %w", session, err)
	}
	err := l.urn.Purge(ctx, jetstream.WithPurgeSubject(urnSubject+session+".>"))
	if err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
		return fmt.Errorf("emptying the urn of session %s: %w", session, err)
	}
	return nil
}

// Sessions lists those that have a key.
func (l *Log) Sessions(ctx context.Context) ([]string, error) {
	info, err := l.keys.Info(ctx, jetstream.WithSubjectFilter(keySubject+"*"))
	if err != nil {
		return nil, fmt.Errorf("listing sessions: %w", err)
	}
	var ids []string
	for subject := range info.State.Subjects {
		ids = append(ids, strings.TrimPrefix(subject, keySubject))
	}
	return ids, nil
}

// marksKept is how many records a session keeps: nodes write them without asking each other, so the
// latest need not be the highest.
const marksKept = 8

// SetMark records how far a session's log was acknowledged.
func (l *Log) SetMark(ctx context.Context, session string, m Mark) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = l.publish(ctx, markSubj+session, data)
	return err
}

// HighWater is the highest mark of a session, the zero one if there is none.
func (l *Log) HighWater(ctx context.Context, session string) (Mark, error) {
	var high Mark
	for after := uint64(0); ; {
		e, err := l.nextMark(ctx, session, after)
		if errors.Is(err, errEnd) {
			return high, nil
		}
		if err != nil {
			return high, fmt.Errorf("reading the high-water record of session %s: %w", session, err)
		}
		var m Mark
		if err := json.Unmarshal(e.Sealed, &m); err == nil && m.N > high.N {
			high = m
		}
		after = e.Seq
	}
}

func (l *Log) nextMark(ctx context.Context, session string, after uint64) (Entry, error) {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	return entryOf(l.marks.GetMsg(ctx, after+1, jetstream.WithGetMsgSubject(markSubj+session)))
}

// Canary appends for the sake of appending: full, hung and unreachable storage all look healthy
// until something is written.
func (l *Log) Canary(ctx context.Context) error {
	_, err := l.publish(ctx, canarySubj, []byte(time.Now().UTC().Format(time.RFC3339)))
	return err
}
