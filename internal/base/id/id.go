// Package id makes 64-bit, time-ordered ids in the process: 41 bits of milliseconds since 2025-01-01, 10 bits of node
// (leased from the database), 12 bits of sequence. On the wire an id is a decimal string; none is null.
package id

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// ID names a row within its brand. The zero ID is "none": NULL in the store, null in JSON.
type ID int64

const (
	epochMs  = 1735689600000 // 2025-01-01T00:00:00Z
	nodeBits = 10
	seqBits  = 12
	seqMask  = 1<<seqBits - 1
	// MaxNode is the highest node number a process may lease.
	MaxNode = 1<<nodeBits - 1
)

// Source makes ids; safe for concurrent use. It never goes backwards when the clock does.
type Source struct {
	mu   sync.Mutex
	now  func() time.Time
	node int64
	ms   int64
	seq  int64
}

// NewSource makes a Source for a leased node number in 0…MaxNode; now is the clock.
func NewSource(node int, now func() time.Time) *Source {
	return &Source{now: now, node: int64(node) & MaxNode}
}

// New returns the next id. When one millisecond's 4,096 ids are used up it borrows from the next.
func (s *Source) New() ID {
	s.mu.Lock()
	defer s.mu.Unlock()
	ms := s.now().UnixMilli() - epochMs
	if ms > s.ms {
		s.ms, s.seq = ms, 0
	} else if s.seq++; s.seq > seqMask {
		s.ms, s.seq = s.ms+1, 0
	}
	return ID(s.ms<<(nodeBits+seqBits) | s.node<<seqBits | s.seq)
}

// Parse reads the decimal form; empty is an error.
func Parse(s string) (ID, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("id: %q is not an id", s)
	}
	return ID(n), nil
}

// String gives the decimal form, "" for none.
func (i ID) String() string {
	if i == 0 {
		return ""
	}
	return strconv.FormatInt(int64(i), 10)
}

// MarshalJSON writes a string, or null for none.
func (i ID) MarshalJSON() ([]byte, error) {
	if i == 0 {
		return []byte("null"), nil
	}
	return []byte(`"` + strconv.FormatInt(int64(i), 10) + `"`), nil
}

// AppendJSON is MarshalJSON for writers that go on with b.
func (i ID) AppendJSON(b []byte) []byte {
	if i == 0 {
		return append(b, "null"...)
	}
	return append(strconv.AppendInt(append(b, '"'), int64(i), 10), '"')
}

// UnmarshalJSON reads a string or null.
func (i *ID) UnmarshalJSON(b []byte) error {
	s := string(b)
	if s == "null" || s == `""` {
		*i = 0
		return nil
	}
	if len(s) < 2 || s[0] != '"' {
		return fmt.Errorf("id: %s is not a string", s)
	}
	return i.UnmarshalText([]byte(s[1 : len(s)-1]))
}

// UnmarshalText reads the decimal form of a path or query parameter; empty is none.
func (i *ID) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*i = 0
		return nil
	}
	v, err := Parse(string(b))
	if err != nil {
		return err
	}
	*i = v
	return nil
}

// MarshalText writes the decimal form (map keys, query strings).
func (i ID) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// Value stores none as NULL.
func (i ID) Value() (driver.Value, error) {
	if i == 0 {
		return nil, nil //nolint:nilnil // NULL is the store's form of none
	}
	return int64(i), nil
}

// Scan reads BIGINT or NULL.
func (i *ID) Scan(v any) error {
	switch x := v.(type) {
	case nil:
		*i = 0
	case int64:
		*i = ID(x)
	default:
		return fmt.Errorf("id: cannot scan %T", v)
	}
	return nil
}
