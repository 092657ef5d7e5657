package realtime

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// ErrFolderInUse says that another process holds the data folder.
var ErrFolderInUse = errors.New("the data folder is in use by another process")

// NATSConfig says where the data lives: in a folder of this process, or on NATS servers elsewhere.
type NATSConfig struct {
	Folder string // of the embedded server; not used with URLs
	URLs   string // "nats://a,nats://b"; empty means embedded

	// Replicas is how many servers keep each stream, 1 or 3. 0 means 3 on a cluster, else 1.
	Replicas int
	// StoreBytes is the most the streams may take on disk together. 0 means 8 GiB.
	StoreBytes int64

	Logger *slog.Logger
}

// NATS is a connection to the one engine, and the engine itself if it is embedded.
type NATS struct {
	Conn *nats.Conn
	JS   jetstream.JetStream

	replicas int
	store    int64
	server   *server.Server
	folder   *folder
	closed   chan struct{}
}

const (
	defaultStore = 8 << 30
	memoryLimit  = 64 << 20 // for what waits to be poured into a log
	maxPayload   = 8 << 20  // the first commit carries a whole programme
	startWithin  = time.Minute
	drainWithin  = 5 * time.Second
)

// OpenNATS starts the embedded server or connects to the given ones.
func OpenNATS(ctx context.Context, cfg NATSConfig) (*NATS, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if r := cfg.Replicas; r != 0 && r != 1 && r != 3 {
		return nil, fmt.Errorf("%d replicas: streams are kept on 1 server or on 3", r)
	}
	n := &NATS{replicas: cfg.Replicas, store: cfg.StoreBytes, closed: make(chan struct{})}
	if n.store == 0 {
		n.store = defaultStore
	}
	where := nats.DefaultURL
	opts := []nats.Option{
		nats.Name("mend"),
		nats.NoEcho(), // a node knows what it said itself
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250 * time.Millisecond),
		nats.ReconnectBufSize(-1), // a publish fails while away: a command reported failed must not be stored later
		nats.DrainTimeout(drainWithin),
		nats.ClosedHandler(func(*nats.Conn) { close(n.closed) }),
	}
	if cfg.URLs != "" {
		where = cfg.URLs
	} else {
		if err := n.embed(cfg); err != nil {
			return nil, err
		}
		opts = append(opts, nats.InProcessServer(n.server))
	}
	conn, err := nats.Connect(where, opts...)
	if err != nil {
		n.stop()
		return nil, fmt.Errorf("reaching NATS at %s: %w. Is it running, and may this machine reach it?", withoutSecrets(where), err)
	}
	n.Conn = conn
	if n.replicas == 0 {
		n.replicas = 1
		if conn.ConnectedClusterName() != "" && n.server == nil {
			n.replicas = 3
		}
	}
	if n.JS, err = jetstream.New(conn); err != nil {
		n.Close()
		return nil, fmt.Errorf("opening JetStream: %w", err)
	}
	if err := n.ready(ctx); err != nil {
		n.Close()
		return nil, err
	}
	return n, nil
}

// embed starts a server inside this process that listens on nothing.
func (n *NATS) embed(cfg NATSConfig) error {
	held, err := claimFolder(cfg.Folder)
	if err != nil {
		return err
	}
	n.folder = held
	said := &serverLog{to: cfg.Logger}
	n.server, err = server.NewServer(&server.Options{
		ServerName:             "mend",
		DontListen:             true,
		NoSigs:                 true, // else the server ends our process on a signal
		JetStream:              true,
		StoreDir:               filepath.Join(cfg.Folder, "nats"),
		SyncAlways:             true, // an acknowledgement means on disk
		JetStreamMaxStore:      n.store,
		JetStreamMaxMemory:     memoryLimit,
		MaxPayload:             maxPayload,
		DisableJetStreamBanner: true,
	})
	if err != nil {
		n.stop()
		return fmt.Errorf("configuring the embedded NATS server: %w", err)
	}
	n.server.SetLoggerV2(said, false, false, false)
	n.server.Start()
	if !n.server.ReadyForConnections(startWithin) {
		n.stop()
		return fmt.Errorf("starting the embedded NATS server in %s: %s", cfg.Folder, said.fatal())
	}
	return nil
}

// Replicas is how many servers keep each stream.
func (n *NATS) Replicas() int { return n.replicas }

// ready asks JetStream for its limits, which says clearly whether it is there.
func (n *NATS) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	if _, err := n.JS.AccountInfo(ctx); err != nil {
		return fmt.Errorf("asking NATS for JetStream: %w. JetStream must be enabled for this account", err)
	}
	return nil
}

// Close drains the connection, stops the embedded server, waits for both, and gives the folder back.
// Close the nodes that use it first.
func (n *NATS) Close() {
	if n.Conn != nil && n.Conn.Drain() == nil {
		select {
		case <-n.closed:
		case <-time.After(drainWithin):
			n.Conn.Close()
		}
	}
	n.stop()
}

func (n *NATS) stop() {
	if n.server != nil {
		n.server.Shutdown()
		n.server.WaitForShutdown()
	}
	n.folder.release()
}

// withoutSecrets is a list of server URLs without the passwords and tokens in them.
func withoutSecrets(urls string) string {
	parts := strings.Split(urls, ",")
	for i, p := range parts {
		u, err := url.Parse(strings.TrimSpace(p))
		if err != nil || u.Host == "" {
			parts[i] = "(unreadable address)"
			continue
		}
		u.User = nil
		parts[i] = u.String()
	}
	return strings.Join(parts, ",")
}
