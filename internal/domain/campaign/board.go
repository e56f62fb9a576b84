package campaign

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// BoardUnit is how a unit below stands.
type BoardUnit struct {
	Unit   Unit
	Counts Counts
}

// BoardTask is how a task stands in a unit.
type BoardTask struct {
	ID        id.ID
	Type      TaskType
	Title     string
	DueAt     clock.Ms
	Mandatory bool
	Dropped   bool
	Counts    Counts
}

// Board is how a campaign stands in a unit, by task and by the units right below.
type Board struct {
	Unit   Unit
	Counts Counts
	Tasks  []BoardTask
	Units  []BoardUnit
}

// Board reads a unit's board from the kept counts. Errors: campaign.gone, those of Scope.
func (s *Service) Board(ctx context.Context, actor authz.Actor, campaign id.ID, unit string) (*Board, error) {
	r, _, err := s.visible(ctx, s.DB, actor, permRead, campaign)
	if err != nil {
		return nil, err
	}
	top, tops, err := s.top(ctx, actor, unit)
	if err != nil {
		return nil, err
	}
	out := &Board{Unit: top, Tasks: []BoardTask{}, Units: []BoardUnit{}}
	below := tops
	if top.ID != 0 {
		list, err := s.Units.Below(ctx, s.DB, actor.BrandID, top.ID)
		if err != nil {
			return nil, err
		}
		out.Units = make([]BoardUnit, len(list))
		below = make([]id.ID, len(list))
		for i, u := range list {
			out.Units[i].Unit, below[i] = u, u.ID
		}
	} else {
		names, err := s.Units.Describe(ctx, s.DB, actor.BrandID, tops)
		if err != nil {
			return nil, err
		}
		for _, u := range tops {
			out.Units = append(out.Units, BoardUnit{Unit: names[u]})
		}
	}
	shown := append(slices.Clone(below), tops...)
	var rows []countRow
	if r.State == Dispatching && r.TreeDay == 0 {
		rows, err = s.countsNow(ctx, actor, campaign, shown)
	} else {
		rows, err = countsOfUnits(ctx, s.DB, actor.BrandID, campaign, shown)
	}
	if err != nil {
		return nil, err
	}
	return out, s.fillBoard(ctx, actor, campaign, out, rows, tops)
}

// top is the unit a board begins at: the one asked for, the actor's only one, or none when several lie side by side.
func (s *Service) top(ctx context.Context, actor authz.Actor, unit string) (Unit, []id.ID, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, unit)
	if err != nil {
		return Unit{}, nil, err
	}
	if scope.All {
		root, err := s.Units.Root(ctx, s.DB, actor.BrandID)
		return root, []id.ID{root.ID}, err
	}
	if len(scope.Roots) != 1 {
		return Unit{}, scope.Roots, nil
	}
	names, err := s.Units.Describe(ctx, s.DB, actor.BrandID, scope.Roots)
	return names[scope.Roots[0]], scope.Roots, err
}

// fillBoard lays the counts into the board. What is late is the part of a task's waiting ones once its time is over.
func (s *Service) fillBoard(ctx context.Context, actor authz.Actor, campaign id.ID, out *Board, rows []countRow, tops []id.ID) error {
	tasks, err := tasksOf(ctx, s.DB, actor.BrandID, campaign)
	if err != nil {
		return err
	}
	now := s.now()
	due := make(map[id.ID]clock.Ms, len(tasks))
	for i := range tasks {
		due[tasks[i].ID] = tasks[i].DueAt
	}
	sum := func(pick func(countRow) bool) Counts {
		c := Counts{States: map[Step]int64{}}
		for _, r := range rows {
			switch {
			case !pick(r):
			case r.State == readMark:
				c.Read += r.N
			default:
				c.States[r.State] += r.N
				if waits(r.State) && due[r.Task] < now {
					c.Late += r.N
				}
			}
		}
		return c
	}
	inTop := func(r countRow) bool { return slices.Contains(tops, r.Unit) }
	out.Counts = sum(inTop)
	for i := range tasks {
		t := &tasks[i]
		out.Tasks = append(out.Tasks, BoardTask{t.ID, t.plan.Type, t.plan.Title, t.DueAt, t.plan.Mandatory, t.Dropped, sum(func(r countRow) bool { return inTop(r) && r.Task == t.ID })})
	}
	byUnit := map[id.ID][]countRow{}
	for _, r := range rows {
		byUnit[r.Unit] = append(byUnit[r.Unit], r)
	}
	all := rows
	for i := range out.Units {
		rows = byUnit[out.Units[i].Unit.ID]
		out.Units[i].Counts = sum(func(countRow) bool { return true })
	}
	rows = all
	out.Units = slices.DeleteFunc(out.Units, func(u BoardUnit) bool { return u.Counts.Total() == 0 })
	return nil
}

// AssignmentFilter cuts a list of assignments.
type AssignmentFilter struct {
	Task  id.ID
	Unit  string
	Left  string // read, accept, submit: only those who have not
	State Step
	After assignmentPlace
	Limit int
}

// assignmentPlace is where a page of assignments ends: they are listed unit by unit.
type assignmentPlace struct{ Unit, ID id.ID }

// Assignments lists who has what, unit by unit. Errors: campaign.gone, those of Scope.
func (s *Service) Assignments(ctx context.Context, actor authz.Actor, campaign id.ID, f AssignmentFilter) ([]Shown, error) {
	if _, _, err := s.visible(ctx, s.DB, actor, permRead, campaign); err != nil {
		return nil, err
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, f.Unit)
	if err != nil {
		return nil, err
	}
	rows, err := listAssignments(ctx, s.DB, scope, campaign, f)
	if err != nil {
		return nil, err
	}
	return s.show(ctx, actor.BrandID, rows)
}

func listAssignments(ctx context.Context, q db.Querier, scope authz.Scope, campaign id.ID, f AssignmentFilter) ([]Assignment, error) {
	var a db.Args
	w := `brand_id = ` + a.Add(scope.BrandID) + ` AND campaign_id = ` + a.Add(campaign) + ` AND ` + scope.Where("unit_id", &a)
	if f.Task != 0 {
		w += ` AND task_id = ` + a.Add(f.Task)
	}
	switch {
	case f.State != "":
		w += ` AND state = ` + a.Add(string(f.State))
	case f.Left == leftRead:
		w += ` AND read_at IS NULL AND state IN ` + quoted([]Step{Given, Accepted, Rejected})
	case f.Left != "":
		w += ` AND state IN ` + quoted(behind(f.Left))
	}
	if f.After.ID != 0 {
		w += ` AND (unit_id, id) > (` + a.Add(f.After.Unit) + `, ` + a.Add(f.After.ID) + `)`
	}
	return db.All[Assignment](ctx, q, `SELECT `+assignmentColumns+` FROM campaign_assignment`+db.IndexedBy(q, "ix_campaign_assignment__unit_id")+` WHERE `+w+
		` ORDER BY unit_id, id LIMIT `+a.Add(f.Limit), a.Values...)
}

// show names the people, units, accounts and tasks of assignments.
func (s *Service) show(ctx context.Context, brand id.ID, rows []Assignment) ([]Shown, error) {
	out := make([]Shown, len(rows))
	if len(rows) == 0 {
		return out, nil
	}
	var members, units, accounts, tasks []id.ID
	for i := range rows {
		members, units, tasks = append(members, rows[i].MemberID), append(units, rows[i].UnitID), append(tasks, rows[i].TaskID)
		if rows[i].AccountID != 0 {
			accounts = append(accounts, rows[i].AccountID)
		}
	}
	names, err := s.People.Names(ctx, s.DB, brand, unique(members))
	if err != nil {
		return nil, err
	}
	places, err := s.Units.Describe(ctx, s.DB, brand, unique(units))
	if err != nil {
		return nil, err
	}
	labels := map[id.ID]Label{}
	if len(accounts) > 0 {
		if labels, err = s.Accounts.Labels(ctx, s.DB, brand, unique(accounts)); err != nil {
			return nil, err
		}
	}
	plans, err := someTasks(ctx, s.DB, brand, unique(tasks))
	if err != nil {
		return nil, err
	}
	now := s.now()
	for i, a := range rows {
		out[i] = Shown{Assignment: a, Member: names[a.MemberID], Unit: pathOf(places[a.UnitID]), Account: labels[a.AccountID].Name, Late: waits(a.State) && a.DueAt < now}
		if t := plans[a.TaskID]; t != nil {
			out[i].Task = t.plan.Title
		}
	}
	return out, nil
}

func unique(ids []id.ID) []id.ID {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}
