package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"kosmos/internal/app"
)

// contract plays the command line of one store, as a shell would.
type contract struct {
	*testing.T
	flags []string
	dir   string
}

type result struct {
	code     int
	out, err string
}

func (c contract) run(stdin string, args ...string) result {
	c.Helper()
	var out, errs bytes.Buffer
	code := app.Command(c.Context(), append(append([]string{}, c.flags...), args...), strings.NewReader(stdin), &out, &errs)
	return result{code, out.String(), errs.String()}
}

func (c contract) want(code int, r result) result {
	c.Helper()
	if r.code != code {
		c.Fatalf("exit %d, want %d: %s%s", r.code, code, r.out, r.err)
	}
	return r
}

type report struct {
	Kind                         string
	Rows                         int
	Inserted, Updated, Unchanged int
	Errors, Warnings             []struct {
		Row             int
		Column, Message string
	}
}

func (c contract) imports(code int, file string, more ...string) report {
	c.Helper()
	r := c.want(code, c.run("", append(append([]string{"import", "--brand", "acme", "--json"}, more...), file)...))
	var all struct{ Files []report }
	if err := json.Unmarshal([]byte(r.out), &all); err != nil || len(all.Files) != 1 {
		c.Fatalf("%v in %s", err, r.out)
	}
	return all.Files[0]
}

func (c contract) file(name, text string) string {
	c.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		c.Fatal(err)
	}
	return path
}

const roster = `单位路径,单位类型,姓名,手机,角色,平台,账号名,平台ID,账号类型,归属
华东/上海/静安店,store,王小明,13800138000,kos,xiaohongshu,kos_sh_01,5f00aa,employee,personal
华东/上海/静安店,store,王小明,13800138000,kos,douyin,kos_dy_01,MS4w01,employee,personal
华南/广州/天河店,门店,陈晨,13900139000,kos,小红书,kos_gz_01,5f00bb,员工,个人
`

// notes writes a 小红书 note export: a banner, the header, n notes with views 100, 200, ….
func (c contract) notes(name string, n, scale int) string {
	c.Helper()
	x := excelize.NewFile()
	rows := [][]any{{"最多导出排序后前1000条笔记"}, {"笔记标题", "首次发布时间", "体裁", "曝光", "观看量", "封面点击率", "点赞", "评论", "收藏", "涨粉", "分享"}}
	for i := range n {
		rows = append(rows, []any{fmt.Sprintf("第%d篇", i), fmt.Sprintf("2026年03月%02d日10时00分00秒", 1+i%28), "图文", "-", (i + 1) * 100 * scale, "0.05", scale, "-", 3, 0, 0})
	}
	for i, r := range rows {
		if err := x.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			c.Fatal(err)
		}
	}
	path := filepath.Join(c.dir, name)
	if err := x.SaveAs(path); err != nil {
		c.Fatal(err)
	}
	return path
}

func TestContract(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, cfg app.Config) {
		c := contract{T: t, flags: []string{"--data", cfg.Data, "--db", cfg.DB}, dir: t.TempDir()}
		create := []string{"brand", "create", "--slug", "acme", "--name", "测试品牌", "--admin-email", "a@example.com", "--admin-password-stdin", "--json"}
		if r := c.want(0, c.run("Str0ng-pass-9271\n", create...)); !strings.Contains(r.out, `"slug":"acme"`) || !strings.Contains(r.out, `"id":"`) {
			t.Fatal(r.out)
		}
		c.want(1, c.run("Str0ng-pass-9271\n", create...))
		c.want(2, c.run("", "brand", "create", "--slug", "other"))
		c.want(2, c.run("", "no-such-command"))
		c.roster()
		c.figures()
		c.served(cfg)
	})
}

func (c contract) roster() {
	c.Helper()
	path := c.file("roster.csv", "\ufeff"+roster)
	if r := c.imports(0, path, "--dry-run"); r.Inserted != 3 {
		c.Fatalf("dry run: %+v", r)
	}
	if r := c.imports(0, path); r.Inserted != 3 || r.Rows != 3 || r.Kind != "roster" || len(r.Errors) != 0 {
		c.Fatalf("%+v", r)
	}
	if r := c.imports(0, path); r.Inserted != 0 || r.Updated != 0 || r.Unchanged != 3 {
		c.Fatalf("again: %+v", r)
	}
	bad := c.file("bad.csv", roster+"华东/新店,store,,12,kos,nowhere,,,employee,x\n")
	r := c.imports(0, bad)
	if len(r.Errors) == 0 || r.Errors[0].Row == 0 || r.Errors[0].Message == "" {
		c.Fatalf("%+v", r)
	}
	c.imports(1, bad, "--strict")
}

func (c contract) figures() {
	c.Helper()
	first, second := c.notes("first.xlsx", 10, 1), c.notes("second.xlsx", 10, 2)
	account := []string{"--account", "xiaohongshu:kos_sh_01"}
	at := func(day string) []string { return append([]string{"--as-of", day + "T09:00:00+08:00"}, account...) }
	c.imports(1, first) // no account: refused, not guessed
	if r := c.run("", "import", "--brand", "acme", "--account", "xiaohongshu:nobody", first); r.code != 1 || !strings.Contains(r.out+r.err, "nobody") {
		c.Fatalf("%+v", r)
	}
	c.want(1, c.run("", "import", "--brand", "no-such-brand", first))
	if r := c.imports(0, second, at("2026-08-01")...); r.Inserted != 10 || r.Kind != "xhs_notes" {
		c.Fatalf("%+v", r)
	}
	if r := c.imports(0, first, at("2026-07-01")...); r.Inserted != 0 { // an older file later: it lands on its own day
		c.Fatalf("%+v", r)
	}
	if r := c.imports(0, first, at("2026-07-01")...); r.Unchanged != 10 {
		c.Fatalf("%+v", r)
	}
}

// served reads what the commands wrote from a running program.
func (c contract) served(cfg app.Config) {
	c.Helper()
	token := func(role string, more ...string) string {
		r := c.want(0, c.run("", append([]string{"token", "create", "--brand", "acme", "--role", role}, more...)...))
		return strings.TrimSpace(r.out)
	}
	hq, shop, auditor := token("hq_ops"), token("store_manager", "--unit", "华东/上海/静安店"), token("auditor")
	ctx, stop := context.WithCancel(c.Context())
	ready, done := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		done <- app.Serve(ctx, cfg, app.ServeOptions{
			Addr: "127.0.0.1:0", Role: app.All,
			Listening: func(_ context.Context, _ *app.App, addr net.Addr) error { ready <- addr; return nil },
		})
	}()
	var base string
	select {
	case addr := <-ready:
		base = "http://" + addr.String()
	case err := <-done:
		c.Fatal(err)
	}
	defer func() {
		stop()
		if err := <-done; err != nil {
			c.Error(err)
		}
	}()
	var accounts struct {
		Items []struct {
			Handle      string
			LastPostDay string `json:"last_post_day"`
		}
	}
	c.get(base+"/api/v1/account/accounts?sort=name", hq, 200, &accounts)
	if len(accounts.Items) != 3 {
		c.Fatalf("%+v", accounts)
	}
	for _, a := range accounts.Items {
		if a.Handle == "kos_sh_01" && a.LastPostDay != "2026-03-10" {
			c.Errorf("the registry does not know the newest post: %+v", a)
		}
	}
	c.get(base+"/api/v1/account/accounts", shop, 200, &accounts)
	if len(accounts.Items) != 2 {
		c.Fatalf("a store manager sees %+v", accounts)
	}
	views := func(from, to, unit string) int {
		var o struct {
			Figures map[string]struct{ Value int }
		}
		c.get(base+"/api/v1/insight/overview?from="+from+"&to="+to+"&unit="+url.QueryEscape(unit), hq, 200, &o)
		return o.Figures["views"].Value
	}
	for _, row := range []struct {
		from, to, unit string
		want           int
	}{
		{"2026-01-01", "2026-12-31", "", 11000},
		{"2026-01-01", "2026-07-01", "", 5500},
		{"2026-07-02", "2026-08-01", "", 5500},
		{"2026-01-01", "2026-12-31", "华东", 11000},
		{"2026-01-01", "2026-12-31", "华南", 0},
	} {
		if got := views(row.from, row.to, row.unit); got != row.want {
			c.Errorf("views %s to %s of %q: %d, want %d", row.from, row.to, row.unit, got, row.want)
		}
	}
	c.get(base+"/api/v1/insight/overview?unit="+url.QueryEscape("华南"), shop, 404, nil)
	c.get(base+"/api/v1/account/accounts", "kos_1_wrong", 401, nil)
	c.get(base+"/api/v1/audit/entries", auditor, 200, nil)
	c.get(base+"/api/v1/audit/entries", shop, 403, nil)
	c.get(base+"/api/v1/jobs/dead", hq, 200, nil)
	// Commands while it serves.
	if r := c.imports(0, c.notes("third.xlsx", 10, 3), "--account", "xiaohongshu:kos_sh_01", "--as-of", "2026-09-01"); r.Updated != 10 {
		c.Errorf("%+v", r)
	}
	if got := views("2026-01-01", "2026-12-31", ""); got != 16500 {
		c.Errorf("after an import while serving: %d views", got)
	}
}

func (c contract) get(address, token string, want int, into any) {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		c.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != want {
		c.Fatalf("%s answers %d, want %d", address, res.StatusCode, want)
	}
	if into != nil {
		if err := json.NewDecoder(res.Body).Decode(into); err != nil {
			c.Fatal(err)
		}
	}
}
