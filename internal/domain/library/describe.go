package library

import (
	"context"
	"errors"
	"slices"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/library/same"
	"kosmos/internal/domain/library/variant"
)

// File is a picture, video or document of an item. URL is where a signed-in reader of the item gets it.
type File struct {
	ID            id.ID
	Name          string
	Media         string
	Size          int64
	URL           string
	Thumb         string // a small picture of it, "" when there is none
	Width, Height int
}

// Material is an item as a campaign hands it out.
type Material struct {
	ID      id.ID
	Kind    Kind
	Title   string
	Version int // the live one, 0 while there is none
	Usable  bool
	Why     string // slug of why it cannot be handed out
	Files   []File // its own and those of the assets that go with it, as far as they are usable
	// Choices is how many different texts a template has; 0 for what is not filled.
	Choices uint64
}

// Describe gives items as campaigns hand them out, with the rules asked anew where they changed since. Items that do not
// exist are missing. It asks nobody who wants to know: the caller shows them to who may see its campaign.
func (s *Service) Describe(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Material, error) {
	rows, err := itemsByID(ctx, q, brand, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]Material, len(rows))
	for x := range rows {
		row := rows[x]
		m := Material{ID: x, Kind: row.Kind, Title: row.Title, Version: row.Live}
		if row.Live > 0 {
			if err := s.material(ctx, q, brand, &row, &m); err != nil {
				return nil, err
			}
		}
		m.Why = row.unusable(s.today())
		m.Usable = m.Why == ""
		out[x] = m
	}
	return out, nil
}

// material fills what the live version says and brings the row's verdict up to date.
func (s *Service) material(ctx context.Context, q db.Querier, brand id.ID, row *itemRow, m *Material) error {
	v, err := getVersion(ctx, q, brand, row.ID, row.Live)
	if err != nil {
		return err
	}
	c, err := contentOf(v.Content)
	if err != nil {
		return err
	}
	m.Title = v.Title
	verdict, err := s.examine(ctx, brand, row.Kind, &c)
	if err != nil {
		return err
	}
	row.Verdict = verdict.Grade
	if row.Kind.fillable() {
		r, err := s.ready(ctx, q, brand, row.ID, row.Live)
		if err != nil {
			return err
		}
		m.Choices = r.text.Count()
	}
	m.Files, err = s.filesOf(ctx, q, brand, &c, false)
	return err
}

// filesOf gives the files of a content and those of the assets that go with it. all keeps those of assets that cannot be
// handed out.
func (s *Service) filesOf(ctx context.Context, q db.Querier, brand id.ID, c *Content, all bool) ([]File, error) {
	ids := slices.Clone(c.Files)
	if len(c.Assets) > 0 {
		assets, err := itemsByID(ctx, q, brand, c.Assets)
		if err != nil {
			return nil, err
		}
		for _, x := range c.Assets {
			a, ok := assets[x]
			if !ok || a.Live == 0 || !all && a.unusable(s.today()) != "" {
				continue
			}
			v, err := getVersion(ctx, q, brand, x, a.Live)
			if err != nil {
				return nil, err
			}
			own, err := contentOf(v.Content)
			if err != nil {
				return nil, err
			}
			ids = append(ids, own.Files...)
		}
	}
	rows, err := filesByID(ctx, q, brand, ids)
	out := make([]File, 0, len(ids))
	for _, x := range ids {
		if r, ok := rows[x]; ok {
			out = append(out, r.file())
		}
	}
	return out, err
}

// Same is the guard against sameness: it scores planned texts against each other by the threshold of where they are to
// stand. kind is "fact" for prices, stock and display, else the kind of post. The brand's industry counts.
func (s *Service) Same(ctx context.Context, brand id.ID, platform, kind string, texts []same.Planned) (same.Report, same.Threshold, error) {
	industry, err := s.Rules.Industry(ctx, brand)
	if err != nil {
		return same.Report{}, same.Threshold{}, err
	}
	most := s.thresholds.Of(same.Where{Platform: platform, Kind: kind, Industry: industry, Day: int32(s.today())})
	return same.Check(texts, most.Most), most, nil
}

// Strength is what a template text can do: how many texts it has, and for which platforms they are too long.
type Strength struct {
	Choices  uint64 // of alternatives
	Texts    uint64 // different texts; as many as choices when there are too many to count
	Exact    bool
	Groups   []variant.Group
	Names    []string // variables
	TooLong  []Long
	Fault    *variant.SyntaxError
	Field    string // of the fault
	FaultKey string // slug of the fault
}

// Long says by how much a text can be too long on a platform.
type Long struct {
	Platform, Field string
	Over, Most      int
}

// countedTexts is up to how many choices are written out to count different texts.
const countedTexts = 5000

// Weigh says what a text can do, with the stand-ins of its variables. It reads nothing.
func (s *Service) Weigh(c Content) (Strength, error) {
	out := Strength{Groups: []variant.Group{}, Names: []string{}, TooLong: []Long{}}
	t, err := variant.Parse(c.parts()...)
	if err != nil {
		if !errors.As(err, &out.Fault) {
			return out, err
		}
		out.Field = c.partField(out.Fault.Part)
		out.FaultKey, _ = faultOf(out.Fault)
		return out, nil
	}
	out.Choices, out.Groups = t.Count(), t.Groups()
	out.Texts, out.Exact = t.Different(countedTexts)
	for _, u := range t.Variables() {
		out.Names = append(out.Names, u.Name)
	}
	where := c.Platforms
	if len(where) == 0 {
		where = platforms()
	}
	values := c.samples()
	for _, p := range where {
		for _, n := range t.Cover() {
			out.longer(s, p, published(t.Fill(n, values)))
		}
	}
	return out, nil
}

// longer notes the worst case of a platform's field.
func (x *Strength) longer(s *Service, platform string, fields []Field) {
	day := int32(s.today())
	for _, f := range fields {
		over := s.limits.Over(platform, f.Field, f.Text, day)
		if over == 0 {
			continue
		}
		i := slices.IndexFunc(x.TooLong, func(l Long) bool { return l.Platform == platform && l.Field == f.Field })
		if i < 0 {
			x.TooLong = append(x.TooLong, Long{platform, f.Field, over, s.limits.Of(platform, f.Field, day)})
		} else {
			x.TooLong[i].Over = max(x.TooLong[i].Over, over)
		}
	}
}
