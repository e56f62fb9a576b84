// Command quality measures the shipped rule packs and ranker on real texts that nobody here wrote, and trains the
// shipped ranker:
//
//	go run ./internal/domain/risk/pack/quality report --data ../shared/data >docs/risk-quality.md   (make risk-report)
//	go run ./internal/domain/risk/pack/quality model --data ../shared/data                          (make risk-model)
//
// Labelled rows are split by the SHA-1 of their text: the even half trains, the odd half is scored. The shipped ranker
// sees only rows that may ship; the report trains its own on the even half, so that no row it scores was learned from.
// Texts of others never reach the report: it holds counts, rule names and judgements.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"kosmos/internal/scan/rank"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "quality:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("usage: quality report|model|cross [--data DIR]")
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	data := flags.String("data", "../shared/data", "folder of the shared data")
	out := flags.String("out", "internal/domain/risk/pack/model/shipped.rank", "where model writes")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	src := source{dir: *data, root: "."}
	switch args[0] {
	case "model":
		return writeModel(src, *out)
	case "report":
		return report(src, os.Stdout)
	case "cross":
		return tellCross(src, os.Stdout)
	}
	return fmt.Errorf("there is no %q", args[0])
}

// trained is the day the shipped weights were last trained; the file is the same for the same rows and day.
const trained = 20261129

// writeModel trains the shipped ranker on every row that may ship.
func writeModel(src source, out string) error {
	rows, err := src.shippable(all)
	if err != nil {
		return err
	}
	m, err := rank.Train(rows, rank.Options{Seed: 1}, trained, []string{
		"qq_group_ads.csv (MIT)", "coldataset_offensive.csv (Apache-2.0)", "own written rows (" + filepath.Base(ownRows) + ")",
	})
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := m.Write(&file); err != nil {
		return err
	}
	for _, l := range m.Facts().Labels {
		_, _ = fmt.Fprintf(os.Stderr, "%s: %d rows, %d others, held-out recall %.3f at %.3f false alarms\n", l.Label, l.Rows, l.Others, l.Recall, l.FalseAlarms)
	}
	_, _ = fmt.Fprintf(os.Stderr, "%s: version %s, %d bytes\n", out, m.Version(), file.Len())
	return os.WriteFile(out, file.Bytes(), 0o644) //nolint:gosec // the caller says where
}
