package risk

import (
	"bytes"
	"context"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan/rank"
)

// Reviewed is a text of the desk that a reviewer decided on.
type Reviewed struct {
	Submission     id.ID
	Kind, Platform string
	Texts          []Text
	Refused        bool // turned down, or changes were asked for
}

// Reviews gives what the desk's reviewers decided; desk provides it.
type Reviews interface {
	// Reviewed gives the ≤ limit versions decided last, newest first.
	Reviewed(ctx context.Context, q db.Querier, brand id.ID, limit int) ([]Reviewed, error)
}

// Ranker is a brand's own ranker: a version, without its weights.
type Ranker struct {
	Number    int
	TrainedAt clock.Ms
	Trainer   string
	Weights   string // names them: the first digits of their SHA-256
	Measured  Measured
}

// Measured is what a ranker was learned from and what it reached on rows held out.
type Measured struct {
	Verdicts Verdicts       `json:"verdicts"`
	Order    *OrderFigures  `json:"order,omitempty"`
	Alarms   *AlarmFigures  `json:"alarms,omitempty"`
	Words    []rank.Feature `json:"words"` // what pulls hardest towards turning a text down
}

// OrderFigures say how well the ranker knows what reviewers turn down. Threshold and weights of each row came of other
// rows.
type OrderFigures struct {
	Rows      int           `json:"rows"`
	Refused   int           `json:"refused"`
	Precision rank.Interval `json:"precision"` // of texts over the threshold, how many were turned down
	Recall    rank.Interval `json:"recall"`    // of texts turned down, how many were over the threshold
	Shipped   rank.Interval `json:"shipped"`   // area under the curve of the queue's order without it
	Own       rank.Interval `json:"own"`       // and with it
	Gain      rank.Interval `json:"gain"`      // the second minus the first
}

// AlarmFigures say how many false alarms of noisy rules would be lowered, and how many right findings with them.
type AlarmFigures struct {
	Rows    int           `json:"rows"`
	False   int           `json:"false"`
	Lowered rank.Interval `json:"lowered"` // of the false alarms
	Lost    rank.Interval `json:"lost"`    // of the right ones
}

// Verdicts counts what reviewers said, texts that say the same once.
type Verdicts struct {
	Refused     int `json:"refused"`
	Approved    int `json:"approved"`
	Right       int `json:"right"`
	FalseAlarms int `json:"false_alarms"`
	Left        int `json:"left"` // opinions on texts that are no more, or were edited since
}

// The least verdicts of a kind, on either side, that a ranker is learned from.
const leastVerdicts = 30

func (v Verdicts) enoughToOrder() bool { return min(v.Refused, v.Approved) >= leastVerdicts }
func (v Verdicts) enoughToLower() bool { return min(v.Right, v.FalseAlarms) >= leastVerdicts }

// ready refuses a training from too few verdicts. Error: risk.ranker_few.
func (v Verdicts) ready() error {
	if v.enoughToOrder() || v.enoughToLower() {
		return nil
	}
	return errs.New(errs.Precondition, "risk.ranker_few", "refused", v.Refused, "approved", v.Approved, "right", v.Right, "false", v.FalseAlarms, "least", leastVerdicts)
}

// RankersView is what there is of a brand's own rankers.
type RankersView struct {
	Use      Use
	List     []Ranker  // newest first
	Training *Training // the newest one, whatever became of it
}

// Use says which ranker is in use. Rev counts the changes; 0: there never was another than the shipped one.
type Use struct {
	Rev    int      `db:"rev"`
	Number int      `db:"number"` // 0 = the shipped one alone
	At     clock.Ms `db:"used_at"`
	By     string   `db:"user_name"`
}

// Rankers tells which rankers the brand trained, which is in use, and how the newest training goes.
func (s *Service) Rankers(ctx context.Context, actor authz.Actor) (v RankersView, err error) {
	if v.Use, err = usedRanker(ctx, s.DB, actor.BrandID); err != nil {
		return v, err
	}
	if v.List, err = listRankers(ctx, s.DB, actor.BrandID); err != nil {
		return v, err
	}
	v.Training, err = lastTraining(ctx, s.DB, actor.BrandID)
	return v, err
}

// VerdictsNow counts what a training would learn from now.
func (s *Service) VerdictsNow(ctx context.Context, actor authz.Actor) (Verdicts, error) {
	rows, err := s.rows(ctx, actor.BrandID)
	return rows.verdicts, err
}

// UseRanker puts a ranker of the brand's own into use, or with 0 goes back to the shipped one alone. Everything known is
// looked at again by it. Errors: risk.ranker_gone, risk.ranker_used.
func (s *Service) UseRanker(ctx context.Context, actor authz.Actor, number int) error {
	if err := s.whole(ctx, actor, permWrite); err != nil {
		return err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := openDraft(ctx, tx, actor.BrandID); err != nil { // one change of what judges at a time
			return err
		}
		was, err := usedRanker(ctx, tx, actor.BrandID)
		if err != nil {
			return err
		}
		if was.Number == number {
			return errs.New(errs.Precondition, "risk.ranker_used")
		}
		weights := ""
		if number != 0 {
			r, err := getRanker(ctx, tx, actor.BrandID, number)
			if err != nil {
				return err
			}
			weights = r.Weights
		}
		next := Use{Rev: was.Rev + 1, Number: number, At: s.now(), By: nameOf(actor)}
		if err := insertUse(ctx, tx, actor.BrandID, actor.UserID, next); err != nil {
			return err
		}
		if err := s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "risk.ranker_used", Kind: "ranker", Name: rankerName(number), Before: was.Number, After: number}); err != nil {
			return err
		}
		head, err := headVersion(ctx, tx, actor.BrandID)
		if err != nil {
			return err
		}
		if _, err := s.startRun(ctx, tx, actor, Run{Kind: Rescan, Cause: causeRanker, Version: head}); err != nil {
			return err
		}
		kind := "risk.ranker_used"
		if number == 0 {
			kind = "risk.ranker_back"
		}
		return s.append(ctx, tx, actor.BrandID, []Step{{
			Kind: kind, Object: "ranker", ObjectID: id.ID(number), Actor: actor, At: next.At,
			Body: map[string]any{"number": number, "before": was.Number, "weights": weights},
		}})
	})
	if err == nil {
		_, err = s.checker(ctx, actor.BrandID, exact) // this process answers by it at once; the others notice soon
	}
	return err
}

func rankerName(number int) string {
	if number == 0 {
		return "shipped"
	}
	return "r" + id.ID(number).String()
}

// own reads the ranker in use; nil when the shipped one is alone.
func (s *Service) own(ctx context.Context, q db.Querier, brand id.ID) (Use, *rank.Model, error) {
	use, err := usedRanker(ctx, q, brand)
	if err != nil || use.Number == 0 {
		return use, nil, err
	}
	raw, err := modelOf(ctx, q, brand, use.Number)
	if err != nil {
		return use, nil, err
	}
	m, err := rank.Read(bytes.NewReader(raw))
	return use, m, err
}

// Ranked is what a ranker of the brand's own finds of a whole text. Likely has 0.5 at its threshold.
type Ranked struct {
	Ranker int // 0: none in use, and nothing else is said
	Likely float64
	Over   bool
	Top    []rank.Feature
}

// shownWords is how many parts of a text explain an order.
const shownWords = 5

// Rank tells what the brand's ranker finds of a text and which of its parts say so. Without texts it names the ranker.
func (s *Service) Rank(ctx context.Context, brand id.ID, texts []Text) (Ranked, error) {
	c, err := s.checker(ctx, brand, soon)
	if err != nil {
		return Ranked{}, err
	}
	return ranked(c.pack, c.use.Number, written(texts)), nil
}

func ranked(c *pack.Checker, number int, text string) Ranked {
	r := Ranked{Ranker: number}
	if o := c.Opinion(text); number != 0 && text != "" {
		r.Likely, r.Over, r.Top = o.Likely, o.Over, c.Why(text, shownWords)
	}
	return r
}

// TryRanker asks a ranker that need not be in use about a text. Error: risk.ranker_gone.
func (s *Service) TryRanker(ctx context.Context, actor authz.Actor, number int, text string) (Ranked, error) {
	raw, err := modelOf(ctx, s.DB, actor.BrandID, number)
	if err != nil {
		return Ranked{}, err
	}
	m, err := rank.Read(bytes.NewReader(raw))
	if err != nil {
		return Ranked{}, err
	}
	c, err := pack.NewChecker(nil, nil)
	if err != nil {
		return Ranked{}, err
	}
	if c, err = c.WithOwn(m); err != nil {
		return Ranked{}, err
	}
	return ranked(c, number, text), nil
}

// fieldImage is what was read in pictures; reviewers decided on the written text, so the ranker is asked about that.
const fieldImage = "image"

// written puts the written fields of a text together as the ranker learned them.
func written(texts []Text) string {
	var parts []string
	for _, t := range texts {
		if t.Field != fieldImage && t.Text != "" {
			parts = append(parts, t.Text)
		}
	}
	return strings.Join(parts, "\n")
}
