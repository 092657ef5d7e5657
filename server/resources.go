package server

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

//go:embed resources.yaml
var resourcesFile []byte

// resources is the operator's board as it is sent: the same bytes to everybody, in all its languages, so that a phone
// keeps one copy.
type resources struct {
	body []byte
	tag  string
}

// readResources reads the operator's file; file is only the name used in errors.
func readResources(file string, data []byte) (resources, error) {
	board, err := facilitator.ParseResources(file, data)
	if err != nil {
		return resources{}, err
	}
	body, err := json.Marshal(board)
	if err != nil {
		return resources{}, fmt.Errorf("encoding the resources: %w", err)
	}
	sum := sha256.Sum256(body)
	return resources{body: body, tag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}, nil
}

// answer says nothing new to who has the newest. A copy may be used for a while without asking.
func (r resources) answer(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	c.Set(fiber.HeaderETag, r.tag)
	if c.Get(fiber.HeaderIfNoneMatch) == r.tag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return c.Send(r.body)
}
