package campaign

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// OpenRow is a task of a running campaign that a unit has not finished.
type OpenRow struct {
	Unit       Unit
	CampaignID id.ID
	Campaign   string
	TaskID     id.ID
	Task       string
	Type       TaskType
	DueAt      clock.Ms
	Counts     Counts
	Direct     bool // of the top's own people, who are in no unit below it
}

// missing counts the assignments of a row that nobody has handed in.
func (r *OpenRow) missing() int64 {
	var n int64
	for s, k := range r.Counts.States {
		if waits(s) {
			n += k
		}
	}
	return n
}

// Open is what the units right below one still owe, over all running campaigns. Left are the rows beyond the limit.
type Open struct {
	Unit Unit // the top; no ID when several lie side by side
	Rows []OpenRow
	Left int
}

// maxOpen is how many rows a person can follow up; the late ones come first.
const maxOpen = 300

// OpenTasks reads from the kept counts what the units below one ("" = the actor's top) have not handed in: late ones first, then
// the soonest due. Errors: those of Scope.
func (s *Service) OpenTasks(ctx context.Context, actor authz.Actor, unit string) (*Open, error) {
	top, tops, err := s.top(ctx, actor, unit)
	if err != nil {
		return nil, err
	}
	units, err := s.besides(ctx, actor.BrandID, top.ID, tops)
	if err != nil {
		return nil, err
	}
	running, err := runningTitles(ctx, s.DB, actor.BrandID)
	if err != nil {
		return nil, err
	}
	out := &Open{Unit: top, Rows: []OpenRow{}}
	for _, c := range running {
		rows, err := s.openOf(ctx, actor.BrandID, c, top, units)
		if err != nil {
			return nil, err
		}
		out.Rows = append(out.Rows, rows...)
	}
	slices.SortFunc(out.Rows, func(a, b OpenRow) int {
		return cmp.Or(cmp.Compare(b.Counts.Late, a.Counts.Late), cmp.Compare(a.DueAt, b.DueAt), cmp.Compare(b.missing(), a.missing()), cmp.Compare(a.TaskID, b.TaskID), cmp.Compare(a.Unit.ID, b.Unit.ID))
	})
	if len(out.Rows) > maxOpen {
		out.Left = len(out.Rows) - maxOpen
		out.Rows = out.Rows[:maxOpen]
	}
	return out, nil
}

// besides gives the units that are compared: those right below the top, or the tops that lie side by side.
func (s *Service) besides(ctx context.Context, brand, top id.ID, tops []id.ID) (map[id.ID]Unit, error) {
	if top == 0 {
		return s.Units.Describe(ctx, s.DB, brand, tops)
	}
	below, err := s.Units.Below(ctx, s.DB, brand, top)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]Unit, len(below))
	for _, u := range below {
		out[u.ID] = u
	}
	return out, nil
}

type runningTitle struct {
	ID    id.ID  `db:"id"`
	Title string `db:"sent_title"`
}

func runningTitles(ctx context.Context, q db.Querier, brand id.ID) ([]runningTitle, error) {
	return db.All[runningTitle](ctx, q, `SELECT id, sent_title FROM campaign_campaign WHERE brand_id = $1 AND state = $2 ORDER BY id`, brand, string(Running))
}

// openOf gives the open rows of one campaign: of the units, and of the top's own people, which is what the units leave of it.
func (s *Service) openOf(ctx context.Context, brand id.ID, c runningTitle, top Unit, units map[id.ID]Unit) ([]OpenRow, error) {
	ids := []id.ID{top.ID}
	for u := range units {
		ids = append(ids, u)
	}
	rows, err := countsOfUnits(ctx, s.DB, brand, c.ID, ids)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	tasks, err := tasksOf(ctx, s.DB, brand, c.ID)
	if err != nil {
		return nil, err
	}
	type place struct{ unit, task id.ID }
	by := map[place][]countRow{}
	for _, r := range rows {
		by[place{r.Unit, r.Task}] = append(by[place{r.Unit, r.Task}], r)
		if r.Unit != top.ID && top.ID != 0 {
			r.N = -r.N
			by[place{top.ID, r.Task}] = append(by[place{top.ID, r.Task}], r)
		}
	}
	var out []OpenRow
	for i := range tasks {
		t := &tasks[i]
		if t.Dropped {
			continue
		}
		add := func(u Unit, direct bool) {
			row := OpenRow{Unit: u, CampaignID: c.ID, Campaign: c.Title, TaskID: t.ID, Task: t.plan.Title, Type: t.plan.Type, DueAt: t.DueAt, Counts: sumCounts(by[place{u.ID, t.ID}], 0), Direct: direct}
			n := row.missing()
			if n <= 0 {
				return
			}
			if t.DueAt < s.now() {
				row.Counts.Late = n
			}
			out = append(out, row)
		}
		for _, u := range units {
			add(u, false)
		}
		if top.ID != 0 {
			add(top, len(units) > 0)
		}
	}
	return out, nil
}
