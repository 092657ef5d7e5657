package server

import (
	"io/fs"
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"mend/facilitator"
	"mend/realtime"
)

// Config is all a Server is told. Only NATS, Base, Files and Logger are needed.
type Config struct {
	NATS   *realtime.NATS
	Files  fs.FS        // the built web app
	Logger *slog.Logger // never gets a name, a word or an address

	// Base begins every link this server hands out, such as https://rooms.example.org. Public says that it is the one
	// address people use; else any IP address or localhost under which they reach this server is its own.
	Base   *url.URL
	Public bool

	Build string // the program's version

	Demo      bool                   // offer the demo's facilitator seat to whoever holds its key
	Programme string                 // the demo's, by its id; empty means the first
	Trial     *facilitator.Programme // an author's, which the demo plays instead
	MaxPeople int                    // seats in one session; 0 means 1,200

	ICE []realtime.ICEServer // STUN and TURN servers for calls between people; none are built in

	// Keys reads the operator's keyring, and reads it again now and then. Without it the keys stand in the store, beside
	// what they protect.
	Keys func() (Keyring, error)

	Scenarios []facilitator.Scenario // further ones for practice rooms, or in place of built-in ones of the same name

	// Vault is where the keys of sessions are kept apart. Without it they are sealed with Keys and stand in the store.
	Vault realtime.Vault

	Care     []byte // crisis lines in place of the built-in ones
	CareFile string // their name, for errors

	Resources     []byte // people near here who can help; none are built in
	ResourcesFile string // their name, for errors

	Proxies []netip.Prefix // whose X-Forwarded-For counts

	// RecordsBytes is the most that accounts and the index of sessions may take, and the most that facilitators' own
	// programmes may. 0 means 256 MiB.
	RecordsBytes int64

	RequestWithin time.Duration    // how long a request may wait for the store and for its turn; 0 means 8 s
	Now           func() time.Time // nil means time.Now

	// What every test would do again for a server of its own. Nil and 0 mean the real ones.
	builtIn      func(own ...facilitator.Scenario) ([]facilitator.Programme, error)
	passwordTake uint32 // KiB for the hash of a password
}

const (
	defaultPeople  = 1200
	defaultRecords = 256 << 20
)

func (cfg Config) withDefaults() Config {
	if cfg.MaxPeople == 0 {
		cfg.MaxPeople = defaultPeople
	}
	if cfg.RecordsBytes == 0 {
		cfg.RecordsBytes = defaultRecords
	}
	if cfg.Care == nil {
		cfg.Care, cfg.CareFile = careFile, "care.yaml"
	}
	if cfg.Resources == nil {
		cfg.Resources, cfg.ResourcesFile = resourcesFile, "resources.yaml"
	}
	if cfg.RequestWithin == 0 {
		cfg.RequestWithin = requestWithin
	}
	if cfg.builtIn == nil {
		cfg.builtIn = facilitator.BuiltIn
	}
	if cfg.passwordTake == 0 {
		cfg.passwordTake = argonMemory
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return cfg
}
