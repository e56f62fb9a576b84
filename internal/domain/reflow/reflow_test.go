package reflow

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/blob"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/domain/post"
	"kosmos/internal/event"
)

const xhsHead = "笔记标题,首次发布时间,体裁,曝光,观看量,封面点击率,点赞,评论,收藏,涨粉,分享,人均观看时长,弹幕"

// notes makes n note rows whose views are scale × (100 + 37 i).
func notes(n, scale int) (rows []string, total int64) {
	rows = []string{"最多导出排序后前1000条笔记", xhsHead}
	for i := range n {
		v := scale * (100 + 37*i)
		total += int64(v)
		rows = append(rows, fmt.Sprintf("笔记%d,2026年0%d月%02d日%02d时%02d分00秒,图文,%d,%d,6.50%%,%d,-,3,-,0,15.20秒,0", i, 1+i%6, 1+i%28, i%24, i%60, v*4, v, i*scale))
	}
	return rows, total
}

func TestNotesInAnyOrder(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		n := 60
		for _, k := range []int{3, 1, 2} {
			rows, _ := notes(n, k)
			r, failed := w.imp(w.file(fmt.Sprintf("s%d.csv", k), rows...), "xiaohongshu:kos_sh", fmt.Sprintf("2026-0%d-01 09:00", 6+k))
			if failed || r.Kind != "xhs_notes" || r.Rows != n || len(r.Errors) > 0 {
				w.t.Fatalf("%+v", r)
			}
			if k == 3 {
				w.want(r, n, 0, 0, 0)
			}
		}
		_, total := notes(n, 1)
		if got := w.all(post.MViews); got != 3*total {
			w.t.Errorf("views %d, want %d", got, 3*total)
		}
		if got := w.sum(post.MViews, 20260702, 20260801); got != total {
			w.t.Errorf("July brought %d, want %d", got, total)
		}
		if got := w.all(post.MPosts); got != int64(n) {
			w.t.Errorf("posts %d", got)
		}
	})
}

func TestSameAndCorrectedFile(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		rows, total := notes(20, 1)
		path := w.file("a.csv", rows...)
		r, _ := w.imp(path, "小红书:kos_sh", "2026-07-01 09:00")
		w.want(r, 20, 0, 0, 0)
		r, _ = w.imp(path, "小红书:kos_sh", "2026-07-01 09:00")
		w.want(r, 0, 0, 20, 0)
		rows[2] = strings.Replace(rows[2], ",100,6.50%", ",1100,6.50%", 1)
		r, _ = w.imp(w.file("b.csv", rows...), "小红书:kos_sh", "2026-07-01 09:00")
		w.want(r, 0, 1, 19, 0)
		if got := w.all(post.MViews); got != total+1000 {
			w.t.Errorf("views %d, want %d", got, total+1000)
		}
		done := jobstest.Events[event.ImportFinished](w.rec)
		if len(done) != 3 || done[0].Inserted != 20 || done[2].Updated != 1 {
			w.t.Errorf("events %+v", done)
		}
	})
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		rows, _ := notes(3, 1)
		good := w.file("a.csv", rows...)
		for name, c := range map[string]struct{ path, account, want string }{
			"no account":       {good, "", "选择"},
			"unknown account":  {good, "xiaohongshu:nobody", "nobody"},
			"malformed":        {good, "kos_sh", "平台:账号名"},
			"other platform":   {good, "douyin:kos_dy", "小红书"},
			"unknown table":    {w.file("b.csv", "甲,乙", "1,2"), "xiaohongshu:kos_sh", "甲"},
			"junk":             {w.file("c.xlsx", "\x00\x01\x02\xff\xfe\x00\x03"), "xiaohongshu:kos_sh", "不是表格"},
			"half an upload":   {w.file("d.xlsx", "PK\x03\x04abc"), "xiaohongshu:kos_sh", "不完整"},
			"not there":        {w.dir + "/none.csv", "", "none.csv"},
			"another's column": {w.file("e.csv", "账号,笔记标题,首次发布时间,观看量", "5f00aa,x,2026-06-01,1"), "xiaohongshu:kos_sh", ""},
		} {
			r, failed := w.imp(c.path, c.account, "2026-07-01 09:00")
			if failed != (c.want != "") || !strings.Contains(r.Refused, c.want) || failed && r.Inserted != 0 {
				w.t.Errorf("%s: failed %v %q", name, failed, r.Refused)
			}
		}
	})
}

func TestRowFaults(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		path := w.file("a.csv", xhsHead,
			"好的,2026年06月01日12时00分00秒,图文,1.4万,10,6.5%,1,-,3,-,0,15.20秒,0",
			"坏的,2026年06月02日12时00分00秒,图文,1,很多,6.5%,1,-,3,-,0,15.20秒,0",
			"没有日期,,图文,1,1,6.5%,1,-,3,-,0,15.20秒,0",
			"好的,2026年06月01日12时00分00秒,图文,1.4万,99,6.5%,1,-,3,-,0,15.20秒,0",
			"将来的,2026年08月01日12时00分00秒,图文,1,1,6.5%,1,-,3,-,0,15.20秒,0",
		)
		r, failed := w.imp(path, "xiaohongshu:kos_sh", "2026-07-01 09:00")
		w.want(r, 1, 0, 0, 3)
		if failed || len(r.Warnings) != 1 || r.Rows != 5 {
			w.t.Errorf("%+v", r)
		}
		if e := r.Errors[0]; e.Row != 3 || e.Column != "观看量" || !strings.Contains(e.Message, "很多") {
			w.t.Errorf("%+v", e)
		}
		strict, err := w.s.ImportFiles(w.ctx, w.admin, Files{Paths: []string{path}, Strict: true, DryRun: true, Said: Said{Account: "xiaohongshu:kos_sh", AsOf: at(w.t, "2026-07-01 09:00")}})
		if err != nil || !strict.Failed || strict.Files[0].Unchanged != 1 {
			w.t.Errorf("strict dry run: %+v %v", strict, err)
		}
	})
}

// TestKilledAndGoneOn stops the process between batches and runs the same file again.
func TestKilledAndGoneOn(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		n := 3500
		rows := []string{xhsHead}
		for i := range n {
			rows = append(rows, fmt.Sprintf("第%d篇,2026年0%d月%02d日10时%02d分00秒,图文,1,%d,6.5%%,1,-,3,-,0,1秒,0", i, 1+i%6, 1+i%28, i%60, i%977))
		}
		path := w.file("big.csv", rows...)
		said := Said{Account: "xiaohongshu:kos_sh", AsOf: at(w.t, "2026-07-01 09:00")}
		for stop := 1; stop <= 2; stop++ {
			ctx, cancel := context.WithCancel(w.ctx)
			begun := w.figures.calls
			w.figures.stop = func(call int) error {
				if call > begun+1 {
					cancel()
					return ctx.Err()
				}
				return nil
			}
			if _, err := w.s.ImportFiles(ctx, w.admin, Files{Paths: []string{path}, Said: said}); err == nil {
				w.t.Fatal("the stopped import ended well")
			}
			cancel()
		}
		w.figures.stop = nil
		r, failed := w.imp(path, said.Account, "2026-07-01 09:00")
		if failed || r.Inserted != n || r.Rows != n {
			w.t.Errorf("%+v", r)
		}
		var want int64
		for i := range n {
			want += int64(i % 977)
		}
		if got := w.all(post.MViews); got != want {
			w.t.Errorf("views %d, want %d", got, want)
		}
		if got := w.all(post.MPosts); got != int64(n) {
			w.t.Errorf("posts %d, want %d", got, n)
		}
		list, err := w.s.List(w.ctx, w.admin, 0, 10)
		if err != nil || len(list) != 1 || list[0].State != Done {
			w.t.Errorf("%d imports, %v", len(list), err)
		}
	})
}

// TestFailureTakesAllBack lets the store fail in the middle.
func TestFailureTakesAllBack(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		rows, _ := notes(2500, 1)
		path := w.file("a.csv", rows...)
		first := true
		w.figures.stop = func(call int) error {
			if call == 2 && first {
				first = false
				return errors.New("disk full")
			}
			return nil
		}
		_, err := w.s.ImportFiles(w.ctx, w.admin, Files{Paths: []string{path}, Said: Said{Account: "xiaohongshu:kos_sh", AsOf: at(w.t, "2026-07-01 09:00")}})
		if err == nil {
			w.t.Fatal("the failure was swallowed")
		}
		if v, p := w.all(post.MViews), w.all(post.MPosts); v != 0 || p != 0 {
			w.t.Errorf("views %d posts %d are left", v, p)
		}
		list, _ := w.s.List(w.ctx, w.admin, 0, 10)
		if len(list) != 1 || list[0].State != Failed || list[0].Slug != "reflow.failed" {
			w.t.Errorf("%+v", list)
		}
		w.figures.stop = nil
		r, _ := w.imp(path, "xiaohongshu:kos_sh", "2026-07-01 09:00")
		w.want(r, 2500, 0, 0, 0)
	})
}

func TestConsoleFlow(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		user := w.s.Bind(authz.Actor{Kind: authz.User, BrandID: brand, UserID: 9, Name: "小王", Lang: "zh", Zone: clock.Shanghai(), Grants: []authz.Grant{{Role: authz.HQOps}}})
		rows, total := notes(30, 1)
		up := Upload{Name: "笔记列表明细表.csv", Body: strings.NewReader(strings.Join(rows, "\n")), Source: FromConsole, Modified: at(w.t, "2026-11-20 08:00")}
		i, err := w.s.Receive(w.ctx, user, up)
		if err != nil {
			w.t.Fatal(err)
		}
		if i.State != Waiting || i.Slug != "reflow.account_needed" || i.Kind != "xhs_notes" || i.AsOfSource != AsOfFile {
			w.t.Errorf("%+v", i)
		}
		if _, err := w.s.Apply(w.ctx, user, i.ID); !errs.Is(err, "reflow.wrong_state") {
			w.t.Errorf("a waiting import was applied: %v", err)
		}
		i, err = w.s.Review(w.ctx, user, i.ID, Said{Account: "xiaohongshu:kos_sh"})
		if err != nil || i.State != Ready || i.Inserted != 30 || i.Total != 30 {
			w.t.Fatalf("%+v %v", i, err)
		}
		if _, err := w.s.Apply(w.ctx, user, i.ID); err != nil {
			w.t.Fatal(err)
		}
		w.rec.Run(w.ctx)
		i, _ = w.s.Get(w.ctx, user, i.ID)
		if i.State != Done || i.Inserted != 30 || i.DoneItems != 30 || w.all(post.MViews) != total {
			w.t.Errorf("%+v views %d", i, w.all(post.MViews))
		}
		src, err := w.s.Sources(w.ctx, user)
		if err != nil || len(src) != 1 || src[0].AsOf != at(w.t, "2026-11-20 08:00") {
			w.t.Errorf("%+v %v", src, err)
		}
		if _, err := w.s.Undo(w.ctx, user, i.ID); err != nil {
			w.t.Fatal(err)
		}
		w.rec.Run(w.ctx)
		i, _ = w.s.Get(w.ctx, user, i.ID)
		if i.State != Undone || w.all(post.MViews) != 0 || w.all(post.MPosts) != 0 {
			w.t.Errorf("%s views %d posts %d", i.State, w.all(post.MViews), w.all(post.MPosts))
		}
		other := w.s.Bind(authz.Actor{Kind: authz.User, BrandID: brand, UserID: 10, Grants: []authz.Grant{{Role: authz.StoreManager, UnitID: 5}}})
		if _, err := w.s.Get(w.ctx, other, i.ID); !errs.Is(err, "reflow.no_import") {
			w.t.Errorf("a stranger sees the import: %v", err)
		}
	})
}

// TestUndoRestores takes a later import back and expects the figures of the earlier one.
func TestUndoRestores(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		one, total := notes(12, 1)
		two, _ := notes(12, 2)
		w.imp(w.file("1.csv", one...), "xiaohongshu:kos_sh", "2026-07-01 09:00")
		w.imp(w.file("2.csv", two...), "xiaohongshu:kos_sh", "2026-08-01 09:00")
		list, err := w.s.List(w.ctx, w.admin, 0, 1)
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.s.Undo(w.ctx, w.admin, list[0].ID); err != nil {
			w.t.Fatal(err)
		}
		w.rec.Run(w.ctx)
		if got := w.all(post.MViews); got != total {
			w.t.Errorf("views %d, want %d", got, total)
		}
		r, _ := w.imp(w.file("2.csv", two...), "xiaohongshu:kos_sh", "2026-08-01 09:00")
		if r.Updated != 12 || w.all(post.MViews) != 2*total {
			w.t.Errorf("again: %+v views %d", r, w.all(post.MViews))
		}
	})
}

func TestBrandFileWithAccountColumn(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		shop := w.s.Bind(authz.Actor{Kind: authz.User, BrandID: brand, UserID: 9, Zone: clock.Shanghai(), Grants: []authz.Grant{{Role: authz.StoreManager, UnitID: 5}}})
		w.reg.outside[1002] = true
		body := "平台,账号名称,标题,发布时间,播放量\n小红书,kos_sh,你好,2026-06-01 10:00,12\n抖音,kos_dy,世界,2026-06-01 11:00,13\n抖音,nobody,谁,2026-06-01 12:00,1\n火星,x,谁,2026-06-01 12:00,1\n"
		i, err := w.s.Receive(w.ctx, shop, Upload{Name: "brand.csv", Body: strings.NewReader(body), Said: Said{AsOf: at(w.t, "2026-07-01 09:00")}})
		if err != nil {
			w.t.Fatal(err)
		}
		if i.State != Ready || i.Inserted != 1 || i.Errors != 3 {
			w.t.Errorf("%+v", i)
		}
		faults, err := w.s.Faults(w.ctx, shop, i.ID, -1, 10)
		if err != nil || len(faults) != 3 || faults[0].Slug != "reflow.account_outside" || faults[1].Slug != "reflow.account_unknown" || faults[2].Slug != "reflow.platform_unknown" {
			w.t.Errorf("%+v %v", faults, err)
		}
		if _, err := w.s.Apply(w.ctx, shop, i.ID); err != nil {
			w.t.Fatal(err)
		}
		w.rec.Run(w.ctx)
		if got := w.all(post.MViews); got != 12 {
			w.t.Errorf("views %d: the queue left the user's scope", got)
		}
	})
}

// A brand-level file names accounts that nobody registered: those that carry the brand go into the register.
func TestProposals(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		path := w.file("brand.csv", "平台,账号名称,账号ID,账号简介,作品名称,发布时间,播放量",
			"抖音,kos_dy,MS01,我是小王,一,2026-06-01 10:00:00,10",
			"抖音,星河浦东店,dy88,,二,2026-06-01 10:00:00,20",
			"抖音,车友老李,dy89,星河 车主自述,三,2026-06-01 10:00:00,30",
			"抖音,路人,dy90,爱吃,四,2026-06-01 10:00:00,40",
		)
		r, failed := w.imp(path, "", "2026-07-01 09:00")
		w.want(r, 1, 0, 0, 3)
		if failed || len(w.found.proposed) != 1 {
			w.t.Fatalf("%+v %v", r, w.found.proposed)
		}
		for imp, list := range w.found.proposed {
			names := []string{}
			for _, x := range list {
				names = append(names, string(x.Platform)+":"+x.Text+":"+x.ID+":"+x.Bio)
			}
			if want := []string{"douyin:星河浦东店:dy88:", "douyin:车友老李:dy89:星河 车主自述"}; !slices.Equal(names, want) {
				w.t.Errorf("%v", names)
			}
			i, err := w.s.Get(w.ctx, w.admin, imp)
			if err != nil || !strings.Contains(i.Understood, `"word":"星河"`) {
				w.t.Error(i.Understood, err)
			}
			if _, err := w.s.Undo(w.ctx, w.admin, imp); err != nil {
				w.t.Fatal(err)
			}
		}
		w.rec.Run(w.ctx)
		if len(w.found.proposed) != 0 {
			w.t.Errorf("taken back, yet still proposed: %v", w.found.proposed)
		}
	})
}

func TestDoubledColumns(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		path := w.file("a.csv", xhsHead+",点赞,备注,备注", "好的,2026年06月01日12时00分00秒,图文,1.4万,10,6.5%,1,-,3,-,0,15.20秒,0,99,,")
		r, failed := w.imp(path, "xiaohongshu:kos_sh", "2026-07-01 09:00")
		w.want(r, 1, 0, 0, 0)
		if failed || len(r.Warnings) != 1 || r.Warnings[0].Row != 1 || r.Warnings[0].Column != "点赞" || !strings.Contains(r.Warnings[0].Message, "靠左") {
			w.t.Errorf("%+v", r)
		}
		if got := w.all(post.MLikes); got != 1 {
			w.t.Errorf("%d likes: not the leftmost column's", got)
		}
	})
}

func TestDealersAndDays(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		r, failed := w.imp(w.file("d.csv", "主机厂经销商id列表,日期,直播间表单提交商机量,短-播放量", "D1|D9,2026-06-01,6,900", "D1;D2,2026-06-02,1,100"), "", "2026-07-01 09:00")
		if failed || r.Kind != "dealer_matrix" {
			w.t.Fatalf("%+v", r)
		}
		w.want(r, 3, 0, 0, 0)
		if len(r.Warnings) != 2 {
			w.t.Errorf("%+v", r.Warnings)
		}
		if got := w.all(post.MLeads); got != 8 {
			w.t.Errorf("leads %d", got)
		}
		// another file tells another channel of the same day: the day's leads are both
		r, _ = w.imp(w.file("m.csv", "主机厂经销商ID,日期,进入私信客户数,私信留资客户数", "D1,2026-06-01,12,3"), "", "2026-07-01 09:00")
		w.want(r, 0, 1, 0, 0)
		if got := w.all(post.MLeads); got != 11 {
			w.t.Errorf("leads of two files %d", got)
		}
		// who asked and who got an answer are figures of their own; the sheet of one day is named by it
		r, _ = w.imp(w.file("q.csv", "主机厂经销商ID,日期,进入私信客户数,主动咨询客户数,回复客户数", "D1,2026-06-01,12,8,5", "D1,2026-06-02,4,-,0"), "", "2026-07-01 09:00")
		w.want(r, 0, 2, 0, 0)
		if asked, answered := w.all(post.MInquiries), w.all(post.MReplies); asked != 8 || answered != 5 {
			w.t.Errorf("%d asked, %d answered", asked, answered)
		}
		day := w.file("a.csv", "日期,账号,平台,总粉丝数,净增粉丝,播放量,直播场次", "06-07,kos_sh,小红书,1.2万,-3,3400,1", "06-08,kos_sh,小红书,12010,10,100,0")
		r, _ = w.imp(day, "", "2026-07-01 09:00")
		w.want(r, 2, 0, 0, 0)
		r, _ = w.imp(day, "", "2026-07-02 09:00")
		w.want(r, 0, 0, 2, 0)
		if got := w.sum(post.MFollowers, 20260607, 20260608); got != 7 {
			w.t.Errorf("followers %d", got)
		}
		if got := w.sum(post.MLives, 20260607, 20260607); got != 1 {
			w.t.Errorf("lives %d", got)
		}
	})
}

func TestRosterThroughTheRoom(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		rows := []string{"单位路径,单位类型,姓名,手机,角色,平台,账号名,平台ID,账号类型,归属"}
		for i := range 2300 {
			rows = append(rows, fmt.Sprintf("华东/店%d,store,王%d,,kos,小红书,h%d,,员工,个人", i%7, i, i))
		}
		path := w.file("r.csv", append(rows, "华东/店,store,赵,,kos,小红书,,,员工,个人")...)
		r, _ := w.imp(path, "", "")
		w.want(r, 2300, 0, 0, 1)
		if r.Errors[0].Row != 2302 || r.Errors[0].Column != "账号名" {
			w.t.Errorf("%+v", r.Errors)
		}
		r, _ = w.imp(path, "", "")
		w.want(r, 0, 0, 2300, 1)
		w.roster.fail = "h1500"
		if _, err := w.s.ImportFiles(w.ctx, w.admin, Files{Paths: []string{path}}); err == nil || w.roster.undone == 0 {
			w.t.Errorf("a failed roster is taken back: %v, %d", err, w.roster.undone)
		}
	})
}

func TestFilesAreForgotten(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		rows, _ := notes(2, 1)
		w.imp(w.file("a.csv", rows...), "xiaohongshu:kos_sh", "2026-07-01 09:00")
		list, _ := w.s.List(w.ctx, w.admin, 0, 1)
		sealed, err := w.s.Blobs.Open(w.ctx, blob.Key(list[0].BlobKey))
		if err != nil {
			w.t.Fatal(err)
		}
		_ = sealed.Close()
		w.clock.Advance(keepFiles + time.Second)
		w.rec.Do(w.ctx, "reflow.expire")
		if _, err := w.s.Blobs.Open(w.ctx, blob.Key(list[0].BlobKey)); !errors.Is(err, blob.ErrNotFound) {
			w.t.Errorf("the file is still there: %v", err)
		}
	})
}

// TestRecoverContinues finds an import whose process died and finishes it by job.
func TestRecoverContinues(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		rows, total := notes(2500, 1)
		path := w.file("a.csv", rows...)
		ctx, cancel := context.WithCancel(w.ctx)
		w.figures.stop = func(call int) error {
			if call > 1 {
				cancel()
				return ctx.Err()
			}
			return nil
		}
		_, _ = w.s.ImportFiles(ctx, w.admin, Files{Paths: []string{path}, Said: Said{Account: "xiaohongshu:kos_sh", AsOf: at(w.t, "2026-07-01 09:00")}})
		cancel()
		w.figures.stop = nil
		if err := os.Remove(path); err != nil {
			w.t.Fatal(err)
		}
		w.clock.Advance(2 * leaseTime)
		w.rec.Do(w.ctx, "reflow.recover")
		w.rec.Run(w.ctx)
		if got := w.all(post.MViews); got != total {
			w.t.Errorf("views %d, want %d", got, total)
		}
	})
}
