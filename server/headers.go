package server

import (
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
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

// protect gives an answer what every answer carries, whoever wrote it: a handler, the socket's refusal, or the library where
// it cannot read a request.
func (s *Server) protect(c *fasthttp.RequestCtx) {
	path, header := string(c.URI().PathOriginal()), &c.Response.Header
	frames, ancestors, options := framing(path)
	header.Set(fiber.HeaderContentSecurityPolicy, policy(s.origins.socket(s.secure, string(c.Request.Host())), frames, ancestors))
	header.Set(fiber.HeaderPermissionsPolicy, permissions)
	header.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	header.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	header.Set(fiber.HeaderXFrameOptions, options)
	header.Set("X-Robots-Tag", "noindex, nofollow")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	if s.secure {
		header.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
	if strings.HasPrefix(path, "/api/") && len(header.Peek(fiber.HeaderCacheControl)) == 0 {
		header.Set(fiber.HeaderCacheControl, "no-store")
	}
}
