package risk_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/sheet"
	"kosmos/internal/domain/risk"
	"kosmos/internal/domain/risk/pack"
)

func TestADraftBecomesAVersionThatEveryProcessUses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, w, a := context.Background(), newWorld(t, d), actor(t, authz.Compliance)
		other := w.service(d)
		if g := w.grade(t, other, "神车来了"); g != "pass" {
			t.Fatal(g)
		}
		code, err := w.s.AddRule(ctx, a, own("神车"))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.s.SwitchRule(ctx, a, "law/best", true, "误报太多"); err != nil {
			t.Fatal(err)
		}
		changed := risk.Rule{
			Kind: "set", Terms: []string{"最低价"}, Category: "absolute", Severity: "low", Reason: "绝对化用语", ReasonEN: "An absolute", Article: "广告法第九条", Rewrite: "人气之选",
		}
		if err := w.s.EditRule(ctx, a, "law/cheap", changed); err != nil {
			t.Fatal(err)
		}
		if g := w.grade(t, w.s, "神车来了"); g != "pass" {
			t.Fatal("a draft is not in force", g)
		}
		draft, err := w.s.Draft(ctx, a)
		if err != nil || len(draft.Changes) != 3 || draft.Head != 0 {
			t.Fatalf("%+v %v", draft.Changes, err)
		}
		if _, err := w.s.Publish(ctx, a, "太早", draft.Rev-1); !errs.Is(err, "risk.draft_moved") {
			t.Fatal(err)
		}
		if n := w.publish(t, a); n != 1 {
			t.Fatal(n)
		}
		for text, want := range map[string]string{"神车来了": "block", "全网第一": "pass", "最低价": "warn", "底价": "pass", "集赞": "warn"} {
			if g := w.grade(t, w.s, text); g != want {
				t.Errorf("%s: %s, want %s", text, g, want)
			}
		}
		if _, err := w.s.Publish(ctx, a, "再来", draft.Rev); !errs.Is(err, "risk.nothing_changed") {
			t.Fatal(err)
		}
		w.notice(t, other)
		w.takeBack(ctx, t, a, code)
	})
}

// takeBack: the second version lacks the own rule, the first still has it, and a store's officer may do none of this.
func (w *world) takeBack(ctx context.Context, t *testing.T, a authz.Actor, code string) {
	t.Helper()
	if err := w.s.RevertRule(ctx, a, code); err != nil {
		t.Fatal(err)
	}
	w.publish(t, a)
	v, changes, err := w.s.Compare(ctx, a, 2, 1)
	if err != nil || v.Removed != 1 || len(changes) != 1 || changes[0].Code != code || changes[0].After != nil {
		t.Fatalf("%+v %+v %v", v, changes, err)
	}
	if _, err := w.s.AddRule(ctx, a, own("别的")); err != nil {
		t.Fatal(err)
	}
	if err := w.s.DiscardDraft(ctx, a); err != nil {
		t.Fatal(err)
	}
	if d, err := w.s.Draft(ctx, a); err != nil || len(d.Changes) != 0 {
		t.Fatalf("%+v %v", d.Changes, err)
	}
	if len(w.steps) != 2 || w.steps[0].Kind != "risk.published" || w.steps[1].ObjectID != 2 {
		t.Fatalf("%+v", w.steps)
	}
	if _, err := w.s.AddRule(ctx, actor(t, authz.Compliance, 11), own("神车")); !errs.Is(err, "risk.whole_brand") {
		t.Fatal(err)
	}
}

func TestRulesGoThroughASheetUnchanged(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, w, a := context.Background(), newWorld(t, d), actor(t, authz.Compliance)
		r := own("神车", "神器")
		r.From, r.Platforms, r.Fold, r.Gap, r.Note = 20261101, []string{"douyin"}, []string{"pinyin"}, 2, "=1+1"
		near := risk.Rule{
			Kind: "near", A: []string{"加"}, B: []string{"微信", "V"}, Within: 4, Except: []string{"加微信客服"}, Category: "diversion", Severity: "high", Reason: "导流", Article: "平台规则",
		}
		for _, x := range []risk.Rule{r, near} {
			if _, err := w.s.AddRule(ctx, a, x); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.s.SwitchRule(ctx, a, "law/best", true, ""); err != nil {
			t.Fatal(err)
		}
		say := func(slug string) string { return slug }
		heads := map[string]string{}
		for _, c := range []string{"code", "pack", "state", "kind", "category", "severity", "terms", "pattern", "a", "b", "within", "except", "fold", "gap", "whole", "platforms", "industries", "kinds", "fields", "from", "until", "reason", "reason_en", "article", "source", "rewrite", "replace", "note", "noisy"} {
			heads["col_"+c] = c
		}
		var book bytes.Buffer
		if err := w.s.WriteRules(ctx, a, risk.RuleFilter{}, say, &book); err != nil {
			t.Fatal(err)
		}
		took, err := w.s.ReadRules(ctx, a, book.Bytes(), heads, false)
		if err != nil || took.Same != 5 || took.Added+took.Changed+took.Switched != 0 || len(took.Faults) != 0 {
			t.Fatalf("%+v %v", took, err)
		}
		took, err = w.s.ReadRules(ctx, a, rows(t,
			[]any{"code", "state", "kind", "category", "severity", "terms", "reason", "article", "from"},
			[]any{"law/cheap", "shipped", "set", "absolute", "high", "最低价｜底价", "绝对化用语", "广告法第九条", ""},
			[]any{"law/best", "shipped", "literal", "absolute", "high", "全网第一", "绝对化用语", "广告法第九条", ""},
			[]any{"", "", "set", "brand", "low", "竞品甲|竞品乙", "竞品", "公司规定", "2026/12/01"},
		), heads, false)
		if err != nil || took.Changed != 1 || took.Switched != 1 || took.Added != 1 || len(took.Faults) != 0 {
			t.Fatalf("%+v %v", took, err)
		}
		if x, err := w.s.GetRule(ctx, a, "own-3"); err != nil || len(x.Terms) != 2 || x.From != 20261201 {
			t.Fatalf("%+v %v", x, err)
		}
		took, err = w.s.ReadRules(ctx, a, rows(t,
			[]any{"code", "kind", "category", "severity", "terms", "reason", "article", "from"},
			[]any{"gone", "set", "brand", "low", "x", "y", "z", ""},
			[]any{"", "set", "nonsense", "low", "", "y", "z", "tomorrow"},
		), heads, false)
		if err != nil || len(took.Faults) != 4 || took.Faults[0].Row != 2 || took.Faults[1].Row != 3 {
			t.Fatalf("%+v %v", took, err)
		}
		if _, err := w.s.ReadRules(ctx, a, rows(t, []any{"a", "b"}), heads, true); !errs.Is(err, "risk.sheet_columns") {
			t.Fatal(err)
		}
		// where a rule holds is written in people's words, and what no text is of is told
		took, err = w.s.ReadRules(ctx, a, rows(t,
			[]any{"code", "kind", "category", "severity", "terms", "reason", "article", "platforms", "industries"},
			[]any{"", "literal", "brand", "low", "竞品丙", "竞品", "公司规定", "小红书｜抖音｜xhs", "汽车"},
		), heads, false)
		if err != nil || took.Added != 1 {
			t.Fatalf("%+v %v", took, err)
		}
		if x, err := w.s.GetRule(ctx, a, "own-4"); err != nil || !slices.Equal(x.Platforms, []string{"xiaohongshu", "douyin"}) || !slices.Equal(x.Industries, []string{"automotive"}) {
			t.Fatalf("%+v %v", x, err)
		}
		took, err = w.s.ReadRules(ctx, a, rows(t,
			[]any{"code", "kind", "category", "severity", "terms", "reason", "article", "platforms", "industries"},
			[]any{"", "literal", "brand", "low", "竞品丁", "竞品", "公司规定", "myspace", "rockets"},
		), heads, false)
		if err != nil || len(took.Faults) != 2 || took.Faults[0].Column != "platforms" || took.Faults[1].Slug != "risk.unknown_industry" {
			t.Fatalf("%+v %v", took, err)
		}
	})
}

// TestShippedRulesGoThroughASheetUnchanged: every rule that ships may be edited here, and an exported sheet changes nothing.
func TestShippedRulesGoThroughASheetUnchanged(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, w, a := context.Background(), newWorld(t, d), actor(t, authz.Compliance)
		w.shipped = pack.Shipped
		w.s = w.service(d)
		var book bytes.Buffer
		if err := w.s.WriteRules(ctx, a, risk.RuleFilter{}, func(slug string) string { return strings.TrimPrefix(slug, "col_") }, &book); err != nil {
			t.Fatal(err)
		}
		took, err := w.s.ReadRules(ctx, a, book.Bytes(), nil, true)
		if err != nil || took.Same < 150 || took.Added+took.Changed+took.Switched != 0 || len(took.Faults) != 0 {
			t.Fatalf("%d the same, %d changed, faults %+v, %v", took.Same, took.Changed, took.Faults, err)
		}
	})
}

// rows makes a CSV.
func rows(t *testing.T, list ...[]any) []byte {
	t.Helper()
	var b bytes.Buffer
	x, err := sheet.NewCSV(&b)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if err := x.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheLabAndTheWhatIf(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, w, a := context.Background(), newWorld(t, d), actor(t, authz.Compliance)
		rep, err := w.s.TryRule(ctx, a, risk.LabAsk{Rule: own("第一", "自驾"), Days: 30, Sample: 9})
		if err != nil || rep.Scanned != 5 || rep.Posts != 2 || rep.Alone != 1 || len(rep.Overlaps) != 1 || rep.Overlaps[0].Code != "law/best" || len(rep.Sample) != 2 {
			t.Fatalf("%+v %v", rep, err)
		}
		var list []risk.Opinion
		for i := range 12 {
			list = append(list, risk.Opinion{Rule: "law/cheap", Kind: risk.Post, ObjectID: id.ID(900 + i), Start: 3, Right: i == 0})
		}
		list = append(list, risk.Opinion{Rule: "law/best", Kind: risk.Post, ObjectID: 100, Start: 0, Right: true})
		if err := w.s.Judge(ctx, a, list); err != nil {
			t.Fatal(err)
		}
		noisy, err := w.s.JudgedRules(ctx, a, true)
		if err != nil || len(noisy) != 1 || noisy[0].Code != "law/cheap" || noisy[0].Right != 1 || noisy[0].False != 11 {
			t.Fatalf("%+v %v", noisy, err)
		}
		again := own("全网第一")
		again.Code = "law/best"
		rep, err = w.s.TryRule(ctx, a, risk.LabAsk{Rule: again, Days: 30, Sample: 9})
		if err != nil || rep.Precision.Right != 1 || rep.Precision.Low < 0.2 || rep.Precision.Low > 0.21 {
			t.Fatalf("%+v %v", rep.Precision, err)
		}
		run, err := w.s.AskWhatIf(ctx, a, risk.Question{Days: 30, Severities: map[string]string{"bait": "high", "absolute": "low"}})
		if err != nil {
			t.Fatal(err)
		}
		w.rec.Run(ctx)
		got, err := w.s.GetRun(ctx, a, run)
		if err != nil || got.State != risk.Done || got.Asked != 5 || got.Worse != 1 || got.Better != 2 {
			t.Fatalf("%+v %v", got, err)
		}
		if _, err := w.s.AskWhatIf(ctx, a, risk.Question{Days: 0, Severities: map[string]string{"bait": "x", "weather": "low"}}); !errs.Is(err, "risk.days") || !errs.Is(err, "risk.severity_unknown") || !errs.Is(err, "risk.unknown_category") {
			t.Fatal(err)
		}
	})
}
