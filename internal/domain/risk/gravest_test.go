package risk

import (
	"strings"
	"testing"

	"kosmos/internal/domain/risk/pack"
)

func TestGravest(t *testing.T) {
	t.Parallel()
	var list []Finding
	for i := range 700 {
		severity := pack.Low
		if i >= 690 {
			severity = pack.High
		}
		list = append(list, Finding{Finding: pack.Finding{Start: i, Severity: severity}})
	}
	kept, more := gravest(list)
	if len(kept) != maxFindings || more != 500 || kept[0].Start != 0 || kept[189].Start != 189 || kept[190].Start != 690 || kept[199].Start != 699 {
		t.Errorf("%d kept, %d more", len(kept), more)
	}
	if kept, more = gravest(list[:maxFindings]); len(kept) != maxFindings || more != 0 {
		t.Error("cut what fits")
	}
	if n := strings.Count(findingsText(list), `"severity"`); n != maxFindings {
		t.Errorf("%d findings stored", n)
	}
}
