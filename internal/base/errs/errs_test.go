package errs_test

import (
	"errors"
	"fmt"
	"testing"

	"kosmos/internal/base/errs"
)

func TestErrorKeepsCodeSlugAndCauseThroughWrapping(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk")
	err := fmt.Errorf("store: %w", errs.Wrap(errs.Unavailable, "org.store_down", cause, "unit", "静安店"))
	if errs.CodeOf(err) != errs.Unavailable || errs.SlugOf(err) != "org.store_down" || !errors.Is(err, cause) {
		t.Fatalf("lost something: %v", err)
	}
	if errs.CodeOf(cause) != errs.Internal || errs.CodeOf(nil) != "" || errs.SlugOf(cause) != "" {
		t.Fatal("foreign errors are internal and carry no slug")
	}
}

func TestBadIsNilWithoutFields(t *testing.T) {
	t.Parallel()
	if err := errs.Bad().OrNil(); err != nil {
		t.Fatal(err)
	}
	err := errs.Bad().Field("phone", "identity.bad_phone", "value", "12").OrNil()
	if !errs.Is(err, "identity.bad_phone") || errs.Is(err, "identity.other") {
		t.Fatal(err)
	}
	if got := err.Error(); got != "base.invalid_input [phone: identity.bad_phone map[value:12]]" {
		t.Fatal(got)
	}
}
