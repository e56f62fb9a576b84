package insight

import (
	"path/filepath"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/memo"
)

// KeepMemory lets SaveMemory keep what is remembered of accounts in dir, for the next process.
func (s *Service) KeepMemory(dir string) {
	s.known.KeepIn(filepath.Join(dir, "insight"), memo.Codec[known]{Form: "insight 1", Put: putKnown, Get: getKnown})
}

// SaveMemory writes it, when the process ends.
func (s *Service) SaveMemory() error { return s.known.Save() }

func putKnown(b []byte, k known) []byte {
	st := &k.state
	flags := int64(st.Bits) << 2
	if st.Counted {
		flags |= 1
	}
	if st.Abnormal {
		flags |= 2
	}
	for _, n := range []int64{int64(st.AccountID), int64(st.UnitID), int64(st.Since), int64(st.CreatedDay), int64(st.LastPostDay), flags, int64(k.facts)} {
		b = memo.PutInt(b, n)
	}
	return memo.PutText(memo.PutText(memo.PutText(b, st.Platform), st.Kind), st.League)
}

func getKnown(r *memo.Reader) (k known) {
	st := &k.state
	st.AccountID, st.UnitID, st.Since = id.ID(r.Int()), id.ID(r.Int()), clock.Day(r.Int())
	st.CreatedDay, st.LastPostDay = clock.Day(r.Int()), clock.Day(r.Int())
	flags := r.Int()
	st.Counted, st.Abnormal, st.Bits = flags&1 != 0, flags&2 != 0, uint8(flags>>2)
	k.facts = clock.Day(r.Int())
	st.Platform, st.Kind, st.League = r.Text(), r.Text(), r.Text()
	return k
}
