package post

import (
	"context"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// candidates finds the post an item speaks of: by the platform's id when both sides know one, else by account,
// normalised title and minute of publishing; a source that tells only the day matches when the title is the only such
// one of that day.
type candidates struct {
	byExternal map[extKey]*record
	byMinute   map[natKey][]*record
	byDay      map[natKey][]*record
}

type extKey struct {
	account id.ID
	id      string
}

type natKey struct {
	account id.ID
	title   string
	at      int64 // minute, or day
}

func (c *candidates) add(r *record, zone *time.Location) {
	if r.ExternalID != "" {
		c.byExternal[extKey{r.AccountID, r.ExternalID}] = r
	}
	if r.PublishedAt != 0 {
		minute := natKey{r.AccountID, r.TitleNorm, int64(r.PublishedAt) / 60000}
		day := natKey{r.AccountID, r.TitleNorm, int64(r.PublishedAt.Day(zone))}
		c.byMinute[minute], c.byDay[day] = append(c.byMinute[minute], r), append(c.byDay[day], r)
	}
}

func (c *candidates) match(it *Item, zone *time.Location) *record {
	if it.ExternalID != "" {
		if r := c.byExternal[extKey{it.AccountID, it.ExternalID}]; r != nil {
			return r
		}
	}
	if it.PublishedAt == 0 {
		return nil
	}
	title := NormTitle(it.Title)
	fits := func(r *record) bool {
		return it.ExternalID == "" || r.ExternalID == "" || r.ExternalID == it.ExternalID
	}
	if !it.DayOnly {
		for _, r := range c.byMinute[natKey{it.AccountID, title, int64(it.PublishedAt) / 60000}] {
			if fits(r) {
				return r
			}
		}
	}
	var found *record
	for _, r := range c.byDay[natKey{it.AccountID, title, int64(it.PublishedAt.Day(zone))}] {
		if !fits(r) || !it.DayOnly && !r.DayOnly {
			continue
		}
		if found != nil {
			return nil
		}
		found = r
	}
	return found
}

// learnID makes a post findable by an id that this batch tells first.
func (c *candidates) learnID(r *record, it *Item) {
	if it.ExternalID != "" && r.ExternalID == "" {
		c.byExternal[extKey{r.AccountID, it.ExternalID}] = r
	}
}

// loadCandidates reads the posts that the batch's items may speak of.
func loadCandidates(ctx context.Context, q db.Querier, b Batch) (*candidates, error) {
	c := &candidates{byExternal: map[extKey]*record{}, byMinute: map[natKey][]*record{}, byDay: map[natKey][]*record{}}
	seen := map[id.ID]bool{}
	keep := func(r *record) error {
		if !seen[r.ID] {
			seen[r.ID] = true
			c.add(r, b.Zone)
		}
		return nil
	}
	lo, hi := clock.Forever, clock.Day(0)
	for i := range b.Items {
		if it := &b.Items[i]; it.PublishedAt != 0 {
			day := it.PublishedAt.Day(b.Zone)
			lo, hi = min(lo, day), max(hi, day)
		}
	}
	if hi != 0 {
		accounts, _ := wanted(b.Items, func(*Item) bool { return true })
		var a db.Args
		where := "p.brand_id = " + a.Add(b.BrandID) + " AND " + db.Among(q, &a, "p.account_id", accounts) +
			" AND p.published_day BETWEEN " + a.Add(lo) + " AND " + a.Add(hi)
		if err := eachRecord(ctx, q, where, &a, keep); err != nil {
			return nil, err
		}
	}
	accounts, external := wanted(b.Items, func(it *Item) bool {
		return it.ExternalID != "" && c.byExternal[extKey{it.AccountID, it.ExternalID}] == nil
	})
	if len(external) > 0 {
		// The concatenation keeps planners from trying every account with every id.
		var a db.Args
		where := "p.brand_id = " + a.Add(b.BrandID) + " AND p.account_id IN " + db.IDList(q, &a, accounts) +
			" AND p.external_id || '' IN " + db.TextList(q, &a, external)
		if err := eachRecord(ctx, q, where, &a, keep); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// wanted lists the accounts and platform ids of the items that pass.
func wanted(items []Item, pass func(*Item) bool) (accounts []id.ID, external []string) {
	seen := map[id.ID]bool{}
	for i := range items {
		it := &items[i]
		if !pass(it) {
			continue
		}
		if !seen[it.AccountID] {
			seen[it.AccountID] = true
			accounts = append(accounts, it.AccountID)
		}
		if it.ExternalID != "" {
			external = append(external, it.ExternalID)
		}
	}
	return accounts, external
}
