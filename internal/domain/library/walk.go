package library

import (
	"context"
	"strings"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/library/variant"
)

// TemplateText is a live text that points to a product, with every alternative written out once.
type TemplateText struct {
	ID          id.ID
	Title, Text string
	OwnerUser   id.ID
}

// WalkTexts gives ≤ limit live texts of a product above an id, in order of id; none is the end. For whoever looks for a
// price or a claim that must not be handed out any more.
func (s *Service) WalkTexts(ctx context.Context, q db.Querier, brand, product, after id.ID, limit int) ([]TemplateText, error) {
	type row struct {
		ID      id.ID  `db:"id"`
		Kind    Kind   `db:"kind"`
		Title   string `db:"title"`
		Content string `db:"content"`
		Owner   id.ID  `db:"owner_id"`
	}
	rows, err := db.All[row](ctx, q, `SELECT i.id, i.kind, v.title, v.content, i.owner_id FROM library_item i
		JOIN library_version v ON v.brand_id = i.brand_id AND v.item_id = i.id AND v.version = i.live
		WHERE i.brand_id = $1 AND i.product_id = $2 AND i.id > $3 AND i.product_id <> 0 AND i.live > 0 AND i.state <> 'out' ORDER BY i.id LIMIT $4`,
		brand, product, int64(after), limit)
	if err != nil {
		return nil, err
	}
	out := make([]TemplateText, len(rows))
	for i, r := range rows {
		c, err := contentOf(r.Content)
		if err != nil {
			return nil, err
		}
		out[i] = TemplateText{ID: r.ID, Title: r.Title, Text: c.said(), OwnerUser: r.Owner}
		if !r.Kind.fillable() {
			continue
		}
		t, err := variant.Parse(c.parts()...)
		if err != nil {
			return nil, err
		}
		list := make([]string, 0, len(t.Cover()))
		for _, n := range t.Cover() {
			list = append(list, strings.Join(t.Fill(n, c.samples()), "\n"))
		}
		out[i].Text = strings.Join(list, "\n")
	}
	return out, nil
}
