package event

import (
	"testing"

	"kosmos/internal/base/id"
)

func TestCampaignGolden(t *testing.T) {
	t.Parallel()
	golden(t, CampaignDispatched{BrandID: 1, CampaignID: 2, AssignmentIDs: []id.ID{3, 4}})
	golden(t, CampaignSettled{BrandID: 1, CampaignID: 2, AssignmentIDs: []id.ID{3, 4}})
}
