package server

import (
	"context"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

// home is a facilitator's own page: what they can start, what runs, and what is over, in counts only.
type home struct {
	Name       string           `json:"name"`
	Role       standing         `json:"role"`
	Demanded   string           `json:"demanded,omitempty"` // the date from which a passkey or a code app is needed, if they lack both
	Programmes []programmeView  `json:"programmes"`
	Own        []ownView        `json:"own"`     // programmes of one's own
	Removed    []ownView        `json:"removed"` // that can still be taken back
	Packs      []packView       `json:"packs"`
	Running    []runningSession `json:"running"`
	Over       []overSession    `json:"over"`
}

type programmeView struct {
	ID        string             `json:"id"`
	Title     facilitator.Text   `json:"title"`
	Summary   facilitator.Text   `json:"summary"`
	Audience  facilitator.Text   `json:"audience,omitempty"`
	Settings  []string           `json:"settings"`
	Pack      string             `json:"pack"` // whose words it is read with unless another is chosen
	Bring     facilitator.Text   `json:"bring,omitempty"`
	Teaches   []facilitator.Text `json:"teaches"`
	Minutes   int                `json:"minutes"`
	Steps     int                `json:"steps"`
	Languages []string           `json:"languages"`
	Size      facilitator.Size   `json:"size"`
}

// ownView is a programme of one's own. One with mistakes cannot be started.
type ownView struct {
	programmeView
	Saved    int64 `json:"saved"` // Unix milliseconds
	Mistakes int   `json:"mistakes"`
}

func ownShown(all []ownProgramme) []ownView {
	shown := []ownView{}
	for _, p := range all {
		shown = append(shown, ownView{programmeView: p.Shown, Saved: p.Saved.UnixMilli(), Mistakes: p.Mistakes})
	}
	return shown
}

// packView is a kind of room that a programme can be read in.
type packView struct {
	ID        string                `json:"id"`
	Title     facilitator.Text      `json:"title"`
	Summary   facilitator.Text      `json:"summary"`
	Languages []string              `json:"languages"`
	Words     facilitator.PackWords `json:"words"` // what stands for the words in braces
}

type runningSession struct {
	Session string           `json:"session"`
	Code    string           `json:"code"`
	Title   facilitator.Text `json:"title"`
	Opened  facilitator.Time `json:"opened"`
	People  int              `json:"people"`
}

type overSession struct {
	Session string              `json:"session"`
	Code    string              `json:"code"` // to read it again, while it is kept
	Title   facilitator.Text    `json:"title"`
	Summary facilitator.Summary `json:"summary"`
}

func (s *Server) home(c *fiber.Ctx) error {
	id, found, err := s.signedIn(c)
	if err != nil {
		return err
	}
	view := home{Name: found.Name, Role: found.Role, Programmes: []programmeView{}, Packs: []packView{}, Running: []runningSession{}, Over: []overSession{}}
	for _, p := range s.programmes {
		view.Programmes = append(view.Programmes, programmeShown(p))
	}
	for _, p := range s.packs {
		view.Packs = append(view.Packs, packView{ID: p.ID, Title: p.Title, Summary: p.Summary, Languages: p.Languages, Words: p.Words})
	}
	if view.Demanded, err = s.accounts.demandedOf(c.UserContext(), found); err != nil {
		return err
	}
	own, removed, err := s.shelf.list(c.UserContext(), id)
	if err != nil {
		return err
	}
	view.Own, view.Removed = ownShown(own), ownShown(removed)
	records, err := s.ofOwner(c.UserContext(), id)
	if err != nil {
		return err
	}
	for _, r := range records {
		if r.Over != nil {
			view.Over = append(view.Over, overSession{Session: r.Session, Code: r.Code, Title: r.Title, Summary: *r.Over})
			continue
		}
		running, err := s.running(c.UserContext(), r)
		if gone(err) {
			continue // its log never began
		}
		if err != nil {
			return err
		}
		view.Running = append(view.Running, running)
	}
	return c.JSON(view)
}

func programmeShown(p facilitator.Programme) programmeView {
	view := programmeView{ID: p.ID, Title: p.Title, Summary: p.Summary, Audience: p.Audience, Settings: []string{}, Pack: p.Pack, Bring: p.Bring,
		Teaches: []facilitator.Text{}, Steps: len(p.Steps), Languages: p.Languages, Size: p.Size}
	view.Settings, view.Teaches = append(view.Settings, p.Settings...), append(view.Teaches, p.Teaches...)
	for _, step := range p.Steps {
		view.Minutes += step.Minutes
	}
	return view
}

// running counts the people of a session that is not over.
func (s *Server) running(ctx context.Context, r sessionRecord) (runningSession, error) {
	people := 0
	if err := s.node.Read(ctx, r.Session, func(session *facilitator.Session) { people = session.People() }); err != nil {
		return runningSession{}, err
	}
	return runningSession{Session: r.Session, Code: r.Code, Title: r.Title, Opened: facilitator.Time(r.Opened.UnixMilli()), People: people}, nil
}

func (s *Server) startSession(c *fiber.Ctx) error {
	id, found, err := s.signedIn(c)
	if err != nil {
		return err
	}
	var in struct{ Programme, Pack string }
	if err := body(c, &in); err != nil {
		return err
	}
	record, err := s.open(c.UserContext(), id, found.Name, in.Programme, in.Pack)
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusCreated).JSON(map[string]string{"session": record.Session, "code": record.Code})
}

func (s *Server) takeSeat(c *fiber.Ctx) error {
	id, found, err := s.signedIn(c)
	if err != nil {
		return err
	}
	var record sessionRecord
	_, err = s.records.get(c.UserContext(), sessionPrefix+strings.Clone(c.Params("id")), &record)
	if errors.Is(err, errMissing) || err == nil && record.Owner != id {
		return refuse(facilitator.NotFound, "no_session", "There is no such session of yours.")
	}
	if err != nil {
		return err
	}
	seat, err := s.lead(c.UserContext(), record, found.Name)
	if err != nil {
		return err
	}
	return s.admit(c, record.Session, seat)
}
