package layout

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/clock"
)

// realRows reads a set of real posts that stands beside the project. In CI it
// must be there.
func realRows(t *testing.T, name string) []map[string]string {
	t.Helper()
	dir := os.Getenv("KOSMOS_SHARED_DATA")
	if dir == "" {
		dir = "../../../../../shared/data" // beside the project's folder
	}
	f, err := os.Open(filepath.Join(dir, "social_posts", name))
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the real posts are missing: set KOSMOS_SHARED_DATA: %v", err)
		}
		t.Skipf("posts of real people may not ship with the project, so this comparison runs only beside them (KOSMOS_SHARED_DATA) and always in CI: %v", err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	head := all[0]
	head[0] = strings.TrimPrefix(head[0], "\ufeff")
	var out []map[string]string
	for _, r := range all[1:] {
		m := map[string]string{}
		for i, h := range head {
			m[h] = r[i]
		}
		out = append(out, m)
	}
	return out
}

// plainCount is an independent reading of a count in the real data.
func plainCount(t *testing.T, s string) int64 {
	t.Helper()
	s, wan := strings.CutSuffix(strings.TrimSpace(s), "万")
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatalf("count %q", s)
	}
	if wan {
		f *= 10000
	}
	return int64(f + 0.5)
}

// reshape writes real rows as a platform's export and returns the likes the
// file must add up to.
type reshape struct {
	name, file, kind string
	head             []string
	row              func(r map[string]string, i int) []string
	likes            string // column of the real set
	banner           bool
}

func at(i int) time.Time {
	return time.Date(2026, time.Month(1+i%6), 1+i%28, i%24, i%60, 0, 0, clock.Shanghai())
}

// TestRealRowsReshaped carries real titles and counts through every layout and
// compares titles, dates and totals with what went in.
func TestRealRowsReshaped(t *testing.T) {
	t.Parallel()
	cases := []reshape{
		{
			name: "xhs notes with 万", file: "xhs_2018_notes.csv", kind: "xhs_notes", likes: "likes", banner: true,
			head: words("笔记标题,首次发布时间,体裁,曝光,观看量,封面点击率,点赞,评论,收藏,涨粉,分享,人均观看时长,弹幕"),
			row: func(r map[string]string, i int) []string {
				return []string{r["title"], at(i).Format("2006年01月02日15时04分05秒"), "图文", "-", "1", "0.05", r["likes"], r["comments"], r["stars"], "-", "0", "15.20秒", "0"}
			},
		},
		{
			name: "xhs notes with epochs", file: "xhs_2023_shanghai_nightlife.csv", kind: "generic_posts", likes: "likes",
			head: words("标题,发布时间,点赞数,收藏数,评论数"),
			row: func(r map[string]string, _ int) []string {
				return []string{r["title"], r["timestamp_ms"], r["likes"], r["stars"], r["comments"]}
			},
		},
		{
			name: "douyin A", file: "douyin_2025_one_creator.csv", kind: "douyin_works", likes: "likes",
			head: words("作品名称,发布时间,体裁,审核状态,播放量,完播率,5s完播率,封面点击率,2s跳出率,平均播放时长,点赞量,分享量,评论量,收藏量,主页访问量,粉丝增量"),
			row: func(r map[string]string, _ int) []string {
				return []string{r["desc"], r["published_at"], r["media"], "公开", "100", "0.286400", "0.5", "-", "0.2", "6.5", r["likes"], r["shares"], r["comments"], r["collects"], "4", "5"}
			},
		},
		{
			name: "douyin B with dotted days", file: "douyin_2025_videos.csv", kind: "douyin_works", likes: "likes",
			head: words("作品名称,发布时间,体裁,发布状态,播放量,完播率,5s完播率,作品时长,2s跳出率,平均播放时长,点赞量,评论量,分享量,收藏量,主页访问量,粉丝增量"),
			row: func(r map[string]string, _ int) []string {
				return []string{r["desc"], r["published"], "视频", "公开", "100", "0.28", "0.5", "32", "0.2", "6.5", r["likes"], r["comments"], r["shares"], r["collects"], "4", "5"}
			},
		},
		{
			name: "channels", file: "xhs_2024_k12_notes.csv", kind: "channels_videos", likes: "likes",
			head: words("视频描述,视频ID,发布时间,完播率,平均播放时长,播放量,推荐,喜欢,评论量,分享量,关注量,转发聊天和朋友圈,设为铃声,设为状态,设为朋友圈封面"),
			row: func(r map[string]string, _ int) []string {
				return []string{r["title"], "export/" + r["note_id"], strings.ReplaceAll(r["published_at"][:10], "-", "/"), "28.64%", "10.59秒", r["est_reads"], r["likes"], r["collects"], r["comments"], r["shares"], "0", "0", "0", "0", "0"}
			},
		},
		{
			name: "weibo", file: "weibo_posts.csv", kind: "weibo_posts", likes: "likes",
			head: words("微博内容,微博ID,发布时间,转发数,评论数,点赞数"),
			row: func(r map[string]string, _ int) []string {
				return []string{r["text"], r["post_id"], r["time"], r["reposts"], r["comments"], r["likes"]}
			},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rows := realRows(t, c.file)
			grid := [][]string{}
			if c.banner {
				grid = append(grid, []string{"最多导出排序后前1000条笔记"})
			}
			grid = append(grid, c.head)
			var want int64
			for i, r := range rows {
				grid = append(grid, c.row(r, i))
				want += plainCount(t, r[c.likes])
			}
			for _, form := range []string{"csv", "xlsx"} {
				b := csvBook(t, grid)
				if form == "xlsx" {
					b = xlsxBook(t, tab{"数据", grid})
				}
				u, err := Recognise(b, Hint{})
				if err != nil {
					t.Fatal(err)
				}
				if u.Kind != c.kind {
					t.Fatalf("%s: kind %s", form, u.Kind)
				}
				var got int64
				n, bad := 0, []string{}
				for _, r := range readAll(t, b, u) {
					n++
					if r.Bad() {
						bad = append(bad, fmt.Sprintf("%d %s %s", r.Row, r.Faults[0].Column, r.Faults[0].Slug))
					}
					for _, f := range r.Figures {
						if f.Field == Likes {
							got += f.Value
						}
					}
				}
				if n != len(rows) || got != want || len(bad) > 0 {
					t.Errorf("%s: %d of %d rows, likes %d want %d, faults %v", form, n, len(rows), got, want, bad[:min(len(bad), 5)])
				}
			}
		})
	}
}

func TestRealFollowersAsDailyTable(t *testing.T) {
	t.Parallel()
	rows := realRows(t, "douyin_2019_top_creators.csv")
	grid := [][]string{words("抖音号,日期,粉丝数,作品数")}
	var want, got int64
	for _, r := range rows {
		grid = append(grid, []string{r["creator_id"], r["crawled_at"], r["fans"], r["videos"]})
		want += plainCount(t, r["fans"])
	}
	b := csvBook(t, grid)
	u, err := Recognise(b, Hint{})
	if err != nil || u.Kind != "account_daily" {
		t.Fatalf("%v %v", u, err)
	}
	for _, r := range readAll(t, b, u) {
		for _, f := range r.Figures {
			if f.Field == Followers {
				got += f.Value
			}
		}
		if r.Bad() || len(r.Accounts) != 1 || r.Day.Format("2006") != "2019" {
			t.Fatalf("%s", line(r))
		}
	}
	if got != want {
		t.Errorf("followers %d, want %d", got, want)
	}
}
