package realtime

import (
	"crypto/rand"
	"encoding/binary"
	mathrand "math/rand/v2"
)

// shuffle puts n things into an order that nobody can foresee or work back: every draw is the system's
// own cryptographic randomness. The library only turns draws into an unbiased permutation.
func shuffle(n int, swap func(i, j int)) { mathrand.New(cryptographic{}).Shuffle(n, swap) }

type cryptographic struct{}

func (cryptographic) Uint64() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.NativeEndian.Uint64(b[:])
}
