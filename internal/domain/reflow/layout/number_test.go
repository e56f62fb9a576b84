package layout

import (
	"errors"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/clock"
)

func TestParseCount(t *testing.T) {
	t.Parallel()
	cases := []struct {
		in   string
		want int64
		err  error
	}{
		{"0", 0, nil},
		{"123", 123, nil},
		{"1,234", 1234, nil},
		{"12,345,678", 12345678, nil},
		{"１，２３４", 1234, nil},
		{"1.4万", 14000, nil},
		{"10.5w", 105000, nil},
		{"3.8万", 38000, nil},
		{"1.2亿", 120000000, nil},
		{"3.4W", 34000, nil},
		{"1.15万", 11500, nil},
		{"1.23456万", 12346, nil},
		{"10万+", 100000, nil},
		{"100000+", 100000, nil},
		{"2千", 2000, nil},
		{"1.5k", 1500, nil},
		{"12.0", 12, nil},
		{"1.2345E7", 12345000, nil},
		{"'42", 42, nil},
		{" 42\t", 42, nil},
		{"42次", 42, nil},
		{"1.2万次", 12000, nil},
		{"300人次", 300, nil},
		{"12.5", 0, ErrNotWhole},
		{"-3", 0, ErrNegative},
		{"12.3%", 0, ErrNotNumber},
		{"abc", 0, ErrNotNumber},
		{"1,23", 0, ErrNotNumber},
		{"1.2.3", 0, ErrNotNumber},
		{"#N/A", 0, ErrCellError},
		{"#DIV/0!", 0, ErrCellError},
		{"99999999999999999999", 0, ErrTooBig},
		{"20000亿", 0, ErrTooBig},
		{"万", 0, ErrNotNumber},
		{"+", 0, ErrNotNumber},
		{"2026-06-01", 0, ErrNotNumber},
		{"1万2", 0, ErrNotNumber},
		{"次", 0, ErrNotNumber},
		{"人3", 0, ErrNotNumber},
	}
	for _, c := range cases {
		n, err := ParseCount(c.in, false)
		if !errors.Is(err, c.err) || n.Value != c.want || n.OK != (c.err == nil) {
			t.Errorf("%q: %+v %v", c.in, n, err)
		}
	}
	if n, err := ParseCount("-1,234", true); err != nil || n.Value != -1234 {
		t.Errorf("signed: %v %v", n, err)
	}
	if n, _ := ParseCount("10万+", false); !n.AtLeast {
		t.Error("10万+ is a lower bound")
	}
	for _, miss := range []string{"", "-", "--", "—", " - ", "N/A", "暂无", "\u3000", "\ufeff", "null"} {
		if n, err := ParseCount(miss, false); err != nil || n.OK || n.Value != 0 {
			t.Errorf("%q is missing, got %+v %v", miss, n, err)
		}
	}
}

func TestParseRatio(t *testing.T) {
	t.Parallel()
	cases := []struct {
		in   string
		unit RatioUnit
		want int64
	}{
		{"0.286400", Fraction, 286400},
		{"28.64%", Fraction, 286400},
		{"28.64%", Percent, 286400},
		{"28.64", Percent, 286400},
		{"6.50%", Fraction, 65000},
		{"0.05", Fraction, 50000},
		{"0", Fraction, 0},
		{"100%", Fraction, 1000000},
		{"5.2E-2", Fraction, 52000},
		{"１２．３％", Fraction, 123000},
	}
	for _, c := range cases {
		if n, err := ParseRatio(c.in, c.unit); err != nil || n.Value != c.want || !n.OK {
			t.Errorf("%q: %+v %v, want %d", c.in, n, err, c.want)
		}
	}
	if n, err := ParseRatio("-", Fraction); n.OK || err != nil {
		t.Error("a dash is missing")
	}
	if _, err := ParseRatio("高", Fraction); err == nil {
		t.Error("a word is no ratio")
	}
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	cases := []struct {
		in   string
		unit int64
		want int64
	}{
		{"10.59秒", 1000, 10590},
		{"15.20秒", 1000, 15200},
		{"6.5", 1000, 6500},
		{"6.5s", 1000, 6500},
		{"1分20秒", 1000, 80000},
		{"2小时3分", 1000, 7380000},
		{"01:20", 1000, 80000},
		{"1:02:03", 1000, 3723000},
		{"25", 60000, 1500000},
		{"1.5", 3600000, 5400000},
		{"1.5分钟", 1000, 90000},
		{"350ms", 1000, 350},
		{"350毫秒", 1000, 350},
	}
	for _, c := range cases {
		if n, err := ParseDuration(c.in, c.unit); err != nil || n.Value != c.want || !n.OK {
			t.Errorf("%q: %+v %v, want %d", c.in, n, err, c.want)
		}
	}
	for _, bad := range []string{"慢", "1:2:3:4", "-5", "5秒半"} {
		if n, err := ParseDuration(bad, 1000); err == nil {
			t.Errorf("%q became %d", bad, n.Value)
		}
	}
}

func TestParseTime(t *testing.T) {
	t.Parallel()
	asOf := time.Date(2026, 7, 1, 9, 0, 0, 0, clock.Shanghai())
	cases := []struct {
		in, want string
		prec     Precision
	}{
		{"2026年06月25日14时50分00秒", "2026-06-25T14:50:00+08:00", ToSecond},
		{"2026年06月01日", "2026-06-01T00:00:00+08:00", ToDay},
		{"2026年6月1日20时", "2026-06-01T20:00:00+08:00", ToMinute},
		{"2026年06月25日 14:50", "2026-06-25T14:50:00+08:00", ToMinute},
		{"2026-06-01 10:00", "2026-06-01T10:00:00+08:00", ToMinute},
		{"2026-06-01 10:00:05.123", "2026-06-01T10:00:05+08:00", ToSecond},
		{"2026/06/23", "2026-06-23T00:00:00+08:00", ToDay},
		{"2026/6/3 8:05", "2026-06-03T08:05:00+08:00", ToMinute},
		{"2025.08.06", "2025-08-06T00:00:00+08:00", ToDay},
		{"20260601", "2026-06-01T00:00:00+08:00", ToDay},
		{"20260601123000", "2026-06-01T12:30:00+08:00", ToSecond},
		{"06-25", "2026-06-25T00:00:00+08:00", ToDay},
		{"12-25", "2025-12-25T00:00:00+08:00", ToDay},
		{"6月25日 14:50", "2026-06-25T14:50:00+08:00", ToMinute},
		{"02-29", "2024-02-29T00:00:00+08:00", ToDay},
		{"26-06-25", "2026-06-25T00:00:00+08:00", ToDay},
		{"46198", "2026-06-25T00:00:00+08:00", ToDay},
		{"46198.5", "2026-06-25T12:00:00+08:00", ToSecond},
		{"1683452764000", "2023-05-07T17:46:04+08:00", ToSecond},
		{"1363146924", "2013-03-13T11:55:24+08:00", ToSecond},
		{"2026-06-25T06:50:00Z", "2026-06-25T14:50:00+08:00", ToSecond},
		{"Fri Sep 21 14:19:46 +0800 2012", "2012-09-21T14:19:46+08:00", ToSecond},
		{"昨天 12:30", "2026-06-30T12:30:00+08:00", ToMinute},
		{"3天前", "2026-06-28T00:00:00+08:00", ToDay},
		{"2026-06-25 24:00", "2026-06-26T00:00:00+08:00", ToMinute},
		{"２０２６-０６-０１", "2026-06-01T00:00:00+08:00", ToDay},
	}
	for _, c := range cases {
		got, err := ParseTime(c.in, asOf)
		if err != nil || got.At.Format(time.RFC3339) != c.want || got.Prec != c.prec || !got.OK {
			t.Errorf("%q: %s %d %v, want %s", c.in, got.At.Format(time.RFC3339), got.Prec, err, c.want)
		}
	}
	bad := map[string]error{
		"2026-02-30": ErrNotTime, "2026-13-01": ErrNotTime, "yesterday": ErrNotTime, "12": ErrNotTime, "2026-06-25 25:00": ErrNotTime,
		"2027-01-01": ErrFuture, "1999-01-01": ErrTooOld, "#VALUE!": ErrCellError, "hello 2026-06-25": ErrNotTime, "13-40": ErrNoYear,
	}
	for in, want := range bad {
		if got, err := ParseTime(in, asOf); !errors.Is(err, want) {
			t.Errorf("%q: %v %v, want %v", in, got.At, err, want)
		}
	}
	if got, err := ParseTime("-", asOf); got.OK || err != nil {
		t.Error("a dash is missing")
	}
}

func TestHeader(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" 笔记 标题\u200b": "笔记标题", "播放量（次）": "播放量(次)", "５Ｓ完播率": "5s完播率", "\ufeff视频描述": "视频描述",
		"直播有效时长（小时）": "直播有效时长(小时)", "【总】播放": "(总)播放", "点赞\n量": "点赞量",
	} {
		if got := Header(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzCell(f *testing.F) {
	for _, s := range []string{"1.4万", "12.3%", "1,234", "2026年06月25日14时50分00秒", "46198.5", "1E9", "-", "06-25", "1:02:03", "1683452764000", strings.Repeat("0", 78) + "\xf7\u02e1"} {
		f.Add(s)
	}
	asOf := time.Date(2026, 7, 1, 9, 0, 0, 0, clock.Shanghai())
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := ParseCount(s, true); err == nil && (n.Value > MaxCount || n.Value < -MaxCount || !n.OK && n.Value != 0) {
			t.Fatalf("count %q: %+v", s, n)
		}
		if n, err := ParseRatio(s, Percent); err == nil && !n.OK && n.Value != 0 {
			t.Fatalf("ratio %q: %+v", s, n)
		}
		if n, err := ParseDuration(s, 1000); err == nil && n.Value < 0 {
			t.Fatalf("duration %q: %+v", s, n)
		}
		if got, err := ParseTime(s, asOf); err == nil && got.OK && (got.At.After(asOf.AddDate(0, 0, 1)) || got.At.Year() < 2005) {
			t.Fatalf("time %q: %v", s, got.At)
		}
		if h := Header(" " + s + "\u200b"); h != Header(s) {
			t.Fatalf("header %q: blanks count", s)
		}
	})
}
