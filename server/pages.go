package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"path"
	"regexp"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

// pages is the built web app in memory. Every page route answers with the one index.html.
type pages map[string]page // by path without the leading slash

type page struct {
	body, brotli, gzip []byte
	kind, tag, cache   string
}

// hashed matches names that carry a hash of their content, as Vite writes them: assets/index-B3k9x_Qa.js
var hashed = regexp.MustCompile(`-[A-Za-z0-9_-]{8}\.[a-z0-9]+$`)

const (
	indexPage    = "index.html"
	cacheForever = "public, max-age=31536000, immutable"
	cacheAsk     = "no-cache"
	cacheNever   = "no-store"
)

func loadPages(files fs.FS) (pages, error) {
	all := pages{}
	return all, fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if hidden := name != "." && strings.HasPrefix(path.Base(name), "."); hidden && err == nil && entry.IsDir() {
			return fs.SkipDir
		} else if err != nil || hidden || entry.IsDir() || path.Ext(name) == ".br" || path.Ext(name) == ".gz" {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("web app: %w", err)
		}
		p := page{body: body, kind: mime.TypeByExtension(path.Ext(name)), cache: cacheAsk}
		if err := p.pack(files, name); err != nil {
			return fmt.Errorf("web app: %w", err)
		}
		sum := sha256.Sum256(body)
		p.tag = `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
		switch {
		case name == indexPage:
			p.cache = cacheNever
		case strings.HasPrefix(name, "assets/") && hashed.MatchString(name):
			p.cache = cacheForever
		}
		all[name] = p
		return nil
	})
}

// pack takes the build's own .br and .gz, or makes them of what shrinks.
func (p *page) pack(files fs.FS, name string) (err error) {
	p.brotli, _ = fs.ReadFile(files, name+".br") // mostly not there
	p.gzip, _ = fs.ReadFile(files, name+".gz")
	if len(p.body) < 1024 || !shrinks[path.Ext(name)] {
		return nil
	}
	if p.brotli == nil {
		p.brotli, err = packed(p.body, func(w io.Writer) (io.WriteCloser, error) { return brotli.NewWriterLevel(w, 9), nil })
	}
	if p.gzip == nil && err == nil {
		p.gzip, err = packed(p.body, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, gzip.BestCompression) })
	}
	return err
}

var shrinks = map[string]bool{".html": true, ".js": true, ".css": true, ".svg": true, ".json": true, ".webmanifest": true, ".txt": true}

func packed(body []byte, with func(io.Writer) (io.WriteCloser, error)) ([]byte, error) {
	var small bytes.Buffer
	w, err := with(&small)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return small.Bytes(), nil
}

func (all pages) index(c *fiber.Ctx) error {
	p, built := all[indexPage]
	if !built {
		return unavailable("no_web_app", "This program was built without its web app. Build it with: go run ./cmd/dev run")
	}
	return p.send(c)
}

// file answers a file of the web app, and the index for what looks like a page, so that a mistyped address is told so
// in the app's own words.
func (all pages) file(c *fiber.Ctx) error {
	name := strings.TrimPrefix(path.Clean(c.Path()), "/")
	if p, found := all[name]; found && name != indexPage {
		return p.send(c)
	}
	if path.Ext(name) != "" || strings.HasPrefix(name, "api/") {
		return refuse(facilitator.NotFound, "no_such_address", "There is nothing at this address.")
	}
	c.Status(fiber.StatusNotFound)
	return all.index(c)
}

func (p page) send(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, p.kind)
	c.Set(fiber.HeaderCacheControl, p.cache)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if p.cache != cacheNever {
		c.Set(fiber.HeaderETag, p.tag)
		if c.Get(fiber.HeaderIfNoneMatch) == p.tag {
			return c.SendStatus(fiber.StatusNotModified)
		}
	}
	accepted := c.Get(fiber.HeaderAcceptEncoding)
	switch {
	case p.brotli != nil && strings.Contains(accepted, "br"):
		c.Set(fiber.HeaderContentEncoding, "br")
		return c.Send(p.brotli)
	case p.gzip != nil && strings.Contains(accepted, "gzip"):
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(p.gzip)
	}
	return c.Send(p.body)
}
