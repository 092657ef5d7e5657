package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
	"mend/realtime"
)

// statuses turns the closed list of codes into HTTP. Whatever is not in it is internal.
var statuses = map[facilitator.Code]int{
	facilitator.Invalid:  fiber.StatusBadRequest,
	facilitator.Denied:   fiber.StatusForbidden,
	facilitator.NotFound: fiber.StatusNotFound,
	facilitator.Conflict: fiber.StatusConflict,
	facilitator.Closed:   fiber.StatusGone,
	internal:             fiber.StatusInternalServerError,
}

// internal is the code of everything that is our fault; its message never says more.
const internal facilitator.Code = "internal"

// passing are refusals that say more than their code does.
var passing = map[string]int{
	"storage_full": fiber.StatusInsufficientStorage,
	"restarting":   fiber.StatusServiceUnavailable,
	"busy":         fiber.StatusServiceUnavailable,

	"programme_large": fiber.StatusRequestEntityTooLarge,
}

func statusOf(r *facilitator.Refusal) int {
	if status, known := passing[r.Reason]; known {
		return status
	}
	return statuses[r.Code]
}

// problem is a refusal whose HTTP status says more than its code does.
type problem struct {
	*facilitator.Refusal
	status int
	after  time.Duration // Retry-After, when the same request may succeed later
}

func (p *problem) Unwrap() error { return p.Refusal }

func refuse(code facilitator.Code, reason, message string) error {
	return &facilitator.Refusal{Code: code, Reason: reason, Message: message}
}

func invalid(reason, message string) error { return refuse(facilitator.Invalid, reason, message) }

func notSignedIn() error {
	return &problem{Refusal: &facilitator.Refusal{Code: facilitator.Denied, Reason: "not_signed_in",
		Message: "You are not signed in, or were signed out. Sign in again."}, status: fiber.StatusUnauthorized}
}

func throttled(after time.Duration) error {
	return &problem{Refusal: &facilitator.Refusal{Code: facilitator.Denied, Reason: "throttled",
		Message: fmt.Sprintf("That was wrong several times. Wait %d seconds, check it, and try again.", seconds(after))},
		status: fiber.StatusTooManyRequests, after: after}
}

func crowded(after time.Duration) error {
	return &problem{Refusal: &facilitator.Refusal{Code: facilitator.Denied, Reason: "crowded",
		Message: fmt.Sprintf("Many are coming in from where you are. Wait %d seconds, and try again.", seconds(after))},
		status: fiber.StatusTooManyRequests, after: after}
}

func busy(reason, message string) error {
	return &problem{Refusal: &facilitator.Refusal{Code: facilitator.Conflict, Reason: reason, Message: message},
		status: fiber.StatusServiceUnavailable, after: 2 * time.Second}
}

// unavailable is for what will work again without anybody changing the request: the log out of reach, a stop under way.
func unavailable(reason, message string) error {
	return &problem{Refusal: &facilitator.Refusal{Code: internal, Reason: reason, Message: message},
		status: fiber.StatusServiceUnavailable, after: 2 * time.Second}
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// asProblem gives every error the one form that leaves the server; ok is false when it was not meant for people.
func asProblem(err error) (p *problem, ok bool) {
	if errors.As(err, &p) {
		return p, true
	}
	if refusal := (*facilitator.Refusal)(nil); errors.As(err, &refusal) {
		return &problem{Refusal: refusal, status: statusOf(refusal)}, true
	}
	if web := (*fiber.Error)(nil); errors.As(err, &web) {
		return webProblem(web), true
	}
	if errors.Is(err, realtime.ErrFull) {
		return &problem{Refusal: &facilitator.Refusal{Code: internal, Reason: "storage_full",
			Message: "The server's storage is full, so nothing more can be kept. Ask whoever runs it to make room."}, status: fiber.StatusInsufficientStorage}, false
	}
	if outOfReach(err) {
		errors.As(unavailable("log_unreachable", "The server cannot reach its log right now. Nothing was changed. Try again in a moment."), &p)
		return p, false
	}
	return &problem{Refusal: &facilitator.Refusal{Code: internal, Reason: "internal", Message: "Something went wrong on the server. Try again."},
		status: fiber.StatusInternalServerError}, false
}

// webProblem translates what Fiber itself refuses: unknown routes, bodies and headers that are too large.
func webProblem(web *fiber.Error) *problem {
	p := &problem{status: web.Code}
	switch {
	case web.Code == fiber.StatusNotFound:
		p.Refusal = &facilitator.Refusal{Code: facilitator.NotFound, Reason: "no_such_address", Message: "There is nothing at this address."}
	case web.Code == fiber.StatusRequestEntityTooLarge:
		p.Refusal = &facilitator.Refusal{Code: facilitator.Invalid, Reason: "too_large", Message: "The request is too large."}
	case web.Code < 500:
		p.Refusal = &facilitator.Refusal{Code: facilitator.Invalid, Reason: "bad_request", Message: "The request is not in a form this server reads."}
	default:
		p.Refusal = &facilitator.Refusal{Code: internal, Reason: "internal", Message: "Something went wrong on the server. Try again."}
	}
	return p
}

func answerError(logger *slog.Logger) fiber.ErrorHandler {
	return func(c *fiber.Ctx, err error) error {
		p, expected := asProblem(err)
		if !expected && !errors.Is(err, context.Canceled) {
			logger.Error("request failed", "method", c.Method(), "route", c.Route().Path, "error", err)
		}
		if p.after > 0 {
			c.Set(fiber.HeaderRetryAfter, strconv.Itoa(seconds(p.after)))
		}
		c.Set(fiber.HeaderCacheControl, "no-store")
		return c.Status(p.status).JSON(map[string]any{"error": p.Refusal})
	}
}

// recoverPanics logs where it happened and, only for the runtime's own errors, what: a panic of ours may carry what
// somebody wrote.
func recoverPanics(logger *slog.Logger) fiber.Handler {
	return func(c *fiber.Ctx) (err error) {
		defer func() {
			value := recover()
			if value == nil {
				return
			}
			what := fmt.Sprintf("%T", value)
			if known, isRuntime := value.(runtime.Error); isRuntime {
				what = known.Error()
			}
			logger.Error("panic", "route", c.Route().Path, "what", what, "stack", string(debug.Stack()))
			err = fiber.ErrInternalServerError
		}()
		return c.Next()
	}
}
