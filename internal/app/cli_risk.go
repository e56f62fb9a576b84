package app

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

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
	Platform string   `help:"Platform the texts are for: xiaohongshu, douyin, channels, kuaishou …"`
	Industry string   `help:"Industry of the brand: automotive, beauty, medical, property …"`
	Kind     string   `help:"post, profile, reply, comment or live." enum:",post,profile,reply,comment,live" default:""`
	Field    string   `help:"Field of the text: title, body …"`
	At       string   `help:"Rules as of this day (2026-11-22); today when absent."`
	Pack     []string `help:"Pack files besides the shipped ones; a rule of the same id replaces." type:"existingfile"`
	Only     bool     `help:"Use the given packs alone."`
	Model    string   `help:"Ranker file instead of the shipped one; 'none' for no ranker."`
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
	checker, err := c.checker()
	if err != nil {
		return err
	}
	ctx := scan.Context{Platform: c.Platform, Industry: c.Industry, Kind: c.Kind, Field: c.Field, Day: int32(day)}
	out := bufio.NewWriterSize(s.out, 1<<16)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	bad := 0
	err = eachText(s.in, func(line int, id json.RawMessage, text string, fault error) error {
		if fault != nil {
			bad++
			_, _ = fmt.Fprintf(s.err, "kosmos: line %d: %s\n", line, fault)
			return nil
		}
		return enc.Encode(checkLine{ID: id, Result: checker.Check(text, ctx)})
	})
	if err := errors.Join(err, out.Flush()); err != nil {
		return err
	}
	if bad > 0 {
		return errSilent
	}
	return nil
}

func (c *riskScanCmd) checker() (*pack.Checker, error) {
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
	model, err := c.ranker()
	if err != nil {
		return nil, err
	}
	return pack.NewChecker(packs, model)
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

// maxLine is the longest line of input that is read.
const maxLine = 64 << 20

// eachText reads lines, or JSON objects {"id","text"} when the first line that is not empty begins like one. A faulty
// line is told with its number and reading goes on.
func eachText(r io.Reader, fn func(line int, id json.RawMessage, text string, fault error) error) error {
	in := bufio.NewReaderSize(r, 1<<16)
	objects, decided := false, false
	for n := 1; ; n++ {
		line, err := readLine(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		fault := error(nil)
		if errors.Is(err, errLongLine) {
			fault = err
		} else if err != nil {
			return err
		}
		trimmed := bytes.TrimSpace(line)
		if n == 1 {
			trimmed = bytes.TrimPrefix(trimmed, []byte("\ufeff"))
		}
		if !decided && len(trimmed) > 0 {
			decided, objects = true, beginsObject(trimmed)
		}
		id, text := json.RawMessage(strconv.Quote(strconv.Itoa(n))), string(line)
		if objects {
			if len(trimmed) == 0 && fault == nil {
				continue
			}
			if fault == nil {
				id, text, fault = readObject(trimmed, id)
			}
		}
		if err := fn(n, id, text, fault); err != nil {
			return err
		}
	}
}

func beginsObject(line []byte) bool {
	return line[0] == '{' && bytes.HasPrefix(bytes.TrimSpace(line[1:]), []byte(`"`))
}

func readObject(line []byte, fallback json.RawMessage) (json.RawMessage, string, error) {
	var row struct {
		ID   json.RawMessage `json:"id"`
		Text *string         `json:"text"`
	}
	if err := json.Unmarshal(line, &row); err != nil {
		return nil, "", fmt.Errorf("no JSON object {\"id\",\"text\"}: %w", err)
	}
	if row.Text == nil {
		return nil, "", errors.New(`the object has no "text"`)
	}
	if row.ID == nil {
		row.ID = fallback
	}
	return row.ID, *row.Text, nil
}

var errLongLine = fmt.Errorf("longer than %d MB", maxLine>>20)

// readLine returns a line without its end; a line beyond the limit is skipped whole and reported.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := in.ReadSlice('\n')
		if !long {
			line = append(line, part...)
			long = len(line) > maxLine
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == io.EOF && len(line) == 0:
			return nil, io.EOF
		case err != nil && err != io.EOF:
			return nil, err
		case long:
			return nil, errLongLine
		}
		return bytes.TrimRight(line, "\r\n"), nil
	}
}
