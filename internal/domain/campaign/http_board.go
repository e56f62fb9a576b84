package campaign

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

func (h handlers) boardRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: rootPath + "open", Summary: "What the units below one have not handed in, over all running campaigns, late ones first", Permission: permRead}, h.open)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: campaignPath + "/board", Summary: "How a unit and each unit below it stands, from kept counts", Permission: permRead}, h.board)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: campaignPath + "/assignments", Summary: "Assignments of a campaign: who has not read, accepted or handed in", Permission: permRead}, h.assignments)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: campaignPath + "/remind", Summary: "Remind everybody who is behind, at most once a day each", Permission: permRemind, Idempotent: true}, h.remind)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: campaignPath + "/reminders", Summary: "What was reminded of, newest first", Permission: permRead}, h.reminders)
}

// countsBody is how many assignments stand where.
type countsBody struct {
	Total  int64          `json:"total" doc:"without those that are gone"`
	Read   int64          `json:"read"`
	Late   int64          `json:"late" doc:"not handed in although the time is over"`
	States map[Step]int64 `json:"states"`
}

type boardIn struct {
	ID   id.ID  `path:"id"`
	Unit string `query:"unit" maxLength:"500" doc:"id or path; empty for the caller's top"`
}

type boardTaskBody struct {
	ID        id.ID      `json:"id"`
	Type      TaskType   `json:"type"`
	Title     string     `json:"title"`
	DueAt     clock.Ms   `json:"due_at"`
	Mandatory bool       `json:"mandatory"`
	Dropped   bool       `json:"dropped" doc:"taken out by a later version"`
	Counts    countsBody `json:"counts"`
}

type boardUnitBody struct {
	ID     id.ID      `json:"id"`
	Name   string     `json:"name"`
	Kind   string     `json:"kind"`
	Leaf   bool       `json:"leaf" doc:"has no units below"`
	Counts countsBody `json:"counts"`
}

type boardBody struct {
	UnitID id.ID           `json:"unit_id"`
	Name   string          `json:"name"`
	Path   string          `json:"path"`
	Counts countsBody      `json:"counts"`
	Tasks  []boardTaskBody `json:"tasks"`
	Units  []boardUnitBody `json:"units" doc:"the units right below, those with assignments"`
}

func (h handlers) board(ctx context.Context, actor authz.Actor, in *boardIn) (*boardBody, error) {
	b, err := h.s.Board(ctx, actor, in.ID, in.Unit)
	if err != nil {
		return nil, err
	}
	out := &boardBody{
		UnitID: b.Unit.ID, Name: b.Unit.Name, Path: b.Unit.Path, Counts: countsOf(b.Counts),
		Tasks: make([]boardTaskBody, len(b.Tasks)), Units: make([]boardUnitBody, len(b.Units)),
	}
	for i, t := range b.Tasks {
		out.Tasks[i] = boardTaskBody{t.ID, t.Type, t.Title, t.DueAt, t.Mandatory, t.Dropped, countsOf(t.Counts)}
	}
	for i, u := range b.Units {
		out.Units[i] = boardUnitBody{u.Unit.ID, u.Unit.Name, u.Unit.Kind, u.Unit.Leaf, countsOf(u.Counts)}
	}
	return out, nil
}

// whoBody is a person and account as a board shows them.
type whoBody struct {
	MemberID  id.ID  `json:"member_id"`
	Member    string `json:"member"`
	UnitID    id.ID  `json:"unit_id"`
	Unit      string `json:"unit" doc:"path"`
	AccountID id.ID  `json:"account_id"`
	Account   string `json:"account" doc:"shown name; empty where a task is done by a person as such"`
	Platform  string `json:"platform"`
	Company   bool   `json:"company"`
}

// assignmentBody is an assignment in a list.
type assignmentBody struct {
	ID        id.ID    `json:"id"`
	TaskID    id.ID    `json:"task_id"`
	Task      string   `json:"task"`
	Who       whoBody  `json:"who"`
	State     Step     `json:"state" enum:"given,accepted,declined,submitted,look,passed,rejected,appealed,settled,denied,gone"`
	Reason    string   `json:"reason" doc:"slug of why it was declined, rejected or lost"`
	Why       string   `json:"why" doc:"the reason in the caller's language"`
	DueAt     clock.Ms `json:"due_at"`
	Late      bool     `json:"late"`
	ReadAt    clock.Ms `json:"read_at" nullable:"true"`
	ChangedAt clock.Ms `json:"changed_at"`
}

type assignmentsIn struct {
	web.Paging
	ID   id.ID  `path:"id"`
	Task id.ID  `query:"task"`
	Unit string `query:"unit" maxLength:"500" doc:"id or path"`
	Left string `query:"left" enum:"read,accept,submit" doc:"only those who have not read, accepted or handed in"`
	// State is one state.
	State Step `query:"state" enum:"given,accepted,declined,submitted,look,passed,rejected,appealed,settled,denied,gone"`
}

func (h handlers) assignments(ctx context.Context, actor authz.Actor, in *assignmentsIn) (*web.Page[assignmentBody], error) {
	mark := []any{actor.BrandID, in.ID, in.Task, in.Unit, in.Left, in.State}
	var after assignmentPlace
	if _, err := h.cursors.Read(in.Cursor, "unit", mark, &after.Unit, &after.ID); err != nil {
		return nil, err
	}
	rows, err := h.s.Assignments(ctx, actor, in.ID, AssignmentFilter{Task: in.Task, Unit: in.Unit, Left: in.Left, State: in.State, After: after, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	rows, more := web.Cut(rows, in.Limit)
	items := make([]assignmentBody, len(rows))
	for i := range rows {
		items[i] = h.assignmentOf(actor, &rows[i])
	}
	next := ""
	if more {
		last := rows[len(rows)-1]
		next = h.cursors.Next("unit", mark, last.UnitID, last.ID)
	}
	return web.NewPage(items, next), nil
}

func (h handlers) assignmentOf(actor authz.Actor, x *Shown) assignmentBody {
	return assignmentBody{
		x.ID, x.TaskID, x.Task, whoOf(x), x.State, x.Reason, h.why(actor, x.Reason), x.DueAt, x.Late, x.ReadAt, x.ChangedAt,
	}
}

func whoOf(x *Shown) whoBody {
	return whoBody{x.MemberID, x.Member, x.UnitID, x.Unit, x.AccountID, x.Account, x.Platform, x.Company}
}

type remindIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Left    string  `json:"left" enum:"read,accept,submit"`
		Task    id.ID   `json:"task" required:"false" nullable:"true"`
		Unit    string  `json:"unit" required:"false" maxLength:"500"`
		Members []id.ID `json:"members" required:"false" maxItems:"500" doc:"only these; none = everybody who is behind"`
	}
}

// remindedBody tells what a reminder did.
type remindedBody struct {
	People int64 `json:"people" doc:"who was told"`
	Recent int64 `json:"recent" doc:"left out: reminded within a day"`
	NoUser int64 `json:"no_user" doc:"left out: cannot sign in, tell them yourself"`
}

func (h handlers) remind(ctx context.Context, actor authz.Actor, in *remindIn) (*remindedBody, error) {
	b := &in.Body
	n, err := h.s.Remind(ctx, actor, in.ID, Reminder{Left: b.Left, Task: b.Task, Unit: b.Unit, Members: b.Members})
	return &remindedBody{n.People, n.Recent, n.NoUser}, err
}

type reminderBody struct {
	At     clock.Ms `json:"at"`
	By     string   `json:"by"`
	Left   string   `json:"left" enum:"read,accept,submit"`
	Unit   string   `json:"unit"`
	People int64    `json:"people"`
}

type remindersBody struct {
	Items []reminderBody `json:"items"`
}

func (h handlers) reminders(ctx context.Context, actor authz.Actor, in *oneIn) (*remindersBody, error) {
	list, err := h.s.Reminders(ctx, actor, in.ID)
	out := &remindersBody{Items: make([]reminderBody, len(list))}
	for i, x := range list {
		out.Items[i] = reminderBody(x)
	}
	return out, err
}
