package server

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/facilitator"
)

// sessionRecord is what is known of a session outside its log: where its code leads, who opened it and, once it is over,
// the counts it left. No participant's name and nothing said is in it.
type sessionRecord struct {
	Session   string               `json:"session"`
	Code      string               `json:"code"`
	Owner     string               `json:"owner"` // an account, or ownerDemo
	Lead      facilitator.PersonID `json:"lead"`  // the owner's seat
	Programme string               `json:"programme"`
	Title     facilitator.Text     `json:"title"`
	Opened    time.Time            `json:"opened"`
	Over      *facilitator.Summary `json:"over,omitempty"`
}

const (
	sessionPrefix = "session."
	codePrefix    = "code."
	stagePurpose  = "stage"
)

// open starts a session and seats its owner, so that nobody else can take their name. Its record and code stand before
// its log does, so that whatever the log holds can be found. Without a pack, the programme's own words are taken.
func (s *Server) open(ctx context.Context, owner, alias, programmeID, packID string) (sessionRecord, error) {
	programme, err := s.programmeOf(ctx, owner, programmeID)
	if err != nil {
		return sessionRecord{}, err
	}
	pack, err := s.pack(cmp.Or(packID, programme.Pack))
	if err != nil {
		return sessionRecord{}, err
	}
	record := sessionRecord{Session: strings.ToLower(rand.Text()), Owner: owner, Lead: newPerson(),
		Programme: programme.ID, Title: programme.Title, Opened: s.now()}
	if record.Code, err = s.takeCode(ctx, record.Session); err != nil {
		return sessionRecord{}, err
	}
	if err := s.records.create(ctx, sessionPrefix+record.Session, record); err != nil {
		return sessionRecord{}, err
	}
	err = s.node.Create(ctx, record.Session, facilitator.Open{Session: record.Session, Code: record.Code,
		StageKey: s.keys.link(stagePurpose, record.Session), Programme: programme.In(pack)})
	if err == nil {
		_, err = s.lead(ctx, record, alias)
	}
	s.trail.note(record.Session, string(facilitator.Facilitator), "session.open", err)
	return record, err
}

// takeCode claims a code nobody has. The bucket decides between nodes that draw the same one.
func (s *Server) takeCode(ctx context.Context, session string) (string, error) {
	for range 10 {
		code, err := newCode()
		if err != nil {
			return "", err
		}
		if err := s.records.create(ctx, codePrefix+code, pointer(session)); !errors.Is(err, errRaced) {
			return code, err
		}
	}
	return "", errors.New("no free code in ten draws")
}

func (s *Server) byCode(ctx context.Context, typed string) (record sessionRecord, err error) {
	code, err := readCode(typed)
	if err != nil {
		return record, err
	}
	var session string
	if _, err = s.records.get(ctx, codePrefix+code, &session); err == nil {
		_, err = s.records.get(ctx, sessionPrefix+session, &record)
	}
	if errors.Is(err, errMissing) {
		return record, errCodeUnknown
	}
	return record, err
}

// programmeOf is one that comes with mend, or one of the owner's own as it stands now.
func (s *Server) programmeOf(ctx context.Context, owner, id string) (facilitator.Programme, error) {
	builtIn, err := s.programme(id)
	if err == nil {
		return builtIn, nil
	}
	p, missing := s.ownProgramme(ctx, owner, id)
	if missing != nil {
		return facilitator.Programme{}, missing
	}
	if !p.Removed.IsZero() {
		return facilitator.Programme{}, err
	}
	return p.programme()
}

var errCodeUnknown = refuse(facilitator.NotFound, "code_unknown", "No session has this code. Compare it with the screen in the room.")

func (s *Server) programme(id string) (facilitator.Programme, error) {
	for _, p := range s.programmes {
		if p.ID == id {
			return p, nil
		}
	}
	return facilitator.Programme{}, refuse(facilitator.NotFound, "no_programme", "There is no such programme here. Choose one from the list.")
}

// pack is the words of a kind of room; without a name, those that fit any.
func (s *Server) pack(id string) (facilitator.Pack, error) {
	for _, p := range s.packs {
		if id == "" || p.ID == id {
			return p, nil
		}
	}
	return facilitator.Pack{}, refuse(facilitator.NotFound, "no_pack", "There is no such kind of room here. Choose one from the list.")
}

// lead gives the owner their seat in the session, joining first if they never did.
func (s *Server) lead(ctx context.Context, record sessionRecord, alias string) (facilitator.Seat, error) {
	seat := facilitator.Seat{Person: record.Lead}
	switch {
	case record.Over != nil && timeOf(s.now()) < record.Over.Forgets:
		return seat, nil // to read it until then
	case record.Over != nil:
		return seat, errSessionOver
	}
	join := facilitator.Join{Person: record.Lead, Alias: alias, Role: facilitator.Facilitator}
	err := s.node.Do(ctx, record.Session, system, join)
	if refusal := (*facilitator.Refusal)(nil); errors.As(err, &refusal) && refusal.Reason == "seat_taken" {
		return seat, nil
	}
	return seat, err
}

// gone is true when there is nothing left of a session to go on with.
func gone(err error) bool {
	refusal := (*facilitator.Refusal)(nil)
	return errors.As(err, &refusal) && (refusal.Code == facilitator.Closed || refusal.Code == facilitator.NotFound)
}

// closed keeps the counts of a session that ended. The node asks again until it succeeds, and only then destroys the words.
func (s *Server) closed(ctx context.Context, session string, summary facilitator.Summary) error {
	_, err := change(ctx, s.records, sessionPrefix+session, func(r *sessionRecord) error {
		r.Over = &summary
		return nil
	})
	if errors.Is(err, errMissing) {
		return nil // its record was never finished; there is nobody to show the counts to
	}
	return err
}

// authenticate reads the token of a socket's hello. Whether the seat still exists is the session's to say.
func (s *Server) authenticate(_ context.Context, token string) (string, facilitator.Seat, error) {
	return s.keys.seat(token, s.now)
}

// ofOwner lists an owner's sessions, newest first.
func (s *Server) ofOwner(ctx context.Context, owner string) (all []sessionRecord, err error) {
	err = s.eachSession(ctx, func(r sessionRecord) error {
		if r.Owner == owner {
			all = append(all, r)
		}
		return nil
	})
	slices.SortFunc(all, func(a, b sessionRecord) int {
		return cmp.Or(b.Opened.Compare(a.Opened), strings.Compare(a.Session, b.Session))
	})
	return all, err
}

func (s *Server) eachSession(ctx context.Context, see func(sessionRecord) error) error {
	names, err := s.records.keys(ctx, sessionPrefix)
	if err != nil {
		return err
	}
	for _, name := range names {
		var record sessionRecord
		_, err := s.records.get(ctx, name, &record)
		if errors.Is(err, errMissing) {
			continue
		}
		if err == nil {
			err = see(record)
		}
		if err != nil {
			return fmt.Errorf("session %s: %w", name, err)
		}
	}
	return nil
}

func timeOf(t time.Time) facilitator.Time { return facilitator.Time(t.UnixMilli()) }
