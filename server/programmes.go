package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"mend/facilitator"
)

// programmesPath begins every address of facilitators' own programmes.
const programmesPath = "/api/programmes"

const (
	largestFile      = facilitator.LargestManuscript
	largestProgramme = 3 * largestFile  // the same words as JSON, where each quote has a backslash
	programmeWithin  = 60 * time.Second // a whole file over weak Wi-Fi
)

func (s *Server) programmeRoutes(api fiber.Router) {
	api.Post("/programmes", s.duplicate)
	api.Post("/programmes/import", s.importProgramme)
	api.Post("/programmes/check", s.checkDraft)
	api.Get("/programmes/steps", s.stepsToAdd)
	api.Get("/programmes/steps/:programme/:step", s.stepToAdd)
	api.Get("/programmes/:id", s.ownOne(s.showProgramme))
	api.Post("/programmes/:id", s.ownOne(s.saveProgramme))
	api.Post("/programmes/:id/remove", s.sure(s.ownOne(s.removeProgramme)))
	api.Post("/programmes/:id/return", s.ownOne(s.returnProgramme))
	api.Get("/programmes/:id/versions", s.ownOne(s.showVersions))
	api.Get("/programmes/:id/versions/:version", s.ownOne(s.showVersion))
	api.Get("/programmes/:id/file", s.exportProgramme)
}

// bodies lets whoever is signed in send a whole programme, and everybody else what any request needs. It is asked before a
// body is read.
func (s *Server) bodies(header *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if !strings.HasPrefix(string(header.RequestURI()), programmesPath) {
		return fasthttp.RequestConfig{}
	}
	token, bearer := strings.CutPrefix(string(header.Peek(fiber.HeaderAuthorization)), "Bearer ")
	if _, err := s.keys.parse(token, audienceAccount, s.now); !bearer || err != nil {
		return fasthttp.RequestConfig{}
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: largestProgramme, ReadTimeout: programmeWithin}
}

func tooLargeProgramme() error {
	return &problem{Refusal: &facilitator.Refusal{Code: facilitator.Invalid, Reason: "programme_large",
		Message: "A programme has at most 256 KiB. Split it into two."}, status: fiber.StatusRequestEntityTooLarge}
}

// mayChange says whether an account may read and change what an owner keeps.
func (a account) mayChange(who, owner string) bool { return who == owner || a.Role == administrator }

// ownOne finds the programme an address names among those the account may change.
func (s *Server) ownOne(do func(*fiber.Ctx, ownProgramme) error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		p, err := s.named(c)
		if err != nil {
			return err
		}
		return do(c, p)
	}
}

func (s *Server) named(c *fiber.Ctx) (ownProgramme, error) {
	who, found, err := s.signedIn(c)
	if err != nil {
		return ownProgramme{}, err
	}
	ctx, id := c.UserContext(), strings.Clone(c.Params("id"))
	owner, err := s.shelf.owner(ctx, id)
	if err != nil {
		return ownProgramme{}, err
	}
	if !found.mayChange(who, owner) {
		owner = who // where there is none of that name
	}
	return s.ownProgramme(ctx, owner, id)
}

func (s *Server) ownProgramme(ctx context.Context, owner, id string) (ownProgramme, error) {
	p, err := s.shelf.find(ctx, owner, id)
	if errors.Is(err, errMissing) {
		return p, refuse(facilitator.NotFound, "no_programme", "There is no such programme here. Choose one from the list.")
	}
	return p, err
}

// workingCopy is a programme as its editor gets it.
type workingCopy struct {
	ID       string          `json:"id"`
	Revision uint64          `json:"revision"`
	Saved    int64           `json:"saved"` // Unix milliseconds
	Draft    json.RawMessage `json:"programme"`
}

func (s *Server) showProgramme(c *fiber.Ctx, p ownProgramme) error {
	draft, err := p.draft()
	if err != nil {
		return err
	}
	return c.JSON(workingCopy{ID: p.ID, Revision: p.revision, Saved: p.Saved.UnixMilli(), Draft: draft})
}

// duplicate puts a copy of a built-in programme, or of one's own, on the shelf.
func (s *Server) duplicate(c *fiber.Ctx) error {
	id, _, err := s.signedIn(c)
	if err != nil {
		return err
	}
	var in struct {
		From      string
		Programme json.RawMessage // or this draft, which is kept nowhere else
	}
	if err := body(c, &in); err != nil {
		return err
	}
	if in.Programme == nil {
		if in.Programme, err = s.draftOf(c.UserContext(), id, in.From); err != nil {
			return err
		}
	}
	return s.addProgramme(c, id, in.Programme)
}

func (s *Server) draftOf(ctx context.Context, who, programme string) (json.RawMessage, error) {
	if file, builtIn := facilitator.BuiltInFile(programme); builtIn {
		return facilitator.Draft(programme+".yaml", file)
	}
	p, err := s.ownProgramme(ctx, who, programme)
	if err != nil {
		return nil, err
	}
	return p.draft()
}

func (s *Server) addProgramme(c *fiber.Ctx, owner string, draft json.RawMessage) error {
	p, err := s.shelf.add(c.UserContext(), owner, draft)
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusCreated).JSON(workingCopy{ID: p.ID, Revision: p.revision, Saved: p.Saved.UnixMilli(), Draft: draft})
}

// importProgramme takes a file in, if it is without mistakes; else it answers all of them with their lines.
func (s *Server) importProgramme(c *fiber.Ctx) error {
	id, _, err := s.signedIn(c)
	if err != nil {
		return err
	}
	if len(c.Body()) > largestFile {
		return tooLargeProgramme()
	}
	name := path.Base(path.Clean("/" + strings.Clone(c.Query("name"))))
	draft, err := facilitator.Draft(name, slices.Clone(c.Body()))
	if mistakes := facilitator.Mistakes(nil); errors.As(err, &mistakes) {
		return c.Status(fiber.StatusBadRequest).JSON(map[string]any{
			"error": &facilitator.Refusal{Code: facilitator.Invalid, Reason: "programme_mistakes",
				Message: "This file has mistakes. Mend them at the lines named, and choose it again."},
			"mistakes": mistakesShown(mistakes)})
	}
	if err != nil {
		return err
	}
	return s.addProgramme(c, id, draft)
}

func (s *Server) saveProgramme(c *fiber.Ctx, p ownProgramme) error {
	var in struct {
		Revision  uint64
		Programme json.RawMessage
		SetAside  bool
	}
	if err := body(c, &in); err != nil {
		return err
	}
	if in.Revision != p.revision || !p.Removed.IsZero() {
		return errChanged
	}
	p, err := s.shelf.save(c.UserContext(), p, slices.Clone(in.Programme), in.SetAside)
	if err != nil {
		return err
	}
	return c.JSON(map[string]any{"revision": p.revision, "saved": p.Saved.UnixMilli()})
}

func (s *Server) removeProgramme(c *fiber.Ctx, p ownProgramme) error {
	if err := s.shelf.remove(c.UserContext(), p); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) returnProgramme(c *fiber.Ctx, p ownProgramme) error {
	if err := s.shelf.takeBack(c.UserContext(), p); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// versionView is one of the versions that were set aside.
type versionView struct {
	Version  uint64           `json:"version"`
	Saved    int64            `json:"saved"`
	Title    facilitator.Text `json:"title"`
	Minutes  int              `json:"minutes"`
	Steps    int              `json:"steps"`
	Mistakes int              `json:"mistakes"`
}

func (s *Server) showVersions(c *fiber.Ctx, p ownProgramme) error {
	versions, err := s.shelf.versions(c.UserContext(), p.ID)
	if err != nil {
		return err
	}
	shown := []versionView{}
	for _, v := range versions {
		shown = append(shown, versionView{Version: v.revision, Saved: v.Saved.UnixMilli(), Title: v.Shown.Title, Minutes: v.Shown.Minutes,
			Steps: v.Shown.Steps, Mistakes: v.Mistakes})
	}
	return c.JSON(map[string]any{"versions": shown})
}

func (s *Server) showVersion(c *fiber.Ctx, p ownProgramme) error {
	revision, err := strconv.ParseUint(c.Params("version"), 10, 64)
	if err == nil {
		p, err = s.shelf.version(c.UserContext(), p.ID, revision)
	}
	if errors.Is(err, errMissing) || errors.Is(err, strconv.ErrSyntax) || errors.Is(err, strconv.ErrRange) {
		return refuse(facilitator.NotFound, "no_version", "This version is not kept any more. Choose another.")
	}
	if err != nil {
		return err
	}
	return s.showProgramme(c, p)
}

// exportProgramme is the file, of an own programme or of a built-in one.
func (s *Server) exportProgramme(c *fiber.Ctx) error {
	file, builtIn := facilitator.BuiltInFile(strings.Clone(c.Params("id")))
	may := s.proved
	if builtIn { // anybody's
		may = s.signedIn
	}
	if _, _, err := may(c); err != nil {
		return err
	}
	if !builtIn {
		p, err := s.named(c)
		if err != nil {
			return err
		}
		draft, err := p.draft()
		if err != nil {
			return err
		}
		if file, err = facilitator.WriteManuscript(draft); err != nil {
			return err
		}
	}
	c.Set(fiber.HeaderContentType, "application/yaml")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="programme.yaml"`) // never a page
	return c.Send(file)
}

// mistakeView is one thing to mend: where in the file, and where in the draft.
type mistakeView struct {
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Path   string `json:"path,omitempty"`
	What   string `json:"what"`
}

func mistakesShown(mistakes facilitator.Mistakes) []mistakeView {
	shown := []mistakeView{}
	for _, m := range mistakes {
		shown = append(shown, mistakeView{Line: m.Line, Column: m.Column, Path: m.Path, What: m.What})
	}
	return shown
}

// checkDraft says what is wrong in a draft, how long its steps take a group, and what the seats would show at one of them.
// Nothing is kept.
func (s *Server) checkDraft(c *fiber.Ctx) error {
	if _, _, err := s.signedIn(c); err != nil {
		return err
	}
	var in struct {
		Programme json.RawMessage
		Step      int // from 0; what it shows is left out where the step has mistakes
		People    int
		Language  string
	}
	if err := body(c, &in); err != nil {
		return err
	}
	p, err := facilitator.ParseDraft(in.Programme)
	mistakes := facilitator.Mistakes(nil)
	if err != nil && !errors.As(err, &mistakes) {
		return err
	}
	answer := map[string]any{"mistakes": mistakesShown(mistakes), "times": p.Takes(min(max(in.People, 1), s.maxPeople))}
	if shown, ok := s.rehearse(p, mistakes, in.Step, in.People, in.Language); ok {
		answer["shown"] = shown
	}
	return c.JSON(answer)
}

// mostPretend is how many sit in a rehearsal at most, the facilitator and whoever holds the phone that is shown among them:
// as many as the times are worked out for, so that a phone says the same minutes a person as the advice beside it.
const mostPretend = 40

func (s *Server) rehearse(p facilitator.Programme, mistakes facilitator.Mistakes, step, people int, lang string) (facilitator.Rehearsal, bool) {
	if step < 0 || step >= len(p.Steps) || spoils(mistakes, step) {
		return facilitator.Rehearsal{}, false
	}
	if pack, err := s.pack(p.Pack); err == nil {
		p = p.In(pack)
	}
	shown, err := facilitator.Rehearse(p, facilitator.StepID(p.Steps[step].ID), facilitator.Time(s.now().UnixMilli()), s.aliases.some(lang, min(max(people, 2), mostPretend)))
	return shown, err == nil
}

// spoils is true if a mistake leaves the step nothing to show: the file could not be read, or the step's kind or script.
func spoils(mistakes facilitator.Mistakes, step int) bool {
	at := fmt.Sprintf("steps[%d]", step)
	return slices.ContainsFunc(mistakes, func(m facilitator.Mistake) bool {
		return m.Path == "" || m.Path == at || m.Path == at+".kind" || m.Path == at+".id" || strings.HasPrefix(m.Path, at+".with")
	})
}

// libraryStep is a step of a built-in programme, for others to take over.
type libraryStep struct {
	Programme string           `json:"programme"`
	Step      string           `json:"step"`
	Kind      string           `json:"kind"`
	Title     facilitator.Text `json:"title"`
	From      facilitator.Text `json:"from"` // the programme's title
	Minutes   int              `json:"minutes"`
}

func (s *Server) stepsToAdd(c *fiber.Ctx) error {
	if _, _, err := s.signedIn(c); err != nil {
		return err
	}
	all := []libraryStep{}
	for _, p := range s.programmes {
		for _, step := range p.Steps {
			all = append(all, libraryStep{Programme: p.ID, Step: step.ID, Kind: step.Kind, Title: step.Title, From: p.Title, Minutes: step.Minutes})
		}
	}
	return c.JSON(map[string]any{"steps": all})
}

// stepToAdd is one of them whole, as its file has it.
func (s *Server) stepToAdd(c *fiber.Ctx) error {
	if _, _, err := s.signedIn(c); err != nil {
		return err
	}
	var draft struct{ Steps []json.RawMessage }
	name, step := c.Params("programme"), c.Params("step")
	if file, builtIn := facilitator.BuiltInFile(name); builtIn {
		raw, err := facilitator.Draft(name, file)
		if err := errors.Join(err, json.Unmarshal(raw, &draft)); err != nil {
			return err
		}
	}
	for _, raw := range draft.Steps {
		var one struct{ ID string }
		if json.Unmarshal(raw, &one) == nil && one.ID == step {
			return c.JSON(map[string]json.RawMessage{"step": raw})
		}
	}
	return refuse(facilitator.NotFound, "no_step", "There is no such step here. Choose one from the list.")
}
