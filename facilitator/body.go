package facilitator

import (
	"bytes"
	"crypto/ecdh"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"unicode/utf8"
)

// BodySize is the size of every body that is posted to a bowl, whatever it holds.
const BodySize = 4096

// Form says which of the two forms a body has, and so which token it must carry.
type Form byte

// The forms. Every client posts one first body to a bowl; later ones carry what concerns shares that
// were poured: marks, a share taken back, a reply.
const (
	FirstBody Form = 1
	LaterBody Form = 2
)

// Kind says what a body holds. A blank holds nothing, and is posted by whoever has nothing to say.
type Kind byte

// The kinds: Written in a first body, the others in a later one.
const (
	Blank    Kind = 0
	Written  Kind = 1
	Marking  Kind = 2
	TakeBack Kind = 3
	Replying Kind = 4
)

// Where things stand in a body. BOWL.md has the same table for those who write clients.
const (
	atForm      = 4
	atMessage   = 8 // the prepared message: 32 random bytes, then what is signed
	atSaid      = atMessage + 32
	atPurpose   = atSaid + 16
	atSession   = atPurpose + 8
	atBowl      = atSession + 40
	atRandom    = atBowl + 24
	atSignature = atRandom + 32
	atKind      = atSignature + SignatureSize
	atLength    = atKind + 2
	atKey       = atLength + 2
	atLock      = atKey + KeySize
	atReply     = atLock + 32
	atText      = atReply + 32 + 3
	atSecret    = atLength + 2
	atContent   = atSecret + 32

	// SignatureSize is that of an RSA key of 2048 bits.
	SignatureSize = 256
	// KeySize is that of a share's own key: an uncompressed point of P-256.
	KeySize = 65
	// SealedSize is that of an answer or a reply: a key's half and 2048 bytes sealed with HPKE.
	SealedSize = KeySize + 2048 + 16
	// MostMarks is how many shares one body can mark.
	MostMarks = 100

	shareIDSize = 24
	maxShare    = BodySize - atText
)

const (
	magic       = "mb1\n"
	said        = "mend bowl token\n"
	ForShare    = "share"
	ForMarks    = "marks"
	maxShareLen = 2000 // characters
)

// NewShare is a share as its author made it. Key is where an answer to it can be sealed to; Lock and
// ReplyLock are the hashes of two secrets that only its author has.
type NewShare struct {
	Text      string
	Key       []byte
	Lock      [32]byte
	ReplyLock [32]byte
}

// Body is what is posted to a bowl, read. It stays in memory: it knows both a token and what came with it.
type Body struct {
	Form      Form
	Message   []byte // as it was prepared for signing
	Purpose   string
	Session   string
	Bowl      BowlID
	Signature []byte
	Kind      Kind
	Share     NewShare  // with Written
	Secret    [32]byte  // with TakeBack and Replying
	Marks     []ShareID // with Marking
	Sealed    []byte    // with Replying
}

// Token names the right to post that a body used up, without the means to use it.
type Token string

// TokenOf is the token of a prepared message.
func TokenOf(message []byte) Token {
	sum := sha256.Sum256(message)
	return Token(base64.RawURLEncoding.EncodeToString(sum[:16]))
}

// Token is the token this body spends.
func (b Body) Token() Token { return TokenOf(b.Message) }

// TokenMessage is what a client has signed blindly, before RFC 9474 prepares it.
func TokenMessage(purpose, session string, bowl BowlID, random [32]byte) []byte {
	m := make([]byte, atSignature-atSaid)
	copy(m, said)
	copy(m[atPurpose-atSaid:], purpose)
	copy(m[atSession-atSaid:atBowl-atSaid], session)
	copy(m[atBowl-atSaid:atRandom-atSaid], bowl)
	copy(m[atRandom-atSaid:], random[:])
	return m
}

// ReadBody reads a body and holds it to its form. It does not check the signature.
func ReadBody(raw []byte) (Body, error) {
	switch {
	case len(raw) < BodySize:
		return Body{}, refuse(Invalid, "bowl_body_short", "This was cut short on its way. Send it again, whole.")
	case len(raw) > BodySize:
		return Body{}, refuse(Invalid, "bowl_body_long", "This is longer than what is put into a bowl. Shorten it.")
	}
	b := Body{
		Form: Form(raw[atForm]), Message: bytes.Clone(raw[atMessage:atSignature]), Signature: bytes.Clone(raw[atSignature:atKind]),
		Kind: Kind(raw[atKind]),
	}
	var ok [3]bool
	b.Purpose, ok[0] = padded(raw[atPurpose:atSession])
	b.Session, ok[1] = padded(raw[atSession:atBowl])
	bowl, good := padded(raw[atBowl:atRandom])
	b.Bowl, ok[2] = BowlID(bowl), good
	head := string(raw[:atForm]) == magic && zero(raw[atForm+1:atMessage]) && string(raw[atSaid:atPurpose]) == said && raw[atKind+1] == 0
	if !head || ok != [3]bool{true, true, true} || b.purpose() != b.Purpose {
		return Body{}, bodyForm()
	}
	return b, b.readContent(raw)
}

// purpose is that of the token which a body of this form must carry.
func (b Body) purpose() string {
	if b.Form == FirstBody {
		return ForShare
	}
	return ForMarks
}

func (b *Body) readContent(raw []byte) error {
	n := int(binary.BigEndian.Uint16(raw[atLength:]))
	switch {
	case b.Kind == Blank && (b.Form == FirstBody || b.Form == LaterBody):
		return formIf(n == 0 && zero(raw[atKey:]))
	case b.Kind == Written && b.Form == FirstBody:
		return b.readShare(raw, n)
	case b.Form != LaterBody:
		return bodyForm()
	case b.Kind == Marking:
		return b.readMarks(raw, n)
	case b.Kind == TakeBack:
		copy(b.Secret[:], raw[atSecret:])
		return formIf(n == 0 && zero(raw[atContent:]))
	case b.Kind == Replying:
		copy(b.Secret[:], raw[atSecret:])
		b.Sealed = bytes.Clone(raw[atContent : atContent+SealedSize])
		return formIf(n == SealedSize && zero(raw[atContent+SealedSize:]))
	}
	return bodyForm()
}

func (b *Body) readShare(raw []byte, n int) error {
	if n == 0 || n > maxShare || !zero(raw[atText-3:atText]) || !zero(raw[atText+n:]) {
		return bodyForm()
	}
	text := string(raw[atText : atText+n])
	if !utf8.ValidString(text) {
		return refuse(Invalid, "bowl_not_text", "This is not readable text. Type it again.")
	}
	text, err := cleanShare(text)
	if err != nil {
		return err
	}
	key := bytes.Clone(raw[atKey:atLock])
	if _, err := ecdh.P256().NewPublicKey(key); err != nil {
		return refuse(Invalid, "bowl_share_key", "This share's own key is not a key, so nobody could answer it. Reload the page and place it again.")
	}
	b.Share = NewShare{Text: text, Key: key, Lock: [32]byte(raw[atLock:atReply]), ReplyLock: [32]byte(raw[atReply : atReply+32])}
	return nil
}

func (b *Body) readMarks(raw []byte, n int) error {
	if n == 0 || n > MostMarks || !zero(raw[atSecret:atContent]) || !zero(raw[atContent+n*shareIDSize:]) {
		return bodyForm()
	}
	for i := range n {
		id, ok := padded(raw[atContent+i*shareIDSize:][:shareIDSize])
		if !ok {
			return bodyForm()
		}
		b.Marks = append(b.Marks, ShareID(id))
	}
	return nil
}

// Bytes is the body as it is posted.
func (b Body) Bytes() []byte {
	raw := make([]byte, BodySize)
	copy(raw, magic)
	raw[atForm], raw[atKind] = byte(b.Form), byte(b.Kind)
	copy(raw[atMessage:atSignature], b.Message)
	copy(raw[atSignature:atKind], b.Signature)
	n := 0
	switch b.Kind {
	case Written:
		n = copy(raw[atText:], b.Share.Text)
		copy(raw[atKey:atLock], b.Share.Key)
		copy(raw[atLock:], b.Share.Lock[:])
		copy(raw[atReply:], b.Share.ReplyLock[:])
	case Marking:
		for _, id := range b.Marks {
			copy(raw[atContent+n*shareIDSize:], id)
			n++
		}
	case TakeBack, Replying:
		copy(raw[atSecret:], b.Secret[:])
		n = copy(raw[atContent:], b.Sealed)
	}
	binary.BigEndian.PutUint16(raw[atLength:], uint16(n))
	return raw
}

// padded is a name that was filled up with zeros. What is not plain letters is none.
func padded(raw []byte) (string, bool) {
	name, rest := raw, []byte(nil)
	if i := bytes.IndexByte(raw, 0); i >= 0 {
		name, rest = raw[:i], raw[i:]
	}
	for _, c := range name {
		if c <= ' ' || c > '~' {
			return "", false
		}
	}
	return string(name), len(name) > 0 && zero(rest)
}

func zero(raw []byte) bool { return len(bytes.TrimLeft(raw, "\x00")) == 0 }

func formIf(ok bool) error {
	if ok {
		return nil
	}
	return bodyForm()
}

func bodyForm() error {
	return refuse(Invalid, "bowl_body_form", "This is not of the form that is put into a bowl. Reload the page to get its newest version.")
}
