package post

import (
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/memo"
)

// plan is what a batch will do, worked out from one reading of the store.
type plan struct {
	batch    Batch
	accounts []id.ID
	refs     map[id.ID]AccountRef
	newID    func() id.ID
	result   Result
	deltas   *ledger

	cal       *calendar
	hold      *memo.Hold[tail] // nil when nothing is to be written
	states    []accountState   // by account
	strangers []id.ID          // accounts that nobody told figures of

	touched      []*record // posts to write
	snaps        []snapRow
	accountSnaps []accountSnapRow
}

// record is a post with the live snapshots it had before and has now.
type record struct {
	Post
	fresh         bool
	before, after []Snap
	dead          []Snap
	dayBefore     clock.Day
	kindBefore    string
	titleBefore   string
	statusBefore  Status // "" when the post is fresh
	dirty         bool
	metaChanged   bool
	lastItem      map[clock.Ms]int // as_of → the item of this batch that spoke last
}

// snapRow is a snapshot to be written.
type snapRow struct {
	account, post   id.ID
	asOf, learnedAt clock.Ms
	counters        Counters
	extra           string
}

type accountSnapRow struct {
	account         id.ID
	daily           bool
	asOf, learnedAt clock.Ms
	counters        Counters
	extra           string
}

// planPosts finds each item's post, works out the new snapshots and the changed days.
func (p *plan) planPosts(ctx context.Context, q db.Querier) error {
	items := p.batch.Items
	p.result.ItemOutcomes = make([]Outcome, len(items))
	if len(items) == 0 {
		return nil
	}
	known, err := loadCandidates(ctx, q, p.batch)
	if err != nil {
		return err
	}
	byItem := make([]*record, len(items))
	var matched []*record
	for i := range items {
		it := &items[i]
		r := known.match(it, p.batch.Zone)
		if r == nil {
			r = p.newRecord(it)
			known.add(r, p.batch.Zone)
		}
		if r.lastItem == nil {
			r.lastItem = map[clock.Ms]int{}
			if !r.fresh {
				matched = append(matched, r)
			}
			p.touched = append(p.touched, r)
		}
		byItem[i] = r
		if earlier, twice := r.lastItem[it.AsOf]; twice {
			p.result.ItemOutcomes[earlier] = Doubled
		}
		r.lastItem[it.AsOf] = i
		known.learnID(r, it)
	}
	if err := loadSnaps(ctx, q, p.batch.BrandID, matched); err != nil {
		return err
	}
	for _, r := range p.touched {
		r.after = slices.Clone(r.before)
	}
	for i := range items {
		if p.result.ItemOutcomes[i] != Doubled {
			p.result.ItemOutcomes[i] = p.speak(byItem[i], &items[i])
		}
		p.result.count(p.result.ItemOutcomes[i])
	}
	p.settle()
	return nil
}

func (p *plan) newRecord(it *Item) *record {
	ref := p.refs[it.AccountID]
	return &record{fresh: true, Post: Post{
		ID: p.newID(), AccountID: it.AccountID, UnitID: ref.UnitID, Platform: ref.Platform, ExternalID: it.ExternalID, URL: it.URL,
		Title: it.Title, TitleNorm: NormTitle(it.Title), Kind: it.Kind, PublishedAt: it.PublishedAt, PublishedDay: dayOf(it.PublishedAt, p.batch),
		DayOnly: it.DayOnly, Status: Gone,
	}}
}

// speak lets one item say what it knows about its post.
func (p *plan) speak(r *record, it *Item) Outcome {
	changed := r.learn(it, p.batch)
	if it.AsOf >= r.AsOf {
		r.AsOf, r.Origin = it.AsOf, p.batch.Origin
	}
	same := momentOf(r.after, it.AsOf, false)
	if same != nil && covers(*same, it.Counters) {
		if changed {
			r.dirty = true
			return Updated
		}
		return Unchanged
	}
	first := len(r.after) == 0
	var knownBefore Counters
	if !first {
		knownBefore, _ = Latest(upTo(r.after, it.AsOf))
	}
	snap := Snap{AsOf: it.AsOf, LearnedAt: freeMoment(r.after, r.dead, it.AsOf, p.batch.LearnedAt), Class: p.batch.Origin.Class(), Counters: it.Counters}
	r.after, r.dirty = append(r.after, snap), true
	p.snaps = append(p.snaps, snapRow{r.AccountID, r.ID, snap.AsOf, snap.LearnedAt, it.Counters, it.Extra})
	switch {
	case first:
		return Inserted
	case changed || !covers(knownBefore, it.Counters):
		return Updated
	default:
		return Unchanged // a newer moment with the same figures: kept for its freshness
	}
}

// learn takes over what the item says about the post itself; newer moments win.
func (r *record) learn(it *Item, b Batch) (changed bool) {
	if r.fresh && len(r.after) == 0 {
		r.Status = Live
		if it.Deleted {
			r.Status, r.DeletedDay = Deleted, dayOf(it.AsOf, b)
		}
		return false
	}
	set := func(dst *string, v string) {
		if v != "" && *dst != v {
			*dst, changed = v, true
		}
	}
	set(&r.ExternalID, it.ExternalID)
	if it.AsOf >= r.AsOf {
		if norm := NormTitle(it.Title); norm != "" && norm != r.TitleNorm {
			r.Title, r.TitleNorm, changed = it.Title, norm, true
		}
		set(&r.URL, it.URL)
		set(&r.Kind, it.Kind)
		want := Live
		if it.Deleted {
			want = Deleted
		}
		if r.Status != Gone && r.Status != want {
			r.Status, r.DeletedDay, changed = want, 0, true
			if it.Deleted {
				r.DeletedDay = dayOf(it.AsOf, b)
			}
		}
	}
	if it.PublishedAt != 0 && (r.PublishedAt == 0 || r.DayOnly && !it.DayOnly) {
		r.PublishedAt, r.PublishedDay, r.DayOnly, changed = it.PublishedAt, dayOf(it.PublishedAt, b), it.DayOnly, true
	}
	if r.Status == Gone {
		r.Status, changed = Live, true
	}
	r.metaChanged = r.metaChanged || changed
	return changed
}

// settle works out the latest counters of every touched post and the difference of its days.
func (p *plan) settle() {
	kept := p.touched[:0]
	for _, r := range p.touched {
		if !r.dirty && !r.metaChanged {
			continue
		}
		latest, asOf := Latest(r.after)
		r.Counters, r.AsOf, r.Fell = latest, asOf, Falls(r.after)
		p.deltas.add(r.AccountID, BasisPosts, Days(r.kindBefore, r.dayBefore, r.before, p.batch.Zone), -1)
		p.deltas.add(r.AccountID, BasisPosts, Days(r.Kind, r.PublishedDay, r.after, p.batch.Zone), +1)
		kept = append(kept, r)
	}
	p.touched = kept
}

func dayOf(at clock.Ms, b Batch) clock.Day {
	if at == 0 {
		return 0
	}
	return at.Day(b.Zone)
}

// upTo gives the snapshots that were true at or before asOf.
func upTo(snaps []Snap, asOf clock.Ms) []Snap {
	out := make([]Snap, 0, len(snaps))
	for _, s := range snaps {
		if s.AsOf <= asOf {
			out = append(out, s)
		}
	}
	return out
}

// momentOf merges what the snapshots say of exactly a moment; nil when they say nothing.
func momentOf(snaps []Snap, asOf clock.Ms, daily bool) *Counters {
	var at []Snap
	for i := range snaps {
		if s := &snaps[i]; s.AsOf == asOf && s.Daily == daily {
			at = append(at, *s)
		}
	}
	if at = Fold(at); len(at) == 0 {
		return nil
	}
	return &at[len(at)-1].moment
}

// covers tells whether all that says is already in has.
func covers(has, says Counters) bool {
	for c := range NumCounters {
		if v, ok := says.Get(c); ok {
			if w, known := has.Get(c); !known || v != w {
				return false
			}
		}
	}
	return true
}

// freeMoment gives a learned-at that no snapshot of the same moment has and that comes after all of them when it is to
// be a correction.
func freeMoment(live, dead []Snap, asOf, learnedAt clock.Ms) clock.Ms {
	taken := func(s Snap) bool { return s.AsOf == asOf && s.LearnedAt == learnedAt }
	for slices.ContainsFunc(live, taken) || slices.ContainsFunc(dead, taken) {
		learnedAt++
	}
	return learnedAt
}
