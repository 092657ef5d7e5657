package realtime

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"regexp"
	"sync"
	"time"

	"mend/facilitator"
)

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
	onClosed     func(ctx context.Context, session string, s facilitator.Summary) error
	farewell     time.Duration
	build        string
	logger       *slog.Logger

	ctx    context.Context
	cancel context.CancelFunc
	beside sync.WaitGroup // the sweep and the pings

	mu      sync.Mutex
	rooms   map[string]*Room
	opening map[string]*opening
	conns   map[*Conn]struct{}
	closing bool
	serving sync.WaitGroup // connections
}

// opening is a room being read from its log. Whoever else wants it waits for the same reading.
type opening struct {
	done chan struct{}
	err  error
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
		log: j, bus: b, authenticate: cfg.Authenticate, onClosed: cfg.OnClosed, farewell: cfg.Farewell, build: cfg.Build,
		logger: cfg.Logger, rooms: map[string]*Room{}, opening: map[string]*opening{}, conns: map[*Conn]struct{}{},
	}
	if n.farewell == 0 {
		n.farewell = defaultFarewell
	}
	if n.logger == nil {
		n.logger = slog.New(slog.DiscardHandler)
	}
	n.ctx, n.cancel = context.WithCancel(context.Background())
	n.beside.Go(n.sweep)
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
		At: at, By: facilitator.Seat{Role: facilitator.System}, ID: freshID, Shuffle: mathrand.Shuffle,
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

// room finds a session's room, or reads it from its log. Whoever gets it calls leave.
func (n *Node) room(ctx context.Context, session string) (*Room, error) {
	for {
		n.mu.Lock()
		if n.closing {
			n.mu.Unlock()
			return nil, errClosing
		}
		if r := n.rooms[session]; r != nil {
			r.users++
			n.mu.Unlock()
			return r, nil
		}
		o := n.opening[session]
		if o == nil {
			o = &opening{done: make(chan struct{})}
			n.opening[session] = o
			n.beside.Go(func() { n.open(session, o) })
		}
		n.mu.Unlock()
		select {
		case <-o.done:
		case <-ctx.Done():
			return nil, fmt.Errorf("opening session %s: %w", session, errNoAnswer)
		}
		if o.err != nil {
			return nil, o.err
		}
	}
}

// open reads a session and starts its room.
func (n *Node) open(session string, o *opening) {
	r := &Room{
		session: session, log: n.log, bus: n.bus, logger: n.logger, node: n, ctx: n.ctx,
		inbox: make(chan message, inboxSize), results: make(chan message, 8),
		leave: make(chan struct{}), done: make(chan struct{}),
		poisoned: map[CommandID]bool{}, conns: map[*Conn]struct{}{}, feeds: map[facilitator.Document]*feed{},
		held: map[facilitator.PersonID]int{}, seen: map[facilitator.PersonID]time.Time{},
	}
	stop, err := n.bus.Listen(session, func(m message) {
		select {
		case r.inbox <- m:
		default: // the room cannot keep up; it will look at the log
		}
	})
	if err == nil {
		err = r.begin()
		if err != nil {
			stop()
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.opening, session)
	if err == nil && n.closing {
		err = errClosing
		stop()
	}
	if o.err = err; err == nil {
		n.rooms[session] = r
		n.beside.Go(func() {
			defer stop()
			r.run()
			n.drop(r)
		})
	}
	close(o.done)
}

// begin folds the session for the first time.
func (r *Room) begin() error {
	f, err := readLog(r.ctx, r.log, r.session)
	if err != nil && !errors.Is(err, ErrBroken) {
		return err
	}
	if err != nil {
		r.broken = err
		r.logger.Error("the session can only be read", "session", r.session, "error", err)
	} else if f.chain.n == 0 {
		return ErrNoSession
	}
	r.fold, r.shownUpTo = f, f.chain.n
	now := time.Now()
	r.tailAt, r.presenceAt = now.Add(tailEvery), now.Add(presenceEvery)
	if f.state.Closed() {
		r.forgetAt, r.farewellAt = now, now.Add(r.node.farewell)
	}
	return nil
}

// leave is called by whoever got a room.
func (n *Node) leave(r *Room) {
	n.mu.Lock()
	defer n.mu.Unlock()
	r.users--
}

// release lets an unused room go, if nobody asked for it meanwhile.
func (n *Node) release(r *Room) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if r.users > 0 {
		return false
	}
	delete(n.rooms, r.session)
	return true
}

// drop takes a room that has ended out of the list.
func (n *Node) drop(r *Room) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.rooms[r.session] == r {
		delete(n.rooms, r.session)
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

// feelPulses pings connections that are silent, and cuts those that stay so.
func (n *Node) feelPulses() {
	for pause(n.ctx, pulseEvery) {
		now := time.Now()
		n.mu.Lock()
		conns := make([]*Conn, 0, len(n.conns))
		for c := range n.conns {
			conns = append(conns, c)
		}
		n.mu.Unlock()
		for _, c := range conns {
			c.feel(now)
		}
	}
}

const pulseEvery = 5 * time.Second

var pingFrame = frameOf(opPing, nil)

func (c *Conn) feel(now time.Time) {
	switch silent := now.Sub(time.Unix(0, c.heard.at.Load())); {
	case silent > silence:
		c.net.Close()
	case silent > pingEvery && !c.heard.pinged.Swap(true):
		c.send(pingFrame)
	}
}
