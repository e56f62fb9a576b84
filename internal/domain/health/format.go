package health

import "strconv"

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// percent writes a ratio with one decimal, e.g. "3.4%".
func percent(r Ratio) string {
	if r.Den == 0 {
		return ""
	}
	return strconv.FormatFloat(100*r.value(), 'f', 1, 64) + "%"
}
