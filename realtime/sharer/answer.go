package sharer

import (
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"

	"mend/facilitator"
)

// Own is what only the author of a share has.
type Own struct {
	session string
	bowl    facilitator.BowlID
	key     hpke.PrivateKey
	lock    [32]byte // takes the share back
	reply   [32]byte // replies, once
}

func newOwn(session string, bowl facilitator.BowlID) (*Own, error) {
	key, err := suite.GenerateKey()
	if err != nil {
		return nil, fmt.Errorf("drawing a share's key: %w", err)
	}
	own := &Own{session: session, bowl: bowl, key: key}
	rand.Read(own.lock[:])
	rand.Read(own.reply[:])
	return own, nil
}

// Answers and replies are sealed with HPKE (RFC 9180) in base mode, with what browsers have built in:
// DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, and no additional data.
var suite = hpke.DHKEM(ecdh.P256())

const (
	answerInfo = "mend bowl answer"
	replyInfo  = "mend bowl reply"

	plainSize  = 2048
	atWords    = facilitator.KeySize + 2
	mostAnswer = plainSize - atWords
)

// Answer is a facilitator's words to an author, and where a reply can be sealed to.
type Answer struct {
	Text    string
	ReplyTo []byte
}

// Asking is a facilitator's side of one answer.
type Asking struct {
	session string
	bowl    facilitator.BowlID
	key     hpke.PrivateKey
}

// SealAnswer seals words to a share's key, for share.answer.
func SealAnswer(session string, bowl facilitator.BowlID, share facilitator.Share, text string) (*Asking, string, error) {
	to, err := base64.RawURLEncoding.DecodeString(share.Key)
	if err != nil {
		return nil, "", fmt.Errorf("the share's key: %w", err)
	}
	key, err := suite.GenerateKey()
	if err != nil {
		return nil, "", err
	}
	sealed, err := seal(to, answerInfo, session, bowl, key.PublicKey().Bytes(), text)
	return &Asking{session, bowl, key}, base64.RawURLEncoding.EncodeToString(sealed), err
}

// Open opens a reply to this answer, and no other.
func (a *Asking) Open(sealed string) (string, bool) {
	answer, ok := unseal(a.key, replyInfo, a.session, a.bowl, sealed)
	return answer.Text, ok
}

func (o *Own) open(sealed string) (Answer, bool) {
	return unseal(o.key, answerInfo, o.session, o.bowl, sealed)
}

func info(what, session string, bowl facilitator.BowlID) []byte {
	return []byte(what + "\n" + session + "\n" + string(bowl))
}

// seal fills words up to one size before it seals them: a key to reply to (zeros in a reply), two bytes
// for the length, the words.
func seal(to []byte, what, session string, bowl facilitator.BowlID, replyTo []byte, text string) ([]byte, error) {
	if len(text) > mostAnswer {
		return nil, errors.New("this is too long for an answer")
	}
	key, err := suite.NewPublicKey(to)
	if err != nil {
		return nil, fmt.Errorf("the key to seal to: %w", err)
	}
	plain := make([]byte, plainSize)
	copy(plain, replyTo)
	binary.BigEndian.PutUint16(plain[facilitator.KeySize:], uint16(len(text)))
	copy(plain[atWords:], text)
	return hpke.Seal(key, hpke.HKDFSHA256(), hpke.AES128GCM(), info(what, session, bowl), plain)
}

func unseal(key hpke.PrivateKey, what, session string, bowl facilitator.BowlID, sealed string) (Answer, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return Answer{}, false
	}
	plain, err := hpke.Open(key, hpke.HKDFSHA256(), hpke.AES128GCM(), info(what, session, bowl), raw)
	if err != nil || len(plain) != plainSize {
		return Answer{}, false
	}
	n := int(binary.BigEndian.Uint16(plain[facilitator.KeySize:]))
	if n > mostAnswer {
		return Answer{}, false
	}
	return Answer{Text: string(plain[atWords : atWords+n]), ReplyTo: plain[:facilitator.KeySize]}, true
}
