package variant

import (
	"embed"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

//go:embed limits.json
var limitFile embed.FS

// Limit is how long a text may be on a platform, from a day on.
type Limit struct {
	Platform string `json:"platform"`
	Field    string `json:"field"` // title, body
	Max      int    `json:"max"`   // code points
	From     int32  `json:"from"`  // yyyymmdd
	Until    int32  `json:"until"` // 0: still
	Source   string `json:"source"`
}

// Limits is the dated table of lengths.
type Limits []Limit

// LoadLimits reads the table that ships with the program.
func LoadLimits() (Limits, error) {
	raw, err := limitFile.ReadFile("limits.json")
	if err != nil {
		return nil, err
	}
	var out Limits
	if err := json.Unmarshal(raw, &out); err != nil {
		return nil, fmt.Errorf("variant: limits: %w", err)
	}
	return out, nil
}

// Of gives the limit of a field on a platform on a day; 0 when none is known.
func (l Limits) Of(platform, field string, day int32) int {
	for _, x := range l {
		if x.Platform == platform && x.Field == field && day >= x.From && (x.Until == 0 || day <= x.Until) {
			return x.Max
		}
	}
	return 0
}

// Over tells by how many code points a text is too long; 0 when it fits or no limit is known.
func (l Limits) Over(platform, field, text string, day int32) int {
	most := l.Of(platform, field, day)
	if most == 0 {
		return 0
	}
	return max(0, utf8.RuneCountInString(text)-most)
}
