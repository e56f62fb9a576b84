package campaign

import (
	"context"
	"encoding/json"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Hour is an hour of a burst.
type Hour struct {
	At                   clock.Ms
	Posts, Handed, Slots int64
}

// Voice is a share of voice.
type Voice struct {
	Who    string // official, dealers, partners, outsiders
	Posts  int64
	Views  *int64
	Told   int64
	Places int64
}

// Pressure is a platform's limit with the fullest hour of a campaign.
type Pressure struct {
	Limit
	Peak int64
	Over bool
}

// War is the war board of a burst.
type War struct {
	Hours  []Hour
	Voice  []Voice
	Limits []Pressure
	Counts Counts
	AsOf   clock.Ms
}

const hourMs = clock.Ms(time.Hour / time.Millisecond)

// maxHours bounds the board of a spread campaign.
const maxHours = 96

// War tells how loud a campaign is, hour by hour. Errors: campaign.gone, those of Scope.
func (s *Service) War(ctx context.Context, actor authz.Actor, campaign id.ID, unit string) (*War, error) {
	r, _, err := s.visible(ctx, s.DB, actor, permRead, campaign)
	if err != nil {
		return nil, err
	}
	board, err := s.Board(ctx, actor, campaign, unit)
	if err != nil {
		return nil, err
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, unit)
	if err != nil {
		return nil, err
	}
	w := &warring{s: s, actor: actor, row: r, scope: scope, out: &War{Counts: board.Counts, AsOf: s.now(), Hours: []Hour{}, Voice: []Voice{}, Limits: []Pressure{}}, peaks: map[string]map[clock.Ms]int64{}}
	w.begin = r.plan.StartsAt - r.plan.StartsAt%hourMs
	w.end = min(r.plan.EndsAt, w.begin+maxHours*hourMs)
	for at := w.begin; at < w.end; at += hourMs {
		w.out.Hours = append(w.out.Hours, Hour{At: at})
	}
	for _, step := range []func(context.Context) error{w.slots, w.handed, w.voice, w.partners, w.limits} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return w.out, nil
}

type warring struct {
	s          *Service
	actor      authz.Actor
	row        *row
	scope      authz.Scope
	begin, end clock.Ms
	out        *War
	peaks      map[string]map[clock.Ms]int64 // platform → hour → posts, the larger of planned and published
}

func (w *warring) hour(at clock.Ms) *Hour {
	k := int((at - w.begin) / hourMs)
	if at < w.begin || k >= len(w.out.Hours) {
		return nil
	}
	return &w.out.Hours[k]
}

type perHour struct {
	Platform string `db:"platform"`
	Hour     int64  `db:"h"`
	N        int64  `db:"n"`
}

// slots counts what is planned for each hour.
func (w *warring) slots(ctx context.Context) error {
	var a db.Args
	rows, err := db.All[perHour](ctx, w.s.DB, `SELECT platform, publish_at / 3600000 AS h, COUNT(*) AS n FROM campaign_assignment WHERE brand_id = `+a.Add(w.actor.BrandID)+
		` AND campaign_id = `+a.Add(w.row.ID)+` AND publish_at IS NOT NULL AND state NOT IN ('gone', 'declined') AND `+w.scope.Where("unit_id", &a)+` GROUP BY platform, publish_at / 3600000`, a.Values...)
	for _, r := range rows {
		at := clock.Ms(r.Hour) * hourMs
		if h := w.hour(at); h != nil {
			h.Slots += r.N
		}
		w.peak(r.Platform, at, r.N)
	}
	return err
}

func (w *warring) peak(platform string, at clock.Ms, n int64) {
	if w.peaks[platform] == nil {
		w.peaks[platform] = map[clock.Ms]int64{}
	}
	w.peaks[platform][at] = max(w.peaks[platform][at], n)
}

// handed counts what was handed in each hour.
func (w *warring) handed(ctx context.Context) error {
	var a db.Args
	rows, err := db.All[perHour](ctx, w.s.DB, `SELECT platform, at_ms / 3600000 AS h, COUNT(*) AS n FROM campaign_submission WHERE brand_id = `+a.Add(w.actor.BrandID)+
		` AND campaign_id = `+a.Add(w.row.ID)+` AND no = 1 AND `+w.scope.Where("unit_id", &a)+` GROUP BY platform, at_ms / 3600000`, a.Values...)
	for _, r := range rows {
		if h := w.hour(clock.Ms(r.Hour) * hourMs); h != nil {
			h.Handed += r.N
		}
	}
	return err
}

// voice counts the posts with the hashtags by hour and by who published them.
func (w *warring) voice(ctx context.Context) error {
	posts, err := w.s.tagged(ctx, w.actor.BrandID, &w.row.plan, w.begin, w.end, nil)
	if err != nil {
		return err
	}
	x := &resulting{s: w.s, actor: w.actor, scope: w.scope}
	if posts, err = x.within(ctx, posts); err != nil {
		return err
	}
	official, err := w.s.officials(ctx, w.actor.BrandID)
	if err != nil {
		return err
	}
	parts := [2]Voice{{Who: "official"}, {Who: "dealers"}}
	places := [2]map[id.ID]bool{{}, {}}
	hours := map[string]map[clock.Ms]int64{}
	for i := range posts {
		p := &posts[i]
		k := 1
		if official[p.AccountID] {
			k = 0
		}
		parts[k].Posts++
		places[k][p.AccountID] = true
		if parts[k].Views = plus(parts[k].Views, p.Views); p.Views != nil {
			parts[k].Told++
		}
		if p.DayOnly {
			continue
		}
		if h := w.hour(p.PublishedAt); h != nil {
			h.Posts++
		}
		if hours[p.Platform] == nil {
			hours[p.Platform] = map[clock.Ms]int64{}
		}
		hours[p.Platform][p.PublishedAt-p.PublishedAt%hourMs]++
	}
	for k := range parts {
		parts[k].Places = int64(len(places[k]))
		w.out.Voice = append(w.out.Voice, parts[k])
	}
	for platform, list := range hours {
		for at, n := range list {
			w.peak(platform, at, n)
		}
	}
	return nil
}

// partners adds what partners and outsiders said, as it was entered.
func (w *warring) partners(ctx context.Context) error {
	if !w.scope.All {
		return nil
	}
	type row struct {
		Links string `db:"links"`
		Views *int64 `db:"views"`
	}
	rows, err := db.All[row](ctx, w.s.DB, `SELECT links, views FROM campaign_partner WHERE brand_id = $1 AND campaign_id = $2`, w.actor.BrandID, w.row.ID)
	if err != nil {
		return err
	}
	v := Voice{Who: "partners", Places: int64(len(rows))}
	for _, r := range rows {
		var links []string
		if err := json.Unmarshal([]byte(r.Links), &links); err != nil {
			return err
		}
		v.Posts += int64(len(links))
		if v.Views = plus(v.Views, r.Views); r.Views != nil {
			v.Told += int64(len(links))
		}
	}
	out := Voice{Who: "outsiders"}
	acts, err := db.All[activityRow](ctx, w.s.DB, `SELECT id, kind, title, platform, link, starts_at, ends_at, outsiders, posts, views, interactions, as_of_day, rules FROM campaign_activity
		WHERE brand_id = $1 AND campaign_id = $2`, w.actor.BrandID, w.row.ID)
	for _, a := range acts {
		if a.Posts != nil {
			out.Posts += *a.Posts
		}
		if a.Outsiders != nil {
			out.Places += *a.Outsiders
		}
		if out.Views = plus(out.Views, a.Views); a.Views != nil && a.Posts != nil {
			out.Told += *a.Posts
		}
	}
	w.out.Voice = append(w.out.Voice, v, out)
	return err
}

// limits sets the fullest hour of each platform beside what it bears.
func (w *warring) limits(ctx context.Context) error {
	set, err := settingsOf(ctx, w.s.DB, w.actor.BrandID)
	if err != nil {
		return err
	}
	for _, l := range set.limitsOn(w.row.plan.StartsAt.Day(zoneOf(w.actor))) {
		p := Pressure{Limit: l}
		for _, n := range w.peaks[l.Platform] {
			p.Peak = max(p.Peak, n)
		}
		if p.Over = p.Peak > int64(l.PerHour); p.Peak > 0 {
			w.out.Limits = append(w.out.Limits, p)
		}
	}
	return nil
}
