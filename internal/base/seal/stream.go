package seal

import (
	"bufio"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
)

// Streams are cut into chunks of 64 KiB, each sealed with AES-GCM under a key of
// its own file. The nonce is the chunk's number and a mark on the last chunk, so
// chunks cannot be swapped, dropped or cut off unseen.
const (
	chunkSize  = 64 << 10
	saltSize   = 16
	streamMark = 0x53
	headerSize = 1 + idSize + saltSize
)

type sealWriter struct {
	w     io.Writer
	aead  cipher.AEAD
	aad   []byte
	buf   []byte
	out   []byte
	n     uint64
	begun []byte
	err   error
}

// NewWriter returns a writer that seals everything written to it into w. Close
// writes the last chunk; it does not close w.
func (b *Box) NewWriter(w io.Writer, aad string) (io.WriteCloser, error) {
	k := &b.ring[0]
	head := make([]byte, headerSize)
	head[0] = streamMark
	copy(head[1:], k.id[:])
	if _, err := rand.Read(head[1+idSize:]); err != nil {
		return nil, err
	}
	aead, err := k.streamAEAD(head[1+idSize:])
	if err != nil {
		return nil, err
	}
	return &sealWriter{w: w, aead: aead, aad: []byte(aad), begun: head, buf: make([]byte, 0, chunkSize)}, nil
}

func (k *ringKey) streamAEAD(salt []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, k.master[:], salt, "kosmos/stream/v1", keySize)
	if err != nil {
		return nil, err
	}
	return newAEAD(key)
}

func nonceOf(n uint64, last bool) []byte {
	nonce := make([]byte, nonceSize)
	binary.BigEndian.PutUint64(nonce[3:], n)
	if last {
		nonce[nonceSize-1] = 1
	}
	return nonce
}

// Write seals p; data reaches the inner writer a chunk at a time.
func (s *sealWriter) Write(p []byte) (int, error) {
	total := len(p)
	for len(p) > 0 && s.err == nil {
		if len(s.buf) == chunkSize { // more follows, so this one is not the last
			s.flush(false)
		}
		n := min(chunkSize-len(s.buf), len(p))
		s.buf, p = append(s.buf, p[:n]...), p[n:]
	}
	return total - len(p), s.err
}

func (s *sealWriter) flush(last bool) {
	if s.begun != nil {
		if _, s.err = s.w.Write(s.begun); s.err != nil {
			return
		}
		s.begun = nil
	}
	s.out = s.aead.Seal(s.out[:0], nonceOf(s.n, last), s.buf, s.aad)
	s.n++
	s.buf = s.buf[:0]
	_, s.err = s.w.Write(s.out)
}

// Close writes the last chunk. Without it the stream cannot be read back.
func (s *sealWriter) Close() error {
	if s.err == nil {
		s.flush(true)
		if s.err == nil {
			s.err = errClosed
			return nil
		}
	}
	if errors.Is(s.err, errClosed) {
		return nil
	}
	return s.err
}

var errClosed = errors.New("seal: write after close")

type openReader struct {
	r     *bufio.Reader
	aead  cipher.AEAD
	aad   []byte
	in    []byte
	plain []byte
	n     uint64
	done  bool
}

// NewReader returns the plain content of a stream made by NewWriter with the same
// aad. A damaged or shortened stream ends in ErrSealed, never in io.EOF.
func (b *Box) NewReader(r io.Reader, aad string) (io.Reader, error) {
	head := make([]byte, headerSize)
	if _, err := io.ReadFull(r, head); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, ErrSealed
		}
		return nil, err
	}
	k := b.find(KeyID(head[1 : 1+idSize]))
	if head[0] != streamMark || k == nil {
		return nil, ErrSealed
	}
	aead, err := k.streamAEAD(head[1+idSize:])
	if err != nil {
		return nil, err
	}
	return &openReader{
		r: bufio.NewReaderSize(r, chunkSize+tagSize+1), aead: aead, aad: []byte(aad),
		in: make([]byte, chunkSize+tagSize),
	}, nil
}

// Read returns plain bytes of chunks that were checked.
func (o *openReader) Read(p []byte) (int, error) {
	for len(o.plain) == 0 {
		if o.done {
			return 0, io.EOF
		}
		if err := o.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, o.plain)
	o.plain = o.plain[n:]
	return n, nil
}

func (o *openReader) next() error {
	n, err := io.ReadFull(o.r, o.in)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return err
	}
	last := err != nil
	if !last {
		_, peek := o.r.Peek(1)
		last = errors.Is(peek, io.EOF)
		if peek != nil && !last {
			return peek
		}
	}
	// The nonce's last byte is not part of the counter: it marks the end.
	plain, err := o.aead.Open(o.in[:0], nonceOf(o.n, last), o.in[:n], o.aad)
	if err != nil {
		return ErrSealed
	}
	o.n++
	o.plain, o.done = plain, last
	return nil
}
