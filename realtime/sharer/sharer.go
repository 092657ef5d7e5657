// Package sharer is the client's part of an anonymous share, as a browser does it: two tokens of one's
// own, signed blindly; bodies of one size; an answer that only the author can open. It talks to nobody:
// what it makes is sent by whoever uses it.
package sharer

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"mend/facilitator"
)

// Sharer is one person's part in one bowl.
type Sharer struct {
	session string
	bowl    facilitator.BowlID
	share   token // places a share, or a blank
	marks   token // carries all that comes after
	own     *Own  // of the share that was written, if one was
}

// token is a right to post, first blinded and then signed.
type token struct {
	client  blindrsa.Client
	state   blindrsa.State
	message []byte // prepared
	signed  []byte
}

// New draws the tokens for a bowl, under the keys that everybody reads. It returns what to ask for.
func New(session string, bowl facilitator.BowlID, keys facilitator.BowlKeysView) (*Sharer, facilitator.SignBowl, error) {
	s := &Sharer{session: session, bowl: bowl}
	ask := facilitator.SignBowl{Bowl: bowl}
	var err1, err2 error
	ask.Share, err1 = s.share.draw(facilitator.ForShare, session, bowl, keys.Share)
	ask.Marks, err2 = s.marks.draw(facilitator.ForMarks, session, bowl, keys.Marks)
	return s, ask, errors.Join(err1, err2)
}

func (t *token) draw(purpose, session string, bowl facilitator.BowlID, key string) (blinded string, err error) {
	der, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil {
		return "", fmt.Errorf("the bowl's key: %w", err)
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return "", fmt.Errorf("the bowl's key: %w", err)
	}
	public, ok := parsed.(*rsa.PublicKey)
	if !ok || public.Size() != facilitator.SignatureSize || public.E != 65537 {
		return "", errors.New("the bowl's key is not an RSA key of 2048 bits")
	}
	if t.client, err = blindrsa.NewClient(blindrsa.SHA384PSSRandomized, public); err != nil {
		return "", err
	}
	var random [32]byte
	rand.Read(random[:])
	if t.message, err = t.client.Prepare(rand.Reader, facilitator.TokenMessage(purpose, session, bowl, random)); err != nil {
		return "", err
	}
	out, state, err := t.client.Blind(rand.Reader, t.message)
	t.state = state
	return base64.RawURLEncoding.EncodeToString(out), err
}

// Take takes the blind signatures and makes the tokens of them. It fails if they are not of the keys.
func (s *Sharer) Take(share, marks string) error {
	return errors.Join(s.share.take(share), s.marks.take(marks))
}

func (t *token) take(blind string) error {
	raw, err := base64.RawURLEncoding.DecodeString(blind)
	if err == nil {
		t.signed, err = t.client.Finalize(t.state, raw)
	}
	return err
}

// Token is what stands among the heard and the spent ones once this person's body is there.
func (s *Sharer) Token() facilitator.Token { return facilitator.TokenOf(s.share.message) }

// Blank is the body of somebody who has nothing to say.
func (s *Sharer) Blank() []byte { return s.first(facilitator.Blank, facilitator.NewShare{}) }

// Share is the body of a share. Written again, it gets new secrets and a new key.
func (s *Sharer) Share(text string) ([]byte, error) {
	own, err := newOwn(s.session, s.bowl)
	if err != nil {
		return nil, err
	}
	s.own = own
	return s.first(facilitator.Written, facilitator.NewShare{
		Text: text, Key: own.key.PublicKey().Bytes(), Lock: sha256.Sum256(own.lock[:]), ReplyLock: sha256.Sum256(own.reply[:]),
	}), nil
}

func (s *Sharer) first(kind facilitator.Kind, share facilitator.NewShare) []byte {
	return facilitator.Body{
		Form: facilitator.FirstBody, Message: s.share.message, Signature: s.share.signed, Kind: kind, Share: share,
	}.Bytes()
}

// Later is a body for a slot in which there is nothing to say.
func (s *Sharer) Later() []byte { return s.later(facilitator.Body{}) }

// Mark is a body that says "me too" to some shares.
func (s *Sharer) Mark(shares ...facilitator.ShareID) []byte {
	return s.later(facilitator.Body{Kind: facilitator.Marking, Marks: shares})
}

// TakeBack is a body that takes this person's share back.
func (s *Sharer) TakeBack() []byte {
	return s.later(facilitator.Body{Kind: facilitator.TakeBack, Secret: s.own.lock})
}

// Reply is a body that answers an answer.
func (s *Sharer) Reply(a Answer, text string) ([]byte, error) {
	sealed, err := seal(a.ReplyTo, replyInfo, s.session, s.bowl, nil, text)
	return s.later(facilitator.Body{Kind: facilitator.Replying, Secret: s.own.reply, Sealed: sealed}), err
}

func (s *Sharer) later(b facilitator.Body) []byte {
	b.Form, b.Message, b.Signature = facilitator.LaterBody, s.marks.message, s.marks.signed
	return b.Bytes()
}

// Open tries an answer that everybody reads. Only the author of the share it is for can open it.
func (s *Sharer) Open(sealed string) (Answer, bool) {
	if s.own == nil {
		return Answer{}, false
	}
	return s.own.open(sealed)
}
