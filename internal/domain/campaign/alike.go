package campaign

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"sync"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/scan/similar"
)

// Bounds of what is remembered of texts.
const (
	keptCampaigns = 8
	alikeFrom     = 0.5 // resemblance from which texts are worth showing
	alikeLoad     = 5000
)

// memory keeps the fingerprints of the texts of the campaigns that were asked for last. It is read from the store once and
// follows it by submission id; another process's texts come in with the next question.
type memory struct {
	mu   sync.Mutex
	by   map[id.ID]*voices
	tick int
}

// voices are the texts of one campaign.
type voices struct {
	mu    sync.Mutex
	index *similar.Index
	of    map[id.ID]id.ID // submission → assignment
	last  id.ID
	used  int
}

func (m *memory) of(campaign id.ID) *voices {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tick++
	if m.by == nil {
		m.by = map[id.ID]*voices{}
	}
	v := m.by[campaign]
	if v == nil {
		if len(m.by) >= keptCampaigns {
			var oldest id.ID
			for k, x := range m.by {
				if oldest == 0 || x.used < m.by[oldest].used {
					oldest = k
				}
			}
			delete(m.by, oldest)
		}
		v = &voices{index: similar.NewIndex(), of: map[id.ID]id.ID{}}
		m.by[campaign] = v
	}
	v.used = m.tick
	return v
}

// printRow is a text's fingerprint.
type printRow struct {
	ID         id.ID  `db:"id"`
	Assignment id.ID  `db:"assignment_id"`
	Print      string `db:"print"`
}

// follow reads the texts that came in since.
func (v *voices) follow(ctx context.Context, q db.Querier, brand, campaign id.ID) error {
	for {
		rows, err := db.All[printRow](ctx, q, `SELECT id, assignment_id, print FROM campaign_submission WHERE brand_id = $1 AND campaign_id = $2 AND id > $3 ORDER BY id LIMIT $4`,
			brand, campaign, int64(v.last), alikeLoad)
		if err != nil {
			return err
		}
		for _, r := range rows {
			v.last = r.ID
			if p, ok := readPrint(r.Print); ok {
				v.index.AddPrint(int64(r.ID), p)
				v.of[r.ID] = r.Assignment
			}
		}
		if len(rows) < alikeLoad {
			return nil
		}
	}
}

// twin is a text that resembles another.
type twin struct {
	submission, assignment id.ID
	score                  float64
}

// twins gives the texts of a campaign that resemble one most, without those of the same assignment.
func (s *Service) twins(ctx context.Context, brand id.ID, x *Submission, limit int) ([]twin, error) {
	v := s.texts.of(x.CampaignID)
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.follow(ctx, s.DB, brand, x.CampaignID); err != nil {
		return nil, err
	}
	var out []twin
	for _, m := range v.index.SearchPrint(similar.Of(x.Text), alikeFrom, limit+8) {
		if a := v.of[id.ID(m.ID)]; a != x.Assignment && len(out) < limit {
			out = append(out, twin{id.ID(m.ID), a, m.Score})
		}
	}
	return out, nil
}

// alike is how much the most similar text of another person resembles it.
func (s *Service) alike(ctx context.Context, brand id.ID, x *Submission) (float64, error) {
	t, err := s.twins(ctx, brand, x, 1)
	if err != nil || len(t) == 0 {
		return 0, err
	}
	return t[0].score, nil
}

func printOf(text string) string {
	if text == "" {
		return ""
	}
	p := similar.Of(text)
	raw := make([]byte, 0, len(p)*8)
	for _, w := range p {
		raw = binary.BigEndian.AppendUint64(raw, w)
	}
	return hex.EncodeToString(raw)
}

func readPrint(s string) (p similar.Print, ok bool) {
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != len(p)*8 {
		return p, false
	}
	for i := range p {
		p[i] = binary.BigEndian.Uint64(raw[i*8:])
	}
	return p, true
}
