package layout

import (
	"slices"
	"strings"
	"time"

	"kosmos/internal/base/errs"
	"kosmos/internal/base/sheet"
)

// seriesMetric finds what a sheet of a single-note export counts, from its name
// such as "观看数（天）"; hourly tells the finer of the two kinds.
func seriesMetric(name string) (f Field, hourly, ok bool) {
	h := Header(name)
	base, unit := splitUnit(h)
	if unit == "" {
		if cut, found := strings.CutSuffix(base, "小时"); found {
			base, unit = cut, "小时"
		}
	}
	base = strings.TrimRight(base, "-_")
	switch base {
	case "曝光数":
		f = Impressions
	case "观看数":
		f = Views
	case "涨粉数":
		f = FollowersGained
	case "点赞数":
		f = Likes
	case "评论数":
		f = Comments
	case "收藏数":
		f = Saves
	case "笔记分享数", "分享数":
		f = Shares
	case "封面点击率":
		f = CoverRate
	case "人均观看时长":
		f = WatchTime
	default:
		return "", false, false
	}
	if unit != "天" && unit != "日" && unit != "小时" && unit != "时" {
		return "", false, false
	}
	return f, strings.HasPrefix(unit, "小") || unit == "时", true
}

// seriesSheets lists the sheets of a single-note export by field: the daily
// ones, or the hourly ones where there are no daily ones.
func seriesSheets(b *sheet.Book) map[Field]int {
	daily, hourly := map[Field]int{}, map[Field]int{}
	for i, s := range b.Sheets() {
		if f, h, ok := seriesMetric(s.Name); ok && !s.Hidden {
			if h {
				hourly[f] = i
			} else {
				daily[f] = i
			}
		}
	}
	if len(daily) >= 2 {
		return daily
	}
	if len(hourly) >= 2 {
		return hourly
	}
	return nil
}

func recogniseSeries(b *sheet.Book, sheets map[Field]int, hint Hint) (*Understanding, error) {
	if hint.Platform != "" && hint.Platform != Xiaohongshu {
		return nil, errs.New(errs.Invalid, "reflow.wrong_platform", "platform", platformName(Xiaohongshu), "given", platformName(hint.Platform))
	}
	u := &Understanding{Kind: KindSeries}
	var fields []Field
	for f := range sheets {
		fields = append(fields, f)
	}
	slices.SortFunc(fields, func(a, c Field) int { return sheets[a] - sheets[c] })
	for _, f := range fields {
		i := sheets[f]
		top, err := readTop(b, i)
		if err != nil {
			return nil, err
		}
		p := Plan{Sheet: i, Name: b.Sheets()[i].Name, Kind: Kind{Slug: KindSeries, Grain: Series, Platform: Xiaohongshu}}
		p.Columns = []Column{
			{Index: 0, Header: "时间", Field: Day, Type: TimeType},
			{Index: 1, Header: p.Name, Field: f, Type: fieldTypes[f], UnitMs: 1000},
		}
		for _, r := range top {
			p.Sample = append(p.Sample, r.Cells)
		}
		u.Plans = append(u.Plans, p)
	}
	for i, s := range b.Sheets() {
		if !slices.ContainsFunc(u.Plans, func(p Plan) bool { return p.Sheet == i }) {
			u.Skipped = append(u.Skipped, s.Name)
		}
	}
	return u, nil
}

// readSeries adds the periods up: one record a day holding what the note had
// collected by that day's end. Rates are not additive and are left out.
func (u *Understanding) readSeries(b *sheet.Book, asOf time.Time, yield func(*Record) error) error {
	byDay := map[time.Time]map[Field]int64{}
	var faults []Fault
	rowOf := map[time.Time]int{}
	for i := range u.Plans {
		p := &u.Plans[i]
		value := p.Columns[1]
		if value.Type != Count && value.Type != Signed {
			continue
		}
		rows, err := b.Rows(p.Sheet)
		if err != nil {
			return err
		}
		for rows.Next() {
			row := rows.Row()
			if len(row.Cells) < 2 {
				continue
			}
			r := &Record{Row: row.Number, Sheet: p.Name}
			t, terr := ParseTime(row.Cells[0], asOf)
			if terr != nil || !t.OK {
				if row.Number > 2 {
					r.fault(value.Header, "reflow.cell_not_time", "value", brief(row.Cells[0]))
					faults = append(faults, r.Faults...)
				}
				continue // the header row
			}
			n, err := ParseCount(row.Cells[1], value.Type == Signed)
			if err != nil {
				r.fault(value.Header, "reflow.cell_"+err.Error(), "value", brief(row.Cells[1]))
				faults = append(faults, r.Faults...)
				continue
			}
			day := midnight(t.At)
			if byDay[day] == nil {
				byDay[day] = map[Field]int64{}
				rowOf[day] = row.Number
			}
			if n.OK {
				byDay[day][value.Field] += n.Value
			}
		}
		err = rows.Err()
		_ = rows.Close()
		if err != nil {
			return err
		}
	}
	return u.yieldSeries(byDay, rowOf, faults, asOf, yield)
}

func (u *Understanding) yieldSeries(byDay map[time.Time]map[Field]int64, rowOf map[time.Time]int, faults []Fault, asOf time.Time, yield func(*Record) error) error {
	var days []time.Time
	for d := range byDay {
		days = append(days, d)
	}
	slices.SortFunc(days, time.Time.Compare)
	total := map[Field]int64{}
	for i, d := range days {
		end := d.AddDate(0, 0, 1).Add(-time.Millisecond)
		if end.After(asOf) {
			end = asOf
		}
		r := &Record{Row: rowOf[d], Sheet: u.Plans[0].Name, Kind: KindSeries, Grain: Series, Day: d, AsOf: end, Published: days[0], Precision: ToDay}
		if i == 0 {
			r.Faults = faults
		}
		for f, v := range byDay[d] {
			total[f] += v
		}
		for _, p := range u.Plans {
			f := p.Columns[1].Field
			if v, ok := total[f]; ok {
				r.Figures = append(r.Figures, Figure{f, v})
			}
		}
		if err := yield(r); err != nil {
			return err
		}
	}
	return nil
}
