package account

import (
	"context"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
)

// exportPage is how many rows an export reads at once.
const exportPage = 1000

// exporting is an export that was allowed and put on the trail.
type exporting struct {
	s     *Service
	actor authz.Actor
	q     Query
	scope authz.Scope
}

// export checks the right to export and writes the trail; write then streams the rows.
func (s *Service) export(ctx context.Context, actor authz.Actor, q Query) (*exporting, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, PermExport, q.Filter.Unit)
	if err != nil {
		return nil, err
	}
	if _, _, err := q.Sort.column(); err != nil {
		return nil, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.audited(ctx, tx, actor, audit.Entry{Action: "account.export", After: q.Filter})
	})
	return &exporting{s, actor, q, scope}, err
}

func exportColumns() []string {
	return []string{
		"platform", "handle", "name", "external_id", "kind", "unit", "member", "ownership", "status", "status_cause", "certification",
		"cert_until", "city", "followers", "last_post", "created", "tags",
	}
}

// write streams the filtered list page by page.
func (e *exporting) write(ctx context.Context, w io.Writer, text func(string, map[string]any) string) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	sw, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	var head []any
	for _, c := range exportColumns() {
		head = append(head, text("account.col_"+c, nil))
	}
	if err := sw.SetRow("A1", head); err != nil {
		return err
	}
	e.q.Limit = exportPage
	for line := 2; ; {
		rows, err := selectPage(ctx, e.s.DB, e.scope, e.q)
		if err != nil {
			return err
		}
		more := len(rows) > exportPage
		rows = rows[:min(len(rows), exportPage)]
		items, err := e.s.dress(ctx, e.s.DB, e.actor.BrandID, rows)
		if err != nil {
			return err
		}
		for _, it := range items {
			cell, _ := excelize.CoordinatesToCellName(1, line)
			if err := sw.SetRow(cell, e.row(it, text)); err != nil {
				return err
			}
			line++
		}
		if !more {
			break
		}
		col, _, _ := e.q.Sort.column()
		p := rows[len(rows)-1].place(col)
		e.q.After = &p
	}
	if err := sw.Flush(); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}

func (e *exporting) row(it Item, text func(string, map[string]any) string) []any {
	a := it.Account
	name := func(prefix, value string) string {
		if value == "" {
			return ""
		}
		return text("account."+prefix+"_"+value, nil)
	}
	cause := a.StatusCause
	if strings.HasPrefix(cause, "account.cause_") {
		cause = text(cause, nil)
	}
	city, _ := e.s.atlas.City(a.City)
	var followers any
	if a.Followers >= 0 {
		followers = a.Followers
	}
	return []any{
		name("platform", string(a.Platform)), safe(a.Handle), safe(a.Name), safe(a.ExternalID), name("kind", string(a.Kind)), safe(it.Unit.Path),
		safe(it.Member.Name), name("ownership", string(a.Ownership)), name("status", string(a.Status)), safe(cause), name("cert", string(a.CertState)),
		a.CertUntil.String(), city.Short, followers, clock.Day(a.LastPostDay).String(), a.CreatedDay.String(), safe(strings.Join(it.Tags, " ")),
	}
}

// safe keeps a spreadsheet from running a text as a formula.
func safe(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func writeTemplate(w io.Writer, header []string, rows [][]string) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	sw, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	if err := sw.SetColWidth(1, len(header), 16); err != nil {
		return err
	}
	for i, r := range append([][]string{header}, rows...) {
		cells := make([]any, len(r))
		for k, v := range r {
			cells[k] = v
		}
		at, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := sw.SetRow(at, cells); err != nil {
			return err
		}
	}
	if err := sw.Flush(); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}
