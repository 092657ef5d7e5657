package server

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"mend/facilitator"
)

// shelf is where facilitators keep programmes of their own, in a key-value bucket beside the records: the newest draft of
// each under its owner, and under a key of its own every version that was set aside. A session copies its programme when it
// opens, so nothing here changes one that runs.
type shelf struct {
	records *records
	now     func() time.Time
}

// ownProgramme is one programme as it is kept. What a list shows of it stands beside the draft, which may be unfinished.
type ownProgramme struct {
	ID       string        `json:"id"`
	Owner    string        `json:"owner"`
	Shown    programmeView `json:"shown"`
	Mistakes int           `json:"mistakes"`
	Begun    time.Time     `json:"begun"` // the first save of this version
	Saved    time.Time     `json:"saved"`
	Removed  time.Time     `json:"removed,omitzero"`
	Draft    []byte        `json:"draft"` // gzipped JSON

	revision uint64
}

const (
	shelfBucket   = "mend-programmes"
	ownPrefix     = "own." // own.OWNER.ID
	versionPrefix = "was." // was.ID.REVISION

	sitting       = 5 * time.Minute    // saves within it go into one version
	keepsRemoved  = 7 * 24 * time.Hour // then a removed programme is forgotten
	mostVersions  = 50
	mostOwn       = 200
	largestPacked = largestFile // gzipped; words have half of what they had
)

var errChanged = refuse(facilitator.Conflict, "programme_changed",
	"This programme was changed elsewhere in the meantime, perhaps in another tab. Nothing is lost: choose which one to go on with.")

// find is an owner's programme.
func (s *shelf) find(ctx context.Context, owner, id string) (p ownProgramme, err error) {
	p.revision, err = s.records.get(ctx, ownPrefix+owner+"."+id, &p)
	return p, err
}

// owner is whose programme it is; nobody's, if there is none.
func (s *shelf) owner(ctx context.Context, id string) (string, error) {
	if !ownID.MatchString(id) {
		return "", nil
	}
	keys, err := s.records.matching(ctx, ownPrefix+"*."+id)
	if err != nil || len(keys) == 0 {
		return "", err
	}
	return strings.TrimSuffix(strings.TrimPrefix(keys[0], ownPrefix), "."+id), nil
}

// ownID is what rand.Text makes, in small letters.
var ownID = regexp.MustCompile(`^[a-z2-7]{26}$`)

// list is what an owner has, the newest first, and what they removed lately.
func (s *shelf) list(ctx context.Context, owner string) (own, removed []ownProgramme, err error) {
	keys, err := s.records.keys(ctx, ownPrefix+owner+".")
	if err != nil {
		return nil, nil, err
	}
	for _, key := range keys {
		p, err := s.find(ctx, owner, strings.TrimPrefix(key, ownPrefix+owner+"."))
		switch {
		case errors.Is(err, errMissing):
		case err != nil:
			return nil, nil, fmt.Errorf("programme %s: %w", key, err)
		case p.Removed.IsZero():
			own = append(own, p)
		case s.now().Sub(p.Removed) < keepsRemoved:
			removed = append(removed, p)
		default:
			if err := s.forget(ctx, p); err != nil {
				return nil, nil, err
			}
		}
	}
	slices.SortFunc(own, func(a, b ownProgramme) int { return cmp.Or(b.Saved.Compare(a.Saved), strings.Compare(a.ID, b.ID)) })
	slices.SortFunc(removed, func(a, b ownProgramme) int {
		return cmp.Or(b.Removed.Compare(a.Removed), strings.Compare(a.ID, b.ID))
	})
	return own, removed, nil
}

// add keeps a new programme.
func (s *shelf) add(ctx context.Context, owner string, draft json.RawMessage) (ownProgramme, error) {
	keys, err := s.records.keys(ctx, ownPrefix+owner+".")
	if err != nil {
		return ownProgramme{}, err
	}
	if len(keys) >= mostOwn {
		return ownProgramme{}, refuse(facilitator.Conflict, "programmes_full", "You keep very many programmes already. Export some and remove them first.")
	}
	p := ownProgramme{ID: strings.ToLower(rand.Text()), Owner: owner, Begun: s.now()}
	if err := p.write(draft, s.now()); err != nil {
		return p, err
	}
	if err := s.records.create(ctx, p.key(), p); err != nil {
		return p, err
	}
	return s.find(ctx, owner, p.ID)
}

// save replaces the draft that the caller read. What stood there is set aside as a version if it is of an earlier sitting,
// or if it is asked for.
func (s *shelf) save(ctx context.Context, p ownProgramme, draft json.RawMessage, setAside bool) (ownProgramme, error) {
	if setAside || s.now().Sub(p.Begun) > sitting {
		if err := s.setAside(ctx, p); err != nil {
			return p, err
		}
		p.Begun = s.now()
	}
	if err := p.write(draft, s.now()); err != nil {
		return p, err
	}
	return s.revise(ctx, p)
}

func (s *shelf) revise(ctx context.Context, p ownProgramme) (ownProgramme, error) {
	err := s.records.write(p, func(data []byte) (err error) {
		p.revision, err = s.records.kv.Update(ctx, p.key(), data, p.revision)
		return err
	})
	if errors.Is(err, errRaced) {
		return p, errChanged
	}
	return p, err
}

// setAside keeps a programme as it stands among its versions, under the revision it has: done twice, it is done once. Beyond
// the most there may be, the oldest go.
func (s *shelf) setAside(ctx context.Context, p ownProgramme) error {
	prefix := versionPrefix + p.ID + "."
	err := s.records.create(ctx, prefix+strconv.FormatUint(p.revision, 10), p)
	if err != nil && !errors.Is(err, errRaced) {
		return err
	}
	keys, err := s.records.keys(ctx, prefix)
	if err != nil {
		return err
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Compare(revisionOf(a), revisionOf(b)) })
	for _, key := range keys[:max(0, len(keys)-mostVersions)] {
		if err := s.records.remove(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// versions is what was set aside of a programme, the newest first.
func (s *shelf) versions(ctx context.Context, id string) ([]ownProgramme, error) {
	keys, err := s.records.keys(ctx, versionPrefix+id+".")
	if err != nil {
		return nil, err
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Compare(revisionOf(b), revisionOf(a)) })
	all := []ownProgramme{}
	for _, key := range keys {
		p, err := s.version(ctx, id, revisionOf(key))
		if errors.Is(err, errMissing) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

func (s *shelf) version(ctx context.Context, id string, revision uint64) (p ownProgramme, err error) {
	_, err = s.records.get(ctx, versionPrefix+id+"."+strconv.FormatUint(revision, 10), &p)
	p.revision = revision
	return p, err
}

func revisionOf(key string) uint64 {
	revision, _ := strconv.ParseUint(key[strings.LastIndexByte(key, '.')+1:], 10, 64) // we wrote it
	return revision
}

// remove takes a programme off the shelf, from where it can be taken back for a week.
func (s *shelf) remove(ctx context.Context, p ownProgramme) error {
	p.Removed = s.now()
	_, err := s.revise(ctx, p)
	return err
}

func (s *shelf) takeBack(ctx context.Context, p ownProgramme) error {
	p.Removed = time.Time{}
	_, err := s.revise(ctx, p)
	return err
}

func (s *shelf) forget(ctx context.Context, p ownProgramme) error {
	keys, err := s.records.keys(ctx, versionPrefix+p.ID+".")
	for _, key := range append(keys, p.key()) {
		err = errors.Join(err, s.records.remove(ctx, key))
	}
	return err
}

// handOver gives all programmes of somebody who leaves to somebody else, versions and all.
func (s *shelf) handOver(ctx context.Context, from, to string) error {
	own, removed, err := s.list(ctx, from)
	if err != nil {
		return err
	}
	for _, p := range append(own, removed...) {
		was := p.key()
		p.Owner = to
		if err := s.records.create(ctx, p.key(), p); err != nil && !errors.Is(err, errRaced) {
			return err
		}
		if err := s.records.remove(ctx, was); err != nil {
			return err
		}
	}
	return nil
}

func (p *ownProgramme) key() string { return ownPrefix + p.Owner + "." + p.ID }

// write makes a draft the programme's own. A draft with mistakes is kept too: nobody writes a workshop in one breath.
func (p *ownProgramme) write(draft json.RawMessage, now time.Time) error {
	programme, err := facilitator.ParseDraft(draft)
	mistakes := facilitator.Mistakes(nil)
	if err != nil && !errors.As(err, &mistakes) {
		return err
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, writing := zip.Write(draft)
	if err := errors.Join(writing, zip.Close()); err != nil {
		return err
	}
	if packed.Len() > largestPacked {
		return tooLargeProgramme()
	}
	p.Shown, p.Mistakes, p.Saved, p.Draft = programmeShown(programme), len(mistakes), now, packed.Bytes()
	p.Shown.ID = p.ID
	return nil
}

// draft is what the editor wrote.
func (p *ownProgramme) draft() (json.RawMessage, error) {
	zip, err := gzip.NewReader(bytes.NewReader(p.Draft))
	if err != nil {
		return nil, fmt.Errorf("programme %s: %w", p.ID, err)
	}
	return io.ReadAll(zip) // we packed it, and not more than a request holds
}

// programme is it as a session needs it, without mistakes.
func (p *ownProgramme) programme() (facilitator.Programme, error) {
	draft, err := p.draft()
	if err != nil {
		return facilitator.Programme{}, err
	}
	programme, err := facilitator.ParseDraft(draft)
	if found := facilitator.Mistakes(nil); errors.As(err, &found) {
		return programme, refuse(facilitator.Conflict, "programme_unfinished", "This programme still has places to mend. Open it, and they are shown beside each.")
	}
	return programme, err
}
