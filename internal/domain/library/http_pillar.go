package library

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
	"kosmos/internal/domain/library/pillar"
)

const pillarsPath = base + "/pillars"

func (h handlers) pillarRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: pillarsPath, Summary: "The content pillars with what belongs to each", Permission: permUse}, h.pillars)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: pillarsPath, Summary: "Put the content pillars; every post is sorted anew", Permission: permPillars, MaxBody: maxItemBody}, h.setPillars)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "/mixes", Summary: "Target mixes of the caller's units and those above", Permission: permRead}, h.mixes)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: base + "/mixes", Summary: "Set a target mix of a unit and a kind of accounts from a day on; none ends it", Permission: permPillars}, h.putMix)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: base + "/mixes/remove", Summary: "Remove a target mix", Permission: permPillars, Status: http.StatusNoContent}, h.dropMix)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "/mix", Summary: "How the accounts of a scope share their posts among the pillars, against the target", Permission: permRead}, h.mix)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "/gaps", Summary: "Accounts with posts in the window, those short of the most first", Permission: permRead}, h.gaps)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "/gaps/mine", Summary: "What the caller's own accounts are short of, and how many items fit", Permission: permUse}, h.myLacks)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "/sorted-posts", Summary: "Posts with their pillars, newest first", Permission: permRead}, h.sortedPosts)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: base + "/sorted-posts", Summary: "Put posts into a pillar by hand, or give them back to the rules", Permission: permWrite, Status: http.StatusNoContent}, h.sortByHand)
	web.HandleDownload(r, web.Route{Method: http.MethodGet, Path: base + "/gaps.xlsx", Summary: "The accounts and their gaps as a spreadsheet", Permission: permRead, Produces: web.XLSX, Timeout: -1}, h.gapSheet)
}

type productName struct {
	ID   id.ID  `json:"id"`
	Name string `json:"name"`
}

type pillarBody struct {
	ID       id.ID         `json:"id"`
	Name     string        `json:"name"`
	Color    string        `json:"color"`
	Active   bool          `json:"active"`
	Words    []string      `json:"words"`
	Hashtags []string      `json:"hashtags" doc:"without the sign"`
	Products []productName `json:"products"`
}

type pillarsBody struct {
	Version int64        `json:"version" doc:"send it back with an edit; 0: never set"`
	Days    int          `json:"days" doc:"the window"`
	Least   int          `json:"least" doc:"posts before an account is judged"`
	Left    bool         `json:"left" doc:"posts or accounts are still being sorted"`
	MaySet  bool         `json:"may_set"`
	Items   []pillarBody `json:"items"`
}

func (h handlers) pillars(ctx context.Context, actor authz.Actor, _ *nothing) (*pillarsBody, error) {
	p, err := h.s.Pillars(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &pillarsBody{Version: p.Version, Days: p.Days, Least: p.Least, Left: p.Left, MaySet: p.MaySet, Items: make([]pillarBody, len(p.List))}
	for i, x := range p.List {
		b := pillarBody{ID: x.ID, Name: x.Name, Color: x.Color, Active: x.Active, Words: orEmpty(x.Words), Hashtags: orEmpty(x.Hashtags), Products: []productName{}}
		for _, k := range x.Products {
			b.Products = append(b.Products, productName{k, p.Products[k]})
		}
		out.Items[i] = b
	}
	return out, nil
}

type setPillarsIn struct {
	Body struct {
		Version int64 `json:"version" minimum:"0"`
		Days    int   `json:"days"`
		Least   int   `json:"least"`
		Items   []struct {
			ID         id.ID    `json:"id" required:"false" nullable:"true"`
			Name       string   `json:"name" maxLength:"100"`
			Color      string   `json:"color" maxLength:"7"`
			Active     bool     `json:"active"`
			Words      []string `json:"words" maxItems:"500"`
			Hashtags   []string `json:"hashtags" maxItems:"500"`
			ProductIDs []id.ID  `json:"product_ids" maxItems:"500"`
		} `json:"items" maxItems:"100"`
	}
}

func (h handlers) setPillars(ctx context.Context, actor authz.Actor, in *setPillarsIn) (*pillarsBody, error) {
	set := Pillars{Version: in.Body.Version, Days: in.Body.Days, Least: in.Body.Least}
	for _, x := range in.Body.Items {
		set.List = append(set.List, Pillar{ID: x.ID, Name: x.Name, Color: x.Color, Active: x.Active, Words: x.Words, Hashtags: x.Hashtags, Products: x.ProductIDs})
	}
	if err := h.s.SetPillars(ctx, actor, set); err != nil {
		return nil, err
	}
	return h.pillars(ctx, actor, &nothing{})
}

type mixBody struct {
	UnitID id.ID          `json:"unit_id" nullable:"true" doc:"null: the whole brand"`
	Kind   string         `json:"kind" doc:"of accounts; empty: all"`
	From   clock.Day      `json:"from"`
	Shares []pillar.Share `json:"shares"`
	By     string         `json:"by"`
	MadeAt clock.Ms       `json:"made_at"`
}

type mixList struct {
	Items []mixBody `json:"items"`
}

func (h handlers) mixes(ctx context.Context, actor authz.Actor, _ *nothing) (*mixList, error) {
	list, err := h.s.Mixes(ctx, actor)
	out := &mixList{Items: make([]mixBody, len(list))}
	for i, m := range list {
		out.Items[i] = mixBody(m)
		out.Items[i].Shares = orEmpty(m.Shares)
	}
	return out, err
}

type putMixIn struct {
	Body struct {
		Unit   string         `json:"unit" required:"false" maxLength:"500" doc:"id or path; empty is the brand or the top of the caller's units"`
		Kind   string         `json:"kind" required:"false" maxLength:"30"`
		From   clock.Day      `json:"from"`
		Shares []pillar.Share `json:"shares" maxItems:"50"`
	}
}

func (h handlers) putMix(ctx context.Context, actor authz.Actor, in *putMixIn) (*mixList, error) {
	if err := h.s.PutMix(ctx, actor, NewMix(in.Body)); err != nil {
		return nil, err
	}
	return h.mixes(ctx, actor, &nothing{})
}

type dropMixIn struct {
	Body struct {
		Unit string    `json:"unit" required:"false" maxLength:"500"`
		Kind string    `json:"kind" required:"false" maxLength:"30"`
		From clock.Day `json:"from"`
	}
}

func (h handlers) dropMix(ctx context.Context, actor authz.Actor, in *dropMixIn) (*nothing, error) {
	return nil, h.s.DropMix(ctx, actor, NewMix{Unit: in.Body.Unit, Kind: in.Body.Kind, From: in.Body.From})
}

type unitIn struct {
	Unit string `query:"unit" maxLength:"500" doc:"id or path; empty is all of the caller's units"`
}

type mixPartBody struct {
	PillarID id.ID  `json:"pillar_id" nullable:"true" doc:"null: posts without a pillar"`
	Posts    int64  `json:"posts"`
	Share    *int64 `json:"share" doc:"tenths of a percent of all posts"`
	Target   *int64 `json:"target" doc:"tenths of a percent"`
	Short    int64  `json:"short" doc:"posts"`
}

type mixViewBody struct {
	From     clock.Day     `json:"from"`
	To       clock.Day     `json:"to"`
	Least    int           `json:"least"`
	Posts    int64         `json:"posts"`
	Accounts int64         `json:"accounts" doc:"with posts in the window"`
	Targeted int64         `json:"targeted"`
	Judged   int64         `json:"judged"`
	Lacking  int64         `json:"lacking" doc:"short of some pillar"`
	Parts    []mixPartBody `json:"parts"`
	Left     bool          `json:"left"`
}

func (h handlers) mix(ctx context.Context, actor authz.Actor, in *unitIn) (*mixViewBody, error) {
	m, err := h.s.Mix(ctx, actor, in.Unit)
	if err != nil {
		return nil, err
	}
	out := &mixViewBody{
		From: m.From, To: m.To, Least: m.Least, Posts: m.Posts, Accounts: m.Accounts, Targeted: m.Targeted, Judged: m.Judged, Lacking: m.Lacking, Left: m.Left,
		Parts: make([]mixPartBody, len(m.Parts)),
	}
	for i, p := range m.Parts {
		out.Parts[i] = mixPartBody(p)
	}
	return out, nil
}

type gapFilterIn struct {
	Unit     string   `query:"unit" maxLength:"500" doc:"id or path"`
	Platform string   `query:"platform" maxLength:"20"`
	Kind     string   `query:"kind" maxLength:"30" doc:"of accounts"`
	Standing Standing `query:"standing" enum:"short,fine,few,none"`
	Pillar   id.ID    `query:"pillar" doc:"short of this one"`
}

func (in *gapFilterIn) filter() GapFilter {
	return GapFilter{Unit: in.Unit, Platform: in.Platform, Kind: in.Kind, Standing: in.Standing, PillarID: in.Pillar}
}

type gapsIn struct {
	web.Paging
	gapFilterIn
}

type seatBody struct {
	ID       id.ID  `json:"id"`
	Platform string `json:"platform"`
	Kind     string `json:"kind"`
	Handle   string `json:"handle"`
	Name     string `json:"name"`
	UnitID   id.ID  `json:"unit_id"`
	Unit     string `json:"unit"`
	Member   string `json:"member"`
}

type gapBody struct {
	Account  seatBody   `json:"account"`
	Posts    int64      `json:"posts"`
	Standing Standing   `json:"standing" doc:"short, fine, few (posts to judge), none (no target)"`
	Short    *int64     `json:"short" doc:"posts; null while not judged"`
	WorstID  id.ID      `json:"worst_id" nullable:"true" doc:"the pillar that is short of the most"`
	Parts    []SeatPart `json:"parts" doc:"pillar_id 0: posts without a pillar"`
}

func (h handlers) gaps(ctx context.Context, actor authz.Actor, in *gapsIn) (*web.Page[gapBody], error) {
	mark := []any{actor.BrandID, in.gapFilterIn}
	var at GapPlace
	more, err := h.cursors.Read(in.Cursor, "short", mark, &at.Short, &at.Account)
	if err != nil {
		return nil, err
	}
	after := &at
	if !more {
		after = nil
	}
	list, next, err := h.s.Gaps(ctx, actor, in.filter(), after, in.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]gapBody, len(list))
	for i, g := range list {
		out[i] = gapBody{
			Account: seatBody{g.AccountID, g.Platform, g.Kind, g.Label.Handle, g.Label.Name, g.UnitID, g.Label.Unit, g.Label.Member},
			Posts:   g.Posts, Standing: g.Standing, Short: g.Short, WorstID: g.Worst, Parts: g.Parts,
		}
	}
	cursor := ""
	if next != nil {
		cursor = h.cursors.Next("short", mark, next.Short, next.Account)
	}
	return web.NewPage(out, cursor), nil
}

type lackBody struct {
	AccountID id.ID  `json:"account_id"`
	Account   string `json:"account"`
	Platform  string `json:"platform"`
	PillarID  id.ID  `json:"pillar_id"`
	Pillar    string `json:"pillar"`
	Color     string `json:"color"`
	Short     int64  `json:"short" doc:"posts"`
	Items     int64  `json:"items" doc:"that can be taken today"`
}

type lackList struct {
	Items []lackBody `json:"items"`
}

func (h handlers) myLacks(ctx context.Context, actor authz.Actor, _ *nothing) (*lackList, error) {
	list, err := h.s.MyLacks(ctx, actor)
	out := &lackList{Items: make([]lackBody, len(list))}
	for i, l := range list {
		out.Items[i] = lackBody(l)
	}
	return out, err
}

type sortedIn struct {
	web.Paging
	Unit    string    `query:"unit" maxLength:"500" doc:"id or path"`
	Account id.ID     `query:"account"`
	Pillar  id.ID     `query:"pillar"`
	None    bool      `query:"none" doc:"only posts without a pillar"`
	How     string    `query:"how" enum:"rule,item,hand"`
	From    clock.Day `query:"from" doc:"day of publishing; without days the window of the gaps"`
	To      clock.Day `query:"to"`
}

type sortedBody struct {
	ID       id.ID     `json:"id"`
	Title    string    `json:"title"`
	URL      string    `json:"url"`
	Day      clock.Day `json:"day" nullable:"true"`
	PillarID id.ID     `json:"pillar_id" nullable:"true"`
	How      string    `json:"how" doc:"rule, item (made of an item of the library), hand"`
	Account  seatBody  `json:"account"`
}

func (h handlers) sortedPosts(ctx context.Context, actor authz.Actor, in *sortedIn) (*web.Page[sortedBody], error) {
	f := SortedFilter{Unit: in.Unit, AccountID: in.Account, PillarID: in.Pillar, None: in.None, How: in.How, From: in.From, To: in.To}
	mark := []any{actor.BrandID, f}
	var at SortedPlace
	var day int64
	more, err := h.cursors.Read(in.Cursor, "day", mark, &day, &at.Post)
	if err != nil {
		return nil, err
	}
	var after *SortedPlace
	if more {
		at.Day = clock.Day(day)
		after = &at
	}
	list, next, err := h.s.SortedPosts(ctx, actor, f, after, in.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]sortedBody, len(list))
	for i, p := range list {
		out[i] = sortedBody{
			ID: p.PostID, Title: p.Title, URL: p.URL, Day: p.Day, PillarID: p.PillarID, How: p.How,
			Account: seatBody{ID: p.AccountID, Platform: p.Account.Platform, Handle: p.Account.Handle, Name: p.Account.Name, UnitID: p.UnitID, Unit: p.Account.Unit, Member: p.Account.Member},
		}
	}
	cursor := ""
	if next != nil {
		cursor = h.cursors.Next("day", mark, int64(next.Day), next.Post)
	}
	return web.NewPage(out, cursor), nil
}

type sortByHandIn struct {
	Body struct {
		PostIDs  []id.ID `json:"post_ids" minItems:"1" maxItems:"500"`
		PillarID id.ID   `json:"pillar_id" required:"false" nullable:"true" doc:"null: none of them"`
		Rules    bool    `json:"rules" required:"false" doc:"give them back to the rules"`
	}
}

func (h handlers) sortByHand(ctx context.Context, actor authz.Actor, in *sortByHandIn) (*nothing, error) {
	return nil, h.s.SortByHand(ctx, actor, in.Body.PostIDs, in.Body.PillarID, in.Body.Rules)
}
