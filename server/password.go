package server

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/ccojocar/zxcvbn-go"
	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// passwords hashes one password at a time, because each takes 64 MiB: guessing fast can slow sign-in down but never
// exhaust the memory the rooms live in. Callers wait for their turn until their context ends.
type passwords struct {
	turn   chan struct{}
	memory uint32 // KiB
	dummy  string // what is checked when nobody has that name, so that the answer takes as long
}

const (
	argonMemory  = 64 << 10 // KiB
	argonTime    = 3
	argonThreads = 1
	argonLength  = 32

	passwordShortest = 12
	passwordLongest  = 200
	passwordLooked   = 64
)

func newPasswords(memory uint32) *passwords {
	p := &passwords{turn: make(chan struct{}, 1), memory: memory}
	nobody := make([]byte, 16+argonLength)
	rand.Read(nobody)
	p.dummy = p.phc(nobody[:16], nobody[16:])
	return p
}

// guessable is the score up to which a password is refused: those of the lists that are tried first, a keyboard's rows,
// repeats, the account's own name.
const guessable = 1

// checkPassword takes any characters; of those names is the account's.
func checkPassword(password string, names ...string) error {
	if n := utf8.RuneCountInString(password); n < passwordShortest || n > passwordLongest {
		return invalid("password_length", fmt.Sprintf("A password has %d to %d characters. A few words in a row are easy to keep in mind.", passwordShortest, passwordLongest))
	}
	if len(password) > passwordLooked {
		return nil // the estimate takes long for long ones, which nobody guesses
	}
	if zxcvbn.PasswordStrength(password, append(names, "mend")).Score <= guessable {
		return invalid("password_guessable", "This password is among the first that are tried. A few words in a row that do not belong together are better.")
	}
	return nil
}

// hash answers in the PHC string format, which carries its own parameters.
func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, 16)
	rand.Read(salt)
	sum, err := p.sum(ctx, password, salt, argonTime, p.memory, argonThreads, argonLength)
	if err != nil {
		return "", err
	}
	return p.phc(salt, sum), nil
}

func (p *passwords) phc(salt, sum []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.memory, argonTime, argonThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum))
}

// matches takes the same time whether stored is somebody's hash or empty (nobody's, or somebody's who has none).
func (p *passwords) matches(ctx context.Context, password, stored string) (bool, error) {
	if len(password) > 4*passwordLongest {
		password = password[:4*passwordLongest]
	}
	known := stored != ""
	if !known {
		stored = p.dummy
	}
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("stored password hash: not argon2id in PHC form")
	}
	var memory, time uint32
	var threads uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil {
		return false, fmt.Errorf("stored password hash: %w", err)
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	want, wantErr := base64.RawStdEncoding.DecodeString(parts[5])
	if saltErr != nil || wantErr != nil {
		return false, fmt.Errorf("stored password hash: not base64")
	}
	got, err := p.sum(ctx, password, salt, time, memory, threads, uint32(len(want)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

func (p *passwords) sum(ctx context.Context, password string, salt []byte, time, memory uint32, threads uint8, length uint32) ([]byte, error) {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, busy("sign_in_busy", "Many people are signing in right now. Wait a moment and try again.")
	}
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, time, memory, threads, length), nil
}
