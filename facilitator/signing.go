package facilitator

import (
	"crypto/sha256"
	"encoding/base64"
)

// SignBowl asks for the one blind signature under each of the bowl's keys. The messages are 256 bytes
// each, in base64url.
type SignBowl struct {
	Bowl  BowlID `json:"bowl"`
	Share string `json:"share"`
	Marks string `json:"marks"`
}

// BowlSigned says that somebody got their signatures. Blinded is the hash of what they had signed, which
// tells nothing of the tokens: to anybody but its author a blinded message is a random number.
type BowlSigned struct {
	Step    StepID   `json:"step"`
	Bowl    BowlID   `json:"bowl"`
	Person  PersonID `json:"person"`
	Blinded string   `json:"blinded"`
}

func (c SignBowl) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := presentBowl(s)
	switch {
	case err != nil:
		return nil, err
	case x.id != c.Bowl:
		return nil, otherBowl()
	case !x.people[in.By.Person]:
		return nil, refuse(Denied, "bowl_not_among", "This bowl was opened before you came in, for the people who were here then. You can place a share in the next one.")
	case x.keys == nil:
		return nil, refuse(Conflict, "bowl_preparing", "The bowl is being made ready. Try again in a moment.")
	}
	blinded, err := c.hash()
	if err != nil {
		return nil, err
	}
	switch before := x.signed[in.By.Person]; {
	case before == blinded:
		return nil, nil
	case before != "":
		return nil, refuse(Conflict, "bowl_signed_already", "You have your place in this bowl already, on another device or in another window. Use that one.")
	case x.phase == taking || x.phase == handingIn && !x.timeUp(s):
		return []Event{BowlSigned{Step: id, Bowl: x.id, Person: in.By.Person, Blinded: blinded}}, nil
	}
	return nil, windowOver()
}

// blinded are the two messages.
func (c SignBowl) blinded() (share, marks []byte, err error) {
	share, err1 := base64.RawURLEncoding.DecodeString(c.Share)
	marks, err2 := base64.RawURLEncoding.DecodeString(c.Marks)
	if err1 != nil || err2 != nil || len(share) != SignatureSize || len(marks) != SignatureSize {
		return nil, nil, refuse(Invalid, "bowl_blinded_form", "This is not what a bowl signs. Reload the page to get its newest version.")
	}
	return share, marks, nil
}

func (c SignBowl) hash() (string, error) {
	share, marks, err := c.blinded()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(append(share, marks...))
	return base64.RawURLEncoding.EncodeToString(sum[:16]), nil
}

func (e BowlSigned) apply(s *Session) Touched {
	if x, ok := s.bowlAt(e.Step); ok && x.id == e.Bowl {
		x.signed[e.Person] = e.Blinded
	}
	return only(e.Person)
}

// Signing is two blind signatures somebody has a right to.
type Signing struct {
	Keys         *BowlKeys
	Share, Marks []byte
}

// Owes is what a person is to be given in answer to a command that was done, besides the word that it was.
func (s *Session) Owes(c Command, by Seat) (Signing, bool) {
	sign, ok := c.(SignBowl)
	if !ok {
		return Signing{}, false
	}
	x, _, err := presentBowl(s)
	if err != nil || x.id != sign.Bowl || x.keys == nil {
		return Signing{}, false
	}
	hash, err := sign.hash()
	if err != nil || x.signed[by.Person] != hash {
		return Signing{}, false
	}
	share, marks, _ := sign.blinded()
	return Signing{Keys: x.keys, Share: share, Marks: marks}, true
}
