package server

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// policy allows what the web app is made of and nothing else: no inline script or style, no third party, no frame.
// The socket is named besides 'self', because Safari before 15.4 does not count it in.
func policy(socket string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'" + socket +
		"; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// permissions names what the app never asks a phone for. Fullscreen, wake lock and the clipboard stay with our own pages.
const permissions = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), " +
	"magnetometer=(), microphone=(self), midi=(), payment=(), usb=(), clipboard-write=(self), fullscreen=(self), screen-wake-lock=(self)"

func protect(secure bool, own origins) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentSecurityPolicy, policy(own.socket(secure, string(c.Request().Host()))))
		c.Set(fiber.HeaderPermissionsPolicy, permissions)
		c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
		c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
		c.Set(fiber.HeaderXFrameOptions, "DENY")
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
