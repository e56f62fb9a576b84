package reflow

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"kosmos/internal/domain/account"
)

// longRoster is a file so large that its rows are written while others are read; its last column is for nobody. Row
// 3502 names no account.
func (w *world) longRoster(tail ...string) string {
	rows := []string{"单位路径,单位类型,姓名,手机,角色,平台,账号名,平台ID,账号类型,归属,备注"}
	note := strings.Repeat("长", 120)
	for i := range 3500 {
		rows = append(rows, fmt.Sprintf("华东/店%d,store,王%d,,kos,小红书,h%d,,员工,个人,%s", i%7, i, i, note))
	}
	rows = append(rows, "华东/店,store,赵,,kos,小红书,,,员工,个人,"+note)
	return w.file("long.csv", append(rows, tail...)...)
}

func TestRowsOfALongRosterAreWrittenWhileOthersAreRead(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		path := w.longRoster()
		r, _ := w.imp(path, "", "")
		w.want(r, 3500, 0, 0, 1)
		if r.Rows != 3501 || r.Errors[0].Row != 3502 || r.Errors[0].Column != "账号名" {
			w.t.Errorf("%d rows, %+v", r.Rows, r.Errors)
		}
		list, err := w.s.List(w.ctx, w.admin, 0, 1)
		if err != nil || list[0].Total != 3500 || list[0].DoneItems != 3500 || list[0].Errors != 1 || list[0].State != Done {
			w.t.Errorf("%+v, %v", list, err)
		}
		r, _ = w.imp(path, "", "")
		w.want(r, 0, 0, 3500, 1)
	})
}

func TestALongRosterIsGoneOnWith(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		path := w.longRoster()
		for written := 1; written >= 0; written-- { // calls that go through
			ctx, cancel := context.WithCancel(w.ctx)
			calls := 0
			w.roster.stop = func() error {
				if calls++; calls > written {
					cancel()
					return ctx.Err()
				}
				return nil
			}
			if _, err := w.s.ImportFiles(ctx, w.admin, Files{Paths: []string{path}}); err == nil {
				w.t.Fatal("the stopped import ended well")
			}
			cancel()
		}
		w.roster.stop = nil
		r, failed := w.imp(path, "", "")
		if failed || r.Inserted != 3500 || r.Rows != 3501 || len(r.Errors) != 1 || len(w.roster.rows) != 3500 {
			w.t.Errorf("%d inserted of %d rows, %d errors, %d there", r.Inserted, r.Rows, len(r.Errors), len(w.roster.rows))
		}
		list, err := w.s.List(w.ctx, w.admin, 0, 10)
		if err != nil || len(list) != 1 || list[0].State != Done || list[0].Errors != 1 {
			w.t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestALongRosterThatBreaksOffLeavesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		path := w.longRoster("华东/店,store,赵,,kos,小红书,hx,,员工,个人," + strings.Repeat("x", 2<<20))
		r, failed := w.imp(path, "", "")
		if !failed || r.Refused == "" || len(w.roster.rows) != 0 || w.roster.undone == 0 {
			w.t.Errorf("%+v, %d rows, taken back %d times", r, len(w.roster.rows), w.roster.undone)
		}
	})
}

func TestALongRosterThatCannotBeWrittenIsTakenBack(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.roster.stop = func() error {
			if len(w.roster.rows) > 0 {
				return errors.New("the store is gone")
			}
			return nil
		}
		if _, err := w.s.ImportFiles(w.ctx, w.admin, Files{Paths: []string{w.longRoster()}}); err == nil || len(w.roster.rows) != 0 {
			w.t.Errorf("%v, %d rows", err, len(w.roster.rows))
		}
	})
}

var _ Roster = (*account.Service)(nil)
