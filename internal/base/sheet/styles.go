package sheet

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// numberKind is what a cell style says a number stands for.
type numberKind uint8

const (
	plainNumber numberKind = iota
	dateNumber
	percentNumber
)

type stylesXML struct {
	Formats []struct {
		ID   int    `xml:"numFmtId,attr"`
		Code string `xml:"formatCode,attr"`
	} `xml:"numFmts>numFmt"`
	Cells []struct {
		Format int `xml:"numFmtId,attr"`
	} `xml:"cellXfs>xf"`
}

// numberKinds reads the style table: cell style index → kind.
func (p *pack) numberKinds(name string) ([]numberKind, error) {
	var x stylesXML
	if err := p.decode(name, &x); err != nil {
		return nil, err
	}
	codes := make(map[int]string, len(x.Formats))
	for _, f := range x.Formats {
		codes[f.ID] = f.Code
	}
	out := make([]numberKind, len(x.Cells))
	for i, c := range x.Cells {
		out[i] = kindOf(c.Format, codes[c.Format])
	}
	return out, nil
}

func kindOf(id int, code string) numberKind {
	switch {
	case code != "":
		return kindOfCode(code)
	case id == 9 || id == 10:
		return percentNumber
	case id >= 14 && id <= 22, id >= 27 && id <= 36, id >= 45 && id <= 47, id >= 50 && id <= 58:
		return dateNumber
	}
	return plainNumber
}

// kindOfCode judges a custom format code: letters of dates outside quotes,
// brackets and escapes make a date; an unquoted % a percentage.
func kindOfCode(code string) numberKind {
	code, _, _ = strings.Cut(code, ";")
	var quote, bracket, escaped bool
	for _, c := range strings.ToLower(code) {
		switch {
		case escaped:
			escaped = false
		case c == '\\' || c == '_' || c == '*':
			escaped = true
		case c == '"':
			quote = !quote
		case quote:
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case bracket:
		case c == 'y' || c == 'd' || c == 'h' || c == 's' || c == 'm':
			return dateNumber
		case c == '%':
			return percentNumber
		}
	}
	return plainNumber
}

// maxSerial is 9999-12-31 as a spreadsheet counts days.
const maxSerial = 2958466

// number renders a numeric cell by its style.
func number(raw string, kind numberKind, base1904 bool) string {
	if kind == plainNumber && len(raw) <= 15 && !strings.ContainsAny(raw, "eE") {
		return raw
	}
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return raw
	}
	switch kind {
	case dateNumber:
		if s, ok := serialText(f, base1904); ok {
			return s
		}
	case percentNumber:
		return shortest(f*100, 10) + "%"
	}
	if digits := strings.Trim(raw, "-0123456789"); digits == "" {
		return raw // a whole number of any length keeps its digits
	}
	return shortest(f, 15)
}

// shortest prints f with at most prec significant digits, without exponent and
// without the tail binary fractions leave (0.28639999999999999 → 0.2864).
func shortest(f float64, prec int) string {
	g, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', prec, 64), 64)
	if err != nil {
		g = f
	}
	return strconv.FormatFloat(g, 'f', -1, 64)
}

// serialText renders a spreadsheet day number. Both systems count wall-clock
// days; no zone is involved.
func serialText(f float64, base1904 bool) (string, bool) {
	if f < 0 || f >= maxSerial {
		return "", false
	}
	if base1904 {
		f += 1462
	}
	t := SerialTime(f)
	if f < 1 {
		return t.Format("15:04:05"), true
	}
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format("2006-01-02"), true
	}
	return t.Format("2006-01-02 15:04:05"), true
}

// SerialTime turns a 1900-system spreadsheet day number into wall-clock time
// (in UTC, to be re-read in the zone that applies), rounded to the second.
// Days up to 60 are one off in real spreadsheets (29 February 1900) and mean
// nothing here.
func SerialTime(f float64) time.Time {
	days := math.Floor(f)
	secs := math.Round((f - days) * 86400)
	return time.Date(1899, 12, 30, 0, 0, int(secs), 0, time.UTC).AddDate(0, 0, int(days))
}
