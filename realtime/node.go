package realtime

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"sync"
	"time"

	"mend/facilitator"
)

// GCPercent is what a process with nodes gives to debug.SetGCPercent: a room leaves little to collect, and whoever does
// something during a collection waits some milliseconds longer.
const GCPercent = 400

// ErrLater is what Authenticate wraps when it cannot tell at the moment: the client tries again.
var ErrLater = errors.New("try again later")

// NodeConfig is what a node is given.
type NodeConfig struct {
	NATS *NATS
	Log  *Log

	// Authenticate turns a hello's token into a seat. An error means that the token is not valid, unless
	// it wraps ErrLater.
	Authenticate func(ctx context.Context, token string) (session string, seat facilitator.Seat, err error)

	// OnClosed is told of a session that ended, before its words are destroyed. It may be told twice. After
	// an error it is told again, and the words stay until then.
	OnClosed func(ctx context.Context, session string, s facilitator.Summary) error

	// OnAudited is told of every command that belongs in an audit trail, done or refused, by the node that decided it. It
	// must not wait.
	OnAudited func(session string, role facilitator.Role, action string, refused error)

	// ICE is the STUN and TURN servers that people's browsers may use for calls. None are built in.
	ICE []ICEServer

	// Farewell is how long people may still read a closed session from memory. 0 means ten minutes.
	Farewell time.Duration

	// Build names the version of the program: what one version showed, another may show otherwise.
	Build  string
	Logger *slog.Logger
}

// Node is the rooms of this process and the connections to them. Close ends both.
type Node struct {
	log          journal
	bus          bus
	authenticate func(ctx context.Context, token string) (string, facilitator.Seat, error)
	onAudited    func(session string, role facilitator.Role, action string, refused error)
	onClosed     func(ctx context.Context, session string, s facilitator.Summary) error
	farewell     time.Duration
	ice          []ICEServer
	build        string
	logger       *slog.Logger

	urn     urn
	bench   *bench
	placing chan struct{} // bodies being taken now
	newKeys func() (facilitator.BowlKeys, error)

	ctx    context.Context
	cancel context.CancelFunc
	beside sync.WaitGroup // the sweep, the pings and the signatures

	mu      sync.Mutex
	rooms   map[string]*Room
	opening map[string]*opening
	conns   map[*Conn]struct{}
	closing bool
	serving sync.WaitGroup // connections
}

const (
	defaultFarewell = 10 * time.Minute
	createWithin    = 10 * time.Second
	answerWithin    = 15 * time.Second // for callers in this process; a client waits as long as it likes
	closeWithin     = 5 * time.Second  // for connections to take their last words
)

// NewNode starts a node. It looks at once for sessions that were closed but not forgotten, and for
// damaged ones.
func NewNode(cfg NodeConfig) *Node {
	return newNode(cfg, cfg.Log, Bus{cfg.NATS.Conn})
}

func newNode(cfg NodeConfig, j journal, b bus) *Node {
	n := &Node{
		log: j, bus: b, authenticate: cfg.Authenticate, onClosed: cfg.OnClosed, onAudited: cfg.OnAudited, farewell: cfg.Farewell, ice: cfg.ICE, build: cfg.Build,
		logger: cfg.Logger, rooms: map[string]*Room{}, opening: map[string]*opening{}, conns: map[*Conn]struct{}{},
		bench: newBench(), placing: make(chan struct{}, placingMost), newKeys: newBowlKeys,
	}
	if n.farewell == 0 {
		n.farewell = defaultFarewell
	}
	if n.logger == nil {
		n.logger = slog.New(slog.DiscardHandler)
	}
	n.ctx, n.cancel = context.WithCancel(context.Background())
	n.urn, _ = j.(urn) // a log of a test may have none, and then there are no bowls
	for range signers() {
		n.beside.Go(func() { n.bench.work(n.ctx.Done()) })
	}
	n.beside.Go(n.sweeps)
	n.beside.Go(n.feelPulses)
	return n
}

// sessionID is what may stand in a subject.
var sessionID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Create makes a session: a key of its own, and its first commit.
func (n *Node) Create(ctx context.Context, session string, open facilitator.Open) error {
	open.Session = session
	if !sessionID.MatchString(session) {
		return fmt.Errorf("session id %q: letters, digits, - and _ only", session)
	}
	ctx, cancel := context.WithTimeout(ctx, createWithin)
	defer cancel()
	key, err := n.log.NewKey(ctx, session)
	if err != nil {
		return fmt.Errorf("making a key for session %s: %w", session, err)
	}
	s, err := newSeal(key, session)
	if err != nil {
		return err
	}
	at := timeOf(time.Now())
	events, err := facilitator.New().Decide(open, facilitator.Input{
		At: at, By: facilitator.Seat{Role: facilitator.System}, ID: freshID, Shuffle: shuffle,
	})
	if err != nil {
		return errors.Join(err, n.log.Destroy(ctx, session))
	}
	stored, err := storeEvents(events)
	if err != nil {
		return err
	}
	c := chain{session: session, seal: s}
	sealed, err := c.write(at, nil, stored)
	if err != nil {
		return err
	}
	if out := settle(ctx, n.log, session, 0, sealed); !out.stored {
		return fmt.Errorf("storing the beginning of session %s: %w", session, errors.Join(out.err, errUnknown))
	}
	return nil
}

// Do gives a command in the name of a seat and waits until it is stored, or refused: a
// *facilitator.Refusal. If ctx ends first the command may still be stored.
func (n *Node) Do(ctx context.Context, session string, seat facilitator.Seat, do facilitator.Command) error {
	answer := make(chan error, 1)
	return n.with(ctx, session, order{seat: seat, do: do, answer: func(err error) { answer <- err }}, answer)
}

// Read hands the session's state to a function, which must not keep or change it.
func (n *Node) Read(ctx context.Context, session string, at func(*facilitator.Session)) error {
	answer := make(chan error, 1)
	return n.with(ctx, session, look{at, answer}, answer)
}

// View renders a document.
func (n *Node) View(ctx context.Context, session string, d facilitator.Document) (view any, err error) {
	err = n.Read(ctx, session, func(s *facilitator.Session) { view = s.View(d) })
	return view, err
}

// Hold keeps a person here without a connection, until release is called.
func (n *Node) Hold(ctx context.Context, session string, p facilitator.PersonID) (release func(), err error) {
	room, err := n.room(ctx, session)
	if err != nil {
		return nil, n.told(err)
	}
	if !room.tell(present{p, true}) {
		n.leave(room)
		return nil, errClosing
	}
	return sync.OnceFunc(func() {
		room.tell(present{p, false})
		n.leave(room)
	}), nil
}

// with tells a room something and waits for its answer.
func (n *Node) with(ctx context.Context, session string, m message, answer <-chan error) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	room, err := n.room(ctx, session)
	if err != nil {
		return n.told(err)
	}
	defer n.leave(room)
	if !room.tell(m) {
		return errClosing
	}
	select {
	case err := <-answer:
		return err
	case <-room.done:
		return errClosing
	case <-ctx.Done():
		return fmt.Errorf("waiting for session %s: %w", session, errNoAnswer)
	}
}

// told turns what went wrong with a room into what people are told.
func (n *Node) told(err error) error {
	if errors.Is(err, ErrNoSession) {
		return errSessionOver
	}
	return err
}

// tell sends a message to the room; it reports false if the room is no more.
func (r *Room) tell(m message) bool {
	select {
	case r.inbox <- m:
		return true
	case <-r.done:
		return false
	}
}

// enter counts a connection in, unless the node is closing.
func (n *Node) enter(c *Conn) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closing {
		return false
	}
	n.conns[c] = struct{}{}
	n.serving.Add(1)
	return true
}

// exit ends a connection and counts it out.
func (n *Node) exit(c *Conn) {
	c.end()
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.conns, c)
	n.serving.Done()
}

// Close refuses what is new, lets the rooms settle what is on its way, sends everybody away with "try
// again", and returns when nothing of the node is left. Close the NATS connection after it.
func (n *Node) Close() {
	n.mu.Lock()
	if n.closing {
		n.mu.Unlock()
		return
	}
	n.closing = true
	rooms := make([]*Room, 0, len(n.rooms))
	for _, r := range n.rooms {
		rooms = append(rooms, r)
		close(r.leave)
	}
	n.mu.Unlock()
	late := time.After(settleFor + time.Second)
	for _, r := range rooms {
		select {
		case <-r.done:
		case <-late:
			late = closedChannel
		}
	}
	n.cancel()
	n.sendAway()
	n.serving.Wait()
	n.beside.Wait()
}

var closedChannel = func() <-chan time.Time { c := make(chan time.Time); close(c); return c }()

// sendAway ends the connections, those that do not take their last words without them.
func (n *Node) sendAway() {
	each := func(do func(*Conn)) {
		n.mu.Lock()
		defer n.mu.Unlock()
		for c := range n.conns {
			do(c)
		}
	}
	each(func(c *Conn) { c.bye(byeRestart) })
	cut := time.AfterFunc(closeWithin, func() { each(func(c *Conn) { c.net.Close() }) })
	defer cut.Stop()
	n.serving.Wait()
}
