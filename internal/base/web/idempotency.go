package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Idempotency keeps the first answer of each Idempotency-Key.
type Idempotency interface {
	// Begin claims the key. It returns the kept answer when the same request was finished before; a claim of another
	// request is base.key_reused, one still being handled base.key_in_flight.
	Begin(ctx context.Context, k Key) (kept Answer, replay bool, err error)
	// Finish keeps the answer of a claimed key.
	Finish(ctx context.Context, k Key, a Answer) error
	// Abandon frees a claimed key whose request failed, so that it may be tried again.
	Abandon(ctx context.Context, k Key) error
}

// Key is an Idempotency-Key within its brand and user, with the hash of the request it came with.
type Key struct {
	BrandID, UserID id.ID
	Key             string
	Hash            []byte
}

// Answer is a kept answer.
type Answer struct {
	Status      int
	ContentType string
	Body        []byte
}

// maxKey is the longest Idempotency-Key, in bytes.
const maxKey = 128

// idempotencyKey fingerprints the request: where it goes and content, the body itself or the sum of an upload.
func idempotencyKey(actor authz.Actor, key string, req *http.Request, content []byte) Key {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%s %s?%s %d\n", req.Method, req.URL.Path, req.URL.RawQuery, len(content))
	_, _ = h.Write(content)
	return Key{BrandID: actor.BrandID, UserID: actor.UserID, Key: key, Hash: h.Sum(nil)}
}

// once runs a request under its key. Failures of the server, throttling and lost callers free the key again.
func (r *Router) once(ctx context.Context, w http.ResponseWriter, req *http.Request, actor authz.Actor, k Key, run http.HandlerFunc) {
	kept, replay, err := r.opts.Idempotency.Begin(ctx, k)
	if err != nil {
		r.fail(w, req, actor, err)
		return
	}
	if replay {
		w.Header().Set("Idempotency-Replayed", "true")
		w.Header().Set("Content-Type", kept.ContentType)
		w.WriteHeader(kept.Status)
		_, _ = w.Write(kept.Body)
		return
	}
	lasting := context.WithoutCancel(ctx)
	done := false
	defer func() {
		if !done {
			_ = r.opts.Idempotency.Abandon(lasting, k)
		}
	}()
	req.Header.Del("Accept-Encoding")
	c := &capture{tracker: tracker{ResponseWriter: w}}
	run(c, req)
	if c.status >= 500 || c.status == http.StatusTooManyRequests || c.status == 499 || c.buf.Len() > defaultMaxBody {
		return
	}
	done = true
	a := Answer{Status: c.status, ContentType: c.Header().Get("Content-Type"), Body: c.buf.Bytes()}
	if err := r.opts.Idempotency.Finish(lasting, k, a); err != nil {
		r.opts.Logger.ErrorContext(ctx, "answer not kept", "request", requestID(ctx), "error", err)
	}
}

// capture keeps a copy of the answer.
type capture struct {
	tracker
	buf bytes.Buffer
}

// Write copies as it writes.
func (c *capture) Write(p []byte) (int, error) {
	if c.buf.Len() <= defaultMaxBody {
		c.buf.Write(p)
	}
	return c.tracker.Write(p)
}

// IdempotencyStore keeps answers in the store for a day.
type IdempotencyStore struct {
	db    *db.DB
	clock clock.Clock
}

const (
	keepAnswers = 24 * time.Hour
	// claimFor is how long a claim without an answer blocks its key: longer than any request lasts.
	claimFor = 15 * time.Minute
)

// NewIdempotency makes an IdempotencyStore.
func NewIdempotency(d *db.DB, c clock.Clock) *IdempotencyStore {
	return &IdempotencyStore{db: d, clock: c}
}

// Begin implements Idempotency.
func (s *IdempotencyStore) Begin(ctx context.Context, k Key) (Answer, bool, error) {
	var kept Answer
	var replay bool
	err := s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := s.clock.Now()
		n, err := tx.Exec(ctx, `INSERT INTO base_idempotency (brand_id, user_id, key, hash, status, content_type, body, at_ms)
			VALUES ($1, $2, $3, $4, 0, '', NULL, $5)
			ON CONFLICT (brand_id, user_id, key) DO UPDATE SET hash = excluded.hash, status = 0, content_type = '', body = NULL, at_ms = excluded.at_ms
			WHERE base_idempotency.at_ms < $6 OR (base_idempotency.status = 0 AND base_idempotency.at_ms < $7)`,
			int64(k.BrandID), int64(k.UserID), k.Key, k.Hash, now.UnixMilli(), now.Add(-keepAnswers).UnixMilli(), now.Add(-claimFor).UnixMilli())
		if err != nil || n == 1 {
			return err
		}
		var hash []byte
		row := tx.QueryRow(ctx, `SELECT hash, status, content_type, body FROM base_idempotency WHERE brand_id = $1 AND user_id = $2 AND key = $3`,
			int64(k.BrandID), int64(k.UserID), k.Key)
		if err := row.Scan(&hash, &kept.Status, &kept.ContentType, &kept.Body); err != nil {
			return err
		}
		switch {
		case !bytes.Equal(hash, k.Hash):
			return errs.New(errs.Conflict, "base.key_reused")
		case kept.Status == 0:
			return errs.New(errs.Conflict, "base.key_in_flight")
		}
		replay = true
		return nil
	})
	return kept, replay, err
}

// Finish implements Idempotency.
func (s *IdempotencyStore) Finish(ctx context.Context, k Key, a Answer) error {
	_, err := s.db.Exec(ctx, `UPDATE base_idempotency SET status = $1, content_type = $2, body = $3
		WHERE brand_id = $4 AND user_id = $5 AND key = $6 AND status = 0`,
		a.Status, a.ContentType, a.Body, int64(k.BrandID), int64(k.UserID), k.Key)
	return err
}

// Abandon implements Idempotency.
func (s *IdempotencyStore) Abandon(ctx context.Context, k Key) error {
	_, err := s.db.Exec(ctx, `DELETE FROM base_idempotency WHERE brand_id = $1 AND user_id = $2 AND key = $3 AND status = 0`,
		int64(k.BrandID), int64(k.UserID), k.Key)
	return err
}

// Sweep forgets answers older than a day; a job calls it every hour.
func (s *IdempotencyStore) Sweep(ctx context.Context) (int64, error) {
	return s.db.Exec(ctx, `DELETE FROM base_idempotency WHERE at_ms < $1`, s.clock.Now().Add(-keepAnswers).UnixMilli())
}
