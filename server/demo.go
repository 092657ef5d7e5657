package server

import (
	"context"
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

// Demo is the one session that "mend serve --demo" opens, or goes on with, and the links into it.
type Demo struct {
	Session     string
	Code        string
	Facilitator string
	Join        string
	Stage       string
}

const (
	demoKey     = "demo" // the record that names the session
	ownerDemo   = "demo"
	demoPurpose = "demo"
	demoAlias   = "Facilitator"
)

// OpenDemo goes on with the demo session under the same code and links, or opens one if there is none or it is over.
func (s *Server) OpenDemo(ctx context.Context) (Demo, error) {
	for range 5 {
		record, revision, err := s.demoRecord(ctx)
		if err == nil {
			return s.demo(record), nil
		}
		if !errors.Is(err, errMissing) {
			return Demo{}, fmt.Errorf("go on with the demo session: %w", err)
		}
		if err := s.replaceDemo(ctx, revision); err != nil && !errors.Is(err, errRaced) {
			return Demo{}, fmt.Errorf("open a demo session: %w", err)
		}
	}
	return Demo{}, errors.New("open a demo session: other nodes keep opening theirs")
}

// demoRecord is the demo session that can be gone on with, else errMissing and the revision to replace.
func (s *Server) demoRecord(ctx context.Context) (record sessionRecord, revision uint64, err error) {
	var session string
	if revision, err = s.records.get(ctx, demoKey, &session); err != nil {
		return record, 0, err
	}
	if _, err = s.records.get(ctx, sessionPrefix+session, &record); err != nil {
		return record, revision, err
	}
	stage, err := s.node.View(ctx, session, facilitator.ForStage)
	if gone(err) || err == nil && (record.Over != nil || stage.(facilitator.StageView).Session.Phase == "over") {
		return record, revision, errMissing
	}
	return record, revision, err
}

// replaceDemo opens a session and makes it the demo's. The node that loses the race closes its own again.
func (s *Server) replaceDemo(ctx context.Context, revision uint64) error {
	record, err := s.open(ctx, ownerDemo, demoAlias, s.cfg.Programme, "")
	if err != nil {
		return err
	}
	if revision == 0 {
		err = s.records.create(ctx, demoKey, pointer(record.Session))
	} else {
		err = s.records.update(ctx, demoKey, pointer(record.Session), revision)
	}
	if err != nil {
		return errors.Join(err, s.node.Do(ctx, record.Session, system, facilitator.Close{}))
	}
	return nil
}

func (s *Server) demo(record sessionRecord) Demo {
	return Demo{Session: record.Session, Code: record.Code,
		Facilitator: s.link("/demo", s.keys.link(demoPurpose, record.Session)),
		Join:        s.link("/j/"+record.Code, ""),
		Stage:       s.link("/stage", record.Code+"."+s.keys.link(stagePurpose, record.Session)),
	}
}

// demoSeat exchanges the key of the printed link for the facilitator's seat.
func (s *Server) demoSeat(c *fiber.Ctx) error {
	var in struct{ Key string }
	if err := body(c, &in); err != nil {
		return err
	}
	if !s.cfg.Demo {
		return refuse(facilitator.NotFound, "no_demo", "This server runs no demo. Sign in instead.")
	}
	return s.guarded(c, func() error {
		record, err := s.demoOf(c.UserContext(), in.Key)
		if err != nil {
			return err
		}
		seat, err := s.lead(c.UserContext(), record, demoAlias)
		if err != nil {
			return err
		}
		return s.admit(c, record.Session, seat)
	})
}

func (s *Server) demoOf(ctx context.Context, key string) (record sessionRecord, err error) {
	var session string
	if _, err = s.records.get(ctx, demoKey, &session); err == nil {
		_, err = s.records.get(ctx, sessionPrefix+session, &record)
	}
	if err != nil && !errors.Is(err, errMissing) {
		return record, err
	}
	if err != nil || !s.keys.opens(key, demoPurpose, session) {
		return record, refuse(facilitator.Denied, "demo_key", "This link is not valid here. Use the one the server printed when it started.")
	}
	return record, nil
}
