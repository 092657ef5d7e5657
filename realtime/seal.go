package realtime

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
)

// keySize is that of AES-256.
const keySize = 32

// seal is a session's own key at work. What it sealed can be forgotten by destroying the key: it has
// never left the process unsealed.
type seal struct {
	aead    cipher.AEAD
	session []byte // bound to what is sealed, so that no session's bytes pass for another's
}

func newSeal(key []byte, session string) (*seal, error) {
	if len(key) != keySize {
		return nil, fmt.Errorf("a session key has %d bytes, not %d", keySize, len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &seal{aead: aead, session: []byte(session)}, nil
}

// close puts a fresh nonce before the sealed bytes, so the same words sealed twice differ.
func (s *seal) close(plain []byte) []byte {
	out := make([]byte, s.aead.NonceSize(), s.aead.NonceSize()+len(plain)+s.aead.Overhead())
	rand.Read(out)
	return s.aead.Seal(out, out, plain, s.session)
}

var errUnsealed = errors.New("the bytes are not what was sealed")

func (s *seal) open(sealed []byte) ([]byte, error) {
	n := s.aead.NonceSize()
	if len(sealed) < n {
		return nil, errUnsealed
	}
	plain, err := s.aead.Open(nil, sealed[:n], sealed[n:], s.session)
	if err != nil {
		return nil, errUnsealed
	}
	return plain, nil
}

// hash names a sealed commit.
type hash [sha256.Size]byte

func hashOf(sealed []byte) hash { return sha256.Sum256(sealed) }

func (h hash) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, h[:]), nil
}

func (h *hash) UnmarshalText(text []byte) error {
	b, err := base64.RawURLEncoding.DecodeString(string(text))
	if err != nil || len(b) != len(h) {
		return errors.New("not the hash of a commit")
	}
	copy(h[:], b)
	return nil
}
