package library

import (
	"context"
	"errors"
	"net/http"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/domain/library/rewrite"
)

// Trial is what became of a text that was sent to a rewriting endpoint to try it. Slug says how it went: trial_ok, or why the
// answer would not be used.
type Trial struct {
	OK     bool
	Slug   string
	Status int // of the answer when it was not 200
	Sent   rewrite.Text
	Got    rewrite.Text
	Took   time.Duration
}

// sample is what a trial sends: words with numbers, so that it shows whether the endpoint keeps them.
func sample() rewrite.Text {
	return rewrite.Text{Title: "周末到店看车", Body: "这个周末到店看车，3 天内都可以试驾，9 点开门，带上家人一起来。"}
}

// TryEndpoint sends a sample to an endpoint before it is chosen; nothing is kept. key nil uses the kept one. Needs
// library.settings on the whole brand. Errors: library.whole_brand, the fields url, model, instruction, key.
func (s *Service) TryEndpoint(ctx context.Context, actor authz.Actor, set Settings, key *string) (Trial, error) {
	all, err := s.whole(ctx, s.DB, actor, permSettings)
	if err != nil {
		return Trial{}, err
	}
	if !all {
		return Trial{}, errs.New(errs.Forbidden, "library.whole_brand")
	}
	set.Enabled = true // tried as if it were on
	if err := s.checkSettings(ctx, actor.BrandID, &set, key); err != nil {
		return Trial{}, err
	}
	var secret string
	if key != nil {
		secret = *key
	} else if _, secret, err = s.settings(ctx, actor.BrandID); err != nil {
		return Trial{}, err
	}
	t := s.try(ctx, actor, rewrite.Endpoint{URL: set.URL, Model: set.Model, Key: secret, Private: s.PrivateEndpoint}, set.Instruction)
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "library.endpoint_tried", Kind: "setting", After: map[string]any{"url": set.URL, "model": set.Model, "outcome": t.Slug}})
	})
	return t, err
}

// try sends the sample and judges the answer as that of a real text.
func (s *Service) try(ctx context.Context, actor authz.Actor, e rewrite.Endpoint, instruction string) Trial {
	t := Trial{Sent: sample(), Slug: "library.trial_ok"}
	began := s.Clock.Now()
	got, err := e.Ask(ctx, instruction, t.Sent)
	t.Got, t.Took = got, s.Clock.Now().Sub(began)
	if err != nil {
		t.Slug, t.Status = faultOfTrial(err)
		return t
	}
	if !keepsNumbers(t.Sent.Title+"\n"+t.Sent.Body, got.Title+"\n"+got.Body) {
		t.Slug = "library.trial_numbers"
		return t
	}
	v, err := s.Rules.Check(ctx, actor.BrandID, published([]string{got.Title, got.Body}), Where{Kind: "post"})
	if err != nil || !allowed(v.Grade, Pass) {
		t.Slug = "library.trial_rules"
		return t
	}
	t.OK = true
	return t
}

// faultOfTrial tells why no answer came, as a slug, with the status of the answer when there was one.
func faultOfTrial(err error) (string, int) {
	var status rewrite.StatusError
	switch {
	case errors.As(err, &status):
		switch status.Status {
		case http.StatusUnauthorized, http.StatusForbidden:
			return "library.trial_key", status.Status
		case http.StatusNotFound:
			return "library.trial_missing", status.Status
		case http.StatusTooManyRequests, http.StatusPaymentRequired:
			return "library.trial_quota", status.Status
		}
		return "library.trial_status", status.Status
	case errors.Is(err, rewrite.ErrAnswer):
		return "library.trial_answer", 0
	case errors.Is(err, rewrite.ErrAddress):
		return "library.trial_address", 0
	case errors.Is(err, context.DeadlineExceeded):
		return "library.trial_slow", 0
	}
	return "library.trial_unreached", 0
}
