package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"mend/realtime"
)

// records are what outlives sessions: accounts, keys, who opened which session and the counts it left. They are kept in
// one JetStream key-value bucket, which every node of the same NATS shares. Nothing anybody says in a session, and no
// participant's name, is ever put here: a key-value bucket cannot forget for certain.
type records struct{ kv jetstream.KeyValue }

var (
	errMissing = errors.New("no such record")
	errRaced   = errors.New("the record was changed by another request")
)

const recordsBucket = "mend"

// bucket is one key-value bucket: the most it and each of its records may take, in bytes.
type bucket struct {
	name, holds string
	bytes       int64
	record      int32
}

// openRecords opens the bucket, or makes its stream: as the key-value library would, but read from the server that leads
// it alone, because a copy may answer with what was true before.
func openRecords(ctx context.Context, js jetstream.JetStream, replicas int, b bucket) (*records, error) {
	kv, err := js.KeyValue(ctx, b.name)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		_, err = js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
			Name: "KV_" + b.name, Subjects: []string{"$KV." + b.name + ".>"}, Description: b.holds,
			Storage: jetstream.FileStorage, Replicas: replicas, MaxBytes: b.bytes, MaxMsgSize: b.record, MaxMsgsPerSubject: 1,
			Discard: jetstream.DiscardNew, DenyDelete: true, AllowRollup: true, AllowDirect: false,
		})
		if err == nil {
			kv, err = js.KeyValue(ctx, b.name)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open the bucket %s: %w", b.name, err)
	}
	return &records{kv: kv}, nil
}

// get answers the revision that update and remove ask for, or errMissing.
func (r *records) get(ctx context.Context, key string, into any) (uint64, error) {
	entry, err := r.kv.Get(ctx, key)
	if errors.Is(err, jetstream.ErrKeyNotFound) || errors.Is(err, jetstream.ErrInvalidKey) {
		return 0, errMissing
	}
	if err != nil {
		return 0, fmt.Errorf("read record: %w", err)
	}
	if err := json.Unmarshal(entry.Value(), into); err != nil {
		return 0, fmt.Errorf("read record %s: %w", key, err)
	}
	return entry.Revision(), nil
}

// stored is all that records take: what stands here is told to people (knows.yaml).
type stored interface{ isStored() }

func (account) isStored()       {}
func (firstAccount) isStored()  {}
func (refreshChain) isStored()  {}
func (invitation) isStored()    {}
func (demand) isStored()        {}
func (sessionRecord) isStored() {}
func (keysRecord) isStored()    {}
func (ownProgramme) isStored()  {}
func (pointer) isStored()       {}

// pointer leads from a code, a passkey or the demo to the random id of a session or an account.
type pointer string

// create puts a record where none stands, else errRaced.
func (r *records) create(ctx context.Context, key string, value stored) error {
	return r.write(value, func(data []byte) error {
		_, err := r.kv.Create(ctx, key, data)
		return err
	})
}

// update replaces the revision that was read, else errRaced.
func (r *records) update(ctx context.Context, key string, value stored, revision uint64) error {
	return r.write(value, func(data []byte) error {
		_, err := r.kv.Update(ctx, key, data, revision)
		return err
	})
}

func (r *records) write(value stored, put func([]byte) error) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	err = put(data)
	refused := (*jetstream.APIError)(nil)
	switch errors.As(err, &refused); {
	case errors.Is(err, jetstream.ErrKeyExists), refused != nil && raced[refused.ErrorCode]:
		return errRaced
	case refused != nil && full[refused.ErrorCode]:
		return fmt.Errorf("write record: %w: %w", realtime.ErrFull, err)
	case err != nil:
		return fmt.Errorf("write record: %w", err)
	}
	return nil
}

// Under these numbers JetStream says that another revision was first, and that there is no room: in the stream, the
// account, the server.
var (
	raced = map[jetstream.ErrorCode]bool{10071: true, 10164: true}
	full  = map[jetstream.ErrorCode]bool{10077: true, 10047: true, 10023: true}
)

// change reads, lets edit, and writes, again when another node was faster.
func change[T stored](ctx context.Context, r *records, key string, edit func(*T) error) (value T, err error) {
	for range 8 {
		var revision uint64
		value = *new(T)
		if revision, err = r.get(ctx, key, &value); err != nil {
			return value, err
		}
		if err = edit(&value); err != nil {
			return value, err
		}
		if err = r.update(ctx, key, value, revision); !errors.Is(err, errRaced) {
			return value, err
		}
	}
	return value, err
}

func (r *records) remove(ctx context.Context, key string) error {
	if err := r.kv.Purge(ctx, key); err != nil && !errors.Is(err, jetstream.ErrKeyNotFound) {
		return fmt.Errorf("remove record: %w", err)
	}
	return nil
}

// take removes a record that must still be there: of two who try, one gets errMissing or errRaced.
func (r *records) take(ctx context.Context, key string) error {
	entry, err := r.kv.Get(ctx, key)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return errMissing
	}
	if err != nil {
		return fmt.Errorf("read record: %w", err)
	}
	err = r.kv.Purge(ctx, key, jetstream.LastRevision(entry.Revision()))
	refused := (*jetstream.APIError)(nil)
	if errors.As(err, &refused) && raced[refused.ErrorCode] {
		return errRaced
	}
	if err != nil {
		return fmt.Errorf("remove record: %w", err)
	}
	return nil
}

// keys lists the keys under a prefix such as "session.".
func (r *records) keys(ctx context.Context, prefix string) ([]string, error) {
	return r.matching(ctx, prefix+">")
}

// matching lists the keys that a pattern with wildcards fits.
func (r *records) matching(ctx context.Context, pattern string) ([]string, error) {
	list, err := r.kv.ListKeysFiltered(ctx, pattern)
	if errors.Is(err, jetstream.ErrNoKeysFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list records: %w", err)
	}
	defer list.Stop()
	var keys []string
	for key := range list.Keys() {
		keys = append(keys, key)
	}
	return keys, ctx.Err()
}

// outOfReach is true for everything NATS answers, or fails to answer, while it cannot be used.
func outOfReach(err error) bool {
	for _, target := range []error{nats.ErrTimeout, nats.ErrNoResponders, nats.ErrConnectionClosed, nats.ErrConnectionReconnecting,
		nats.ErrDisconnected, nats.ErrNoServers, nats.ErrConnectionDraining, nats.ErrReconnectBufExceeded, jetstream.ErrNoStreamResponse,
		context.DeadlineExceeded} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}
