package campaign

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/campaign/proof"
)

// Handle is an account as others write it, "@…" without the sign.
type Handle struct{ Platform, Name string }

// mostNames is how long the part behind an @ is looked at: names may hold blanks, so shorter beginnings are tried too.
const mostNames = 3

var (
	atName = regexp.MustCompile(`[@＠]([^@＠#＃\[\]【】\r\n]{1,60})`)
	atEnd  = regexp.MustCompile(`[\s,，.。!！?？:：;；()（）"“”'、~～|/]+`)
)

// handlesIn lists what may be the names of accounts behind the @ signs of a text, for each sign the longest first.
func handlesIn(text string) [][]string {
	var out [][]string
	for _, m := range atName.FindAllStringSubmatch(text, -1) {
		words := slices.DeleteFunc(atEnd.Split(m[1], -1), func(w string) bool { return w == "" })
		words = words[:min(len(words), mostNames)]
		var tries []string
		for n := len(words); n > 0; n-- {
			tries = append(tries, strings.Join(words[:n], " "))
		}
		if len(tries) > 0 {
			out = append(out, tries)
		}
	}
	return out
}

// seenMentions reads who mentions whom from the posts of a campaign: those with its hashtags, and in its window those of accounts
// that have its tasks or are headquarters'. Names that no account answers to are left out.
func (s *Service) seenMentions(ctx context.Context, actor authz.Actor, scope authz.Scope, r *row) ([]Mention, error) {
	if r.Version == 0 {
		return nil, nil
	}
	plan, err := sentPlan(ctx, s.DB, actor.BrandID, r.ID, r.Version)
	if err != nil {
		return nil, err
	}
	posts, err := s.mentioning(ctx, actor, plan, r.ID)
	if err != nil {
		return nil, err
	}
	if posts, err = (&resulting{s: s, actor: actor, scope: scope}).within(ctx, posts); err != nil || len(posts) == 0 {
		return nil, err
	}
	var ask []Handle
	for i := range posts {
		for _, tries := range handlesIn(posts[i].Title) {
			for _, name := range tries {
				ask = append(ask, Handle{posts[i].Platform, name})
			}
		}
	}
	known, err := s.Accounts.Named(ctx, s.DB, actor.BrandID, ask)
	if err != nil {
		return nil, err
	}
	var out []Mention
	for i := range posts {
		p := &posts[i]
		for _, tries := range handlesIn(p.Title) {
			for _, name := range tries {
				if to := known[Handle{p.Platform, name}]; to != 0 {
					if to != p.AccountID {
						out = append(out, Mention{From: p.AccountID, To: to, By: "post", Link: p.URL, At: p.PublishedAt})
					}
					break
				}
			}
		}
	}
	return out, nil
}

// mentioning gives the posts of a campaign's window with an @ that belong to it.
func (s *Service) mentioning(ctx context.Context, actor authz.Actor, plan *Plan, campaign id.ID) ([]Post, error) {
	found, err := s.Posts.WithWords(ctx, s.DB, actor.BrandID, []string{"@"}, plan.StartsAt, plan.EndsAt)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	official, err := s.officials(ctx, actor.BrandID)
	if err != nil {
		return nil, err
	}
	accounts := make([]id.ID, len(found))
	for i := range found {
		accounts[i] = found[i].AccountID
	}
	mine, err := accountsIn(ctx, s.DB, actor.BrandID, campaign, unique(accounts))
	out := found[:0]
	for _, p := range found {
		if mine[p.AccountID] || official[p.AccountID] || proof.HasTag(p.Title, plan.tags()) {
			out = append(out, p)
		}
	}
	return out, err
}

// accountsIn tells which accounts have a task of a campaign.
func accountsIn(ctx context.Context, q db.Querier, brand, campaign id.ID, accounts []id.ID) (map[id.ID]bool, error) {
	var a db.Args
	rows, err := db.All[id.ID](ctx, q, `SELECT DISTINCT account_id FROM campaign_assignment WHERE brand_id = `+a.Add(brand)+` AND campaign_id = `+a.Add(campaign)+
		` AND `+db.Among(q, &a, "account_id", accounts), a.Values...)
	out := make(map[id.ID]bool, len(rows))
	for _, x := range rows {
		out[x] = true
	}
	return out, err
}

// withSeen adds what posts tell to what was entered by hand; a mention that was entered with its post's link counts once.
func withSeen(hand, seen []Mention) []Mention {
	type key struct {
		from, to id.ID
		link     string
	}
	by := map[key]bool{}
	for _, m := range hand {
		by[key{m.From, m.To, m.Link}] = true
	}
	for _, m := range seen {
		if k := (key{m.From, m.To, m.Link}); !by[k] {
			by[k] = true
			hand = append(hand, m)
		}
	}
	return hand
}
