package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"
)

const importRows = 100_000

// imports brings a roster and a note list of 100,000 rows in and sets the time beside excelize's own reading of the file.
func imports(ctx context.Context, r *run) error {
	s, done, err := r.store(ctx, recipe{"import-" + strconv.FormatInt(int64(os.Getpid()), 10), func(context.Context, *run, *System) error { return nil }})
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "kosmos-bench-")
	if err != nil {
		return joinClose(err, done)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	err = r.importFile(ctx, s, "import.roster", filepath.Join(dir, "roster.xlsx"), "", writeRoster)
	if err == nil {
		err = r.importFile(ctx, s, "import.notes", filepath.Join(dir, "notes.xlsx"), "xiaohongshu:kos_000000", writeNotes)
	}
	if r.engine == "sqlite" {
		_ = os.RemoveAll(filepath.Join(r.Data, "bench", "import-"+strconv.Itoa(os.Getpid())))
	}
	return joinClose(err, done)
}

func (r *run) importFile(ctx context.Context, s *System, name, path, account string, write func(*excelize.StreamWriter) error) error {
	if err := workbook(path, write); err != nil {
		return err
	}
	reading, err := stopwatch(func() error { return readAll(path) })
	if err != nil {
		return err
	}
	rows := 0
	took, err := stopwatch(func() (err error) { rows, err = s.Import(ctx, account, path); return err })
	if err != nil {
		return err
	}
	if rows < importRows {
		return fmt.Errorf("%s: %d rows came in instead of %d", path, rows, importRows)
	}
	r.latency(name, "s", took.Seconds(), reading.Seconds(), fmt.Sprintf("%d rows, read, checked and written; the reference only reads the cells with excelize's row iterator", rows))
	return nil
}

func workbook(path string, write func(*excelize.StreamWriter) error) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.SaveAs(path)
}

func readAll(path string) error {
	f, err := excelize.OpenFile(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	rows, err := f.Rows("Sheet1")
	if err != nil {
		return err
	}
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			return err
		}
	}
	return rows.Close()
}

func writeRoster(w *excelize.StreamWriter) error {
	if err := w.SetRow("A1", []any{"单位路径", "单位类型", "姓名", "手机", "角色", "平台", "账号名", "平台ID", "账号类型", "归属"}); err != nil {
		return err
	}
	platforms := []string{"小红书", "抖音", "视频号", "快手"}
	for i := range importRows {
		_, _, store := place(i)
		row := []any{store, "门店", fmt.Sprintf("成员%06d", i), fmt.Sprintf("139%08d", i), "导购", platforms[i%4], fmt.Sprintf("kos_%06d", i), fmt.Sprintf("p%08d", i), "员工", "公司"}
		if err := w.SetRow("A"+strconv.Itoa(i+2), row); err != nil {
			return err
		}
	}
	return nil
}

func writeNotes(w *excelize.StreamWriter) error {
	if err := w.SetRow("A1", []any{"笔记标题", "首次发布时间", "体裁", "曝光", "观看量", "封面点击率", "点赞", "评论", "收藏", "涨粉", "分享", "人均观看时长", "弹幕"}); err != nil {
		return err
	}
	start := time.Date(2025, 1, 1, 8, 0, 0, 0, time.UTC)
	for i := range importRows {
		at := start.Add(time.Duration(i) * 5 * time.Minute)
		row := []any{fmt.Sprintf("新车到店第%d天", i), at.Format("2006年01月02日15时04分05秒"), "视频", i % 90000, i % 30000, "0.12", i % 900, i % 90, i % 300, i % 20, i % 50, 12, 0}
		if err := w.SetRow("A"+strconv.Itoa(i+2), row); err != nil {
			return err
		}
	}
	return nil
}
