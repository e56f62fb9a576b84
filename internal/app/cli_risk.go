package app

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"kosmos/internal/base/clock"
	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan"
	"kosmos/internal/scan/rank"
)

type riskCmd struct {
	Scan  riskScanCmd  `cmd:"" help:"Check texts from stdin against the rule packs; needs no store."`
	Train riskTrainCmd `cmd:"" help:"Train a ranker from labelled rows."`
	Bench riskBenchCmd `cmd:"" help:"Measure the text engine: MB/s, build time, memory, hits."`
}

type riskScanCmd struct {
	Platform string   `help:"Platform the texts are for: xiaohongshu, douyin, channels, kuaishou … or 小红书, 抖音 …"`
	Industry string   `help:"Industry of the brand: automotive, beauty, medical, property … or 汽车, 美妆 …"`
	Kind     string   `help:"post, profile, reply, comment or live, or 笔记, 主页, 回复, 评论, 直播."`
	Field    string   `help:"Field of the text: title, body …"`
	At       string   `help:"Rules as of this day (2026-11-22); today when absent."`
	Pack     []string `help:"Pack files besides the shipped ones; a rule of the same id replaces." type:"existingfile"`
	Only     bool     `help:"Use the given packs alone."`
	Model    string   `help:"Ranker file instead of the shipped one; 'none' for no ranker."`
	Strict   bool     `help:"Fail when a single line cannot be read; else the others count."`
}

// checkLine is one line of output.
type checkLine struct {
	ID json.RawMessage `json:"id"`
	pack.Result
}

// Run implements kong's command.
func (c *riskScanCmd) Run(s *shell) error {
	day, err := riskDay(c.At)
	if err != nil {
		return usage{err}
	}
	packs, err := c.packs()
	if err != nil {
		return err
	}
	ctx, err := wordsOf(packs).context(c.Platform, c.Industry, c.Kind)
	if err != nil {
		return usage{err}
	}
	ctx.Field, ctx.Day = c.Field, int32(day)
	model, err := c.ranker()
	if err != nil {
		return err
	}
	checker, err := pack.NewChecker(packs, model)
	if err != nil {
		return err
	}
	good, bad, err := c.judge(s, checker, ctx)
	if err == nil && bad > 0 && (c.Strict || good == 0) {
		return errSilent
	}
	return err
}

// judge checks every text of stdin and counts the lines that could be read and those that could not; these are named on
// stderr.
func (c *riskScanCmd) judge(s *shell, checker *pack.Checker, ctx scan.Context) (good, bad int, err error) {
	out := bufio.NewWriterSize(s.out, 1<<16)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	err = eachText(s.in, func(l textLine) error {
		if l.fault != nil {
			bad++
			_, _ = fmt.Fprintf(s.err, "kosmos: line %d: %s\n", l.n, l.fault)
			return nil //nolint:nilerr // the line was told; the rest goes on
		}
		good++
		return enc.Encode(checkLine{ID: l.id, Result: checker.Check(l.text, ctx)})
	})
	return good, bad, errors.Join(err, out.Flush())
}

func (c *riskScanCmd) packs() ([]pack.Pack, error) {
	var packs []pack.Pack
	if !c.Only {
		shipped, err := pack.Shipped()
		if err != nil {
			return nil, err
		}
		packs = shipped
	}
	for _, name := range c.Pack {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		p, err := pack.Parse(filepath.Base(name), data)
		if err != nil {
			return nil, err
		}
		packs = append(packs, p)
	}
	return packs, nil
}

func (c *riskScanCmd) ranker() (*rank.Model, error) {
	switch c.Model {
	case "":
		return pack.ShippedModel()
	case "none":
		return nil, nil //nolint:nilnil // no ranker is a choice
	}
	f, err := os.Open(c.Model)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return rank.Read(f)
}

func riskDay(at string) (clock.Day, error) {
	if at == "" {
		return clock.DayOf(clock.System().Now(), clock.Shanghai()), nil
	}
	return clock.ParseDay(at)
}
