package same

import (
	"embed"
	"encoding/json"
	"fmt"
)

//go:embed thresholds.json
var shipped embed.FS

// Threshold is how much alike two texts may be, from a day on. Empty platform, kind or industry mean any.
type Threshold struct {
	Platform string  `json:"platform"`
	Kind     string  `json:"kind"` // fact, talk, or the kind of a post
	Industry string  `json:"industry"`
	Most     float64 `json:"most"` // a score above it is too much; 1 allows everything
	From     int32   `json:"from"` // yyyymmdd
	Until    int32   `json:"until"`
	Why      string  `json:"why"`
}

// Thresholds is the dated table.
type Thresholds []Threshold

// Load reads the table that ships with the program.
func Load() (Thresholds, error) {
	raw, err := shipped.ReadFile("thresholds.json")
	if err != nil {
		return nil, err
	}
	var out Thresholds
	if err := json.Unmarshal(raw, &out); err != nil {
		return nil, fmt.Errorf("same: thresholds: %w", err)
	}
	return out, nil
}

// Where is what a threshold is looked up by.
type Where struct {
	Platform, Kind, Industry string
	Day                      int32
}

// Of gives the threshold that fits best: the one that names most of kind, industry and platform, in that order of weight.
// Among equals the later row counts.
func (t Thresholds) Of(w Where) Threshold {
	best, weight := Threshold{Most: 1}, -1
	for _, x := range t {
		if w.Day < x.From || x.Until != 0 && w.Day > x.Until {
			continue
		}
		n, fits := 0, true
		for _, c := range []struct {
			want, got string
			weight    int
		}{{x.Kind, w.Kind, 4}, {x.Industry, w.Industry, 2}, {x.Platform, w.Platform, 1}} {
			if c.want == "" {
				continue
			}
			fits = fits && c.want == c.got
			n += c.weight
		}
		if fits && n >= weight {
			best, weight = x, n
		}
	}
	return best
}
