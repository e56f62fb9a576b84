package post

import (
	"context"
	"strconv"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

// Label is how an account is shown beside its posts.
type Label struct {
	Handle   string `json:"handle"`
	Name     string `json:"name"`
	UnitName string `json:"unit_name"`
	UnitPath string `json:"unit_path"`
	Member   string `json:"member"`
	Kind     string `json:"kind"`
}

// Labels names accounts; plugged by account.
type Labels interface {
	PostLabels(ctx context.Context, brand id.ID, accounts []id.ID) (map[id.ID]Label, error)
}

type handlers struct {
	s       *Service
	texts   web.Texts
	labels  Labels
	cursors *web.Cursors
}

func (h handlers) routes(r *web.Router) {
	h.cursors = r.Cursors()
	const read = "post.read"
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/post/posts", Summary: "Posts in scope, highest first", Permission: read}, h.list)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/post/count", Summary: "How many posts a filter lets through, up to 10,000", Permission: read}, h.count)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/post/posts/{id}", Summary: "One post with its day curve and every snapshot", Permission: read}, h.get)
	h.exportRoutes(r)
}

type filterIn struct {
	Unit     string    `query:"unit" maxLength:"500" doc:"unit id or path"`
	Account  id.ID     `query:"account"`
	Platform string    `query:"platform" maxLength:"40"`
	Kind     string    `query:"kind" enum:"video,image,live,article,text"`
	Status   string    `query:"status" enum:"live,deleted"`
	From     clock.Day `query:"from" doc:"first publish day"`
	To       clock.Day `query:"to" doc:"last publish day"`
	// Published says both days in one word, as the page's address does; it goes before from and to.
	Published string `query:"published" pattern:"^(\\d{4}-\\d{2}-\\d{2})?\\.\\.(\\d{4}-\\d{2}-\\d{2})?$" doc:"first and last publish day, e.g. 2026-11-01..2026-11-22; either may be left out"`
	Query     string `query:"q" maxLength:"100" doc:"part of the title"`
	Fell      bool   `query:"fell" doc:"only posts with a counter that fell"`
}

// filter gives the Filter. Error: base.invalid_input when published names a day that does not exist.
func (in *filterIn) filter() (Filter, error) {
	first, last, _ := strings.Cut(in.Published, "..")
	for _, x := range []struct {
		text string
		day  *clock.Day
	}{{first, &in.From}, {last, &in.To}} {
		if x.text == "" {
			continue
		}
		day, err := clock.ParseDay(x.text)
		if err != nil {
			return Filter{}, errs.New(errs.Invalid, "base.invalid_input").Field("published", "post.no_such_day", "day", x.text)
		}
		*x.day = day
	}
	return Filter{Unit: in.Unit, AccountID: in.Account, Platform: in.Platform, Kind: in.Kind, Status: Status(in.Status), From: in.From, To: in.To, Query: in.Query, Fell: in.Fell}, nil
}

type listIn struct {
	web.Paging
	filterIn
	Sort string `query:"sort" enum:"published_at,views,likes,interactions,-published_at,-views,-likes,-interactions" default:"-published_at" doc:"always the highest first"`
}

// Body is a post on the wire; a counter nobody told is null.
type Body struct {
	ID              id.ID    `json:"id"`
	AccountID       id.ID    `json:"account_id"`
	Account         Label    `json:"account"`
	Platform        string   `json:"platform"`
	Title           string   `json:"title"`
	URL             string   `json:"url"`
	ExternalID      string   `json:"external_id"`
	Kind            string   `json:"kind"`
	PublishedAt     clock.Ms `json:"published_at"`
	DayOnly         bool     `json:"day_only" doc:"the source tells the day, not the time"`
	Status          string   `json:"status"`
	AsOf            clock.Ms `json:"as_of"`
	Origin          string   `json:"origin"`
	Fell            []string `json:"fell" doc:"counters that fell at some time"`
	Impressions     *int64   `json:"impressions"`
	Views           *int64   `json:"views"`
	Likes           *int64   `json:"likes"`
	Comments        *int64   `json:"comments"`
	Saves           *int64   `json:"saves"`
	Shares          *int64   `json:"shares"`
	FollowersGained *int64   `json:"followers_gained"`
	Interactions    *int64   `json:"interactions"`
}

// AppendJSON implements web.Row.
func (b *Body) AppendJSON(w []byte) []byte {
	text := func(name, s string) { w = web.AppendString(append(w, name...), s) }
	w = b.ID.AppendJSON(append(w, `{"id":`...))
	w = b.AccountID.AppendJSON(append(w, `,"account_id":`...))
	text(`,"account":{"handle":`, b.Account.Handle)
	text(`,"name":`, b.Account.Name)
	text(`,"unit_name":`, b.Account.UnitName)
	text(`,"unit_path":`, b.Account.UnitPath)
	text(`,"member":`, b.Account.Member)
	text(`,"kind":`, b.Account.Kind)
	text(`},"platform":`, b.Platform)
	text(`,"title":`, b.Title)
	text(`,"url":`, b.URL)
	text(`,"external_id":`, b.ExternalID)
	text(`,"kind":`, b.Kind)
	w = b.PublishedAt.AppendJSON(append(w, `,"published_at":`...))
	w = strconv.AppendBool(append(w, `,"day_only":`...), b.DayOnly)
	text(`,"status":`, b.Status)
	w = b.AsOf.AppendJSON(append(w, `,"as_of":`...))
	text(`,"origin":`, b.Origin)
	w = append(w, `,"fell":[`...)
	for i, f := range b.Fell {
		text([]string{"", ","}[min(i, 1)], f)
	}
	w = append(w, ']')
	for _, c := range []struct {
		name string
		n    *int64
	}{
		{`,"impressions":`, b.Impressions},
		{`,"views":`, b.Views},
		{`,"likes":`, b.Likes},
		{`,"comments":`, b.Comments},
		{`,"saves":`, b.Saves},
		{`,"shares":`, b.Shares},
		{`,"followers_gained":`, b.FollowersGained},
		{`,"interactions":`, b.Interactions},
	} {
		w = web.AppendCount(append(w, c.name...), c.n)
	}
	return append(w, '}')
}

func known(s Counters, c Counter) *int64 {
	if v, ok := s.Get(c); ok {
		return &v
	}
	return nil
}

func counterSlugs() []string {
	return []string{"impressions", "views", "likes", "comments", "saves", "shares", "followers_gained"}
}

func bodyOf(p *Post, l Label) Body {
	b := Body{
		ID: p.ID, AccountID: p.AccountID, Account: l, Platform: p.Platform, Title: p.Title, URL: p.URL, ExternalID: p.ExternalID, Kind: p.Kind, PublishedAt: p.PublishedAt,
		DayOnly: p.DayOnly, Status: string(p.Status), AsOf: p.AsOf, Origin: string(p.Origin), Fell: []string{}, Impressions: known(p.Counters, Impressions), Views: known(p.Counters, Views),
		Likes: known(p.Counters, Likes), Comments: known(p.Counters, Comments), Saves: known(p.Counters, Saves), Shares: known(p.Counters, Shares), FollowersGained: known(p.Counters, FollowersGained),
	}
	if sum, ok := p.Interactions(); ok {
		b.Interactions = &sum
	}
	for c, slug := range counterSlugs() {
		if p.Fell&(1<<c) != 0 {
			b.Fell = append(b.Fell, slug)
		}
	}
	return b
}

func (h handlers) list(ctx context.Context, actor authz.Actor, in *listIn) (*web.Page[Body], error) {
	hash := []any{actor.BrandID, in.filterIn}
	in.Sort = strings.TrimPrefix(in.Sort, "-")
	var at Place
	more, err := h.cursors.Read(in.Cursor, in.Sort, hash, &at.Value, &at.ID)
	if err != nil {
		return nil, err
	}
	after := &at
	if !more {
		after = nil
	}
	filter, err := in.filter()
	if err != nil {
		return nil, err
	}
	posts, err := h.s.List(ctx, actor, filter, Sort(in.Sort), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	posts, more = web.Cut(posts, in.Limit)
	items, err := h.bodies(ctx, actor.BrandID, posts)
	if err != nil {
		return nil, err
	}
	next := ""
	if more {
		last := &posts[len(posts)-1]
		next = h.cursors.Next(in.Sort, hash, last.sortValue(Sort(in.Sort)), last.ID)
	}
	return web.NewPage(items, next), nil
}

func (p *Post) sortValue(s Sort) int64 {
	stored := func(v int64, ok bool) int64 {
		if ok {
			return v
		}
		return unknown
	}
	switch s {
	case ByViews:
		return stored(p.Counters.Get(Views))
	case ByLikes:
		return stored(p.Counters.Get(Likes))
	case ByInteractions:
		return stored(p.Interactions())
	case ByPublished:
	}
	return int64(p.PublishedAt)
}

func (h handlers) bodies(ctx context.Context, brand id.ID, posts []Post) ([]Body, error) {
	accounts := make([]id.ID, 0, len(posts))
	for i := range posts {
		accounts = append(accounts, posts[i].AccountID)
	}
	labels, err := h.labels.PostLabels(ctx, brand, accounts)
	if err != nil {
		return nil, err
	}
	items := make([]Body, len(posts))
	for i := range posts {
		items[i] = bodyOf(&posts[i], labels[posts[i].AccountID])
	}
	return items, nil
}

type countIn struct{ filterIn }

type countBody struct {
	Count int64 `json:"count"`
	Over  bool  `json:"over" doc:"there are more than 10,000"`
}

func (h handlers) count(ctx context.Context, actor authz.Actor, in *countIn) (*countBody, error) {
	filter, err := in.filter()
	if err != nil {
		return nil, err
	}
	n, err := h.s.Count(ctx, actor, filter)
	return &countBody{Count: min(n, CountLimit), Over: n > CountLimit}, err
}

type getIn struct {
	ID id.ID `path:"id"`
}

// DayBody is what one day brought to a post, by origin class.
type DayBody struct {
	Day     clock.Day        `json:"day"`
	Origin  string           `json:"origin"`
	Opening bool             `json:"opening" doc:"holds the first values ever told, booked on the publish day"`
	Values  map[string]int64 `json:"values"`
}

// SnapshotBody is what one source said at one moment.
type SnapshotBody struct {
	AsOf      clock.Ms          `json:"as_of"`
	LearnedAt clock.Ms          `json:"learned_at"`
	Origin    string            `json:"origin"`
	Undone    bool              `json:"undone"`
	Counters  map[string]*int64 `json:"counters"`
}

// ViewBody is a post with its history.
type ViewBody struct {
	Post      Body           `json:"post"`
	Days      []DayBody      `json:"days"`
	Snapshots []SnapshotBody `json:"snapshots"`
}

func (h handlers) get(ctx context.Context, actor authz.Actor, in *getIn) (*ViewBody, error) {
	v, err := h.s.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	bodies, err := h.bodies(ctx, actor.BrandID, []Post{v.Post})
	if err != nil {
		return nil, err
	}
	out := &ViewBody{Post: bodies[0], Days: make([]DayBody, 0, len(v.Days)), Snapshots: make([]SnapshotBody, 0, len(v.Tolds))}
	for i := range v.Days {
		d := DayBody{Day: v.Days[i].Day, Origin: v.Days[i].Class.String(), Opening: v.Days[i].Values[MPosts]+v.Days[i].Values[MLives] > 0, Values: map[string]int64{}}
		for m, slug := range MetricSlugs() {
			d.Values[slug] = v.Days[i].Values[m]
		}
		out.Days = append(out.Days, d)
	}
	for _, t := range v.Tolds {
		s := SnapshotBody{AsOf: t.AsOf, LearnedAt: t.LearnedAt, Origin: string(t.Origin), Undone: t.Dead, Counters: map[string]*int64{}}
		for c, slug := range counterSlugs() {
			s.Counters[slug] = known(t.Counters, Counter(c))
		}
		out.Snapshots = append(out.Snapshots, s)
	}
	return out, nil
}
