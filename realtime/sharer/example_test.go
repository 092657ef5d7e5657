package sharer

import (
	"bytes"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"mend/facilitator"
)

// example is testdata/bowl/example.json: one bowl with everything a client makes, for those who write
// one. Bytes are in base64url without padding.
type example struct {
	Session string             `json:"session"`
	Bowl    facilitator.BowlID `json:"bowl"`

	Keys        facilitator.BowlKeysView `json:"keys"`
	PrivateKeys facilitator.BowlKeysView `json:"privateKeys"` // PKCS #8, for a test that plays the server
	Check       facilitator.Text         `json:"check"`

	Message   string            `json:"message"` // of the share's token, prepared
	Signature string            `json:"signature"`
	Token     facilitator.Token `json:"token"`

	Text        string `json:"text"`
	ShareKey    string `json:"shareKey"`        // public
	ShareSecret string `json:"sharePrivateKey"` // as HPKE serializes it: the scalar
	LockSecret  string `json:"lockSecret"`
	ReplySecret string `json:"replySecret"`

	Share    string              `json:"share"` // bodies
	Blank    string              `json:"blank"`
	Later    string              `json:"later"`
	Marked   facilitator.ShareID `json:"marked"`
	Mark     string              `json:"mark"`
	TakeBack string              `json:"takeBack"`

	AnswerText  string `json:"answerText"`
	Answer      string `json:"answer"` // sealed
	ReplyTo     string `json:"replyTo"`
	ReplyToOpen string `json:"replyToPrivateKey"`
	ReplyText   string `json:"replyText"`
	Reply       string `json:"reply"` // a body
}

const exampleFile = "../testdata/bowl/example.json"

var write = flag.Bool("write", false, "write a new "+exampleFile)

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func bytesOf(t *testing.T, s string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// signed is a sharer with its tokens, and the keys that signed them.
func signed(t *testing.T, session string, bowl facilitator.BowlID) (*Sharer, [2]*rsa.PrivateKey) {
	t.Helper()
	var private [2]*rsa.PrivateKey
	var public [2]string
	for i := range private {
		private[i] = must[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 2048))
		public[i] = b64(must[[]byte](t)(x509.MarshalPKIXPublicKey(&private[i].PublicKey)))
	}
	s, ask, err := New(session, bowl, facilitator.BowlKeysView{Share: public[0], Marks: public[1]})
	if err != nil {
		t.Fatal(err)
	}
	share := must[[]byte](t)(blindrsa.NewSigner(private[0]).BlindSign(bytesOf(t, ask.Share)))
	marks := must[[]byte](t)(blindrsa.NewSigner(private[1]).BlindSign(bytesOf(t, ask.Marks)))
	if s.Take(b64(marks), b64(share)) == nil {
		t.Error("signatures under the wrong keys are taken")
	}
	if err := s.Take(b64(share), b64(marks)); err != nil {
		t.Fatal(err)
	}
	return s, private
}

func makeExample(t *testing.T) example {
	e := example{
		Session: "k7wq3m5x2p4jz6tnahrb1dcvfe", Bowl: "QH5ZK3TWM2PA", Marked: "R4XN7CYD2LBE",
		Text: "Perdí tres años.\nI lost three years.", AnswerText: "Gracias. You are not alone with this.", ReplyText: "Thank you.",
	}
	s, private := signed(t, e.Session, e.Bowl)
	for i, to := range []*string{&e.PrivateKeys.Share, &e.PrivateKeys.Marks} {
		*to = b64(must[[]byte](t)(x509.MarshalPKCS8PrivateKey(private[i])))
	}
	share := must[[]byte](t)(x509.MarshalPKIXPublicKey(&private[0].PublicKey))
	marks := must[[]byte](t)(x509.MarshalPKIXPublicKey(&private[1].PublicKey))
	e.Keys = facilitator.BowlKeysView{Share: b64(share), Marks: b64(marks)}
	e.Check = check(t, e.Keys)
	e.Message, e.Signature, e.Token = b64(s.share.message), b64(s.share.signed), s.Token()
	e.Share = b64(must[[]byte](t)(s.Share(e.Text)))
	e.ShareKey, e.ShareSecret = b64(s.own.key.PublicKey().Bytes()), b64(must[[]byte](t)(s.own.key.Bytes()))
	e.LockSecret, e.ReplySecret = b64(s.own.lock[:]), b64(s.own.reply[:])
	e.Blank, e.Later, e.Mark, e.TakeBack = b64(s.Blank()), b64(s.Later()), b64(s.Mark(e.Marked)), b64(s.TakeBack())
	asking, sealed, err := SealAnswer(e.Session, e.Bowl, facilitator.Share{Key: e.ShareKey}, e.AnswerText)
	if err != nil {
		t.Fatal(err)
	}
	e.Answer, e.ReplyTo, e.ReplyToOpen = sealed, b64(asking.key.PublicKey().Bytes()), b64(must[[]byte](t)(asking.key.Bytes()))
	answer, ok := s.Open(sealed)
	if !ok {
		t.Fatal("the author cannot open the answer")
	}
	e.Reply = b64(must[[]byte](t)(s.Reply(answer, e.ReplyText)))
	return e
}

// check works the words out from the keys alone, as a client must.
func check(t *testing.T, keys facilitator.BowlKeysView) facilitator.Text {
	t.Helper()
	list := must[[]byte](t)(os.ReadFile("../../facilitator/bowlwords.txt"))
	lines := strings.Split(strings.TrimSpace(string(list)), "\n")
	password := string(bytesOf(t, keys.Share)) + string(bytesOf(t, keys.Marks))
	var en, es []string
	for _, b := range must[[]byte](t)(pbkdf2.Key(sha256.New, password, []byte("mend bowl check"), 100_000, 4)) {
		pair := strings.Fields(lines[b])
		en, es = append(en, pair[0]), append(es, pair[1])
	}
	return facilitator.Text{"en": strings.Join(en, " "), "es": strings.Join(es, " ")}
}

// TestTheExample reads the example as another client's author would: every body is taken, the
// signatures are good, and what is sealed opens.
func TestTheExample(t *testing.T) {
	if *write {
		raw := must[[]byte](t)(json.MarshalIndent(makeExample(t), "", "  "))
		if err := os.WriteFile(exampleFile, append(raw, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var e example
	if err := json.Unmarshal(must[[]byte](t)(os.ReadFile(exampleFile)), &e); err != nil {
		t.Fatal(err)
	}
	read := func(name, body string, key string) facilitator.Body {
		b, err := facilitator.ReadBody(bytesOf(t, body))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		public := must[any](t)(x509.ParsePKIXPublicKey(bytesOf(t, key))).(*rsa.PublicKey)
		verifier := must[blindrsa.Verifier](t)(blindrsa.NewVerifier(blindrsa.SHA384PSSRandomized, public))
		if err := verifier.Verify(b.Message, b.Signature); err != nil || b.Session != e.Session || b.Bowl != e.Bowl {
			t.Errorf("%s: %v", name, err)
		}
		return b
	}
	share := read("share", e.Share, e.Keys.Share)
	if share.Share.Text != e.Text || share.Token() != e.Token || b64(share.Share.Key) != e.ShareKey || share.Share.Lock != sha256.Sum256(bytesOf(t, e.LockSecret)) {
		t.Errorf("the share is read as %+v", share)
	}
	read("blank", e.Blank, e.Keys.Share)
	read("later", e.Later, e.Keys.Marks)
	if m := read("mark", e.Mark, e.Keys.Marks); len(m.Marks) != 1 || m.Marks[0] != e.Marked {
		t.Errorf("marks %v", m.Marks)
	}
	if b := read("taking back", e.TakeBack, e.Keys.Marks); !bytes.Equal(b.Secret[:], bytesOf(t, e.LockSecret)) {
		t.Error("another secret takes it back")
	}
	if words := check(t, e.Keys); words["en"] != e.Check["en"] || words["es"] != e.Check["es"] {
		t.Errorf("the check words are %v", words)
	}
	own := &Own{session: e.Session, bowl: e.Bowl}
	var err error
	if own.key, err = suite.NewPrivateKey(bytesOf(t, e.ShareSecret)); err != nil {
		t.Fatal(err)
	}
	if a, ok := own.open(e.Answer); !ok || a.Text != e.AnswerText || b64(a.ReplyTo) != e.ReplyTo {
		t.Errorf("the answer opens as %+v", a)
	}
	asking := &Asking{session: e.Session, bowl: e.Bowl}
	if asking.key, err = suite.NewPrivateKey(bytesOf(t, e.ReplyToOpen)); err != nil {
		t.Fatal(err)
	}
	if words, ok := asking.Open(b64(read("reply", e.Reply, e.Keys.Marks).Sealed)); !ok || words != e.ReplyText {
		t.Errorf("the reply opens as %q", words)
	}
}

// Nobody but the author opens an answer, and an answer to another bowl does not open.
func TestOnlyTheAuthorOpens(t *testing.T) {
	author, _ := signed(t, "one", "bowl")
	other, _ := signed(t, "one", "bowl")
	for _, s := range []*Sharer{author, other} {
		if _, err := s.Share("words"); err != nil {
			t.Fatal(err)
		}
	}
	key := facilitator.Share{Key: b64(author.own.key.PublicKey().Bytes())}
	_, sealed, err := SealAnswer("one", "bowl", key, "short")
	_, long, err2 := SealAnswer("one", "bowl", key, strings.Repeat("long ", 300))
	if err != nil || err2 != nil || len(sealed) != len(long) {
		t.Fatal(err, err2, len(sealed), len(long))
	}
	if _, ok := other.Open(sealed); ok {
		t.Error("another person opens the answer")
	}
	if a, ok := author.Open(sealed); !ok || a.Text != "short" {
		t.Error("the author does not")
	}
	if _, elsewhere, _ := SealAnswer("one", "another bowl", key, "short"); elsewhere != "" {
		if _, ok := author.Open(elsewhere); ok {
			t.Error("an answer to another bowl opens")
		}
	}
}
