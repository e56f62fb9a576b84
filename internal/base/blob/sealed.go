package blob

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"

	"kosmos/internal/base/seal"
)

type sealed struct {
	in  Store
	box *seal.Box
}

// aad is the same for all files: a file's place is its random key, and the hash
// in the owner's row tells when two files were exchanged on disk.
const aad = "blob"

// Sealed wraps a store so that files are encrypted on disk. Keys of the two stores
// are of one kind, but a file must be opened through the store it was put in.
func Sealed(in Store, box *seal.Box) Store { return &sealed{in: in, box: box} }

// Put implements Store; Info tells of the plain content.
func (s *sealed) Put(ctx context.Context, r io.Reader, limit int64) (Info, error) {
	pr, pw := io.Pipe()
	h := sha256.New()
	var n int64
	done := make(chan struct{})
	go func() {
		defer close(done)
		var err error
		n, err = s.pump(h, pw, &ctxReader{ctx, r}, limit)
		_ = pw.CloseWithError(err) // nil reads as io.EOF
	}()
	info, err := s.in.Put(ctx, pr, sealedMax(limit))
	_ = pr.CloseWithError(errors.New("blob: store stopped reading")) // frees the goroutine after a failed Put
	<-done
	if err != nil {
		return Info{}, err
	}
	return Info{Key: info.Key, Size: n, SHA256: [32]byte(h.Sum(nil))}, nil
}

func (s *sealed) pump(h, out io.Writer, r io.Reader, limit int64) (int64, error) {
	w, err := s.box.NewWriter(out, aad)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(io.MultiWriter(w, h), io.LimitReader(r, limit+1))
	if err == nil && n > limit {
		err = ErrTooLarge
	}
	if err != nil {
		return n, err
	}
	return n, w.Close()
}

// sealedMax is a ceiling for the sealed form of limit plain bytes: 16 bytes for
// each 64 KiB and a header.
func sealedMax(limit int64) int64 { return limit + limit/1024 + 4096 }

// Open implements Store; a damaged file ends in seal.ErrSealed while reading.
func (s *sealed) Open(ctx context.Context, key Key) (io.ReadCloser, error) {
	f, err := s.in.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	r, err := s.box.NewReader(f, aad)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{r, f}, nil
}

// Delete implements Store.
func (s *sealed) Delete(ctx context.Context, key Key) error { return s.in.Delete(ctx, key) }

// Walk implements Store.
func (s *sealed) Walk(ctx context.Context, fn func(Found) error) error { return s.in.Walk(ctx, fn) }
