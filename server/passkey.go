package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/netip"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
)

// passkey is one of an account's, with the name its owner gave it.
type passkey struct {
	Label      string              `json:"label"`
	Added      time.Time           `json:"added"`
	Used       time.Time           `json:"used"`
	Credential webauthn.Credential `json:"credential"`
}

func (p passkey) id() string { return base64.RawURLEncoding.EncodeToString(p.Credential.ID) }

// spent remembers a challenge that was answered for as long as its ticket would be believed, so that an answer somebody
// overheard opens nothing.
type spent struct {
	Challenge []byte    `json:"challenge"` // SHA-256
	Until     time.Time `json:"until"`
}

const mostPasskeys = 20

// holder is an account as the passkey library sees it.
type holder struct{ account }

func (h holder) WebAuthnID() []byte          { return h.Handle }
func (h holder) WebAuthnName() string        { return h.Name }
func (h holder) WebAuthnDisplayName() string { return h.Name }

func (h holder) WebAuthnCredentials() []webauthn.Credential {
	all := make([]webauthn.Credential, len(h.Passkeys))
	for i, p := range h.Passkeys {
		all[i] = p.Credential
	}
	return all
}

// asked is a ceremony that has begun: what the browser hands to the authenticator, and the ticket to bring back. The
// server keeps nothing meanwhile, so any node may finish what another began.
type asked struct {
	PublicKey any    `json:"publicKey"`
	Ticket    string `json:"ticket"`
}

// answered is what comes back.
type answered struct {
	Ticket     string          `json:"ticket"`
	Credential json.RawMessage `json:"credential"`
}

// relyingParty is this server as passkeys know it: by the name in its address. Browsers give none to a bare IP address.
func (s *Server) relyingParty(c *fiber.Ctx) (*webauthn.WebAuthn, error) {
	base := *s.cfg.Base
	if !s.cfg.Public {
		base.Host = string(bytes.Clone(c.Request().Host()))
	}
	if _, err := netip.ParseAddr(base.Hostname()); err == nil || base.Scheme != "https" && base.Hostname() != "localhost" {
		return nil, refuse(facilitator.Invalid, "passkeys_need_name", "Passkeys work only where this server is reached by name over https. Use a password here.")
	}
	return webauthn.New(&webauthn.Config{
		RPID: base.Hostname(), RPDisplayName: "Mend", RPOrigins: []string{base.Scheme + "://" + base.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired},
	})
}

func (s *Server) ask(publicKey any, session *webauthn.SessionData) (asked, error) {
	data, err := json.Marshal(session)
	if err != nil {
		return asked{}, err
	}
	c := claims{Ceremony: data}
	c.Subject = "passkey"
	ticket, err := s.keys.sign(c, audienceCeremony, s.now(), ticketLives)
	return asked{PublicKey: publicKey, Ticket: ticket}, err
}

func (s *Server) asked(ticket string) (session webauthn.SessionData, err error) {
	c, err := s.keys.parse(ticket, audienceCeremony, s.now)
	if err == nil {
		err = json.Unmarshal(c.Ceremony, &session)
	}
	if err != nil {
		return session, errPasskey("The wait for the passkey was too long. Try again.")
	}
	return session, nil
}

func errPasskey(message string) error {
	return &problem{Refusal: &facilitator.Refusal{Code: facilitator.Denied, Reason: "passkey", Message: message}, status: fiber.StatusUnauthorized}
}

// askForNew begins the making of a passkey for somebody.
func (s *Server) askForNew(c *fiber.Ctx, of account) error {
	rp, err := s.relyingParty(c)
	if err != nil {
		return err
	}
	if len(of.Passkeys) >= mostPasskeys {
		return refuse(facilitator.Conflict, "passkeys_many", "There are many passkeys already. Remove one you no longer use first.")
	}
	known := webauthn.Credentials(holder{of}.WebAuthnCredentials())
	creation, session, err := rp.BeginRegistration(holder{of}, webauthn.WithExclusions(known.CredentialDescriptors()))
	if err != nil {
		return err
	}
	out, err := s.ask(creation.Response, session)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

// made checks a new passkey. The handle it was made for is in the ticket.
func (s *Server) made(c *fiber.Ctx, in answered, of account) (passkey, account, error) {
	rp, err := s.relyingParty(c)
	if err != nil {
		return passkey{}, of, err
	}
	session, err := s.asked(in.Ticket)
	if err != nil {
		return passkey{}, of, err
	}
	if of.Handle == nil {
		of.Handle = session.UserID
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(in.Credential)
	if err != nil {
		return passkey{}, of, errPasskey("This passkey could not be read. Try again, or use another one.")
	}
	credential, err := rp.CreateCredential(holder{of}, session, parsed)
	if err != nil {
		return passkey{}, of, errPasskey("This passkey could not be checked. Try again, or use another one.")
	}
	return passkey{Added: s.now(), Used: s.now(), Credential: *credential}, of, nil
}

// askPasskey asks for any passkey of this site, whoever's it is: nobody's name is asked for, so none can be tried.
func (s *Server) askPasskey(c *fiber.Ctx) error {
	rp, err := s.relyingParty(c)
	if err != nil {
		return err
	}
	assertion, session, err := rp.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return err
	}
	out, err := s.ask(assertion.Response, session)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

// byPasskey is whose passkey answered.
func (s *Server) byPasskey(c *fiber.Ctx, in answered) (string, account, error) {
	rp, err := s.relyingParty(c)
	if err != nil {
		return "", account{}, err
	}
	session, err := s.asked(in.Ticket)
	if err != nil {
		return "", account{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(in.Credential)
	if err != nil {
		return "", account{}, errPasskey("This passkey could not be read. Try again, or use another one.")
	}
	ctx := c.UserContext()
	id, found, err := s.accounts.byHandle(ctx, parsed.Response.UserHandle)
	if err != nil {
		return "", account{}, err
	}
	whose := func([]byte, []byte) (webauthn.User, error) { return holder{found}, nil }
	_, credential, err := rp.ValidatePasskeyLogin(whose, session, parsed)
	if err != nil || credential.Authenticator.CloneWarning {
		return "", account{}, errPasskey("This passkey is not one of this server's. Use another one, or your password.")
	}
	found, err = s.accounts.usePasskey(ctx, id, *credential, session.Challenge)
	return id, found, err
}

func (a *accounts) byHandle(ctx context.Context, handle []byte) (id string, found account, err error) {
	if _, err = a.records.get(ctx, handleKey(handle), &id); err == nil {
		_, err = a.records.get(ctx, accountPrefix+id, &found)
	}
	if errors.Is(err, errMissing) {
		err = errPasskey("This passkey is not one of this server's. Use another one, or your password.")
	}
	return id, found, err
}

// usePasskey counts one use, and takes its challenge once.
func (a *accounts) usePasskey(ctx context.Context, id string, used webauthn.Credential, challenge string) (account, error) {
	sum, now := sha256.Sum256([]byte(challenge)), a.now()
	return a.amend(ctx, id, func(found *account) error {
		found.Spent = slices.DeleteFunc(found.Spent, func(s spent) bool { return now.After(s.Until) })
		if slices.ContainsFunc(found.Spent, func(s spent) bool { return bytes.Equal(s.Challenge, sum[:]) }) {
			return errPasskey("This was answered already. Try again.")
		}
		found.Spent = append(found.Spent, spent{Challenge: sum[:], Until: now.Add(ticketLives)})
		for i, p := range found.Passkeys {
			if bytes.Equal(p.Credential.ID, used.ID) {
				found.Passkeys[i].Credential, found.Passkeys[i].Used = used, now
				return nil
			}
		}
		return errPasskey("This passkey was removed. Use another one, or your password.")
	})
}

// addPasskey keeps one more for an account.
func (a *accounts) addPasskey(ctx context.Context, id string, fresh passkey, label string) (account, error) {
	label, err := facilitator.CleanAlias(label)
	if err != nil {
		return account{}, err
	}
	fresh.Label = label
	return a.amend(ctx, id, func(found *account) error {
		if len(found.Passkeys) >= mostPasskeys {
			return refuse(facilitator.Conflict, "passkeys_many", "There are many passkeys already. Remove one you no longer use first.")
		}
		found.Passkeys = append(found.Passkeys, fresh)
		return nil
	})
}

// removePasskey leaves at least one way in.
func (a *accounts) removePasskey(ctx context.Context, id, which string) (account, error) {
	return a.amend(ctx, id, func(found *account) error {
		rest := slices.DeleteFunc(slices.Clone(found.Passkeys), func(p passkey) bool { return p.id() == which })
		if len(rest) == 0 && found.Password == "" {
			return refuse(facilitator.Conflict, "last_way_in", "This is your only way in. Choose a password or add another passkey first.")
		}
		if err := a.keepsSecond(ctx, account{Passkeys: rest, Second: found.Second}); err != nil {
			return err
		}
		found.Passkeys = rest
		return nil
	})
}
