package server

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
)

// keys sign tokens and derive the links an operator hands out. All nodes of one NATS share them.
type keys struct {
	kid     string
	private ed25519.PrivateKey
	public  map[string]ed25519.PublicKey // by kid; the only keys a token may name
	links   []byte
}

type keysRecord struct {
	Kid     string `json:"kid"`
	Signing []byte `json:"signing"` // Ed25519 seed
	Links   []byte `json:"links"`
}

const keysKey = "keys"

// openKeys reads the keys, or makes them if nobody has: of two nodes starting at once, the bucket lets one through and
// both read what that one made.
func openKeys(ctx context.Context, records *records) (*keys, error) {
	fresh := keysRecord{Kid: rand.Text()[:8], Signing: make([]byte, ed25519.SeedSize), Links: make([]byte, 32)}
	rand.Read(fresh.Signing)
	rand.Read(fresh.Links)
	var kept keysRecord
	_, err := records.get(ctx, keysKey, &kept)
	if errors.Is(err, errMissing) {
		if err = records.create(ctx, keysKey, fresh); err == nil || errors.Is(err, errRaced) {
			_, err = records.get(ctx, keysKey, &kept)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("signing keys: %w", err)
	}
	if len(kept.Signing) != ed25519.SeedSize || len(kept.Links) != 32 {
		return nil, errors.New("signing keys: the record is damaged")
	}
	private := ed25519.NewKeyFromSeed(kept.Signing)
	return &keys{kid: kept.Kid, private: private, links: kept.Links,
		public: map[string]ed25519.PublicKey{kept.Kid: private.Public().(ed25519.PublicKey)}}, nil
}

// link is the key at the end of a link, 128 bits. It is derived and never stored, so a restart prints the same link and
// a stolen record reveals none.
func (k *keys) link(purpose, of string) string {
	sum := hmac.New(sha256.New, k.links)
	fmt.Fprintf(sum, "%s\x00%s", purpose, of)
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:16])
}

func (k *keys) opens(key, purpose, of string) bool {
	return hmac.Equal([]byte(key), []byte(k.link(purpose, of)))
}
