package realtime

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mend/facilitator"
)

// The clients of the benchmarks are another process, so that their work is not counted as the
// server's: the test binary started once more, told what to do over its standard input.
const loadVariable = "MEND_TEST_LOAD"

func TestMain(m *testing.M) {
	if os.Getenv(loadVariable) == "" {
		os.Exit(m.Run())
	}
	if err := serveLoad(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// task is what the benchmark asks of the load, and report what it hears back.
type task struct {
	Connect *connectTask `json:",omitempty"` // open connections
	Round   *roundTask   `json:",omitempty"` // one command, then wait until everybody was sent the change
	Burst   *burstTask   `json:",omitempty"` // everybody checks in
	Raid    *raidTask    `json:",omitempty"` // strangers come in
}

type connectTask struct {
	Addr, Session string
	From, To      int
}

// roundTask is a command of one, and what the frame holds that everybody is to be sent. Without a command the frame
// comes by itself.
type roundTask struct {
	From, ID       int
	Do, With, Want string
}

type burstTask struct{ Within time.Duration }

// raidTask is so many who come one after the other, each at the next of the nodes: a seat by HTTP, and then a connection.
type raidTask struct {
	Addrs   []string
	Session string
	Count   int
	Within  time.Duration
}

type report struct {
	Frames int           // most to any one person
	Bytes  int64         // to all
	Took   time.Duration // from the last command sent until the last person has read what comes of it
}

// load is many connections that only count.
type load struct {
	conns []*counted
	bytes atomic.Int64
	want  atomic.Pointer[[]byte] // what a frame must hold for its reader to be content
	left  atomic.Int64           // readers not content yet
	done  chan time.Time
}

type counted struct {
	*client
	frames  atomic.Int64
	content atomic.Bool
}

func serveLoad(in io.Reader, out io.Writer) error {
	debug.SetGCPercent(-1) // nobody is to wait for the one who measures
	debug.SetMemoryLimit(1 << 30)
	l := &load{done: make(chan time.Time, 1)}
	answers := json.NewEncoder(out)
	for tasks := json.NewDecoder(in); ; {
		var t task
		if err := tasks.Decode(&t); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		r, err := l.run(t)
		if err != nil {
			return err
		}
		if err := answers.Encode(r); err != nil {
			return err
		}
	}
}

func (l *load) run(t task) (report, error) {
	switch {
	case t.Connect != nil:
		return l.connect(*t.Connect)
	case t.Round != nil:
		return l.round(*t.Round)
	case t.Raid != nil:
		return l.raid(*t.Raid)
	}
	return l.burst(*t.Burst)
}

func (l *load) round(t roundTask) (report, error) {
	l.expect([]byte(t.Want))
	began := time.Now()
	if t.Do != "" {
		if err := l.conns[t.From].do(uint64(t.ID), t.Do, t.With); err != nil {
			return report{}, err
		}
	}
	at, err := l.wait()
	return report{Took: at.Sub(began)}, err
}

// raid returns when all have a seat or a place before the door, and are connected.
func (l *load) raid(t raidTask) (report, error) {
	began, failed := time.Now(), make(chan error, t.Count)
	for i := range t.Count {
		time.Sleep(time.Until(began.Add(t.Within * time.Duration(i) / time.Duration(t.Count))))
		go func() {
			addr, who := t.Addrs[i%len(t.Addrs)], facilitator.PersonID(fmt.Sprintf("raider%d", i))
			answer, err := http.Post(fmt.Sprintf("http://%s/join/%s/%s", addr, t.Session, who), "", nil)
			if err == nil && answer.StatusCode != http.StatusOK {
				err = fmt.Errorf("%s: %s", who, answer.Status)
			}
			if err == nil {
				answer.Body.Close()
				_, err = l.come(addr, t.Session, who)
			}
			failed <- err
		}()
	}
	for range t.Count {
		if err := <-failed; err != nil {
			return report{}, err
		}
	}
	return report{Took: time.Since(began)}, nil
}

func (l *load) connect(t connectTask) (report, error) {
	before := l.bytes.Load()
	for i := t.From; i <= t.To; i++ {
		k, err := l.come(t.Addr, t.Session, personN(i))
		if err != nil {
			return report{}, err
		}
		l.conns = append(l.conns, k)
	}
	return report{Bytes: l.bytes.Load() - before}, nil
}

// come connects a person and waits for the first frame.
func (l *load) come(addr, session string, p facilitator.PersonID) (*counted, error) {
	c, err := dial(addr)
	if err != nil {
		return nil, err
	}
	k := &counted{client: c}
	if err := k.hello(testToken(session, p, facilitator.Participant), "load-tab-of-"+string(p)); err != nil {
		return nil, err
	}
	first := make(chan error, 1)
	go l.read(k, first)
	if err := <-first; err != nil {
		return nil, fmt.Errorf("%s: %w", p, err)
	}
	return k, nil
}

// read counts frames until the connection ends.
func (l *load) read(k *counted, first chan<- error) {
	for {
		op, payload, err := k.next()
		if op == opPing && err == nil {
			err = k.write(opPong, payload)
		}
		if first != nil && (err != nil || op == opText) {
			first <- err
			first = nil
		}
		if err != nil {
			return
		}
		l.bytes.Add(int64(len(payload)))
		k.frames.Add(1)
		if want := l.want.Load(); want != nil && bytes.Contains(payload, *want) && !k.content.Swap(true) && l.left.Add(-1) == 0 {
			l.done <- time.Now()
		}
	}
}

// expect begins to wait for a frame that everybody is to be sent.
func (l *load) expect(what []byte) {
	l.left.Store(int64(len(l.conns)))
	for _, k := range l.conns {
		k.content.Store(false)
		k.frames.Store(0)
	}
	l.want.Store(&what)
}

func (l *load) wait() (time.Time, error) {
	select {
	case at := <-l.done:
		return at, nil
	case <-time.After(patience):
		return time.Time{}, fmt.Errorf("%d people were not sent the change", l.left.Load())
	}
}

func (l *load) burst(t burstTask) (report, error) {
	l.expect(fmt.Appendf(nil, `"answers":%d`, len(l.conns)))
	began := time.Now()
	for i, k := range l.conns {
		time.Sleep(time.Until(began.Add(t.Within * time.Duration(i) / time.Duration(len(l.conns)))))
		if err := k.do(1000, "checkin.answer", fmt.Sprintf(`{"reading":%d}`, i%3+1)); err != nil {
			return report{}, err
		}
	}
	last := time.Now()
	at, err := l.wait()
	if err != nil {
		return report{}, err
	}
	time.Sleep(500 * time.Millisecond) // what comes late counts too
	r := report{Took: at.Sub(last)}
	for _, k := range l.conns {
		r.Frames = max(r.Frames, int(k.frames.Load()))
	}
	return r, nil
}

// loader is the benchmark's end of a load process.
type loader struct {
	b   testing.TB
	in  io.WriteCloser
	out *json.Decoder
	end func() // once
}

// startLoad starts one. A nice one gives way to all else on the machine. The server beside it collects as "mend serve" does.
func startLoad(b testing.TB, nice int) *loader {
	b.Helper()
	was := debug.SetGCPercent(GCPercent)
	b.Cleanup(func() { debug.SetGCPercent(was) })
	c := exec.Command("nice", "-n", strconv.Itoa(nice), os.Args[0])
	c.Env = append(os.Environ(), loadVariable+"=1")
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	l := &loader{b: b, in: in, out: json.NewDecoder(bufio.NewReader(out))}
	l.end = sync.OnceFunc(func() { in.Close(); c.Wait() })
	b.Cleanup(l.end)
	return l
}

func (l *loader) do(t task) report {
	l.b.Helper()
	l.start(t)
	return l.finish()
}

func (l *loader) start(t task) {
	l.b.Helper()
	if err := json.NewEncoder(l.in).Encode(t); err != nil {
		l.b.Fatal(err)
	}
}

func (l *loader) finish() report {
	l.b.Helper()
	var r report
	if err := l.out.Decode(&r); err != nil {
		l.b.Fatalf("the load ended: %v", err)
	}
	return r
}
