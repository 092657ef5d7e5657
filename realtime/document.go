package realtime

import (
	"strconv"
	"sync"
	"sync/atomic"

	"mend/facilitator"
)

// feed is one document as this node shows it. The room's goroutine publishes editions; connections
// read the latest whenever they can.
type feed struct {
	doc     facilitator.Document
	current atomic.Pointer[edition]
	readers map[*Conn]struct{} // the room's
}

// edition is a document at one revision. It never changes, so everybody is sent the same bytes.
type edition struct {
	rev     uint64 // the commit at which the document last changed, as far as this node looked
	view    any
	patches []patchFrame // the latest few, each beginning where the one before it ends

	once  sync.Once
	whole []byte
}

// patchFrame takes a reader from one revision to a later one.
type patchFrame struct {
	from, rev uint64
	frame     []byte
}

// What is kept for readers that come back a little late. Beyond it they get the whole document.
const (
	patchesKept       = 32
	patchBytesKept    = 64 << 10
	bytesOfAnEnvelope = 96
)

func newFeed(doc facilitator.Document, rev uint64, view any) *feed {
	f := &feed{doc: doc, readers: map[*Conn]struct{}{}}
	f.current.Store(&edition{rev: rev, view: view})
	return f
}

// publish compares a fresh view with the last one and reports whether there is anything new to read.
func (f *feed) publish(rev uint64, view any) bool {
	old := f.current.Load()
	patch, changed := appendPatch(make([]byte, 0, 256), old.view, view)
	if !changed {
		return false
	}
	frame := textFrame(docFrame(f.doc, rev, func(b []byte) []byte {
		b = append(b, `,"from":`...)
		b = strconv.AppendUint(b, old.rev, 10)
		b = append(b, `,"patch":`...)
		return append(b, patch...)
	}, len(patch)))
	f.current.Store(&edition{rev: rev, view: view, patches: keepPatches(old.patches, patchFrame{old.rev, rev, frame})})
	return true
}

// keepPatches forgets the oldest. The slice is copied: editions in use keep theirs.
func keepPatches(old []patchFrame, latest patchFrame) []patchFrame {
	size, first := len(latest.frame), len(old)
	for first > 0 && len(old)-first+1 < patchesKept && size+len(old[first-1].frame) <= patchBytesKept {
		first--
		size += len(old[first].frame)
	}
	kept := make([]patchFrame, 0, len(old)-first+1)
	return append(append(kept, old[first:]...), latest)
}

// since appends the frames that take a reader from a revision to this edition: none, a few patches, or
// the whole document.
func (e *edition) since(frames [][]byte, doc facilitator.Document, rev uint64) [][]byte {
	if rev == e.rev {
		return frames
	}
	for i, p := range e.patches {
		if p.from != rev {
			continue
		}
		for _, p := range e.patches[i:] {
			frames = append(frames, p.frame)
		}
		return frames
	}
	return append(frames, e.full(doc))
}

// full is the frame with the whole document, encoded for the first reader who needs it.
func (e *edition) full(doc facilitator.Document) []byte {
	e.once.Do(func() {
		is := appendJSON(nil, e.view)
		e.whole = textFrame(docFrame(doc, e.rev, func(b []byte) []byte {
			return append(append(b, `,"is":`...), is...)
		}, len(is)))
	})
	return e.whole
}

func docFrame(doc facilitator.Document, rev uint64, rest func([]byte) []byte, size int) []byte {
	b := make([]byte, 0, size+bytesOfAnEnvelope)
	b = append(b, `{"doc":`...)
	b = appendString(b, string(doc))
	b = append(b, `,"rev":`...)
	b = strconv.AppendUint(b, rev, 10)
	b = rest(b)
	return append(b, '}')
}
