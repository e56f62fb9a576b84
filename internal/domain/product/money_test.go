package product

import "testing"

func TestAmountsInEveryForm(t *testing.T) {
	t.Parallel()
	const want = 129_800 * yuan
	for _, text := range []string{
		"12.98万", "12.98 万元起", "129800", "¥129,800", "￥129，800", "12万9800", "12万9千8", "129,800元", "１２９８００元", "１２．９８万", "12.98W起",
		"十二万九千八百", "十二万九千八", "十二点九八万", "129800.00", "RMB 129800", "1️⃣2️⃣9️⃣8️⃣0️⃣0️⃣", "价格129 800",
	} {
		list := amountsIn("星海X7 " + text + "，快来")
		found := false
		for _, a := range list {
			found = found || a.fen == want
		}
		if !found {
			t.Errorf("%q: %+v", text, list)
		}
	}
	for _, text := range []string{"99%好评", "12.98万人围观", "2026年", "第129800位", "销量3台", "三个月", "续航702公里", "9.8分"} {
		if list := amountsIn(text); len(list) != 0 {
			t.Errorf("%q is no money: %+v", text, list)
		}
	}
}

func TestAPriceIsShownRoundedToTwoPlaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		fen  int64
		want bool
	}{
		{"12.98万", 129_888 * yuan, true},
		{"12.99万", 129_888 * yuan, true},
		{"12.9万", 129_888 * yuan, false},
		{"12万", 129_888 * yuan, false},
		{"129888", 129_888 * yuan, true},
		{"129800", 129_888 * yuan, false},
		{"¥99", 99 * yuan, true},
		{"99.5元", 9950, true},
		{"12.97万", 129_888 * yuan, false},
	} {
		list := amountsIn(c.text)
		if len(list) != 1 || list[0].shows(c.fen) != c.want {
			t.Errorf("%s of %d: %+v, want %v", c.text, c.fen, list, c.want)
		}
	}
}

func TestReadingCells(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{"129800": 129_800 * yuan, "12.98万": 129_800 * yuan, "¥129,800.50": 12_980_050, "99": 9900, "9.9元": 990} {
		if got, ok := readMoney(in); !ok || got != want {
			t.Errorf("money %q: %d %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "abc", "12万一", "-5"} {
		if got, ok := readMoney(in); ok {
			t.Errorf("money %q: %d", in, got)
		}
	}
	for in, want := range map[string]int64{"9.5": 950, "95折": 950, "9.5折": 950, "95%": 950, "0.95": 950} {
		if got, ok := readRate(in); !ok || got != want {
			t.Errorf("rate %q: %d %v", in, got, ok)
		}
	}
	for in, want := range map[string]string{"2026-12-01": "2026-12-01", "2026/12/1": "2026-12-01", "20261201": "2026-12-01", "2026-12-01 00:00:00": "2026-12-01", "2026年12月1日": "2026-12-01"} {
		if got, ok := readDay(in); !ok || got.String() != want {
			t.Errorf("day %q: %s %v", in, got, ok)
		}
	}
}

func FuzzAmounts(f *testing.F) {
	for _, s := range []string{"12.98万", "十二万九千八", "¥129,800", "12万9千8"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := len([]rune(s))
		for _, a := range amountsIn(s) {
			if a.start < 0 || a.end > n || a.start >= a.end {
				t.Fatalf("%q: %+v", s, a)
			}
		}
	})
}
