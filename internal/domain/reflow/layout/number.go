package layout

import (
	"errors"
	"math"
	"strings"
)

// Faults of a cell; the texts are in the room's catalogue under reflow.cell_*.
var (
	ErrNotNumber = errors.New("not_number")
	ErrNotWhole  = errors.New("not_whole")
	ErrTooBig    = errors.New("too_big")
	ErrNegative  = errors.New("negative")
	ErrCellError = errors.New("cell_error") // #N/A and its kin
	ErrNotRatio  = errors.New("not_ratio")
	ErrNotTime   = errors.New("not_time")
	ErrNoYear    = errors.New("no_year")
	ErrFuture    = errors.New("future")
	ErrTooOld    = errors.New("too_old")
)

// MaxCount is the largest figure believed.
const MaxCount = 1_000_000_000_000

// Missing reports whether a cleaned cell says "no figure".
func Missing(s string) bool {
	switch strings.ToLower(s) {
	case "", "-", "--", "---", "—", "——", "–", "/", "\\", "\\n", "n/a", "na", "nan", "null", "none", "nil",
		"无", "暂无", "暂无数据", "无数据", "未知", "空", "-%", "--%", "—%":
		return true
	}
	return false
}

// decimal is digits × 10^-scale.
type decimal struct {
	neg    bool
	digits int64
	scale  int
	atMost bool // "10万+": at least that many
	pct    bool
}

// units of counts behind a number.
func multiplier(s string) (exp int, ok bool) {
	switch s {
	case "":
		return 0, true
	case "千", "k":
		return 3, true
	case "万", "w", "萬":
		return 4, true
	case "百万", "m":
		return 6, true
	case "千万", "kw":
		return 7, true
	case "亿", "億":
		return 8, true
	case "次", "人", "个", "条", "篇", "位", "场", "粉", "人次", "元":
		return 0, true
	}
	return 0, false
}

// parseDecimal reads a cleaned number with thousands separators, an optional
// multiplier or percent sign and an optional trailing plus.
func parseDecimal(s string) (decimal, error) {
	var d decimal
	if strings.HasPrefix(s, "#") {
		return d, ErrCellError
	}
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '_', '\'', '"', '¥', '￥':
			return -1
		case '，':
			return ','
		case '−', '－', '–':
			return '-'
		case '%', '％', '﹪':
			return '%'
		}
		return r
	}, strings.ToLower(s))
	if s, d.atMost = strings.CutSuffix(s, "+"); s == "" {
		return d, ErrNotNumber
	}
	switch s[0] {
	case '-':
		d.neg, s = true, s[1:]
	case '+':
		s = s[1:]
	}
	s, err := d.mantissa(s)
	if err != nil {
		return d, err
	}
	if s == "%" {
		d.pct = true
		return d, nil
	}
	exp := 0
	for s != "" { // "1.2万次": a multiplier, then a counter word
		n := len(s)
		e, ok := multiplier(s)
		for !ok && n > 0 {
			n--
			if e, ok = multiplier(s[:n]); ok && n == 0 {
				return d, ErrNotNumber
			}
		}
		exp += e
		s = s[n:]
	}
	if exp > 12 {
		return d, ErrTooBig
	}
	d.scale -= exp
	return d, nil
}

// mantissa reads digits, separators and one point, and returns the rest. An
// exponent is what a spreadsheet leaves on large numbers.
func (d *decimal) mantissa(s string) (string, error) {
	seen, point, i := 0, false, 0
loop:
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			seen++
			if d.digits > math.MaxInt64/10-10 {
				if point {
					continue // beyond any meaning
				}
				return "", ErrTooBig
			}
			d.digits = d.digits*10 + int64(c-'0')
			if point {
				d.scale++
			}
		case c == ',':
			if point || seen == 0 || !thousands(s[i+1:]) {
				return "", ErrNotNumber
			}
		case c == '.':
			if point {
				return "", ErrNotNumber
			}
			point = true
		default:
			break loop
		}
	}
	if seen == 0 {
		return "", ErrNotNumber
	}
	rest := s[i:]
	if len(rest) > 1 && rest[0] == 'e' {
		return d.exponent(rest[1:])
	}
	return rest, nil
}

// thousands reports whether a comma is followed by exactly three digits.
func thousands(s string) bool {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n == 3
}

func (d *decimal) exponent(s string) (string, error) {
	neg := false
	switch s[0] {
	case '-':
		neg, s = true, s[1:]
	case '+':
		s = s[1:]
	}
	e, i := 0, 0
	for ; i < len(s) && i < 3 && s[i] >= '0' && s[i] <= '9'; i++ {
		e = e*10 + int(s[i]-'0')
	}
	if i == 0 || i != len(s) || e > 18 {
		return "", ErrNotNumber
	}
	if neg {
		e = -e
	}
	d.scale -= e
	return "", nil
}

// scaled returns the value × 10^shift, and whether it came out whole.
func (d decimal) scaled(shift int) (v int64, whole bool, err error) {
	v, whole = d.digits, true
	for s := shift - d.scale; s > 0 && v != 0; s-- {
		if v > math.MaxInt64/10 {
			return 0, false, ErrTooBig
		}
		v *= 10
	}
	var lost int64
	for s := d.scale - shift; s > 0; s-- {
		lost = v % 10
		whole = whole && lost == 0
		v /= 10
		if v == 0 && s > 1 {
			lost = 0
			whole = whole && d.digits == 0
			break
		}
	}
	if lost >= 5 {
		v++
	}
	if d.neg {
		v = -v
	}
	return v, whole, nil
}

// Number is a parsed cell. OK is false when the cell said nothing; AtLeast
// marks a rounded-down figure such as "10万+".
type Number struct {
	Value   int64
	OK      bool
	AtLeast bool
}

// ParseCount reads a whole figure: 1,234 · 1.4万 · 10.5w · 1.2亿 · 12.0. A
// multiplier may leave a rounding rest; a bare fraction may not.
func ParseCount(cell string, signed bool) (Number, error) {
	s := Clean(cell)
	if Missing(s) {
		return Number{}, nil
	}
	if n, ok := fastCount(s); ok {
		return Number{Value: n, OK: true}, nil
	}
	d, err := parseDecimal(s)
	if err != nil {
		return Number{}, err
	}
	if d.pct {
		return Number{}, ErrNotNumber
	}
	v, whole, err := d.scaled(0)
	switch {
	case err != nil:
		return Number{}, err
	case !whole && !strings.ContainsAny(strings.ToLower(s), "万萬亿億wkm千"):
		return Number{}, ErrNotWhole
	case v < 0 && !signed:
		return Number{}, ErrNegative
	case v > MaxCount || v < -MaxCount:
		return Number{}, ErrTooBig
	}
	return Number{Value: v, OK: true, AtLeast: d.atMost}, nil
}

// fastCount reads the plain digits nearly every cell holds.
func fastCount(s string) (int64, bool) {
	if len(s) == 0 || len(s) > 12 {
		return 0, false
	}
	var n int64
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int64(s[i]-'0')
	}
	return n, true
}

// RatioUnit says how a column writes ratios without a percent sign.
type RatioUnit uint8

// The units of a bare ratio.
const (
	Fraction RatioUnit = iota // 0.2864
	Percent                   // 28.64
)

// RatioDen is the denominator of every parsed ratio.
const RatioDen = 1_000_000

// ParseRatio reads a ratio as parts of RatioDen. A percent sign in the cell
// always decides; a bare number is read in the column's unit.
func ParseRatio(cell string, unit RatioUnit) (Number, error) {
	s := Clean(cell)
	if Missing(s) {
		return Number{}, nil
	}
	d, err := parseDecimal(s)
	if err != nil {
		return Number{}, err
	}
	shift := 6
	if d.pct || unit == Percent {
		shift = 4
	}
	v, _, err := d.scaled(shift)
	switch {
	case err != nil:
		return Number{}, err
	case v < -100*RatioDen || v > 100*RatioDen:
		return Number{}, ErrNotRatio
	}
	return Number{Value: v, OK: true}, nil
}

// ParseMoney reads yuan as fen.
func ParseMoney(cell string) (Number, error) {
	s := Clean(cell)
	if Missing(s) {
		return Number{}, nil
	}
	d, err := parseDecimal(strings.TrimSuffix(s, "元"))
	if err != nil {
		return Number{}, err
	}
	v, _, err := d.scaled(2)
	if err != nil || d.pct || v > MaxCount || v < -MaxCount {
		return Number{}, ErrNotNumber
	}
	return Number{Value: v, OK: true}, nil
}

// ParseDuration reads a length of time as milliseconds: 15.20秒 · 6.5 (in the
// column's unit, given in milliseconds) · 1分20秒 · 01:20 · 2小时3分.
func ParseDuration(cell string, unitMs int64) (Number, error) {
	s := strings.ToLower(Clean(cell))
	if Missing(s) {
		return Number{}, nil
	}
	if strings.ContainsRune(s, ':') {
		return clockDuration(s)
	}
	s = strings.ReplaceAll(s, "ms", "毫秒") // before "m" is taken for minutes
	total, found := int64(0), false
	for _, u := range []struct {
		names []string
		ms    int64
	}{{[]string{"小时", "时", "hours", "hour", "h"}, 3_600_000}, {[]string{"分钟", "分", "min", "m"}, 60_000}, {[]string{"毫秒"}, 1}, {[]string{"秒", "s"}, 1000}} {
		for _, n := range u.names {
			before, after, ok := strings.Cut(s, n)
			if !ok {
				continue
			}
			v, err := times(before, u.ms)
			if err != nil {
				return Number{}, err
			}
			total, found, s = total+v, true, after
			break
		}
	}
	if rest := strings.TrimSpace(s); rest != "" {
		if found {
			return Number{}, ErrNotNumber
		}
		return duration(times(rest, unitMs))
	}
	return duration(total, nil)
}

func duration(ms int64, err error) (Number, error) {
	if err != nil {
		return Number{}, err
	}
	if ms < 0 {
		return Number{}, ErrNegative
	}
	return Number{Value: ms, OK: true}, nil
}

func times(s string, unit int64) (int64, error) {
	d, err := parseDecimal(strings.TrimSpace(s))
	if err != nil || d.pct {
		return 0, ErrNotNumber
	}
	v, _, err := d.scaled(3)
	if err != nil || v > math.MaxInt64/3_600_000 || v < 0 {
		return 0, ErrNotNumber
	}
	return v * unit / 1000, nil
}

func clockDuration(s string) (Number, error) {
	parts := strings.Split(s, ":")
	if len(parts) > 3 {
		return Number{}, ErrNotNumber
	}
	var ms int64
	for _, p := range parts {
		v, err := times(p, 1000)
		if err != nil || ms > math.MaxInt64/60-v {
			return Number{}, ErrNotNumber
		}
		ms = ms*60 + v
	}
	return Number{Value: ms, OK: true}, nil
}
