package campaign

import (
	"context"
	"maps"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// read is the state under which campaign_count counts what was read.
const readMark Step = "read"

// Counts are how many assignments stand where.
type Counts struct {
	States map[Step]int64
	Read   int64
	Late   int64
}

// Total counts the assignments without those that are gone.
func (c Counts) Total() int64 {
	var n int64
	for s, k := range c.States {
		if s != Gone {
			n += k
		}
	}
	return n
}

type countKey struct {
	campaign, unit, task id.ID
	state                Step
}

func compareCount(a, b countKey) int {
	for _, d := range []id.ID{a.campaign - b.campaign, a.unit - b.unit, a.task - b.task} {
		if d != 0 {
			return int(min(max(d, -1), 1))
		}
	}
	return strings.Compare(string(a.state), string(b.state))
}

// deltas collects what a transaction changes in the counts, per own unit; apply spreads it upwards.
type deltas map[countKey]int64

func (d deltas) add(a *Assignment, s Step, n int64) {
	d[countKey{a.CampaignID, a.UnitID, a.TaskID, s}] += n
}

// apply writes the changes for each unit and every unit above it, along the tree the counts are kept along.
func (d deltas) apply(ctx context.Context, tx *db.Tx, s *Service, brand id.ID) error {
	byCampaign := map[id.ID]map[id.ID]bool{}
	for k, n := range d {
		if n != 0 {
			if byCampaign[k.campaign] == nil {
				byCampaign[k.campaign] = map[id.ID]bool{}
			}
			byCampaign[k.campaign][k.unit] = true
		}
	}
	sums := map[countKey]int64{}
	for _, campaign := range slices.Sorted(maps.Keys(byCampaign)) {
		day, err := db.One[clock.Day](ctx, tx, `SELECT tree_day FROM campaign_campaign WHERE brand_id = $1 AND id = $2`, brand, campaign)
		if err != nil {
			return err
		}
		if day == 0 { // not counted yet: the end of the walk counts everything
			continue
		}
		up, err := s.Scopes.Ancestors(ctx, tx, brand, slices.Sorted(maps.Keys(byCampaign[campaign])), day)
		if err != nil {
			return err
		}
		for k, n := range d {
			if k.campaign != campaign || n == 0 {
				continue
			}
			for _, u := range up[k.unit] {
				sums[countKey{campaign, u, k.task, k.state}] += n
			}
		}
	}
	return writeCounts(ctx, tx, brand, sums)
}

var countCols = []string{"brand_id", "campaign_id", "unit_id", "task_id", "state", "n"}

func writeCounts(ctx context.Context, tx *db.Tx, brand id.ID, sums map[countKey]int64) error {
	keys := make([]countKey, 0, len(sums))
	for k, n := range sums {
		if n != 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, compareCount)
	rows := make([][]any, len(keys))
	for i, k := range keys {
		rows[i] = []any{int64(brand), int64(k.campaign), int64(k.unit), int64(k.task), string(k.state), sums[k]}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := db.Insert(ctx, tx, "campaign_count", countCols, rows, `ON CONFLICT (brand_id, campaign_id, unit_id, task_id, state) DO UPDATE SET n = campaign_count.n + excluded.n`)
	return err
}

// groupRow is how many assignments of a unit's own stand where.
type groupRow struct {
	Task  id.ID `db:"task_id"`
	Unit  id.ID `db:"unit_id"`
	State Step  `db:"state"`
	N     int64 `db:"n"`
	Read  int64 `db:"was_read"`
}

func groupsOf(ctx context.Context, q db.Querier, brand, campaign id.ID) ([]groupRow, error) {
	return db.All[groupRow](ctx, q, `SELECT task_id, unit_id, state, COUNT(*) AS n, CAST(COALESCE(SUM(CASE WHEN read_at IS NULL OR state = 'gone' THEN 0 ELSE 1 END), 0) AS BIGINT) AS was_read
		FROM campaign_assignment WHERE brand_id = $1 AND campaign_id = $2 GROUP BY task_id, unit_id, state`, brand, campaign)
}

// countsNow counts the assignments of units themselves: while the first walk runs nothing is kept yet, and people who watch it
// want to see it grow.
func (s *Service) countsNow(ctx context.Context, actor authz.Actor, campaign id.ID, units []id.ID) ([]countRow, error) {
	groups, err := groupsOf(ctx, s.DB, actor.BrandID, campaign)
	if err != nil {
		return nil, err
	}
	sums, err := s.spread(ctx, s.DB, actor.BrandID, campaign, groups, s.today(actor))
	if err != nil {
		return nil, err
	}
	asked := make(map[id.ID]bool, len(units))
	for _, u := range units {
		asked[u] = true
	}
	var out []countRow
	for k, n := range sums {
		if n != 0 && asked[k.unit] {
			out = append(out, countRow{k.unit, k.task, k.state, n})
		}
	}
	return out, nil
}

// recount makes the counts of a campaign anew from its assignments, along today's tree. Whoever changes an assignment meanwhile
// either has done so before the rows of the counts were locked, and is counted, or adds to the new ones.
func (s *Service) recount(ctx context.Context, actor authz.Actor, campaign id.ID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := lockRow(ctx, tx, actor.BrandID, campaign); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE campaign_count SET n = n WHERE brand_id = $1 AND campaign_id = $2`, actor.BrandID, campaign); err != nil {
			return err
		}
		groups, err := groupsOf(ctx, tx, actor.BrandID, campaign)
		if err != nil {
			return err
		}
		day := s.today(actor)
		sums, err := s.spread(ctx, tx, actor.BrandID, campaign, groups, day)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM campaign_count WHERE brand_id = $1 AND campaign_id = $2`, actor.BrandID, campaign); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE campaign_campaign SET tree_day = $1 WHERE brand_id = $2 AND id = $3`, day, actor.BrandID, campaign); err != nil {
			return err
		}
		return writeCounts(ctx, tx, actor.BrandID, sums)
	})
}

// spread adds groups up for every unit above them.
func (s *Service) spread(ctx context.Context, q db.Querier, brand, campaign id.ID, groups []groupRow, day clock.Day) (map[countKey]int64, error) {
	seen := map[id.ID]bool{}
	var units []id.ID
	for _, g := range groups {
		if !seen[g.Unit] {
			seen[g.Unit] = true
			units = append(units, g.Unit)
		}
	}
	slices.Sort(units)
	up := make(map[id.ID][]id.ID, len(units))
	for part := range slices.Chunk(units, 1000) {
		got, err := s.Scopes.Ancestors(ctx, q, brand, part, day)
		if err != nil {
			return nil, err
		}
		maps.Copy(up, got)
	}
	sums := make(map[countKey]int64, len(groups)*2)
	for _, g := range groups {
		for _, u := range up[g.Unit] {
			sums[countKey{campaign, u, g.Task, g.State}] += g.N
			sums[countKey{campaign, u, g.Task, readMark}] += g.Read
		}
	}
	return sums, nil
}

// countRow is a row of campaign_count.
type countRow struct {
	Unit  id.ID `db:"unit_id"`
	Task  id.ID `db:"task_id"`
	State Step  `db:"state"`
	N     int64 `db:"n"`
}

// countsOfUnits reads the kept counts of units.
func countsOfUnits(ctx context.Context, q db.Querier, brand, campaign id.ID, units []id.ID) ([]countRow, error) {
	if len(units) == 0 {
		return nil, nil
	}
	var a db.Args
	return db.All[countRow](ctx, q, `SELECT unit_id, task_id, state, n FROM campaign_count WHERE brand_id = `+a.Add(brand)+` AND campaign_id = `+a.Add(campaign)+
		` AND `+db.Among(q, &a, "unit_id", units)+` AND n <> 0`, a.Values...)
}

// sumCounts adds rows up; unit 0 takes them all.
func sumCounts(rows []countRow, unit id.ID) Counts {
	c := Counts{States: map[Step]int64{}}
	for _, r := range rows {
		if unit != 0 && r.Unit != unit {
			continue
		}
		if r.State == readMark {
			c.Read += r.N
		} else {
			c.States[r.State] += r.N
		}
	}
	return c
}
