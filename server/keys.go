package server

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// keys sign tokens, derive the links an operator hands out and seal secrets that are kept. All nodes of one NATS share
// them. A rotation replaces the whole set at once.
type keys struct {
	now func() time.Time
	set atomic.Pointer[keySet]
}

type keySet struct {
	ring    Keyring
	private map[string]ed25519.PrivateKey // by kid
	public  map[string]ed25519.PublicKey  // by kid; the only keys a token may name
	kids    []string                      // in the ring's order
}

// keysRecord is where the keys stand when no folder of keys is given: in the store itself.
type keysRecord struct {
	Tokens []byte `json:"tokens"`
	Links  []byte `json:"links"`
	Seals  []byte `json:"seals"`
}

const keysKey = "keys"

// openKeys takes the operator's keys; without, those that stand in the store, or makes them if nobody has: of two nodes
// starting at once, the bucket lets one through and both read what that one made.
func openKeys(ctx context.Context, records *records, read func() (Keyring, error), now func() time.Time) (*keys, error) {
	k := &keys{now: now}
	if read != nil {
		ring, err := read()
		if err != nil {
			return nil, fmt.Errorf("keys: %w", err)
		}
		return k, k.use(ring)
	}
	fresh := keysRecord{Tokens: newKey(now()).Secret, Links: newKey(now()).Secret, Seals: newKey(now()).Secret}
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
	one := func(secret []byte) []Key { return []Key{{Secret: secret}} }
	if err := k.use(Keyring{Tokens: one(kept.Tokens), Links: one(kept.Links), Seals: one(kept.Seals)}); err != nil {
		return nil, fmt.Errorf("the store's record of keys is damaged: %w", err)
	}
	return k, nil
}

// use replaces the keys. Whoever is using the old set at this moment finishes with it.
func (k *keys) use(ring Keyring) error {
	if err := ring.check(); err != nil {
		return err
	}
	set := &keySet{ring: ring, private: map[string]ed25519.PrivateKey{}, public: map[string]ed25519.PublicKey{}}
	for _, key := range ring.Tokens {
		private := ed25519.NewKeyFromSeed(key.Secret)
		public := private.Public().(ed25519.PublicKey)
		sum := sha256.Sum256(public)
		kid := hex.EncodeToString(sum[:6])
		set.private[kid], set.public[kid] = private, public
		set.kids = append(set.kids, kid)
	}
	k.set.Store(set)
	return nil
}

// signing is the key that signs tokens now.
func (k *keys) signing() (kid string, private ed25519.PrivateKey) {
	set := k.set.Load()
	kid = set.kids[inUse(set.ring.Tokens, k.now())]
	return kid, set.private[kid]
}

// verifying is the key a token names, if it is one of ours.
func (k *keys) verifying(kid string) (ed25519.PublicKey, bool) {
	public, known := k.set.Load().public[kid]
	return public, known
}

// link is the key at the end of a link, 128 bits. It is derived and never stored, so a restart prints the same link and
// a stolen record reveals none.
func (k *keys) link(purpose, of string) string {
	links := k.set.Load().ring.Links
	return linkOf(links[inUse(links, k.now())].Secret, purpose, of)
}

func linkOf(secret []byte, purpose, of string) string {
	sum := hmac.New(sha256.New, secret)
	fmt.Fprintf(sum, "%s\x00%s", purpose, of)
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:16])
}

func (k *keys) opens(key, purpose, of string) bool {
	fits := false
	for _, one := range k.set.Load().ring.Links {
		fits = hmac.Equal([]byte(key), []byte(linkOf(one.Secret, purpose, of))) || fits
	}
	return fits
}

// seal encrypts a secret that is kept in the store, bound to where it is kept.
func (k *keys) seal(secret []byte, place string) []byte {
	seals := k.set.Load().ring.Seals
	aead := aeadOf(seals[inUse(seals, k.now())].Secret)
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce)
	return aead.Seal(nonce, nonce, secret, []byte(place))
}

func (k *keys) unseal(sealed []byte, place string) ([]byte, error) {
	for _, key := range k.set.Load().ring.Seals {
		aead := aeadOf(key.Secret)
		if len(sealed) < aead.NonceSize() {
			break
		}
		if secret, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], []byte(place)); err == nil {
			return secret, nil
		}
	}
	return nil, errors.New("a secret in the store was sealed with a key that is not in the keyring")
}

func aeadOf(secret []byte) cipher.AEAD {
	block, err := aes.NewCipher(secret)
	if err != nil {
		panic(err) // check has seen to the length
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return aead
}

// watch takes up rotated keys until the context ends; fault hears of a keyring that cannot be read, and the old keys stay.
func (k *keys) watch(ctx context.Context, read func() (Keyring, error), fault func(error)) {
	tick := time.NewTicker(keyLooks)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			ring, err := read()
			if err == nil {
				err = k.use(ring)
			}
			if err != nil {
				fault(err)
			}
		}
	}
}

// sealedVault wraps the keys of sessions where many nodes share a store: with the keyring, which all of them have. What
// it wrapped is forgotten when the store forgets it.
type sealedVault struct{ keys *keys }

func (v sealedVault) Wrap(session string, key []byte) ([]byte, error) {
	return v.keys.seal(key, "session."+session), nil
}

func (v sealedVault) Unwrap(session string, wrapped []byte) ([]byte, error) {
	return v.keys.unseal(wrapped, "session."+session)
}

func (sealedVault) Forget(string) error { return nil }
