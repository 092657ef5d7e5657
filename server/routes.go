package server

import (
	"context"
	_ "embed"
	"encoding/json"
	"mime"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

const (
	requestWithin = 8 * time.Second
	bodyLimit     = 16 << 10
)

func (s *Server) routes() *fiber.App {
	app := fiber.New(fiber.Config{
		DisableStartupMessage:   true,
		ErrorHandler:            s.answerError,
		BodyLimit:               bodyLimit,
		ReadTimeout:             15 * time.Second,
		WriteTimeout:            30 * time.Second,
		IdleTimeout:             60 * time.Second,
		Concurrency:             64 << 10,
		EnableTrustedProxyCheck: true, // believes nobody's X-Forwarded headers; proxies.client reads them itself
		StrictRouting:           false,
		CaseSensitive:           true,
		ReduceMemoryUsage:       true, // an idle connection keeps no buffers
	})
	app.Server().KeepHijackedConns = true // a socket's connection is closed by whoever serves it, after its writer ended
	app.Server().HeaderReceived = s.bodies
	answer := app.Server().Handler
	app.Server().Handler = func(c *fasthttp.RequestCtx) {
		answer(c)
		s.protect(c)
	}
	app.Use(recoverPanics(s.logger))

	app.Get("/healthz", func(c *fiber.Ctx) error { return c.JSON(map[string]bool{"alive": true}) })
	app.Get("/readyz", s.readyz)
	app.Get("/ws", s.origins.own, s.node.Socket(func(string) bool { return true }))

	api := app.Group("/api", s.origins.own, s.limitTime)
	api.Post("/join", s.join)
	api.Post("/stage", s.stage)
	api.Get("/door/:code", s.atDoor)
	api.Post("/door", s.atDoorWith)
	api.Post("/code", s.changeCode)
	api.Get("/alias", s.suggestAlias)
	api.Get("/care", func(c *fiber.Ctx) error { return c.JSON(map[string]any{"lines": s.care.in(c.Query("lang"))}) })
	api.Get("/resources", s.resources.answer)
	api.Get("/knows", s.showKnowledge)
	api.Post("/setup", s.audit("account.make", s.setUp))
	api.Post("/setup/passkey", s.askSetUp)
	api.Post("/signin", s.signIn)
	api.Post("/signin/second", s.signInSecond)
	api.Post("/signin/passkey", s.signInPasskey)
	api.Post("/passkey", s.askPasskey)
	api.Post("/recover", s.recover)
	api.Post("/prove", s.prove)
	api.Post("/refresh", s.refresh)
	api.Post("/signout", s.signOut)
	api.Post("/signout-everywhere", s.signOutEverywhere)
	api.Get("/account", s.self)
	api.Post("/account/password", s.changePassword)
	api.Post("/account/passkeys/new", s.askNewPasskey)
	api.Post("/account/passkeys", s.addPasskey)
	api.Post("/account/passkeys/:id/remove", s.removePasskey)
	api.Post("/account/codes", s.offerCodes)
	api.Post("/account/codes/confirm", s.confirmCodes)
	api.Post("/account/codes/remove", s.removeCodes)
	api.Post("/account/recovery", s.newRecoveryCodes)
	api.Post("/account/devices/:id/signout", s.signOutDevice)
	api.Get("/organisation", s.organisation)
	api.Get("/organisation/trail", s.showTrail)
	api.Post("/organisation/invitations", s.audit("invitation.make", s.invite))
	api.Post("/organisation/invitations/:id/withdraw", s.audit("invitation.withdraw", s.withdrawInvitation))
	api.Post("/organisation/demand", s.audit("organisation.demand", s.demandSecond))
	api.Post("/organisation/members/:id/role", s.audit("account.role", s.changeRole))
	api.Post("/organisation/members/:id/recovery", s.audit("account.recovery", s.helpMember))
	api.Post("/organisation/members/:id/leave", s.audit("account.end", s.leave))
	api.Get("/home", s.home)
	api.Post("/sessions", s.startSession)
	api.Post("/sessions/:id/seat", s.takeSeat)
	s.programmeRoutes(api)
	api.Post("/demo/seat", s.demoSeat)
	api.Post("/bowl/:session/:step", s.place)
	api.Get("/openapi.json", description)

	app.Get("/programme.schema.json", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, "application/schema+json")
		return c.Send(s.schema)
	})
	for _, page := range []string{"/", "/j/:code", "/stage", "/demo", "/lead", editorPath + ":id", previewPath, "/setup", "/mine", "/knows"} {
		app.Get(page, s.pages.index)
	}
	app.Get("/*", s.pages.file)
	app.Use(func(*fiber.Ctx) error { return fiber.ErrNotFound })
	return app
}

// answerError also answers what the library could not read, which passes no handler.
func (s *Server) answerError(c *fiber.Ctx, err error) error {
	defer s.protect(c.Context())
	return answerError(s.logger)(c, err)
}

func (s *Server) readyz(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	if err := s.health.ready(); err != nil {
		return err
	}
	return c.JSON(map[string]bool{"ready": true})
}

//go:embed openapi.json
var openapi []byte

func description(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(openapi)
}

// limitTime ends what a request waits for before its connection's own limits do, so that it gets a proper answer.
func (s *Server) limitTime(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), s.cfg.RequestWithin)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}

// body reads a JSON body. Asking for its media type keeps plain forms of other sites out.
func body(c *fiber.Ctx, into any) error {
	if kind, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType)); err != nil || kind != fiber.MIMEApplicationJSON {
		return invalid("not_json", "Send JSON, with Content-Type: application/json.")
	}
	if err := json.Unmarshal(c.Body(), into); err != nil {
		return invalid("not_json", "The request's JSON cannot be read. /api/openapi.json says what is expected.")
	}
	return nil
}
