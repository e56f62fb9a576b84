package event

import "kosmos/internal/base/id"

// CampaignDispatched says that tasks were given to people: assignments of one batch, at most 1,000.
type CampaignDispatched struct {
	BrandID       id.ID   `json:"brand_id"`
	CampaignID    id.ID   `json:"campaign_id"`
	AssignmentIDs []id.ID `json:"assignment_ids"`
}

// EventKind names the event.
func (CampaignDispatched) EventKind() string { return "campaign.dispatched" }

// CampaignSettled says that proofs are final and count: assignments of one batch, at most 1,000. What they are worth stands in
// their tasks.
type CampaignSettled struct {
	BrandID       id.ID   `json:"brand_id"`
	CampaignID    id.ID   `json:"campaign_id"`
	AssignmentIDs []id.ID `json:"assignment_ids"`
}

// EventKind names the event.
func (CampaignSettled) EventKind() string { return "campaign.settled" }
