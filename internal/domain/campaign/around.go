package campaign

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Partner is somebody outside who joins for a price or a favour: kol, ambassador, brand, media. Nil figures are those nobody told.
type Partner struct {
	ID                          id.ID
	Kind, Name, Platform        string
	CostFen                     *int64
	Links                       []string
	For                         []id.ID // accounts it was to bring something to
	Views, Engaged, Fans, Leads *int64
	Note                        string
	ForNames                    []string
}

type partnerRow struct {
	ID       id.ID  `db:"id"`
	Kind     string `db:"kind"`
	Name     string `db:"name"`
	Platform string `db:"platform"`
	CostFen  *int64 `db:"cost_fen"`
	Links    string `db:"links"`
	For      string `db:"brought_to"`
	Views    *int64 `db:"views"`
	Engaged  *int64 `db:"interactions"`
	Fans     *int64 `db:"followers"`
	Leads    *int64 `db:"leads"`
	Note     string `db:"note"`
}

// Partners gives the partners of a campaign by name. Errors: campaign.gone.
func (s *Service) Partners(ctx context.Context, actor authz.Actor, campaign id.ID) ([]Partner, error) {
	if _, _, err := s.visible(ctx, s.DB, actor, permRead, campaign); err != nil {
		return nil, err
	}
	rows, err := db.All[partnerRow](ctx, s.DB, `SELECT id, kind, name, platform, cost_fen, links, brought_to, views, interactions, followers, leads, note FROM campaign_partner
		WHERE brand_id = $1 AND campaign_id = $2 ORDER BY name, id`, actor.BrandID, campaign)
	if err != nil {
		return nil, err
	}
	out := make([]Partner, len(rows))
	var accounts []id.ID
	for i, r := range rows {
		out[i] = Partner{ID: r.ID, Kind: r.Kind, Name: r.Name, Platform: r.Platform, CostFen: r.CostFen, Views: r.Views, Engaged: r.Engaged, Fans: r.Fans, Leads: r.Leads, Note: r.Note, ForNames: []string{}}
		if err := json.Unmarshal([]byte(r.Links), &out[i].Links); err != nil {
			return nil, fmt.Errorf("campaign partner %s: %w", r.ID, err)
		}
		if err := json.Unmarshal([]byte(r.For), &out[i].For); err != nil {
			return nil, fmt.Errorf("campaign partner %s: %w", r.ID, err)
		}
		accounts = append(accounts, out[i].For...)
	}
	if len(accounts) == 0 {
		return out, nil
	}
	labels, err := s.Accounts.Labels(ctx, s.DB, actor.BrandID, unique(accounts))
	for i := range out {
		for _, a := range out[i].For {
			out[i].ForNames = append(out[i].ForNames, labels[a].Name)
		}
	}
	return out, err
}

// PutPartner enters a partner, or edits the one with the ID. Errors: campaign.gone, campaign.partner.
func (s *Service) PutPartner(ctx context.Context, actor authz.Actor, campaign id.ID, p Partner) (id.ID, error) {
	if p.Name = strings.TrimSpace(p.Name); p.Name == "" || !slices.Contains([]string{"kol", "ambassador", "brand", "media"}, p.Kind) {
		return 0, errs.Bad().Field("name", "campaign.partner")
	}
	links, err := json.Marshal(full(p.Links))
	if err != nil {
		return 0, err
	}
	accounts, err := json.Marshal(full(p.For))
	if err != nil {
		return 0, err
	}
	p.ID = cmp.Or(p.ID, s.IDs.New())
	return p.ID, s.around(ctx, actor, campaign, "campaign.partner_saved", p.Name, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO campaign_partner (brand_id, campaign_id, id, kind, name, platform, cost_fen, links, brought_to, views, interactions, followers, leads, note)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (brand_id, campaign_id, id) DO UPDATE SET kind = excluded.kind, name = excluded.name,
			platform = excluded.platform, cost_fen = excluded.cost_fen, links = excluded.links, brought_to = excluded.brought_to, views = excluded.views, interactions = excluded.interactions,
			followers = excluded.followers, leads = excluded.leads, note = excluded.note`,
			actor.BrandID, campaign, p.ID, p.Kind, p.Name, p.Platform, number(p.CostFen), string(links), string(accounts), number(p.Views), number(p.Engaged), number(p.Fans), number(p.Leads), p.Note)
		return err
	})
}

func number(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

// DropPartner takes a partner out. Errors: campaign.gone.
func (s *Service) DropPartner(ctx context.Context, actor authz.Actor, campaign, item id.ID) error {
	return s.drop(ctx, actor, campaign, "campaign_partner", "campaign.partner_dropped", item)
}

// around changes what stands around a campaign, with an entry of the trail.
func (s *Service) around(ctx context.Context, actor authz.Actor, campaign id.ID, action, name string, fn func(context.Context, *db.Tx) error) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := s.locked(ctx, tx, actor, permWrite, campaign)
		if err != nil {
			return err
		}
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: action, UnitID: r.UnitID, Kind: "campaign", Object: campaign, Name: r.plan.Title, After: trace{Name: name}})
	})
}

func (s *Service) drop(ctx context.Context, actor authz.Actor, campaign id.ID, table, action string, item id.ID) error {
	return s.around(ctx, actor, campaign, action, item.String(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE brand_id = $1 AND campaign_id = $2 AND id = $3`, actor.BrandID, campaign, item)
		return err
	})
}

// Activity is something outsiders take part in: challenge, draw, qa, co_creation. Nil figures are those nobody told.
type Activity struct {
	ID                               id.ID
	Kind, Title, Platform, Link      string
	StartsAt, EndsAt                 clock.Ms
	Outsiders, Posts, Views, Engaged *int64
	AsOf                             clock.Day
	Rules                            string
}

type activityRow struct {
	ID        id.ID     `db:"id"`
	Kind      string    `db:"kind"`
	Title     string    `db:"title"`
	Platform  string    `db:"platform"`
	Link      string    `db:"link"`
	StartsAt  clock.Ms  `db:"starts_at"`
	EndsAt    clock.Ms  `db:"ends_at"`
	Outsiders *int64    `db:"outsiders"`
	Posts     *int64    `db:"posts"`
	Views     *int64    `db:"views"`
	Engaged   *int64    `db:"interactions"`
	AsOf      clock.Day `db:"as_of_day"`
	Rules     string    `db:"rules"`
}

// Activities gives the public activities of a campaign. Errors: campaign.gone.
func (s *Service) Activities(ctx context.Context, actor authz.Actor, campaign id.ID) ([]Activity, error) {
	if _, _, err := s.visible(ctx, s.DB, actor, permRead, campaign); err != nil {
		return nil, err
	}
	rows, err := db.All[activityRow](ctx, s.DB, `SELECT id, kind, title, platform, link, starts_at, ends_at, outsiders, posts, views, interactions, as_of_day, rules FROM campaign_activity
		WHERE brand_id = $1 AND campaign_id = $2 ORDER BY id`, actor.BrandID, campaign)
	out := make([]Activity, len(rows))
	for i, r := range rows {
		out[i] = Activity(r)
	}
	return out, err
}

// PutActivity enters a public activity, or edits the one with the ID. Errors: campaign.gone, campaign.activity.
func (s *Service) PutActivity(ctx context.Context, actor authz.Actor, campaign id.ID, x Activity) (id.ID, error) {
	if x.Title = strings.TrimSpace(x.Title); x.Title == "" || !slices.Contains([]string{"challenge", "draw", "qa", "co_creation"}, x.Kind) {
		return 0, errs.Bad().Field("title", "campaign.activity")
	}
	x.ID = cmp.Or(x.ID, s.IDs.New())
	return x.ID, s.around(ctx, actor, campaign, "campaign.activity_saved", x.Title, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO campaign_activity (brand_id, campaign_id, id, kind, title, platform, link, starts_at, ends_at, outsiders, posts, views, interactions, as_of_day, rules)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (brand_id, campaign_id, id) DO UPDATE SET kind = excluded.kind, title = excluded.title,
			platform = excluded.platform, link = excluded.link, starts_at = excluded.starts_at, ends_at = excluded.ends_at, outsiders = excluded.outsiders, posts = excluded.posts,
			views = excluded.views, interactions = excluded.interactions, as_of_day = excluded.as_of_day, rules = excluded.rules`,
			actor.BrandID, campaign, x.ID, x.Kind, x.Title, x.Platform, x.Link, x.StartsAt, x.EndsAt, number(x.Outsiders), number(x.Posts), number(x.Views), number(x.Engaged), x.AsOf, x.Rules)
		return err
	})
}

// DropActivity takes a public activity out. Errors: campaign.gone.
func (s *Service) DropActivity(ctx context.Context, actor authz.Actor, campaign, item id.ID) error {
	return s.drop(ctx, actor, campaign, "campaign_activity", "campaign.activity_dropped", item)
}

// Mention is who mentions whom: From an account or a partner, or Outside by name; By post, live, activity, home or external.
type Mention struct {
	ID      id.ID    `db:"id"`
	From    id.ID    `db:"from_id"`
	Outside string   `db:"outside"`
	To      id.ID    `db:"to_id"`
	By      string   `db:"by_what"`
	Link    string   `db:"link"`
	At      clock.Ms `db:"at_ms"`
}

// Node is a place on the linkage map. Gained are the followers an account gained within seven days after it was mentioned last.
type Node struct {
	Key, Name, Kind, Unit string
	Gained                *int64
	In, Out               int
}

// Edge is who mentions whom, how often.
type Edge struct {
	ID       id.ID
	From, To string
	By       string
	N        int
	Last     clock.Ms
}

// Linkage is the map of mentions.
type Linkage struct {
	Nodes []Node
	Edges []Edge
}

// AddMention enters a mention. Errors: campaign.gone, campaign.mention.
func (s *Service) AddMention(ctx context.Context, actor authz.Actor, campaign id.ID, m Mention) (id.ID, error) {
	m.Outside = strings.TrimSpace(m.Outside)
	if m.To == 0 || m.From == 0 && m.Outside == "" || m.From == m.To {
		return 0, errs.Bad().Field("from", "campaign.mention")
	}
	m.ID, m.At = s.IDs.New(), cmp.Or(m.At, s.now())
	return m.ID, s.around(ctx, actor, campaign, "campaign.mention_added", m.By, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO campaign_mention (brand_id, campaign_id, id, from_id, outside, to_id, by_what, link, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			actor.BrandID, campaign, m.ID, m.From, m.Outside, m.To, m.By, m.Link, m.At)
		return err
	})
}

// DropMention takes a mention out. Errors: campaign.gone.
func (s *Service) DropMention(ctx context.Context, actor authz.Actor, campaign, item id.ID) error {
	return s.drop(ctx, actor, campaign, "campaign_mention", "campaign.mention_dropped", item)
}

// gainDays is how long after a mention followers are looked at.
const gainDays = clock.Ms(7 * 24 * time.Hour / time.Millisecond)

// Linkage draws the map of a campaign's mentions: those its posts tell, and those entered by hand. Errors: campaign.gone.
func (s *Service) Linkage(ctx context.Context, actor authz.Actor, campaign id.ID) (*Linkage, error) {
	r, scope, err := s.visible(ctx, s.DB, actor, permRead, campaign)
	if err != nil {
		return nil, err
	}
	partners, err := s.Partners(ctx, actor, campaign)
	if err != nil {
		return nil, err
	}
	rows, err := db.All[Mention](ctx, s.DB, `SELECT id, from_id, outside, to_id, by_what, link, at_ms FROM campaign_mention WHERE brand_id = $1 AND campaign_id = $2 ORDER BY id LIMIT 2000`, actor.BrandID, campaign)
	if err != nil {
		return nil, err
	}
	seen, err := s.seenMentions(ctx, actor, scope, r)
	if err != nil {
		return nil, err
	}
	rows = withSeen(rows, seen)
	name := map[id.ID]string{}
	for _, p := range partners {
		name[p.ID] = p.Name
	}
	m := &mapping{partner: name, nodes: map[string]*Node{}, edges: map[string]*Edge{}, last: map[id.ID]clock.Ms{}}
	var accounts []id.ID
	for i := range rows {
		accounts = append(accounts, rows[i].To)
		if rows[i].From != 0 && name[rows[i].From] == "" {
			accounts = append(accounts, rows[i].From)
		}
	}
	if len(accounts) > 0 {
		if m.labels, err = s.Accounts.Labels(ctx, s.DB, actor.BrandID, unique(accounts)); err != nil {
			return nil, err
		}
	}
	for i := range rows {
		m.add(&rows[i])
	}
	return m.done(ctx, s, actor.BrandID)
}

// mapping gathers nodes and edges.
type mapping struct {
	partner map[id.ID]string
	labels  map[id.ID]Label
	nodes   map[string]*Node
	edges   map[string]*Edge
	order   []string
	last    map[id.ID]clock.Ms
}

func (m *mapping) node(x id.ID, outside string) *Node {
	key, n := "outside:"+outside, Node{Name: outside, Kind: "outside"}
	switch {
	case x != 0 && m.partner[x] != "":
		key, n = x.String(), Node{Name: m.partner[x], Kind: "partner"}
	case x != 0:
		l := m.labels[x]
		key, n = x.String(), Node{Name: l.Name, Kind: "account", Unit: l.UnitPath}
	}
	if m.nodes[key] == nil {
		n.Key = key
		m.nodes[key] = &n
	}
	return m.nodes[key]
}

func (m *mapping) add(x *Mention) {
	from, to := m.node(x.From, x.Outside), m.node(x.To, "")
	from.Out++
	to.In++
	m.last[x.To] = max(m.last[x.To], x.At)
	key := from.Key + ">" + to.Key + ">" + x.By
	e := m.edges[key]
	if e == nil {
		e = &Edge{ID: x.ID, From: from.Key, To: to.Key, By: x.By}
		m.edges[key] = e
		m.order = append(m.order, key)
	}
	e.N++
	e.Last = max(e.Last, x.At)
}

// done fills in what the mentioned accounts gained after their last mention.
func (m *mapping) done(ctx context.Context, s *Service, brand id.ID) (*Linkage, error) {
	out := &Linkage{Nodes: []Node{}, Edges: []Edge{}}
	for x, at := range m.last {
		before, err := s.Figures.FollowersAt(ctx, s.DB, brand, []id.ID{x}, at)
		if err != nil {
			return nil, err
		}
		later, err := s.Figures.FollowersAt(ctx, s.DB, brand, []id.ID{x}, min(at+gainDays, s.now()))
		if err != nil {
			return nil, err
		}
		a, known := before[x]
		b, knownLater := later[x]
		if n := m.nodes[x.String()]; n != nil && known && knownLater {
			d := b - a
			n.Gained = &d
		}
	}
	for _, n := range m.nodes {
		out.Nodes = append(out.Nodes, *n)
	}
	slices.SortFunc(out.Nodes, func(a, b Node) int { return cmp.Or(b.In+b.Out-a.In-a.Out, strings.Compare(a.Key, b.Key)) })
	for _, k := range m.order {
		out.Edges = append(out.Edges, *m.edges[k])
	}
	return out, nil
}
