package realtime

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"runtime"
	"slices"
	"sync"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"mend/facilitator"
)

// Blind signatures cost milliseconds, so they are made beside the rooms, by a fixed number of workers.
// When signingMost wait, whoever asks is told to ask again.
const signingMost = 4096

func signers() int { return max(1, runtime.GOMAXPROCS(0)/2) }

// Signatures is what a person gets for bowl.sign, besides "ok".
type Signatures struct {
	Share string `json:"share"` // base64url, like what was asked for
	Marks string `json:"marks"`
}

// signing is one request on its way. done is called once, by a worker.
type signing struct {
	facilitator.Signing
	done func(*Signatures, error)
}

// bench is where signatures are made.
type bench struct {
	jobs chan signing

	mu    sync.Mutex
	keys  map[*facilitator.BowlKeys]func() (*pair, error)
	given map[[sha256.Size]byte]*Signatures // so that asking again and again costs the others nothing
}

// pair is a bowl's private keys, parsed.
type pair struct{ share, marks blindrsa.Signer }

func newBench() *bench {
	return &bench{jobs: make(chan signing, signingMost), keys: map[*facilitator.BowlKeys]func() (*pair, error){}, given: map[[sha256.Size]byte]*Signatures{}}
}

// ask queues a signing; it reports false if too many wait.
func (b *bench) ask(s signing) bool {
	select {
	case b.jobs <- s:
		return true
	default:
		return false
	}
}

// work makes signatures until stop.
func (b *bench) work(stop <-chan struct{}) {
	for {
		select {
		case s := <-b.jobs:
			s.done(b.sign(s.Signing))
		case <-stop:
			return
		}
	}
}

// sign makes two signatures, or finds them made.
func (b *bench) sign(s facilitator.Signing) (*Signatures, error) {
	asked := sha256.Sum256(slices.Concat(s.Keys.SharePublic, s.Share, s.Marks))
	b.mu.Lock()
	before := b.given[asked]
	b.mu.Unlock()
	if before != nil {
		return before, nil
	}
	made, err := b.make(s)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.given) >= keptGiven {
		clear(b.given)
	}
	b.given[asked] = made
	return made, nil
}

func (b *bench) make(s facilitator.Signing) (*Signatures, error) {
	p, err := b.pair(s.Keys)()
	if err != nil {
		return nil, err
	}
	share, err1 := p.share.BlindSign(s.Share)
	marks, err2 := p.marks.BlindSign(s.Marks)
	if err1 != nil || err2 != nil {
		return nil, errBlinded
	}
	return &Signatures{Share: base64.RawURLEncoding.EncodeToString(share), Marks: base64.RawURLEncoding.EncodeToString(marks)}, nil
}

// What is kept: parsed keys, and signatures given.
const (
	keptPairs = 64
	keptGiven = 4096
)

func (b *bench) pair(k *facilitator.BowlKeys) func() (*pair, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.keys[k] == nil {
		if len(b.keys) >= keptPairs {
			clear(b.keys)
		}
		b.keys[k] = sync.OnceValues(func() (*pair, error) { return parsePair(k) })
	}
	return b.keys[k]
}

func parsePair(k *facilitator.BowlKeys) (*pair, error) {
	share, err := x509.ParsePKCS1PrivateKey(k.SharePrivate)
	if err != nil {
		return nil, fmt.Errorf("reading a bowl's key: %w", err)
	}
	marks, err := x509.ParsePKCS1PrivateKey(k.MarksPrivate)
	if err != nil {
		return nil, fmt.Errorf("reading a bowl's key: %w", err)
	}
	return &pair{blindrsa.NewSigner(share), blindrsa.NewSigner(marks)}, nil
}

const bowlKeyBits = 8 * facilitator.SignatureSize

// newBowlKeys makes the keys of one bowl.
func newBowlKeys() (facilitator.BowlKeys, error) {
	var k facilitator.BowlKeys
	for _, half := range []struct{ public, private *[]byte }{{&k.SharePublic, &k.SharePrivate}, {&k.MarksPublic, &k.MarksPrivate}} {
		key, err := rsa.GenerateKey(rand.Reader, bowlKeyBits)
		if err != nil {
			return k, fmt.Errorf("making a bowl's key: %w", err)
		}
		*half.private = x509.MarshalPKCS1PrivateKey(key)
		if *half.public, err = x509.MarshalPKIXPublicKey(&key.PublicKey); err != nil {
			return k, fmt.Errorf("encoding a bowl's key: %w", err)
		}
	}
	check, err := checkOf(k.SharePublic, k.MarksPublic)
	k.Check = check
	return k, err
}

// What the check words are derived with. The rounds make it dear to look for other keys with the same words.
const (
	checkSalt   = "mend bowl check"
	checkRounds = 100_000
)

// checkOf is what the four words of two public keys are made of, one byte a word.
func checkOf(share, marks []byte) (check [4]byte, err error) {
	derived, err := pbkdf2.Key(sha256.New, string(share)+string(marks), []byte(checkSalt), checkRounds, len(check))
	copy(check[:], derived)
	return check, err
}

// verifyBody checks a body's signature under a public key.
func verifyBody(b facilitator.Body, public []byte) error {
	parsed, err := x509.ParsePKIXPublicKey(public)
	key, ok := parsed.(*rsa.PublicKey)
	if err != nil || !ok {
		return fmt.Errorf("a bowl's public key cannot be read: %w", err)
	}
	if new(big.Int).SetBytes(b.Signature).Cmp(key.N) >= 0 {
		return errSecondForm
	}
	verifier, err := blindrsa.NewVerifier(blindrsa.SHA384PSSRandomized, key)
	if err != nil {
		return fmt.Errorf("a bowl's public key cannot be used: %w", err)
	}
	if verifier.Verify(b.Message, b.Signature) != nil {
		return errNotSigned
	}
	return nil
}

var (
	errBlinded    = refusal(facilitator.Invalid, "bowl_blinded_form", "This is not what a bowl signs. Reload the page to get its newest version.")
	errSecondForm = refusal(facilitator.Invalid, "bowl_signature_form", "This is another form of a signature, which is not accepted.")
	errNotSigned  = refusal(facilitator.Denied, "bowl_signature", "This does not carry a signature of this bowl.")
	errSlotTaken  = refusal(facilitator.Conflict, "bowl_slot_taken", "This device has handed in for this moment already. It will again in the next.")
)
