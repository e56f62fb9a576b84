package post

import (
	"fmt"
	"path/filepath"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/memo"
)

// KeepMemory lets SaveMemory keep what is remembered of accounts in dir, for the next process.
func (s *Service) KeepMemory(dir string) {
	s.newest.KeepIn(filepath.Join(dir, "post"), memo.Codec[tail]{Form: fmt.Sprint("post 1 ", NumCounters), Put: putTail, Get: getTail})
}

// SaveMemory writes it, when the process ends.
func (s *Service) SaveMemory() error { return s.newest.Save() }

func putTail(b []byte, t tail) []byte {
	daily := int64(0)
	if t.daily {
		daily = 1
	}
	b = memo.PutInt(memo.PutInt(memo.PutInt(b, int64(t.asOf)), int64(t.learnedAt)), int64(t.class)<<1|daily)
	b = memo.PutInt(b, int64(t.counters.has))
	for c := range NumCounters {
		if v, ok := t.counters.Get(c); ok {
			b = memo.PutInt(b, v)
		}
	}
	return b
}

func getTail(r *memo.Reader) (t tail) {
	t.asOf, t.learnedAt = clock.Ms(r.Int()), clock.Ms(r.Int())
	kind := r.Int()
	t.class, t.daily = Class(kind>>1), kind&1 == 1
	has := r.Int()
	for c := range NumCounters {
		if has&(1<<c) != 0 {
			t.counters.Set(c, r.Int())
		}
	}
	return t
}
