package server

import (
	"crypto/rand"
	"math/big"
	"strings"
)

// codeLetters leaves out what is mistaken for something else when read from a projector across a room
// (0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V) and the vowels, so that no code spells a word.
const (
	codeLetters = "34679CDFGHJKMNPQRTVWXY"
	codeLength  = 6
)

func newCode() (string, error) {
	code := make([]byte, codeLength)
	for i := range code {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(codeLetters))))
		if err != nil {
			return "", err
		}
		code[i] = codeLetters[n.Int64()]
	}
	return string(code), nil
}

// readCode takes a code as people type it: any case, with spaces or dashes between. One with letters that no code has
// is simply a wrong code.
func readCode(typed string) (string, error) {
	malformed := invalid("code_malformed", "A code is six letters and numbers, as shown on the screen in the room.")
	if len(typed) > 64 {
		return "", malformed
	}
	code := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '.' || r == '\u00a0' {
			return -1
		}
		return r
	}, strings.ToUpper(typed))
	if len(code) != codeLength || strings.Trim(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "", malformed
	}
	return code, nil
}
