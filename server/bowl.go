package server

import (
	"errors"
	"regexp"
	"strings"

	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

// sessionName is what open draws. What is not of that form is not looked for.
var sessionName = regexp.MustCompile(`^[a-z2-7]{20,32}$`)

// place takes a body for a bowl. Nothing here may learn whose it is: a request that says so is turned
// away, so that a mistake in a client shows at once; what fails is answered and not written down; and all
// that is taken is answered alike.
func (s *Server) place(c *fiber.Ctx) error {
	for _, name := range []string{fiber.HeaderCookie, fiber.HeaderAuthorization, fiber.HeaderReferer} {
		if c.Get(name) != "" {
			return invalid("bowl_identified", "What goes into a bowl must come without a cookie, a token or a referrer. Send it without them.")
		}
	}
	c.Context().SetConnectionClose() // what one phone posts, now and later, comes on connections of their own
	session, step := strings.Clone(c.Params("session")), strings.Clone(c.Params("step"))
	if !sessionName.MatchString(session) {
		return refuse(facilitator.NotFound, "no_bowl", "There is no bowl here.")
	}
	address := s.proxies.client(c)
	if wait := s.posts.wait(address, s.now()); wait > 0 {
		return crowded(wait)
	}
	err := s.node.Place(c.UserContext(), session, facilitator.StepID(step), c.BodyRaw())
	if refusal := (*facilitator.Refusal)(nil); err != nil && !errors.As(err, &refusal) {
		return unavailable("bowl_not_taken", "This could not be taken right now. Send the same again in a moment.")
	}
	if refusal := (*facilitator.Refusal)(nil); errors.As(err, &refusal) && (refusal.Code == facilitator.Invalid || refusal.Code == facilitator.Denied) {
		s.posts.failed(address, s.now()) // that somebody posts nonsense, not what or when
	}
	if err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
