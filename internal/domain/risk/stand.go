package risk

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"runtime"
	"slices"
	"strings"
	"sync"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// fieldOf names the field that a kind's known text is.
func fieldOf(kind Kind) string {
	if kind == Profile {
		return "name"
	}
	return "title"
}

// textHash stands for a text: equal texts have equal hashes.
func textHash(text string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // never fails
	return int64(h.Sum64())
}

// judge checks known texts of one kind with all processors; the answers are in the order of the texts.
func judge(c *checker, kind Kind, list []Known, day clock.Day) []Verdict {
	out := make([]Verdict, len(list))
	workers := min(runtime.GOMAXPROCS(0), 1+len(list)/64)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(list); i += workers {
				k := &list[i]
				if k.Text == "" {
					out[i].Version = c.version
					continue
				}
				out[i] = c.check([]Text{{fieldOf(kind), k.Text}}, scanContext(k, kind, day))
			}
		})
	}
	wg.Wait()
	return out
}

// row makes the verdict's row. Before is what stood there; nil when nothing did.
func (v *Verdict) row(kind Kind, k *Known, before *standing, at clock.Ms) standing {
	r := standing{
		Kind: kind, ObjectID: k.ID, AccountID: k.AccountID, UnitID: k.UnitID, Platform: k.Platform, Hash: textHash(k.Text), Version: v.Version,
		Grade: v.Grade, Score: int(v.Score*1000 + 0.5), Findings: "[]", Rules: "", CheckedAt: at, TextAt: at,
	}
	if len(v.Findings) > 0 {
		r.Findings, r.Rules = findingsText(v.Findings), ruleList(v.Findings)
	}
	if before != nil && before.Hash == r.Hash {
		r.TextAt = before.TextAt
	}
	return r
}

func findingsText(list []Finding) string {
	list, _ = gravest(list)
	raw, err := json.Marshal(list)
	if err != nil { // plain strings and numbers always encode
		return "[]"
	}
	return string(raw)
}

// ruleList writes the rules of findings so that one can be looked for: |a|b|.
func ruleList(list []Finding) string {
	var codes []string
	for i := range list {
		codes = append(codes, list[i].Rule)
	}
	slices.Sort(codes)
	return "|" + strings.Join(slices.Compact(codes), "|") + "|"
}

func readFindings(raw string) []Finding {
	list := []Finding{}
	if err := json.Unmarshal([]byte(raw), &list); err != nil || list == nil { // written by findingsText
		return []Finding{}
	}
	return list
}

// same tells whether two rows say the same about the same text at the same place.
func (r *standing) same(o *standing) bool {
	return r.Hash == o.Hash && r.Grade == o.Grade && r.Score == o.Score && r.Rules == o.Rules && r.Findings == o.Findings && r.UnitID == o.UnitID && r.AccountID == o.AccountID
}

// verdictStep tells the evidence chain that a verdict became another.
func verdictStep(actor authz.Actor, before Grade, after *standing, text string) Step {
	return Step{
		Kind: "risk.verdict_changed", UnitID: after.UnitID, Object: string(after.Kind), ObjectID: after.ObjectID, Actor: actor, At: after.CheckedAt,
		Body:  map[string]any{"before": before.String(), "after": after.Grade.String(), "version": after.Version, "rules": strings.Trim(after.Rules, "|")},
		Texts: map[string]string{"text": text},
	}
}

// systemName is who acts when nobody did.
const systemName = "kosmos"

// nameOf is how an actor is written down.
func nameOf(actor authz.Actor) string {
	if actor.Kind == authz.System {
		return systemName
	}
	return actor.Name
}

// Restand judges the texts of ≤ 1,000 ids that were imported or edited, and forgets those that are live no more. It may
// run twice for the same change.
func (s *Service) Restand(ctx context.Context, brand id.ID, kind Kind, ids []id.ID) error {
	c, err := s.checker(ctx, brand, exact)
	if err != nil {
		return err
	}
	src := s.source(kind)
	for part := range slices.Chunk(ids, 500) {
		if err := s.restand(ctx, brand, kind, part, c, src); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) restand(ctx context.Context, brand id.ID, kind Kind, ids []id.ID, c *checker, src Source) error {
	read, system := s.now(), authz.SystemActor(brand, clock.Shanghai())
	list, err := src.ByID(ctx, s.DB, brand, ids)
	if err != nil {
		return err
	}
	verdicts := judge(c, kind, list, clock.DayOf(s.Clock.Now(), clock.Shanghai()))
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, err := standingsOf(ctx, tx, brand, kind, ids)
		if err != nil {
			return err
		}
		rows := make([]standing, 0, len(list))
		var steps []Step
		live := make(map[id.ID]bool, len(list))
		for i := range list {
			live[list[i].ID] = true
			old, known := before[list[i].ID]
			var was *standing
			if known {
				was = &old
			}
			row := verdicts[i].row(kind, &list[i], was, read)
			if known && row.same(&old) {
				continue
			}
			rows = append(rows, row)
			if known && old.Grade != row.Grade {
				steps = append(steps, verdictStep(system, old.Grade, &row, list[i].Text))
			}
		}
		var gone []id.ID
		for _, x := range ids {
			if _, known := before[x]; known && !live[x] {
				gone = append(gone, x)
			}
		}
		if err := putStandings(ctx, tx, brand, rows, read+1); err != nil {
			return err
		}
		if err := dropStandings(ctx, tx, brand, kind, gone); err != nil {
			return err
		}
		return s.append(ctx, tx, brand, steps)
	})
}

func (s *Service) source(kind Kind) Source {
	if kind == Profile {
		return s.Profiles
	}
	return s.Posts
}
