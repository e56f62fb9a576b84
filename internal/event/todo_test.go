package event

import (
	"testing"

	"kosmos/internal/base/id"
)

func TestTodoEvents(t *testing.T) {
	t.Parallel()
	golden(t, TodoClosed{BrandID: 7, Kind: "health.wake", Objects: []id.ID{11, 12}, State: "done", Note: "发了三条"})
	golden(t, TodoReopened{BrandID: 7, Kind: "health.wake", Objects: []id.ID{11}})
}
