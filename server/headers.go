package server

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// policy allows what the web app is made of and nothing else: no inline script or style, no third party, no frame but
// the editor's preview. The socket is named besides 'self', because Safari before 15.4 does not count it in.
func policy(socket, frames, ancestors string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'" + socket +
		"; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-src " + frames + "; frame-ancestors " + ancestors
}

const (
	previewPath = "/lead/preview"     // shows what its parent tells it, and has no authority
	editorPath  = "/lead/programmes/" // the parent
)

// framing says which pages may hold frames of ours, and which may stand in one.
func framing(path string) (frames, ancestors, options string) {
	switch {
	case path == previewPath:
		return "'none'", "'self'", "SAMEORIGIN"
	case strings.HasPrefix(path, editorPath):
		return "'self'", "'none'", "DENY"
	}
	return "'none'", "'none'", "DENY"
}

// permissions names what the app never asks a phone for. Fullscreen, wake lock and the clipboard stay with our own pages.
const permissions = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), " +
	"magnetometer=(), microphone=(self), midi=(), payment=(), usb=(), clipboard-write=(self), fullscreen=(self), screen-wake-lock=(self)"

func protect(secure bool, own origins) fiber.Handler {
	return func(c *fiber.Ctx) error {
		frames, ancestors, options := framing(c.Path())
		c.Set(fiber.HeaderContentSecurityPolicy, policy(own.socket(secure, string(c.Request().Host())), frames, ancestors))
		c.Set(fiber.HeaderPermissionsPolicy, permissions)
		c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
		c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
		c.Set(fiber.HeaderXFrameOptions, options)
		c.Set("X-Robots-Tag", "noindex, nofollow")
		c.Set("Cross-Origin-Opener-Policy", "same-origin")
		c.Set("Cross-Origin-Resource-Policy", "same-origin")
		if secure {
			c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
		}
		if strings.HasPrefix(c.Path(), "/api/") {
			c.Set(fiber.HeaderCacheControl, "no-store")
		}
		return c.Next()
	}
}
