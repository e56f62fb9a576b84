package campaign

import (
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/campaign/audience"
)

// State is where a campaign stands.
type State string

// The states of a campaign; see turns for the moves between them.
const (
	Drafted     State = "draft"
	Checked     State = "checked"     // the rules found nothing that blocks
	Approval    State = "approval"    // waits for somebody with campaign.approve
	Dispatching State = "dispatching" // the walk over the audience runs
	Running     State = "running"
	Closed      State = "closed" // nothing more can be handed in; reviews go on
	Reviewed    State = "reviewed"
)

// States lists the states of a campaign in their order.
func States() []State {
	return []State{Drafted, Checked, Approval, Dispatching, Running, Closed, Reviewed}
}

// Mode says how the posts are laid into the window.
type Mode string

// The modes.
const (
	Spread Mode = "spread"
	Burst  Mode = "burst"
)

// Hashtags are the unified ones and those of single platforms, without the sign.
type Hashtags struct {
	All       []string            `json:"all" required:"false" maxItems:"20"`
	Platforms map[string][]string `json:"platforms" required:"false" doc:"by platform, beside the unified ones"`
}

// Question is the one question that shows whether a brief was read. Right is the place of the right option.
type Question struct {
	Text    string   `json:"text" required:"false" maxLength:"200"`
	Options []string `json:"options" required:"false" maxItems:"6"`
	Right   int      `json:"right" required:"false" minimum:"0" maximum:"5"`
}

// Brief is what headquarters wants on one platform ("" = on all).
type Brief struct {
	Platform string   `json:"platform" required:"false"`
	Text     string   `json:"text" required:"false" maxLength:"4000"`
	Standard string   `json:"standard" required:"false" maxLength:"2000" doc:"when a post is accepted"`
	Right    []string `json:"right" required:"false" maxItems:"10" doc:"examples of how it should be"`
	Wrong    []string `json:"wrong" required:"false" maxItems:"10" doc:"examples of how it should not"`
	Question Question `json:"question" required:"false"`
}

// Phase is a part of the timeline.
type Phase struct {
	Name     string   `json:"name" maxLength:"60"`
	StartsAt clock.Ms `json:"starts_at" required:"false" nullable:"true"`
	EndsAt   clock.Ms `json:"ends_at" required:"false" nullable:"true"`
}

// Quiet are the minutes of a local day between which nobody is told anything; From above To goes over midnight, both 0 is
// no quiet time.
type Quiet struct {
	From int `json:"from" required:"false" minimum:"0" maximum:"1439" doc:"minute of the local day"`
	To   int `json:"to" required:"false" minimum:"0" maximum:"1439"`
}

// Target is what the campaign shall reach; null = not set.
type Target struct {
	People       *int64 `json:"people" required:"false" nullable:"true" minimum:"0" doc:"people who take part"`
	Posts        *int64 `json:"posts" required:"false" nullable:"true" minimum:"0"`
	Views        *int64 `json:"views" required:"false" nullable:"true" minimum:"0"`
	Interactions *int64 `json:"interactions" required:"false" nullable:"true" minimum:"0"`
}

// Recur makes the campaign again: a copy is made, checked and dispatched when the period begins.
type Recur struct {
	Every string    `json:"every" required:"false" enum:",week,month"`
	Until clock.Day `json:"until" required:"false" nullable:"true"`
}

// Plan is everything of a campaign that people write: it is stored whole, with a version for each dispatch.
type Plan struct {
	Title         string          `json:"title" maxLength:"80"`
	Goal          string          `json:"goal" required:"false" maxLength:"500"`
	Target        Target          `json:"target" required:"false"`
	Topic         string          `json:"topic" required:"false" maxLength:"80"`
	TopicKind     string          `json:"topic_kind" required:"false" enum:",trend,created"`
	TopicReason   string          `json:"topic_reason" required:"false" maxLength:"500"`
	Hashtags      Hashtags        `json:"hashtags" required:"false"`
	Mode          Mode            `json:"mode" required:"false" enum:",spread,burst"`
	StartsAt      clock.Ms        `json:"starts_at" required:"false" nullable:"true"`
	EndsAt        clock.Ms        `json:"ends_at" required:"false" nullable:"true"`
	Phases        []Phase         `json:"phases" required:"false" maxItems:"12"`
	Quiet         Quiet           `json:"quiet" required:"false"`
	WeeklyMinutes int             `json:"weekly_minutes" required:"false" minimum:"0" maximum:"2400" doc:"minutes a member may be asked for in a week; 0 = no cap"`
	Briefs        []Brief         `json:"briefs" required:"false" maxItems:"8"`
	Materials     []id.ID         `json:"materials" required:"false" maxItems:"40" doc:"items of the library everybody gets"`
	Audience      audience.Filter `json:"audience" required:"false"`
	Tasks         []TaskPlan      `json:"tasks" required:"false" maxItems:"20"`
	Recur         Recur           `json:"recur" required:"false"`
	Similar       int             `json:"similar" required:"false" minimum:"0" maximum:"100" doc:"percent of sameness from which a text needs a look; 0 = the platform's own"`
}

// Campaign is a campaign as it is kept.
type Campaign struct {
	ID         id.ID
	UnitID     id.ID // whose it is; 0 for the whole brand
	State      State
	Plan       Plan
	Rev        int // of every edit
	Version    int // of what was dispatched, 0 before
	Verdict    string
	Findings   []Finding
	CreatedAt  clock.Ms
	CreatedBy  string
	ApprovedBy string
	EditedBy   string // who changed the text last
	CaseID     id.ID  // the item of the library that keeps the lessons; 0 while none does
	Note       string // of who returned it
	Lessons    string
	From       id.ID // what it was copied from
	Template   string
	Progress   Progress
	ClosedAt   clock.Ms
}

// Progress is how far a dispatch is. Expected are the members there were to walk when it began.
type Progress struct {
	Expected int64    `json:"expected" doc:"members to walk"`
	People   int64    `json:"people" doc:"members walked"`
	Made     int64    `json:"made" doc:"assignments made"`
	Began    clock.Ms `json:"began_at" nullable:"true"`
	Ended    clock.Ms `json:"ended_at" nullable:"true"`
	after    id.ID    // the last member walked
}

// Finding is a place where the rules of risk fired in a plan's text.
type Finding struct {
	Field    string `json:"field" doc:"path in the plan, briefs[0].text"`
	Rule     string `json:"rule"`
	Severity string `json:"severity" enum:"low,medium,high"`
	Start    int    `json:"start"`
	End      int    `json:"end"`
	Text     string `json:"text"`
	Reason   string `json:"reason"`
	ReasonEn string `json:"reason_en"`
	Article  string `json:"article"`
	Rewrite  string `json:"rewrite"`
	Replace  string `json:"replace"`
}
