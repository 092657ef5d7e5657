package realtime

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// folder is a data folder that belongs to this process until it is released.
type folder struct{ lock *os.File }

// claimFolder makes the folder if need be and takes it for this process. The kernel gives it back when
// the process ends, however it ends.
func claimFolder(dir string) (*folder, error) {
	if dir == "" {
		return nil, errors.New("no data folder given: name one, or a NATS server to keep the data on")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the data folder: %w. Name a folder that this user may write to", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the data folder's lock: %w. Name a folder that this user may write to", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: %s. Stop the other process, or name another folder", ErrFolderInUse, dir)
		}
		return nil, fmt.Errorf("locking the data folder: %w", err)
	}
	return &folder{lock: f}, nil
}

// release gives the folder back.
func (f *folder) release() {
	if f != nil {
		f.lock.Close()
	}
}
