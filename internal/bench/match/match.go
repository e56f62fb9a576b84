// Package match measures the text engine: rules and a text from files, or its own, the same on every machine.
package match

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kosmos/internal/scan"
)

// Result is what `kosmos risk bench` says.
type Result struct {
	MBPerS   float64 `json:"mb_per_s"` // a million bytes of text a second by the clock, one thread, the best of the rounds
	BuildMs  float64 `json:"build_ms"`
	MemoryMB float64 `json:"memory_mb"` // what the compiled rules keep
	Hits     int     `json:"hits"`
	Rules    int     `json:"rules"`
	Bytes    int     `json:"bytes"`
}

// Job is what is measured.
type Job struct {
	Terms  []string
	Text   string
	Fold   scan.Folding // beside what is always on
	Rounds int          // at least 1
	Say    func(format string, args ...any)
}

// Run compiles a literal rule for each term and scans the text, all that is always on included. Terms without any
// character to look for are left out, and that is said.
func Run(j Job) (Result, error) {
	rules := rulesOf(j.Terms, j.Fold)
	if _, err := scan.Compile(rules[:0]); err != nil { // the tables of the process are no part of a rule set
		return Result{}, err
	}
	before := heap()
	began := time.Now()
	m, err := scan.Compile(rules)
	if faults := scan.Faults(nil); errors.As(err, &faults) {
		rules = without(rules, faults)
		j.Say("%d terms cannot be rules, among them %s: %s", len(faults), faults[0].Rule, faults[0].Reason)
		began = time.Now()
		m, err = scan.Compile(rules)
	}
	if err != nil {
		return Result{}, err
	}
	out := Result{BuildMs: float64(time.Since(began).Microseconds()) / 1000, MemoryMB: float64(heap()-before) / 1e6, Rules: len(m.Rules()), Bytes: len(j.Text)}
	var hits []scan.Hit
	for range max(1, j.Rounds) {
		began, used := time.Now(), busy()
		hits = m.Scan(j.Text, scan.Context{}, hits[:0])
		took, used := time.Since(began), busy()-used
		own, decoded := perSecond(len(j.Text), used), Decode(j.Text)
		j.Say("%7.1f MB/s by the clock, %7.1f by processor time; decoding UTF-8 alone %7.1f; ×%.2f", perSecond(len(j.Text), took), own, decoded, own/decoded)
		out.MBPerS, out.Hits = max(out.MBPerS, perSecond(len(j.Text), took)), len(hits)
	}
	runtime.KeepAlive(m)
	return out, nil
}

func perSecond(bytes int, took time.Duration) float64 {
	return float64(int(float64(bytes)/1e6/max(took.Seconds(), 1e-9)*10)) / 10
}

func rulesOf(terms []string, fold scan.Folding) []scan.Rule {
	rules := make([]scan.Rule, 0, len(terms))
	seen := make(map[string]bool, len(terms))
	for _, term := range terms {
		if term = strings.TrimSpace(strings.TrimPrefix(term, "\uFEFF")); term != "" && !seen[term] {
			seen[term] = true
			rules = append(rules, scan.Rule{ID: term, Kind: scan.Literal, Terms: []string{term}, Fold: fold})
		}
	}
	return rules
}

func without(rules []scan.Rule, faults scan.Faults) []scan.Rule {
	bad := make(map[string]bool, len(faults))
	for _, f := range faults {
		bad[f.Rule] = true
	}
	return slices.DeleteFunc(rules, func(r scan.Rule) bool { return bad[r.ID] })
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Decode gives the speed of reading the text code point by code point and doing nothing with it, in MB/s of processor time:
// how fast the machine is just now.
func Decode(text string) float64 {
	began := busy()
	n := 0
	for i := 0; i < len(text); n++ {
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	took := busy() - began
	if n > len(text) {
		panic(fmt.Sprint("more code points than bytes: ", n))
	}
	return perSecond(len(text), took)
}
