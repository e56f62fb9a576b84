package risk

import (
	"context"
	"slices"
	"strings"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan"
	"kosmos/internal/scan/rank"
	"kosmos/internal/scan/similar"
)

// mostVerdicts bounds what one training reads of the desk and of opinions each, the newest first.
const mostVerdicts = 20_000

// learned are the rows of a training: one for each text that says something of its own; its newest verdict counts.
type learned struct {
	verdicts Verdicts
	order    []ordered      // whole texts, turned down or not
	alarms   []rank.Example // surroundings of findings, right or false alarms
}

// ordered is a whole text with where it stood, for its check.
type ordered struct {
	rank.Example
	kind, platform string
}

// opined is a stored opinion.
type opined struct {
	Rule    string `db:"rule"`
	Kind    string `db:"kind"`
	Object  id.ID  `db:"object_id"`
	Start   int    `db:"start_at"`
	Right   bool   `db:"is_right"`
	Excerpt string `db:"excerpt"`
}

// rows gathers what a training learns from.
func (s *Service) rows(ctx context.Context, brand id.ID) (learned, error) {
	var out learned
	var reviewed []Reviewed
	var err error
	if s.Reviews != nil {
		if reviewed, err = s.Reviews.Reviewed(ctx, s.DB, brand, mostVerdicts); err != nil {
			return out, err
		}
	}
	said, err := db.All[opined](ctx, s.DB, `SELECT rule, kind, object_id, start_at, is_right, excerpt FROM risk_opinion WHERE brand_id = $1
		ORDER BY said_at DESC, rule, kind, object_id, start_at LIMIT $2`, brand, mostVerdicts)
	if err != nil {
		return out, err
	}
	texts, err := s.textsOf(ctx, brand, said)
	if err != nil {
		return out, err
	}
	for _, r := range reviewed {
		of := place{r.Submission, 0}
		for _, t := range r.Texts {
			texts[of] = append(texts[of], t.Text)
		}
	}
	out.orderBy(reviewed, said, texts)
	out.alarmsOf(said, texts)
	return out, nil
}

// textsOf reads the texts of posts and profiles that opinions are about; those of the desk come with its decisions.
func (s *Service) textsOf(ctx context.Context, brand id.ID, said []opined) (map[place][]string, error) {
	out := map[place][]string{}
	for _, kind := range []Kind{Post, Profile} {
		var ids []id.ID
		for _, o := range said {
			if Kind(o.Kind) == kind {
				ids = append(ids, o.Object)
			}
		}
		slices.Sort(ids)
		for part := range slices.Chunk(slices.Compact(ids), 1000) {
			list, err := s.source(kind).ByID(ctx, s.DB, brand, part)
			if err != nil {
				return nil, err
			}
			for _, k := range list {
				of := place{k.ID, 0}
				out[of] = append(out[of], k.Text)
			}
		}
	}
	return out, nil
}

// orderBy takes the desk's decisions, then posts and profiles: one right finding turns a text down, false alarms alone
// clear it.
func (l *learned) orderBy(reviewed []Reviewed, said []opined, texts map[place][]string) {
	seen := map[string]bool{}
	add := func(text, kind, platform string, refused bool) {
		key := scan.Fold(text)
		if key == "" || seen[key] {
			return
		}
		seen[key] = true
		label := ""
		if refused {
			label = pack.Refused
			l.verdicts.Refused++
		} else {
			l.verdicts.Approved++
		}
		l.order = append(l.order, ordered{rank.Example{Text: text, Label: label, About: pack.Refused}, kind, platform})
	}
	for _, r := range reviewed {
		add(written(r.Texts), r.Kind, r.Platform, r.Refused)
	}
	right := map[place]bool{}
	for _, o := range said {
		right[place{o.Object, 0}] = right[place{o.Object, 0}] || o.Right
	}
	for _, o := range said {
		if k := Kind(o.Kind); k == Post || k == Profile {
			for _, text := range texts[place{o.Object, 0}] {
				add(text, o.Kind, "", right[place{o.Object, 0}])
			}
		}
	}
}

// alarmsOf takes the surroundings of findings. What the ranker itself found has none.
func (l *learned) alarmsOf(said []opined, texts map[place][]string) {
	seen := map[string]bool{}
	for _, o := range said {
		if strings.HasPrefix(o.Rule, "rank/") {
			continue
		}
		around, ok := around(texts[place{o.Object, 0}], o)
		if !ok {
			l.verdicts.Left++
			continue
		}
		key := scan.Fold(around)
		if key == "" || seen[key] {
			continue
		}
		seen[key] = true
		label := ""
		if o.Right {
			l.verdicts.Right++
		} else {
			label = pack.FalseAlarm
			l.verdicts.FalseAlarms++
		}
		l.alarms = append(l.alarms, rank.Example{Text: around, Label: label, About: pack.FalseAlarm})
	}
}

// around finds the text in which an opinion's finding still stands where it stood.
func around(texts []string, o opined) (string, bool) {
	excerpt := []rune(o.Excerpt)
	if len(excerpt) == 0 {
		return "", false
	}
	for _, text := range texts {
		view, end := []rune(text), o.Start+len(excerpt)
		if end <= len(view) && slices.Equal(view[o.Start:end], excerpt) {
			return pack.Surroundings(text, o.Start, end), true
		}
	}
	return "", false
}

// alike is the resemblance from which two texts are near-duplicates.
const alike = 0.7

// groups gives near-duplicates the same number: a matrix says the same thing many times.
func groups(texts []string) []int {
	x, out := similar.NewIndex(), make([]int, len(texts))
	for i, t := range texts {
		out[i] = i
		p := similar.Of(t)
		if near := x.SearchPrint(p, alike, 1); len(near) > 0 {
			out[i] = out[near[0].ID]
		}
		x.AddPrint(int64(i), p)
	}
	return out
}
