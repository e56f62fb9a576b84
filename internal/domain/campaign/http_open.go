package campaign

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

type openIn struct {
	Unit string `query:"unit" maxLength:"500" doc:"id or path; empty for the caller's top"`
}

// openRowBody is a task that a unit has not finished.
type openRowBody struct {
	UnitID     id.ID      `json:"unit_id"`
	Unit       string     `json:"unit" doc:"path"`
	Leaf       bool       `json:"leaf" doc:"has no units below"`
	CampaignID id.ID      `json:"campaign_id"`
	Campaign   string     `json:"campaign"`
	TaskID     id.ID      `json:"task_id"`
	Task       string     `json:"task"`
	Type       TaskType   `json:"type" enum:"publish_note,publish_video,go_live,comment_link,update_home,attend_training,offline_event,form"`
	DueAt      clock.Ms   `json:"due_at"`
	Missing    int64      `json:"missing" doc:"not handed in"`
	Counts     countsBody `json:"counts"`
	Direct     bool       `json:"direct" doc:"of the unit's own people, who are in no unit below it"`
}

type openBody struct {
	UnitID id.ID         `json:"unit_id" nullable:"true" doc:"null when several units lie side by side"`
	Name   string        `json:"name"`
	Items  []openRowBody `json:"items" doc:"late ones first, then the soonest due"`
	Left   int           `json:"left" doc:"rows that are not shown"`
}

func (h handlers) open(ctx context.Context, actor authz.Actor, in *openIn) (*openBody, error) {
	o, err := h.s.OpenTasks(ctx, actor, in.Unit)
	if err != nil {
		return nil, err
	}
	out := &openBody{UnitID: o.Unit.ID, Name: o.Unit.Name, Items: make([]openRowBody, len(o.Rows)), Left: o.Left}
	for i := range o.Rows {
		r := &o.Rows[i]
		out.Items[i] = openRowBody{r.Unit.ID, pathOf(r.Unit), r.Unit.Leaf, r.CampaignID, r.Campaign, r.TaskID, r.Task, r.Type, r.DueAt, r.missing(), countsOf(r.Counts), r.Direct}
	}
	return out, nil
}
