package memo

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"

	"kosmos/internal/base/id"
)

// Codec turns a V into bytes and back. Form names the form of the bytes; it changes with what a V is made of, so that a
// newer program does not read what an older one meant otherwise.
type Codec[V any] struct {
	Form string
	Put  func(b []byte, v V) []byte
	Get  func(r *Reader) V
}

// KeepIn makes path the file in which Save keeps what is remembered for the next process; it is read when the first rows
// are locked. What is in it counts as what is in memory does, at the versions it was remembered at: a file of a process
// that ended long ago, or one that does not go with the store, is merely of no use. Call it before the memo is used.
func (m *Memo[V]) KeepIn(path string, c Codec[V]) { m.path, m.codec = path, c }

// errFile says that a file is not one that Save wrote, or not whole.
var errFile = errors.New("memo: the file cannot be read")

// Save writes the file, when there is something to remember. Nobody needs it to succeed.
func (m *Memo[V]) Save() error {
	if m.path == "" {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rows == 0 {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(m.path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(m.path), "memo-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	if err := errors.Join(m.write(f), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), m.path)
}

// write puts down form, then each shard as brand, number, version, count and rows, and a checksum of it all.
func (m *Memo[V]) write(f *os.File) error {
	w := bufio.NewWriterSize(f, 1<<20)
	sum := crc32.NewIEEE()
	var b []byte
	flush := func() error {
		_, _ = sum.Write(b)
		_, err := w.Write(b)
		b = b[:0]
		return err
	}
	b = PutText(b, m.codec.Form)
	for brand, shelf := range m.brands {
		for n := range shelf {
			sh := &shelf[n]
			if len(sh.rows) == 0 {
				continue
			}
			b = PutInt(PutInt(PutInt(PutInt(b, int64(brand)), int64(n)), sh.version), int64(len(sh.rows)))
			for row, v := range sh.rows {
				b = m.codec.Put(PutInt(b, int64(row)), v)
				if len(b) > 1<<16 {
					if err := flush(); err != nil {
						return err
					}
				}
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	if _, err := w.Write(binary.BigEndian.AppendUint32(nil, sum.Sum32())); err != nil {
		return err
	}
	return w.Flush()
}

// load reads the file, once; without a sound one nothing is remembered.
func (m *Memo[V]) load() {
	if m.path == "" {
		return
	}
	data, err := os.ReadFile(m.path)
	if err != nil || len(data) < 4 {
		return
	}
	body := data[:len(data)-4]
	if crc32.ChecksumIEEE(body) != binary.BigEndian.Uint32(data[len(body):]) {
		return
	}
	brands, rows, err := m.read(&Reader{b: body})
	if err != nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.brands, m.rows = brands, rows
}

func (m *Memo[V]) read(r *Reader) (map[id.ID]*shelf[V], int, error) {
	if r.Text() != m.codec.Form {
		return nil, 0, errFile
	}
	brands, rows := map[id.ID]*shelf[V]{}, 0
	for len(r.b) > 0 && r.err == nil {
		brand, n, version, count := id.ID(r.Int()), r.Int(), r.Int(), r.Int()
		if n < 0 || n >= Shards || count < 0 || count > int64(m.limit) {
			return nil, 0, errFile
		}
		if brands[brand] == nil {
			brands[brand] = &shelf[V]{}
		}
		sh := &brands[brand][n]
		sh.version, sh.rows = version, make(map[id.ID]V, count)
		for range count {
			row := id.ID(r.Int())
			sh.rows[row] = m.codec.Get(r)
		}
		rows += len(sh.rows)
	}
	return brands, rows, r.err
}

// PutInt appends a number.
func PutInt(b []byte, n int64) []byte { return binary.AppendVarint(b, n) }

// PutText appends a text.
func PutText(b []byte, s string) []byte { return append(binary.AppendUvarint(b, uint64(len(s))), s...) }

// Reader reads what PutInt and PutText wrote. After a fault everything is zero.
type Reader struct {
	b    []byte
	err  error
	same map[string]string
}

// Int reads a number.
func (r *Reader) Int() int64 {
	n, size := binary.Varint(r.b)
	if size <= 0 {
		r.b, r.err = nil, errFile
		return 0
	}
	r.b = r.b[size:]
	return n
}

// Text reads a text; texts that come again share their memory.
func (r *Reader) Text() string {
	n, size := binary.Uvarint(r.b)
	if size <= 0 || n > uint64(len(r.b)-size) {
		r.b, r.err = nil, errFile
		return ""
	}
	raw := r.b[size : size+int(n)]
	r.b = r.b[size+int(n):]
	if s, ok := r.same[string(raw)]; ok {
		return s
	}
	if r.same == nil {
		r.same = map[string]string{}
	}
	s := string(raw)
	r.same[s] = s
	return s
}
