package event

import (
	"testing"

	"kosmos/internal/base/id"
)

func TestPostGolden(t *testing.T) {
	t.Parallel()
	golden(t, PostsChanged{BrandID: 1, PostIDs: []id.ID{2, 3}})
}
