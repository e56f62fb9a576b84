package health

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// permRead, permWrite and permSettings guard the room.
const (
	permRead     = "health.read"
	permWrite    = "health.write"
	permSettings = "health.settings"
)

// Filter cuts the list of judged accounts; zero fields do not. Cause "any" means every zombie.
type Filter struct {
	Unit, Band, Cause, Platform, Kind string
}

// Place is where a page of the list ends: the last row's score and account.
type Place struct {
	Score   int
	Account id.ID
}

// Judgement is an account as the room sees it.
type Judgement struct {
	AccountID id.ID
	Label     Label
	Kind      string
	League    string
	Day       clock.Day
	Score     int
	Band      string
	PeerMean  int
	Cause     Cause
	Since     clock.Day
	Parts     []Part
	Silent    []Silence // causes that could not be judged
}

// List gives ≤ limit judged accounts of the actor's scope, worst first. Errors: those of Scope.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter, after Place, limit int) ([]Judgement, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, f.Unit)
	if err != nil {
		return nil, err
	}
	rows, err := listScores(ctx, s.DB, actor.BrandID, scoreFilter{scope, f.Band, f.Cause, f.Platform, f.Kind}, after.Score, after.Account, limit)
	if err != nil {
		return nil, err
	}
	return s.judgements(ctx, actor.BrandID, rows)
}

func (s *Service) judgements(ctx context.Context, brand id.ID, rows []scoreRow) ([]Judgement, error) {
	labels, err := labelsOf(ctx, s, brand, rows)
	if err != nil {
		return nil, err
	}
	out := make([]Judgement, len(rows))
	for i, r := range rows {
		out[i] = Judgement{
			AccountID: r.AccountID, Label: labels[r.AccountID], Kind: r.Kind, League: r.League, Day: r.Day, Score: r.Score,
			Band: r.Band, PeerMean: r.PeerMean, Cause: r.Cause, Since: r.CauseSince, Silent: Silent(strings.Split(r.Missing, ",")),
		}
		if err := json.Unmarshal([]byte(r.Parts), &out[i].Parts); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// labelsOf names the accounts of rows, a batch at a time.
func labelsOf[T interface{ account() id.ID }](ctx context.Context, s *Service, brand id.ID, rows []T) (map[id.ID]Label, error) {
	out := make(map[id.ID]Label, len(rows))
	for part := range slices.Chunk(rows, judgeBatch) {
		ids := make([]id.ID, len(part))
		for i, r := range part {
			ids[i] = r.account()
		}
		labels, err := s.Accounts.Labels(ctx, s.DB, brand, ids)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, labels)
	}
	return out, nil
}

func (r scoreRow) account() id.ID   { return r.AccountID }
func (r anomalyRow) account() id.ID { return r.AccountID }
func (r itemRow) account() id.ID    { return r.AccountID }

// Episode is a stretch of not working with the steps that were taken to wake the account.
type Episode struct {
	Cause        Cause
	Since, Found clock.Day
	Closed       clock.Day
	Outcome      string
	Step         int
	Steps        []StepTaken
}

// StepTaken is a rung of the ladder.
type StepTaken struct {
	Step       int
	Taken, Due clock.Day
	Audience   string
}

// Get gives one account's judgement and its history of episodes. Errors: health.not_judged when the account is outside
// the actor's scope or was never judged.
func (s *Service) Get(ctx context.Context, actor authz.Actor, account id.ID) (Judgement, []Episode, error) {
	missing := errs.New(errs.NotFound, "health.not_judged")
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, "")
	if err != nil {
		return Judgement{}, nil, err
	}
	a := &db.Args{}
	rows, err := db.All[scoreRow](ctx, s.DB, `SELECT `+scoreColumns+` FROM health_score WHERE brand_id = `+a.Add(actor.BrandID)+
		` AND account_id = `+a.Add(account)+` AND `+scope.Where("unit_id", a), a.Values...)
	if err != nil {
		return Judgement{}, nil, err
	}
	if len(rows) == 0 {
		return Judgement{}, nil, missing
	}
	j, err := s.judgements(ctx, actor.BrandID, rows)
	if err != nil {
		return Judgement{}, nil, err
	}
	episodes, err := s.episodes(ctx, actor.BrandID, account)
	return j[0], episodes, err
}

func (s *Service) episodes(ctx context.Context, brand, account id.ID) ([]Episode, error) {
	zombies, err := zombiesOf(ctx, s.DB, brand, account)
	if err != nil || len(zombies) == 0 {
		return []Episode{}, err
	}
	ids := make([]id.ID, len(zombies))
	at := make(map[id.ID]int, len(zombies))
	out := make([]Episode, len(zombies))
	for i, z := range zombies {
		ids[i], at[z.ID] = z.ID, i
		out[i] = Episode{Cause: z.Cause, Since: z.SinceDay, Found: z.FoundDay, Closed: z.ClosedDay, Outcome: z.Outcome, Step: z.Step, Steps: []StepTaken{}}
	}
	steps, err := stepsOf(ctx, s.DB, brand, ids)
	for _, st := range steps {
		e := &out[at[st.ZombieID]]
		e.Steps = append(e.Steps, StepTaken{st.Step, st.TakenDay, st.DueDay, st.Audience})
	}
	return out, err
}

// Board is the zombie board: how many accounts by band, by cause and by platform, and what became of the episodes that
// ended in the last 30 days. Judged is the day of the figures, 0 when the brand was never judged.
type Board struct {
	Judged     clock.Day
	JudgedAt   clock.Ms
	Accounts   int64
	Bands      map[string]int64
	Causes     map[Cause]int64
	Outcomes30 map[string]int64
	Silent     map[Cause]int64 // accounts for which the cause could not be judged
	Anomalies  int             // open ones, counted up to 200
	Settings   Settings
}

// Board counts within the actor's scope, cut to unit. Errors: those of Scope.
func (s *Service) Board(ctx context.Context, actor authz.Actor, unit string) (Board, error) {
	b := Board{Bands: map[string]int64{}, Causes: map[Cause]int64{}, Outcomes30: map[string]int64{}, Silent: map[Cause]int64{}}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, unit)
	if err != nil {
		return b, err
	}
	if b.Settings, err = getSettings(ctx, s.DB, actor.BrandID); err != nil {
		return b, err
	}
	if b.Judged, b.JudgedAt, err = getRun(ctx, s.DB, actor.BrandID); err != nil {
		return b, err
	}
	f := scoreFilter{Scope: scope}
	bands, err := tallyScores(ctx, s.DB, actor.BrandID, f, "band")
	if err != nil {
		return b, err
	}
	for _, t := range bands {
		b.Bands[t.Key] = t.Count
		b.Accounts += t.Count
	}
	lacking, err := tallyScores(ctx, s.DB, actor.BrandID, f, "missing")
	if err != nil {
		return b, err
	}
	for _, t := range lacking {
		for _, x := range Silent(strings.Split(t.Key, ",")) {
			b.Silent[x.Cause] += t.Count
		}
	}
	f.Cause = "any"
	causes, err := tallyScores(ctx, s.DB, actor.BrandID, f, "cause")
	if err != nil {
		return b, err
	}
	for _, t := range causes {
		b.Causes[Cause(t.Key)] = t.Count
	}
	ended, err := closedSince(ctx, s.DB, actor.BrandID, scope, s.today(actor).Add(-30))
	if err != nil {
		return b, err
	}
	for _, t := range ended {
		b.Outcomes30[t.Key] = t.Count
	}
	open, err := listAnomalies(ctx, s.DB, actor.BrandID, scope, AnomalyQuery{State: stateOpen, Limit: 200})
	b.Anomalies = len(open)
	return b, err
}

// Anomaly is a sudden loss.
type Anomaly struct {
	ID            id.ID
	AccountID     id.ID
	Label         Label
	Kind          string
	Day           clock.Day
	Before, After int64
	State         string
	Note, SeenBy  string
	SeenAt        clock.Ms
}

// AnomalyQuery asks for a page of anomalies: those of a unit ("" = all), of a state ("" = every), after a place.
type AnomalyQuery struct {
	Unit, State, Kind string
	Day               clock.Day
	After             id.ID
	Limit             int
}

// Anomalies gives anomalies, newest first.
func (s *Service) Anomalies(ctx context.Context, actor authz.Actor, q AnomalyQuery) ([]Anomaly, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, q.Unit)
	if err != nil {
		return nil, err
	}
	rows, err := listAnomalies(ctx, s.DB, actor.BrandID, scope, q)
	if err != nil {
		return nil, err
	}
	labels, err := labelsOf(ctx, s, actor.BrandID, rows)
	out := make([]Anomaly, len(rows))
	for i, r := range rows {
		out[i] = Anomaly{r.ID, r.AccountID, labels[r.AccountID], r.Kind, r.Day, r.Before, r.After, r.State, r.Note, r.SeenBy, r.SeenAt}
	}
	return out, err
}

// Anomaly gives one anomaly with the lines behind it. Error: health.anomaly_gone when there is none in the actor's scope.
func (s *Service) Anomaly(ctx context.Context, actor authz.Actor, anomaly id.ID) (Anomaly, []FallRow, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, "")
	if err != nil {
		return Anomaly{}, nil, err
	}
	rows, err := anomalyByID(ctx, s.DB, scope, anomaly)
	if err != nil {
		return Anomaly{}, nil, err
	}
	if len(rows) == 0 {
		return Anomaly{}, nil, errs.New(errs.NotFound, "health.anomaly_gone")
	}
	labels, err := labelsOf(ctx, s, actor.BrandID, rows)
	if err != nil {
		return Anomaly{}, nil, err
	}
	r := rows[0]
	lines, err := s.Figures.FallRows(ctx, s.DB, actor.BrandID, r.AccountID, r.Kind, r.Day)
	return Anomaly{r.ID, r.AccountID, labels[r.AccountID], r.Kind, r.Day, r.Before, r.After, r.State, r.Note, r.SeenBy, r.SeenAt}, lines, err
}

// SeeAnomaly marks an open anomaly as looked at, with a note. Errors: health.anomaly_gone when it is not open or not in
// the actor's scope.
func (s *Service) SeeAnomaly(ctx context.Context, actor authz.Actor, anomaly id.ID, note string) error {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permWrite, "")
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		ok, err := seeAnomaly(ctx, tx, anomaly, scope, seen{note, actor.Name, clock.MsOf(s.Clock.Now())})
		if err == nil && !ok {
			err = errs.New(errs.NotFound, "health.anomaly_gone")
		}
		return err
	})
}

// Settings gives the brand's thresholds.
func (s *Service) Settings(ctx context.Context, actor authz.Actor) (Settings, error) {
	return getSettings(ctx, s.DB, actor.BrandID)
}

// SetSettings replaces the thresholds; the next judgement uses them. Errors: fields with health.out_of_range and
// health.ladder_rises.
func (s *Service) SetSettings(ctx context.Context, actor authz.Actor, set Settings) error {
	if err := set.validate(); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "health.settings", After: set}); err != nil {
			return err
		}
		return putSettings(ctx, tx, actor.BrandID, set, clock.MsOf(s.Clock.Now()), actor.UserID)
	})
}

func (set Settings) validate() error {
	bad := errs.Bad()
	within := func(path string, v, low, high int) {
		if v < low || v > high {
			bad.Field(path, "health.out_of_range", "low", low, "high", high)
		}
	}
	within("sleep_days", set.SleepDays, 7, 365)
	within("sleep_days_store", set.SleepDaysStore, 7, 365)
	within("unseen_posts", set.UnseenPosts, 3, 50)
	within("unseen_percent", set.UnseenPercent, 1, 100)
	within("ask_days", set.AskDays, 7, 365)
	within("ask_views", int(set.AskViews), 0, 1_000_000)
	within("reply_inquiries", set.ReplyInquiries, 1, 1000)
	within("reply_percent", set.ReplyPercent, 1, 100)
	within("convert_inquiries", set.ConvertInquiries, 1, 1000)
	within("convert_percent", set.ConvertPercent, 1, 100)
	within("cliff_percent", set.CliffPercent, 1, 90)
	within("deleted_posts", set.DeletedPosts, 2, 1000)
	within("deleted_percent", set.DeletedPercent, 1, 100)
	within("fallen_posts", set.FallenPosts, 2, 1000)
	within("amber", set.Amber, 1, 99)
	within("green", set.Green, set.Amber+1, 100)
	within("ladder", len(set.Ladder), 1, 8)
	for i := 1; i < len(set.Ladder); i++ {
		if set.Ladder[i] <= set.Ladder[i-1] {
			bad.Field("ladder", "health.ladder_rises")
			break
		}
	}
	return bad.OrNil()
}
