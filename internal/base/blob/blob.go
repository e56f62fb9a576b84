package blob

import (
	"context"
	"errors"
	"io"
	"time"
)

// Errors of this package.
var (
	// ErrTooLarge means that a reader held more than the maximum; nothing is kept.
	ErrTooLarge = errors.New("blob: file is larger than allowed")
	// ErrNotFound means that no file has this key.
	ErrNotFound = errors.New("blob: no such file")
	// ErrKey means that a string is not a key made by this package.
	ErrKey = errors.New("blob: malformed key")
)

// Key names one stored file.
type Key string

// Info is what a room keeps in its row about a stored file.
type Info struct {
	Key    Key
	Size   int64    // bytes of the plain content
	SHA256 [32]byte // of the plain content
}

// Found is one file met by Walk.
type Found struct {
	Key     Key
	Stored  int64 // bytes on disk
	ModTime time.Time
}

// Store keeps files. Directory on disk and a sealing wrapper exist; the five
// methods are what an object store offers as well.
type Store interface {
	// Put stores everything r holds, at most limit bytes, or fails with ErrTooLarge
	// and stores nothing. When it returns, the file survives a power cut.
	Put(ctx context.Context, r io.Reader, limit int64) (Info, error)
	// Open returns the content, or ErrNotFound.
	Open(ctx context.Context, key Key) (io.ReadCloser, error)
	// Delete removes the file; deleting twice is not an error.
	Delete(ctx context.Context, key Key) error
	// Walk calls fn for every file until fn or ctx fails.
	Walk(ctx context.Context, fn func(Found) error) error
}
