package realtime

import (
	"runtime"
	"sync"
	"syscall"
)

// A change of a document goes out to hundreds of connections at once. A goroutine each would cost as
// much again as the writing, so a few go through all of them and write what the kernel takes at once.

// spreadAlone is how many connections are not worth a second goroutine.
const spreadAlone = 64

// spread wakes connections. It waits for none of them.
func spread(conns []*Conn, beside *sync.WaitGroup) {
	hands := min(runtime.GOMAXPROCS(0), 1+len(conns)/spreadAlone)
	for i := range hands {
		part := conns[i*len(conns)/hands : (i+1)*len(conns)/hands]
		beside.Go(func() {
			for _, c := range part {
				c.wake()
			}
		})
	}
}

// tryAll writes what the kernel takes without waiting and returns the rest. An error of the connection
// counts as nothing taken: whoever goes on with the rest will meet it.
func (c *Conn) tryAll(frames [][]byte) [][]byte {
	for len(frames) > 0 {
		n := c.try(frames[0])
		if n < len(frames[0]) {
			rest := append([][]byte{frames[0][n:]}, frames[1:]...)
			return rest
		}
		frames = frames[1:]
	}
	return nil
}

func (c *Conn) try(b []byte) int {
	taken := 0
	c.direct.Write(func(fd uintptr) bool {
		n, err := syscall.Write(int(fd), b)
		if err == nil {
			taken = n
		}
		return true // do not wait until it can be written
	})
	return taken
}
