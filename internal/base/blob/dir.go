package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	keyBytes = 16
	tmpDir   = "tmp"
	dirMode  = 0o700
)

// Dir is a Store in a directory: blobs/ab/cd/abcd….
type Dir struct {
	root string
}

var _ Store = (*Dir)(nil)

// New opens, and where needed creates, the store under root (DATA/blobs).
func New(root string) (*Dir, error) {
	if err := os.MkdirAll(filepath.Join(root, tmpDir), dirMode); err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return &Dir{root: root}, nil
}

func newKey() (Key, error) {
	var b [keyBytes]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	return Key(hex.EncodeToString(b[:])), nil
}

// path refuses everything but a key of ours, so a key from outside can never name
// another file.
func (d *Dir) path(k Key) (string, error) {
	if len(k) != 2*keyBytes || strings.Trim(string(k), "0123456789abcdef") != "" {
		return "", ErrKey
	}
	return filepath.Join(d.root, string(k[:2]), string(k[2:4]), string(k)), nil
}

// Put implements Store. The file is written beside its place, synced and renamed,
// so nobody ever sees half of it.
func (d *Dir) Put(ctx context.Context, r io.Reader, limit int64) (Info, error) {
	key, err := newKey()
	if err != nil {
		return Info{}, err
	}
	dst, err := d.path(key)
	if err != nil {
		return Info{}, err
	}
	f, err := os.CreateTemp(filepath.Join(d.root, tmpDir), "put-*")
	if err != nil {
		return Info{}, fmt.Errorf("blob: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already when all went well
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), io.LimitReader(&ctxReader{ctx, r}, limit+1))
	if err == nil && n > limit {
		err = ErrTooLarge
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return Info{}, err
	}
	if err = d.place(f.Name(), dst); err != nil {
		return Info{}, fmt.Errorf("blob: %w", err)
	}
	return Info{Key: key, Size: n, SHA256: [32]byte(h.Sum(nil))}, nil
}

func (d *Dir) place(tmp, dst string) error {
	dir := filepath.Dir(dst)
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return err
	}
	if err := os.Rename(tmp, dst); err != nil {
		return err
	}
	for ; len(dir) >= len(d.root); dir = filepath.Dir(dir) {
		if err := syncDir(dir); err != nil {
			return err
		}
	}
	return nil
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Open implements Store.
func (d *Dir) Open(_ context.Context, key Key) (io.ReadCloser, error) {
	p, err := d.path(key)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(p)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return f, nil
}

// Delete implements Store.
func (d *Dir) Delete(_ context.Context, key Key) error {
	p, err := d.path(key)
	if err != nil {
		return err
	}
	if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("blob: %w", err)
	}
	return nil
}

// Walk implements Store. Files that are still being written are not shown.
func (d *Dir) Walk(ctx context.Context, fn func(Found) error) error {
	return filepath.WalkDir(d.root, func(p string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // deleted meanwhile
		}
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if e.IsDir() {
			if p == filepath.Join(d.root, tmpDir) {
				return fs.SkipDir
			}
			return nil
		}
		st, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		key := Key(e.Name())
		if own, err := d.path(key); err != nil || own != p {
			return nil //nolint:nilerr // a stranger's file is not ours to report
		}
		return fn(Found{Key: key, Stored: st.Size(), ModTime: st.ModTime()})
	})
}

// ctxReader stops a long copy when the caller has gone.
type ctxReader struct {
	ctx context.Context //nolint:containedctx // lives for one Put
	r   io.Reader
}

// Read implements io.Reader.
func (c *ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
