package library

import (
	"context"
	"slices"
	"sync"

	"kosmos/internal/base/id"
	"kosmos/internal/domain/library/variant"
)

// mostFindings bounds what is kept of a check.
const mostFindings = 50

// examine asks the rules about a content: a text with alternatives in as many fillings as it takes to see each of them,
// on every platform it is meant for. Variables stand in with the values they are declared with.
func (s *Service) examine(ctx context.Context, brand id.ID, kind Kind, c *Content) (Verdict, error) {
	var out Verdict
	seen := map[[3]string]bool{}
	look := func(fields []Field, w Where) error {
		v, err := s.Rules.Check(ctx, brand, fields, w)
		if err != nil {
			return err
		}
		out.Grade, out.Version = worse(out.Grade, v.Grade), v.Version
		for _, f := range v.Findings {
			if key := [3]string{f.Field, f.Rule, f.Text}; !seen[key] && len(out.Findings) < mostFindings {
				seen[key] = true
				out.Findings = append(out.Findings, f)
			}
		}
		return nil
	}
	where := []string{""}
	if len(c.Platforms) > 0 {
		where = c.Platforms
	}
	for _, platform := range where {
		w := Where{Platform: platform, Kind: kind.kindAt()}
		if !kind.fillable() {
			if err := look([]Field{{"title", c.Title}, {"body", c.said()}}, w); err != nil {
				return out, err
			}
			continue
		}
		t, err := variant.Parse(c.parts()...)
		if err != nil {
			return out, err
		}
		values := c.samples()
		for _, n := range t.Cover() {
			if err := look(published(t.Fill(n, values)), w); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

// samples are stand-ins for variables while nobody is known.
func (c *Content) samples() map[string]string {
	out := map[string]string{}
	for _, name := range []string{"门店", "店名", "store", "城市", "city", "价格", "price", "顾问", "姓名", "adviser", "电话", "phone", "日期", "date"} {
		out[name] = ""
	}
	for _, v := range c.Variables {
		out[v.Name] = v.Value
	}
	return out
}

// parsed keeps the parsed texts of live versions: a text is read for every member it is filled for.
type parsed struct {
	mu   sync.Mutex
	by   map[parsedKey]*ready
	list []parsedKey // in order of arrival
}

type parsedKey struct {
	brand, item id.ID
	version     int
}

// ready is a version that can be filled.
type ready struct {
	content Content
	text    *variant.Template
}

const keptParsed = 500

func newParsed() *parsed { return &parsed{by: map[parsedKey]*ready{}} }

func (p *parsed) get(k parsedKey) *ready {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.by[k]
}

// put keeps a version; versions never change, so nothing ever has to be thrown out but for room.
func (p *parsed) put(k parsedKey, r *ready) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.by[k] == nil {
		p.list = append(p.list, k)
	}
	p.by[k] = r
	if len(p.list) > keptParsed {
		delete(p.by, p.list[0])
		p.list = slices.Delete(p.list, 0, 1)
	}
}
