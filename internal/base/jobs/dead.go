package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Letter is a dead letter: a job that failed for good.
type Letter struct {
	ID        id.ID           `json:"id"`
	Kind      string          `json:"kind"`
	Args      json.RawMessage `json:"args"`
	Error     string          `json:"error"`
	Tries     int             `json:"tries"`
	CreatedAt clock.Ms        `json:"created_at"`
	DiedAt    clock.Ms        `json:"died_at"`
}

// Letters is one page of dead letters, newest first; Next is "" at the end.
type Letters struct {
	Items []Letter
	Next  string
}

// retryBatch bounds how many dead letters one RetryAll drives again.
const retryBatch = 1000

// Dead lists the dead letters of a brand and of the program itself (jobs that belong to no brand).
func (c *Client) Dead(ctx context.Context, brand id.ID, limit int, after string) (Letters, error) {
	rows, next, err := c.dead(ctx, brand, limit, after)
	if err != nil {
		return Letters{}, err
	}
	out := Letters{Items: make([]Letter, 0, len(rows)), Next: next}
	for _, r := range rows {
		out.Items = append(out.Items, letterOf(r))
	}
	return out, nil
}

// Retry drives one dead letter again. Error: "jobs.letter_gone" when the brand has no such dead letter.
func (c *Client) Retry(ctx context.Context, brand, letter id.ID) error {
	params := c.deadParams(brand).IDs(int64(letter))
	rows, _, err := c.list(ctx, params)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return errs.New(errs.NotFound, "jobs.letter_gone")
	}
	return c.retry(ctx, rows[0].ID)
}

// RetryAll drives the dead letters of a brand again, at most 1,000 at a time, and tells how many.
func (c *Client) RetryAll(ctx context.Context, brand id.ID) (int, error) {
	rows, _, err := c.dead(ctx, brand, retryBatch, "")
	if err != nil {
		return 0, err
	}
	for i, r := range rows {
		if err := c.retry(ctx, r.ID); err != nil {
			return i, err
		}
	}
	return len(rows), nil
}

func (c *Client) retry(ctx context.Context, job int64) error {
	var err error
	if c.pg != nil {
		_, err = c.pg.JobRetry(ctx, job)
	} else {
		_, err = c.lite.JobRetry(ctx, job)
	}
	if errors.Is(err, rivertype.ErrNotFound) {
		return errs.New(errs.NotFound, "jobs.letter_gone")
	}
	return err
}

func (c *Client) dead(ctx context.Context, brand id.ID, limit int, after string) ([]*rivertype.JobRow, string, error) {
	params := c.deadParams(brand).OrderBy(river.JobListOrderByID, river.SortOrderDesc).First(limit)
	if after != "" {
		cursor := &river.JobListCursor{}
		if err := cursor.UnmarshalText([]byte(after)); err != nil {
			return nil, "", errs.New(errs.Invalid, "base.cursor_invalid")
		}
		params = params.After(cursor)
	}
	rows, last, err := c.list(ctx, params)
	if err != nil || last == nil || len(rows) < limit {
		return rows, "", err
	}
	next, err := last.MarshalText()
	return rows, string(next), err
}

// deadParams finds a brand's jobs by the brand's id among the arguments: ids are unique over the whole store, so the
// quoted number names nothing else.
func (c *Client) deadParams(brand id.ID) *river.JobListParams {
	text := "CAST(args AS TEXT)"
	return river.NewJobListParams().States(rivertype.JobStateDiscarded, rivertype.JobStateCancelled).
		Where("("+text+" LIKE @brand OR "+text+" = '{}')", river.NamedArgs{"brand": `%"` + brand.String() + `"%`})
}

func (c *Client) list(ctx context.Context, params *river.JobListParams) ([]*rivertype.JobRow, *river.JobListCursor, error) {
	var res *river.JobListResult
	var err error
	switch {
	case c.sink != nil:
		return nil, nil, nil
	case c.pg != nil:
		res, err = c.pg.JobList(ctx, params)
	default:
		res, err = c.lite.JobList(ctx, params)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("jobs: list: %w", err)
	}
	return res.Jobs, res.LastCursor, nil
}

func letterOf(r *rivertype.JobRow) Letter {
	l := Letter{ID: id.ID(r.ID), Kind: r.Kind, Args: r.EncodedArgs, Tries: r.Attempt, CreatedAt: clock.MsOf(r.CreatedAt)}
	if r.FinalizedAt != nil {
		l.DiedAt = clock.MsOf(*r.FinalizedAt)
	}
	if n := len(r.Errors); n > 0 {
		l.Error = r.Errors[n-1].Error
	}
	return l
}
