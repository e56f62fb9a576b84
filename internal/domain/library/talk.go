package library

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
)

// TalkTrack is a talk track with what it answers: the live version, or the newest while none is live.
type TalkTrack struct {
	Item
	Stage, Objection, Body string
}

// TalkFilter cuts the talk tracks; zero fields do not.
type TalkFilter struct {
	Unit      string
	Stage     string
	ProductID id.ID
	Usable    bool
	Query     string // part of the title, stage, objection or words
}

// mostTalks bounds the page of talk tracks: more than anybody reads.
const mostTalks = 1000

// Talks lists the talk tracks the actor sees, stage by stage, and the stages there are. Errors: those of Scope.
func (s *Service) Talks(ctx context.Context, actor authz.Actor, f TalkFilter) ([]TalkTrack, []string, error) {
	r, err := s.reach(ctx, s.DB, actor, f.Unit)
	if err != nil {
		return nil, nil, err
	}
	type row struct {
		itemRow
		Said    string `db:"said_title"`
		Content string `db:"content"`
	}
	a := &db.Args{}
	cut := Filter{Kind: Talk, ProductID: f.ProductID, Usable: f.Usable}
	rows, err := db.All[row](ctx, s.DB, `SELECT `+itemColumns+`, v.title AS said_title, v.content FROM library_item i
		JOIN library_version v ON v.brand_id = i.brand_id AND v.item_id = i.id AND v.version = CASE WHEN i.live > 0 THEN i.live ELSE i.version END
		WHERE i.brand_id = `+a.Add(actor.BrandID)+` AND i.state <> 'out' AND `+cut.condition(a, actor, r)+` ORDER BY i.updated_ms DESC, i.id DESC LIMIT `+a.Add(mostTalks), a.Values...)
	if err != nil {
		return nil, nil, err
	}
	stages := []string{}
	out := []TalkTrack{}
	for i := range rows {
		c, err := contentOf(rows[i].Content)
		if err != nil {
			return nil, nil, err
		}
		stage := strings.TrimSpace(c.Stage)
		if stage != "" && !slices.Contains(stages, stage) {
			stages = append(stages, stage)
		}
		t := TalkTrack{Item: s.itemOf(&rows[i].itemRow), Stage: stage, Objection: c.Objection, Body: c.Body}
		t.Title = rows[i].Said
		if (f.Stage == "" || f.Stage == stage) && t.speaksOf(f.Query) {
			out = append(out, t)
		}
	}
	order := func(a, b string) int { return cmp.Compare(search.Key(a), search.Key(b)) }
	slices.SortFunc(stages, order)
	slices.SortStableFunc(out, func(a, b TalkTrack) int { return cmp.Or(order(a.Stage, b.Stage), order(a.Objection, b.Objection)) })
	items := make([]Item, len(out))
	for i := range out {
		items[i] = out[i].Item
	}
	err = s.dress(ctx, actor.BrandID, items)
	for i := range out {
		out[i].Item = items[i]
	}
	return out, stages, err
}

func (t *TalkTrack) speaksOf(query string) bool {
	all := search.Normal(strings.Join([]string{t.Title, t.Stage, t.Objection, t.Body}, "\n"))
	for w := range strings.FieldsSeq(search.Normal(query)) {
		if !strings.Contains(all, w) {
			return false
		}
	}
	return true
}
