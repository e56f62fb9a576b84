package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kosmos/internal/base/clock"
	"kosmos/internal/scan/rank"
)

type riskTrainCmd struct {
	Brand  string   `help:"Train the own ranker of this brand from its reviewers' verdicts instead of from files." placeholder:"SLUG"`
	Use    bool     `help:"With --brand: put what was trained into use."`
	Out    string   `help:"File to write the model to; needed without --brand." type:"path"`
	Label  string   `help:"What a 1 in the label column means: ad, abuse …" default:"abuse"`
	Source []string `help:"Where the rows come from, for the model's facts; the file names when absent."`
	Seed   uint64   `help:"Another order of the same rows." default:"1"`
	Bits   int      `help:"Buckets per label, as a power of two." default:"16"`
	Alarms float64  `help:"Share of false alarms the threshold is set for." default:"0.02"`
	At     string   `help:"Day of the training for the model's facts; today when absent."`
	Files  []string `arg:"" optional:"" help:"CSV or JSONL with text and label (0, 1 or a label's name) and, optionally, about (the label a 0 speaks of)." name:"file" type:"existingfile"`
}

// Run implements kong's command.
func (c *riskTrainCmd) Run(s *shell) error {
	switch {
	case c.Brand != "" && len(c.Files) > 0:
		return usage{errors.New("--brand learns from the brand's verdicts, not from files")}
	case c.Brand != "":
		return s.with(func(ctx context.Context, a *App) error { return c.brand(ctx, s, a) })
	case c.Use:
		return usage{errors.New("--use goes with --brand")}
	case c.Out == "" || len(c.Files) == 0:
		return usage{errors.New("name the --out file and the files with rows, or a --brand")}
	}
	day, err := riskDay(c.At)
	if err != nil {
		return usage{err}
	}
	var rows []rank.Example
	sources := c.Source
	for _, name := range c.Files {
		more, err := trainingRows(name, c.Label)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
		if len(c.Source) == 0 {
			sources = append(sources, filepath.Base(name))
		}
	}
	start := clock.System().Now()
	m, err := rank.Train(rows, rank.Options{Seed: c.Seed, Bits: c.Bits, Alarms: c.Alarms}, int32(day), sources)
	if err != nil {
		return err
	}
	took := clock.System().Now().Sub(start)
	var file bytes.Buffer
	if err := m.Write(&file); err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, file.Bytes(), 0o644); err != nil {
		return err
	}
	f := m.Facts()
	lines := []string{fmt.Sprintf("%s: version %s, %d rows, %d bytes, %s", c.Out, f.Version, f.Rows, file.Len(), took.Round(time.Millisecond))}
	for _, l := range f.Labels {
		lines = append(lines, fmt.Sprintf("%-10s %6d rows, %6d others: recall %.3f at %.3f false alarms on held-out rows, threshold %.3f", l.Label, l.Rows, l.Others, l.Recall, l.FalseAlarms, l.Threshold))
	}
	return s.print(f, strings.Join(lines, "\n"))
}

// trainingRows reads labelled rows; faults name file and line.
func trainingRows(name, label string) ([]rank.Example, error) {
	var out []rank.Example
	add := func(line int, text, l, about string) error {
		if !utf8.ValidString(text) {
			return fmt.Errorf("%s: line %d: text is not UTF-8", name, line)
		}
		switch strings.TrimSpace(l) {
		case "0", "":
			l = ""
			if about == "" {
				about = label
			}
		case "1":
			l = label
		}
		if strings.TrimSpace(text) != "" {
			out = append(out, rank.Example{Text: text, Label: strings.TrimSpace(l), About: about})
		}
		return nil
	}
	if strings.HasSuffix(name, ".jsonl") {
		return out, jsonRows(name, add)
	}
	err := csvRows(name, add)
	return out, err
}

// csvRows reads a CSV file with a header that names text and label, and perhaps about.
func csvRows(name string, add func(line int, text, label, about string) error) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	in := csv.NewReader(f)
	in.FieldsPerRecord = -1
	head, err := in.Read()
	if err != nil {
		return fmt.Errorf("%s: line 1: %w", name, err)
	}
	head[0] = strings.TrimPrefix(head[0], "\ufeff")
	text, label, about := slices.Index(head, "text"), slices.Index(head, "label"), slices.Index(head, "about")
	if text < 0 || label < 0 {
		return fmt.Errorf("%s: line 1: the header names text and label, and perhaps about", name)
	}
	cell := func(row []string, i int) string {
		if i < 0 || i >= len(row) {
			return ""
		}
		return row[i]
	}
	for {
		row, err := in.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		line, _ := in.FieldPos(0)
		if err := add(line, cell(row, text), cell(row, label), cell(row, about)); err != nil {
			return err
		}
	}
}

// jsonRows reads one object {"text","label","about"} per line; the label may be a number.
func jsonRows(name string, add func(line int, text, label, about string) error) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	in := bufio.NewReader(f)
	for n := 1; ; n++ {
		line, err := readLine(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: line %d: %w", name, n, err)
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var row struct {
			Text  string          `json:"text"`
			Label json.RawMessage `json:"label"`
			About string          `json:"about"`
		}
		if err := json.Unmarshal(line, &row); err != nil {
			return fmt.Errorf("%s: line %d: %w", name, n, err)
		}
		if err := add(n, row.Text, strings.Trim(string(row.Label), `"`), row.About); err != nil {
			return err
		}
	}
}
