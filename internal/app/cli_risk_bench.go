package app

import (
	"fmt"
	"os"
	"strings"

	"kosmos/internal/bench/match"
	"kosmos/internal/scan"
)

type riskBenchCmd struct {
	Patterns string   `help:"File of terms, one a line; without it, 10,000 invented ones." type:"existingfile"`
	Text     string   `help:"File of text; without it, 50 MB of invented text." type:"existingfile"`
	Rules    int      `help:"How many rules to invent." default:"10000"`
	Size     int      `help:"How many bytes of text to invent." default:"50000000"`
	Rounds   int      `help:"The best of so many rounds counts." default:"5"`
	Fold     []string `help:"lookalike, soundalike, pinyin, initials: foldings for every rule beside those that are always on." enum:"lookalike,soundalike,pinyin,initials"`
}

// Run implements kong's command.
func (c *riskBenchCmd) Run(s *shell) error {
	terms, text := []string(nil), ""
	if c.Patterns == "" || c.Text == "" {
		terms, text = match.Sample(c.Rules, c.Size)
	}
	if c.Patterns != "" {
		data, err := os.ReadFile(c.Patterns)
		if err != nil {
			return err
		}
		terms = strings.Split(string(data), "\n")
	}
	if c.Text != "" {
		data, err := os.ReadFile(c.Text)
		if err != nil {
			return err
		}
		text = string(data)
	}
	folds := map[string]scan.Folding{"lookalike": scan.Lookalike, "soundalike": scan.Soundalike, "pinyin": scan.Pinyin, "initials": scan.Initials}
	fold := scan.Folding(0)
	for _, name := range c.Fold {
		fold |= folds[name]
	}
	r, err := match.Run(match.Job{Terms: terms, Text: text, Fold: fold, Rounds: c.Rounds, Say: func(format string, args ...any) {
		_, _ = fmt.Fprintf(s.err, format+"\n", args...)
	}})
	if err != nil {
		return err
	}
	return s.print(r, fmt.Sprintf("%.1f MB/s: %d rules (compiled in %.1f ms, %.1f MB) over %d bytes, %d hits", r.MBPerS, r.Rules, r.BuildMs, r.MemoryMB, r.Bytes, r.Hits))
}
