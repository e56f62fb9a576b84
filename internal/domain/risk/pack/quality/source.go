package main

import (
	"bufio"
	"crypto/sha1" //nolint:gosec // a split that stays the same, no secret
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kosmos/internal/scan/rank"
)

// ownRows are training rows written for this project.
const ownRows = "internal/domain/risk/pack/model/own.csv"

// source reads the shared data and the project's own files.
type source struct{ dir, root string }

// part of a labelled set.
type part func(text string) bool

func all(string) bool { return true }

func train(text string) bool {
	sum := sha1.Sum([]byte(text))
	return sum[0]%2 == 0
}

func test(text string) bool { return !train(text) }

// record is a row of a CSV file by column.
type record map[string]string

func records(path string) ([]record, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	in := csv.NewReader(bufio.NewReader(f))
	in.FieldsPerRecord, in.LazyQuotes = -1, true
	rows, err := in.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	head := rows[0]
	head[0] = strings.TrimPrefix(head[0], "\ufeff")
	out := make([]record, 0, len(rows)-1)
	for _, row := range rows[1:] {
		r := record{}
		for i, name := range head {
			if i < len(row) {
				r[name] = row[i]
			}
		}
		out = append(out, r)
	}
	return out, nil
}

// labelled reads a set of labelled_text as examples of one label.
func (s source) labelled(file, column, label string, p part) ([]rank.Example, error) {
	rows, err := records(filepath.Join(s.dir, "labelled_text", file))
	if err != nil {
		return nil, err
	}
	var out []rank.Example
	for _, r := range rows {
		if !p(r["text"]) {
			continue
		}
		e := rank.Example{Text: r["text"], About: label}
		if r[column] == "1" {
			e.Label = label
		}
		out = append(out, e)
	}
	return out, nil
}

// shippable returns the rows that may ship, of one part: group ads, offensive speech, own rows (never scored, so whole).
func (s source) shippable(p part) ([]rank.Example, error) {
	ads, err := s.labelled("qq_group_ads.csv", "is_ad", "ad", p)
	if err != nil {
		return nil, err
	}
	cold, err := s.labelled("coldataset_offensive.csv", "offensive", "abuse", p)
	if err != nil {
		return nil, err
	}
	own, err := s.own()
	return slices.Concat(ads, cold, own), err
}

// own returns the training rows written for this project.
func (s source) own() ([]rank.Example, error) {
	rows, err := records(filepath.Join(s.root, ownRows))
	var out []rank.Example
	for _, r := range rows {
		out = append(out, rank.Example{Text: r["text"], Label: r["label"], About: "ad"})
	}
	return out, err
}

// fold deals texts out evenly, the same text always to the same fold.
func fold(text string, folds int) int {
	sum := sha1.Sum([]byte(text))
	return int(sum[1]) % folds
}

// terms returns the shared lists: advertising law and industries.
func (s source) terms() (law, industry []string, err error) {
	b, err := os.ReadFile(filepath.Join(s.dir, "compliance_lexicon/es3344520/adlaw_limit_words.txt"))
	if err != nil {
		return nil, nil, err
	}
	rows, err := records(filepath.Join(s.dir, "compliance_lexicon/adlaw_industry_terms.csv"))
	if err != nil {
		return nil, nil, err
	}
	for _, r := range rows {
		industry = append(industry, r["term"])
	}
	return unique(strings.Fields(string(b))), unique(industry), nil
}

// platformTerms returns the terms of the shared platform rules with their platform.
func (s source) platformTerms() (map[string][]string, error) {
	b, err := os.ReadFile(filepath.Join(s.dir, "compliance_lexicon/rules/platform_rules.json"))
	if err != nil {
		return nil, err
	}
	var file struct {
		Rules []struct {
			Platform string   `json:"platform"`
			Terms    []string `json:"terms"`
		} `json:"rules"`
	}
	if err := json.Unmarshal(b, &file); err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, r := range file.Rules {
		p := r.Platform
		if p == "all" {
			p = "xiaohongshu"
		}
		out[p] = unique(append(out[p], r.Terms...))
	}
	return out, nil
}

func unique(in []string) []string {
	var out []string
	for _, s := range in {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// everyday returns the project's own selling sentences.
func (s source) everyday() ([]string, error) {
	b, err := os.ReadFile(filepath.Join(s.root, "internal/domain/risk/pack/testdata/everyday.txt"))
	if err != nil {
		return nil, err
	}
	var out []string
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out, nil
}

// note is a real 小红书 note.
type note struct{ file, text string }

func (s source) notes() ([]note, error) {
	var out []note
	for _, file := range []string{"xhs_2018_notes.csv", "xhs_2021_comic_con_notes.csv", "xhs_2023_shanghai_nightlife.csv", "xhs_2024_k12_notes.csv"} {
		rows, err := records(filepath.Join(s.dir, "social_posts", file))
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			body := r["content"] + r["detail"]
			text := r["title"] + "\n" + body
			if strings.HasPrefix(body, r["title"]) {
				text = body // the first lines were taken for a title
			}
			out = append(out, note{file, text})
		}
	}
	return out, nil
}
