package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"mend/facilitator"
	"mend/realtime"
)

// Server is one node: its HTTP side and, through realtime.Node, the rooms it serves.
type Server struct {
	cfg        Config
	logger     *slog.Logger
	now        func() time.Time
	secure     bool // people reach it by https
	maxPeople  int
	records    *records
	keys       *keys
	accounts   *accounts
	shelf      *shelf
	programmes []facilitator.Programme
	packs      []facilitator.Pack
	schema     []byte // of programme files
	aliases    aliases
	guestWords guestWords
	care       careLines
	knowledge  knowledge
	resources  resources
	pages      pages
	origins    origins
	proxies    proxies
	door       *throttle // wrong codes and keys of rooms
	joins      *throttle // people who come after the group has begun
	codes      *throttle // changes of a session's code
	posts      *throttle // bodies for bowls that are of no bowl
	signIns    *throttle // wrong passwords and set-up keys
	log        *realtime.Log
	node       *realtime.Node
	trail      *trail
	health     *health
	app        *fiber.App
	watching   sync.WaitGroup // for rotated keys
	unwatch    func()
}

// New opens what a node needs and starts its health watch. Close it, whether or not it served.
func New(ctx context.Context, cfg Config) (*Server, error) {
	cfg = cfg.withDefaults()
	s := &Server{cfg: cfg, logger: cfg.Logger, now: cfg.Now, secure: cfg.Base.Scheme == "https", maxPeople: cfg.MaxPeople, proxies: cfg.Proxies,
		door: newThrottle(30, 2*time.Second), joins: newThrottle(60, 2*time.Second),
		codes: newThrottle(10, 30*time.Second), posts: newThrottle(60, time.Second), signIns: newThrottle(10, 10*time.Second)}
	if cfg.Public {
		s.origins = origins{public: cfg.Base}
	}
	if err := s.load(); err != nil {
		return nil, err
	}
	if err := s.openStores(ctx); err != nil {
		return nil, err
	}
	s.app = s.routes()
	if s.cfg.Keys != nil {
		watching, stop := context.WithCancel(context.Background())
		s.unwatch = stop
		s.watching.Go(func() {
			s.keys.watch(watching, s.cfg.Keys, func(err error) { s.logger.Error("the keys cannot be read; the old ones stay in use", "error", err) })
		})
	}
	return s, nil
}

// load reads what comes with the program or from the operator's files.
func (s *Server) load() (err error) {
	var care, known, helpers, alias, guests, programme, pack, page error
	s.care, care = readCare(s.cfg.CareFile, s.cfg.Care)
	s.knowledge, known = readKnowledge()
	s.resources, helpers = readResources(s.cfg.ResourcesFile, s.cfg.Resources)
	s.aliases, alias = loadAliases()
	s.guestWords, guests = loadGuestWords()
	s.programmes, programme = s.cfg.builtIn(s.cfg.Scenarios...)
	s.packs, pack = facilitator.Packs()
	s.schema = facilitator.ProgrammeSchema()
	s.pages, page = loadPages(s.cfg.Files)
	if s.cfg.Trial != nil {
		same := func(p facilitator.Programme) bool { return p.ID == s.cfg.Trial.ID }
		s.programmes = append(slices.DeleteFunc(s.programmes, same), *s.cfg.Trial)
		s.cfg.Programme = s.cfg.Trial.ID
	}
	if programme == nil && s.cfg.Programme == "" {
		s.cfg.Programme = s.programmes[0].ID
	}
	if programme == nil {
		_, programme = s.programme(s.cfg.Programme)
	}
	return errors.Join(care, known, helpers, alias, guests, programme, pack, page)
}

func (s *Server) openStores(ctx context.Context) (err error) {
	nats := s.cfg.NATS
	s.records, err = openRecords(ctx, nats.JS, nats.Replicas(), bucket{recordsBucket, "accounts, keys and the index of sessions", s.cfg.RecordsBytes, 64 << 10})
	if err != nil {
		return err
	}
	programmes, err := openRecords(ctx, nats.JS, nats.Replicas(), bucket{shelfBucket, "facilitators' own programmes", s.cfg.RecordsBytes, 2 * largestPacked})
	if err != nil {
		return err
	}
	s.shelf = &shelf{records: programmes, now: s.now}
	if s.keys, err = openKeys(ctx, s.records, s.cfg.Keys, s.now); err != nil {
		return err
	}
	s.accounts = &accounts{records: s.records, passwords: newPasswords(s.cfg.passwordTake), keys: s.keys, now: s.now}
	if s.log, err = realtime.OpenLog(ctx, s.cfg.NATS, s.vault()); err != nil {
		return err
	}
	if s.trail, err = openTrail(ctx, nats.JS, nats.Replicas(), s.cfg.RecordsBytes/4, s.now, s.logger); err != nil {
		return err
	}
	audited := func(session string, role facilitator.Role, action string, refused error) {
		s.trail.note(session, string(role), action, refused)
	}
	s.node = realtime.NewNode(realtime.NodeConfig{NATS: s.cfg.NATS, Log: s.log, Authenticate: s.authenticate, OnClosed: s.closed, OnAudited: audited, ICE: s.cfg.ICE, Build: s.cfg.Build, Logger: s.logger})
	s.health = watch(ctx, s.log.Canary, s.now, s.logger)
	return nil
}

// vault is the operator's folder; without one, the keys wrap the sessions' keys in the store.
func (s *Server) vault() realtime.Vault {
	if s.cfg.Vault != nil {
		return s.cfg.Vault
	}
	return sealedVault{s.keys}
}

// SetupLink is where the first facilitator account is made; empty once there is one.
func (s *Server) SetupLink(ctx context.Context) (string, error) {
	key, err := s.accounts.setupKey(ctx)
	if key == "" {
		return "", err
	}
	return s.link("/setup", key), nil
}

// HomeLink is where facilitators sign in.
func (s *Server) HomeLink() string { return s.link("/lead", "") }

// link carries its key in the fragment, which no browser sends and no proxy logs.
func (s *Server) link(path, key string) string {
	link := s.cfg.Base.JoinPath(path).String()
	if key != "" {
		link += "#" + key
	}
	return link
}

// Serve answers on a listener until Close.
func (s *Server) Serve(listener net.Listener) error { return s.app.Listener(listener) }

// Ready is nil, or why this node should get no new people now.
func (s *Server) Ready() error { return s.health.ready() }

// Close stops in the order in which nothing is lost: not ready, commands refused and appends settled, sockets told to come
// back (1012), handlers returned. What the node stands on, NATS, is its owner's to close next.
func (s *Server) Close(ctx context.Context) error {
	s.health.stopping()
	s.node.Close()
	if s.unwatch != nil {
		s.unwatch()
		s.watching.Wait()
	}
	err := s.app.ShutdownWithContext(ctx)
	s.health.close()
	s.trail.close()
	if err != nil {
		return fmt.Errorf("stop answering: %w", err)
	}
	return nil
}
