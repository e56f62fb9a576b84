package health

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// judgeBatch is how many accounts are read and written at a time: a few queries and one short transaction each.
const judgeBatch = 1000

// Judged is the outcome of judging a brand.
type Judged struct {
	Day       clock.Day
	Accounts  int
	Zombies   int
	Woken     int
	Anomalies int
}

// Judge looks at every open account of the actor's brand as of today: first the leagues' medians, then score, cause,
// episode and ladder of each account, then the anomalies. It may run at any time and as often as wanted: the same day
// twice gives the same rows and no second to-do. A crash in the middle leaves whole batches, and the next run goes over
// all of them.
func (s *Service) Judge(ctx context.Context, actor authz.Actor) (Judged, error) {
	day := s.today(actor)
	set, err := getSettings(ctx, s.DB, actor.BrandID)
	if err != nil {
		return Judged{}, err
	}
	peers, err := s.leagues(ctx, actor.BrandID, set, day)
	if err != nil {
		return Judged{}, fmt.Errorf("health: leagues: %w", err)
	}
	out := Judged{Day: day}
	err = s.walk(ctx, actor.BrandID, set, day, func(facts []subject) error {
		n, err := s.judgeBatch(ctx, actor, facts, peers, set, day)
		out.Accounts += len(facts)
		out.Zombies += n.zombies
		out.Woken += n.woken
		return err
	})
	if err != nil {
		return out, err
	}
	if err := s.firstMeans(ctx, actor.BrandID, peers); err != nil {
		return out, err
	}
	if out.Anomalies, err = s.findAnomalies(ctx, actor, set, day); err != nil {
		return out, err
	}
	return out, s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.closeGone(ctx, tx, actor.BrandID, day); err != nil {
			return err
		}
		return putRun(ctx, tx, actor.BrandID, day, clock.MsOf(s.Clock.Now()), out.Accounts)
	})
}

// firstMeans gives the accounts of leagues that were never judged before the mean of this judgement, so that the first day
// shows one, too.
func (s *Service) firstMeans(ctx context.Context, brand id.ID, peers map[string]Peer) error {
	means, err := meanScores(ctx, s.DB, brand)
	if err != nil {
		return err
	}
	for league, mean := range means {
		if peers[league].MeanScore != 0 || mean == 0 {
			continue
		}
		if _, err := s.DB.Exec(ctx, `UPDATE health_score SET peer_mean = $1 WHERE brand_id = $2 AND league = $3 AND peer_mean = 0`, mean, brand, league); err != nil {
			return err
		}
	}
	return nil
}

// subject is an account with the facts of the day.
type subject struct {
	AccountFact
	Facts
}

// walk reads the accounts in batches and joins the figures.
func (s *Service) walk(ctx context.Context, brand id.ID, set Settings, day clock.Day, fn func([]subject) error) error {
	after := id.ID(0)
	for {
		accounts, err := s.Accounts.Walk(ctx, s.DB, brand, after, judgeBatch)
		if err != nil || len(accounts) == 0 {
			return err
		}
		after = accounts[len(accounts)-1].ID
		ids := make([]id.ID, len(accounts))
		for i, a := range accounts {
			ids[i] = a.ID
		}
		figures, err := s.Figures.Figures(ctx, s.DB, brand, ids, day, set.AskDays)
		if err != nil {
			return err
		}
		views, err := s.Figures.RecentViews(ctx, s.DB, brand, ids, set.UnseenPosts)
		if err != nil {
			return err
		}
		batch := make([]subject, len(accounts))
		for i, a := range accounts {
			batch[i] = subject{a, factsOf(a, figures[a.ID], views[a.ID], day)}
		}
		if err := fn(batch); err != nil {
			return err
		}
	}
}

func factsOf(a AccountFact, f Figure, views []int64, day clock.Day) Facts {
	x := Facts{
		AccountID: a.ID, Kind: a.Kind, Status: a.Status, StatusSince: a.StatusSince, CreatedDay: a.CreatedDay,
		LastPostDay: f.LastPostDay, Posts30: f.Posts30, RecentViews: views, Followers: f.Followers,
		Inquiries: f.Inquiries, Replies: f.Replies, Leads: f.Leads,
	}
	if x.StatusSince == 0 {
		x.StatusSince = day
	}
	if f.FirstDay != 0 {
		x.History = day.Sub(f.FirstDay)
		x.Views = &f.Views
		if f.FirstDay < x.CreatedDay || x.CreatedDay == 0 { // figures can be older than the registry entry
			x.CreatedDay = f.FirstDay
		}
	}
	if x.CreatedDay == 0 {
		x.CreatedDay = day
	}
	if f.Views30 > 0 {
		x.Engagement30 = &Ratio{f.Interactions30, f.Views30}
	}
	if f.Followers != nil {
		x.Gained30 = &f.Gained30
	}
	return x
}

// leagues measures each league: medians over its accounts in good standing that posted in the last 30 days.
func (s *Service) leagues(ctx context.Context, brand id.ID, set Settings, day clock.Day) (map[string]Peer, error) {
	means, err := meanScores(ctx, s.DB, brand)
	if err != nil {
		return nil, err
	}
	type sample struct {
		views, posts []int64
		growth       []float64
		engagement   Ratio
	}
	samples := map[string]*sample{}
	err = s.walk(ctx, brand, set, day, func(batch []subject) error {
		for _, a := range batch {
			if a.AccountFact.Status != "ok" || a.Posts30 == 0 {
				continue
			}
			x := samples[a.League]
			if x == nil {
				x = &sample{}
				samples[a.League] = x
			}
			x.posts = append(x.posts, a.Posts30)
			if len(a.RecentViews) > 0 {
				x.views = append(x.views, median(a.RecentViews))
			}
			if e := a.Engagement30; e != nil {
				x.engagement.Num, x.engagement.Den = x.engagement.Num+e.Num, x.engagement.Den+e.Den
			}
			if a.Followers != nil && a.Gained30 != nil && *a.Followers > *a.Gained30 {
				x.growth = append(x.growth, float64(*a.Gained30)/float64(*a.Followers-*a.Gained30))
			}
		}
		return nil
	})
	out := make(map[string]Peer, len(samples))
	for league, x := range samples {
		slices.Sort(x.growth)
		p := Peer{Accounts: len(x.posts), MedianViews: median(x.views), MedianPosts: median(x.posts), Engagement: x.engagement, MeanScore: means[league]}
		if n := len(x.growth); n > 0 {
			p.GrowthMedian = Ratio{int64(x.growth[n/2] * 1e6), 1e6}
		}
		out[league] = p
	}
	return out, err
}

type counts struct{ zombies, woken int }

// judgeBatch writes the judgement of ≤ judgeBatch accounts in one transaction.
func (s *Service) judgeBatch(ctx context.Context, actor authz.Actor, batch []subject, peers map[string]Peer, set Settings, day clock.Day) (counts, error) {
	var n counts
	ids := make([]id.ID, len(batch))
	scores := make([]scoreRow, len(batch))
	for i, a := range batch {
		ids[i] = a.ID
		scores[i] = judgeOne(a, peers[a.League], set, day)
		if scores[i].Cause != "" {
			n.zombies++
		}
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		open, err := openZombies(ctx, tx, actor.BrandID, ids)
		if err != nil {
			return err
		}
		plan := planEpisodes(verdict{batch, scores, open}, set, day, s.IDs.New)
		n.woken = len(plan.woken)
		if err := putScores(ctx, tx, actor.BrandID, scores); err != nil {
			return err
		}
		if err := putZombies(ctx, tx, actor.BrandID, plan.episodes); err != nil {
			return err
		}
		if err := putSteps(ctx, tx, actor.BrandID, plan.steps); err != nil {
			return err
		}
		if len(plan.woken) > 0 {
			if err := s.Todos.Settle(ctx, tx, actor.BrandID, todoWake, plan.woken, OutcomeAwake); err != nil {
				return err
			}
		}
		if len(plan.todos) == 0 {
			return nil
		}
		if err := s.nameTodos(ctx, tx, actor.BrandID, plan.todos); err != nil {
			return err
		}
		return s.Todos.Create(ctx, tx, actor.BrandID, plan.todos)
	})
	return n, err
}

// nameTodos puts the accounts' names into the texts of to-dos.
func (s *Service) nameTodos(ctx context.Context, q db.Querier, brand id.ID, todos []Todo) error {
	ids := make([]id.ID, len(todos))
	for i, t := range todos {
		ids[i] = t.Object
	}
	labels, err := s.Accounts.Labels(ctx, q, brand, ids)
	for _, t := range todos {
		l := labels[t.Object]
		t.Params["account"], t.Params["platform"] = l.Name, l.Platform
		if l.Name == "" {
			t.Params["account"] = l.Handle
		}
	}
	return err
}

func judgeOne(a subject, p Peer, set Settings, day clock.Day) scoreRow {
	score := Rate(a.Facts, p, set, day)
	parts, err := json.Marshal(score.Parts)
	if err != nil {
		panic(err) // plain strings and ints always marshal
	}
	r := scoreRow{
		AccountID: a.ID, UnitID: a.UnitID, Platform: a.Platform, Kind: a.AccountFact.Kind, League: a.League, Day: day,
		Score: score.Points, Band: set.Band(score.Points), PeerMean: p.MeanScore, Parts: string(parts), Missing: strings.Join(a.Missing(), ","),
	}
	if d, bad := Diagnose(a.Facts, p, set, day); bad {
		r.Cause, r.CauseSince = d.Cause, d.Since
	}
	return r
}

// closeGone ends what belongs to accounts that are no longer open: those that today's walk did not meet.
func (s *Service) closeGone(ctx context.Context, tx *db.Tx, brand id.ID, day clock.Day) error {
	gone, err := db.All[zombieRow](ctx, tx, `SELECT `+zombieColumns+` FROM health_zombie z WHERE z.brand_id = $1 AND z.state = 'open'
		AND NOT EXISTS (SELECT 1 FROM health_score h WHERE h.brand_id = $1 AND h.account_id = z.account_id AND h.day = $2)`, brand, day)
	if err != nil {
		return err
	}
	ids := make([]id.ID, len(gone))
	for i := range gone {
		gone[i].State, gone[i].Outcome, gone[i].ClosedDay = stateClosed, OutcomeGone, day
		ids[i] = gone[i].AccountID
	}
	if err := putZombies(ctx, tx, brand, gone); err != nil {
		return err
	}
	if len(ids) > 0 {
		if err := s.Todos.Settle(ctx, tx, brand, todoWake, ids, OutcomeGone); err != nil {
			return err
		}
	}
	return dropGone(ctx, tx, brand, day)
}

// findAnomalies records the sudden losses of the last 30 days that are not known yet.
func (s *Service) findAnomalies(ctx context.Context, actor authz.Actor, set Settings, day clock.Day) (int, error) {
	falls, err := s.Figures.Falls(ctx, s.DB, actor.BrandID, day.Add(-30), set)
	if err != nil || len(falls) == 0 {
		return 0, err
	}
	found := 0
	for chunk := range slices.Chunk(falls, judgeBatch) {
		ids := make([]id.ID, len(chunk))
		for i, f := range chunk {
			ids[i] = f.AccountID
		}
		labels, err := s.Accounts.Labels(ctx, s.DB, actor.BrandID, ids)
		if err != nil {
			return found, err
		}
		known, err := knownLosses(ctx, s.DB, actor.BrandID, ids, day.Add(-30-lossSpread))
		if err != nil {
			return found, err
		}
		rows := []anomalyRow{}
		for _, f := range chunk {
			if f.Kind == FollowerCliff && !Cliff(f.Before, f.After, set) || f.Kind != FollowerCliff && known.near(f) {
				continue
			}
			rows = append(rows, anomalyRow{ID: s.IDs.New(), AccountID: f.AccountID, UnitID: labels[f.AccountID].UnitID, Kind: f.Kind, Day: f.Day, Before: f.Before, After: f.After})
		}
		err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			n, err := putAnomalies(ctx, tx, actor.BrandID, rows)
			found += int(n)
			return err
		})
		if err != nil {
			return found, err
		}
	}
	return found, nil
}
