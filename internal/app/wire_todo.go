package app

import (
	"context"
	"maps"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/identity"
	"kosmos/internal/domain/notify"
	"kosmos/internal/domain/org"
	"kosmos/internal/domain/todo"
)

// todoPeople is what todo asks of identity and org.
type todoPeople struct {
	*identity.Service
	org *org.Service
}

// UnitsOf implements todo.People.
func (p todoPeople) UnitsOf(ctx context.Context, q db.Querier, brand id.ID, members []id.ID) (map[id.ID]id.ID, error) {
	found, err := p.org.MembersByID(ctx, q, brand, members)
	out := make(map[id.ID]id.ID, len(found))
	for k, m := range found {
		out[k] = m.UnitID
	}
	return out, err
}

// NamesOf implements todo.People.
func (p todoPeople) NamesOf(ctx context.Context, q db.Querier, brand id.ID, units, members []id.ID) (map[id.ID]string, error) {
	out := make(map[id.ID]string, len(units)+len(members))
	us, err := p.org.UnitsByID(ctx, q, brand, units)
	if err != nil {
		return nil, err
	}
	for k, u := range us {
		out[k] = u.Name
	}
	ms, err := p.org.MembersByID(ctx, q, brand, members)
	for k, m := range ms {
		out[k] = m.Name
	}
	return out, err
}

// ManagersOf implements todo.People: the store or region managers at the unit or the nearest unit above that has any;
// headquarters' operations where there is none.
func (p todoPeople) ManagersOf(ctx context.Context, q db.Querier, brand id.ID, units []id.ID) (map[id.ID][]id.ID, error) {
	up, err := p.org.Ancestors(ctx, q, brand, units, clock.Forever)
	if err != nil {
		return nil, err
	}
	places := map[id.ID]bool{}
	for _, list := range up {
		for _, u := range list {
			places[u] = true
		}
	}
	at, err := p.HoldersOf(ctx, q, brand, []authz.Role{authz.StoreManager, authz.RegionManager}, slices.Sorted(maps.Keys(places)))
	if err != nil {
		return nil, err
	}
	hq, err := p.HoldersOf(ctx, q, brand, []authz.Role{authz.HQOps}, []id.ID{0})
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID][]id.ID, len(units))
	for _, u := range units {
		out[u] = hq[0]
		for _, above := range up[u] {
			if len(at[above]) > 0 {
				out[u] = at[above]
				break
			}
		}
	}
	return out, nil
}

// noticeOverdue is the kind of the notice about overdue to-dos; its texts belong to todo.
const noticeOverdue = "todo.overdue"

// todoNotices is what todo asks of notify.
type todoNotices struct{ *notify.Service }

// Overdue implements todo.Notices: one notice per manager and day.
func (n todoNotices) Overdue(ctx context.Context, tx *db.Tx, brand id.ID, day clock.Day, counts map[id.ID]int64) error {
	list := make([]notify.Notice, 0, len(counts))
	for _, user := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, notify.Notice{UserID: user, Key: day.String(), Params: map[string]any{"n": counts[user]}, Link: "/todo?box=units"})
	}
	return n.Send(ctx, tx, brand, noticeOverdue, list)
}

// Changed implements todo.Notices.
func (n todoNotices) Changed(brand, user id.ID) { n.Hub().Signal(brand, user, notify.TopicTodo) }

func newTodo(b base, s *services) *todo.Service {
	s.Notify.Declare(notify.Kind{Key: noticeOverdue, Cap: 3})
	return todo.New(todo.Deps{
		DB: b.DB, IDs: b.IDs, Clock: b.Clock, Jobs: b.Jobs, Scopes: s.Org,
		People: todoPeople{s.Identity, s.Org}, Notices: todoNotices{s.Notify},
	})
}

// accountTasks is what account asks of todo.
type accountTasks struct{ todo *todo.Service }

// taskKind gives the kind of an account's task: its key is "<word>:<account>".
func taskKind(key string) string {
	word, _, _ := strings.Cut(key, ":")
	return "account." + word
}

// OpenTasks implements account.Tasks. The due day belongs to the key: the same reminder of a later term is another.
func (t accountTasks) OpenTasks(ctx context.Context, tx *db.Tx, brand id.ID, tasks []account.Task) error {
	drafts := make([]todo.Draft, 0, len(tasks))
	for _, k := range tasks {
		d := todo.Draft{
			Kind: taskKind(k.Key), Key: k.Key + ":" + k.Due.String(), Object: k.AccountID, UnitID: k.UnitID, MemberID: k.MemberID,
			Audience: todo.Owner, Slug: k.Slug, Params: k.Params, Link: k.Link, DueDay: k.Due,
		}
		if k.MemberID == 0 {
			d.Audience = todo.Manager
		}
		drafts = append(drafts, d)
	}
	_, err := t.todo.Create(ctx, tx, brand, drafts)
	return err
}

// CloseTasks implements account.Tasks.
func (t accountTasks) CloseTasks(ctx context.Context, tx *db.Tx, brand id.ID, keys []string) error {
	for _, k := range keys {
		if err := t.todo.SettleKeys(ctx, tx, brand, taskKind(k), []string{k}); err != nil {
			return err
		}
	}
	return nil
}
