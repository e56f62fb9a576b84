package campaign

import (
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// TaskType is what a task asks for.
type TaskType string

// The types of tasks.
const (
	PublishNote    TaskType = "publish_note"
	PublishVideo   TaskType = "publish_video"
	GoLive         TaskType = "go_live"
	CommentLink    TaskType = "comment_link" // comment on, or link to, a sister account
	UpdateHome     TaskType = "update_home"
	AttendTraining TaskType = "attend_training"
	OfflineEvent   TaskType = "offline_event"
	Form           TaskType = "form"
)

// TaskTypes lists the types of tasks.
func TaskTypes() []TaskType {
	return []TaskType{PublishNote, PublishVideo, GoLive, CommentLink, UpdateHome, AttendTraining, OfflineEvent, Form}
}

// OnAccount tells whether a task is done on an account: one assignment for every account that matches. The others are
// done once by a person.
func (t TaskType) OnAccount() bool {
	return t == PublishNote || t == PublishVideo || t == GoLive || t == CommentLink || t == UpdateHome
}

// Publishes tells whether a task ends in a post with a link, a window and hashtags.
func (t TaskType) Publishes() bool { return t == PublishNote || t == PublishVideo || t == GoLive }

// Evidence is what has to be handed in.
type Evidence struct {
	Link        bool `json:"link" required:"false" doc:"the link of what was published, or one of the own imported posts"`
	Screenshots int  `json:"screenshots" required:"false" minimum:"0" maximum:"9" doc:"how many at least"`
	Form        bool `json:"form" required:"false"`
	Question    bool `json:"question" required:"false" doc:"the brief's question must be answered right"`
	Hashtag     bool `json:"hashtag" required:"false" doc:"one of the campaign's hashtags must stand in the text"`
	Place       bool `json:"place" required:"false" doc:"the store must be named in the text, or a picture shows the post's location"`
	ByHand      bool `json:"by_hand" required:"false" doc:"somebody looks at every one"`
}

// FormField is one question of a form.
type FormField struct {
	Key      string   `json:"key" pattern:"^[a-z][a-z0-9_]{0,30}$"`
	Label    string   `json:"label" maxLength:"100"`
	Kind     string   `json:"kind" enum:"text,number,choice,yes_no"`
	Options  []string `json:"options" required:"false" maxItems:"20"`
	Required bool     `json:"required" required:"false"`
}

// Reward is what is promised; the ledger pays it later from campaign.settled.
type Reward struct {
	Text   string `json:"text" required:"false" maxLength:"100"`
	Fen    int64  `json:"fen" required:"false" minimum:"0" maximum:"100000000"`
	Points int64  `json:"points" required:"false" minimum:"0" maximum:"10000000"`
}

// TaskPlan is a task as it is written. ID is given by the room when the plan is saved: send it back to keep the task.
type TaskPlan struct {
	ID        id.ID       `json:"id" required:"false" nullable:"true"`
	Type      TaskType    `json:"type" enum:"publish_note,publish_video,go_live,comment_link,update_home,attend_training,offline_event,form"`
	Title     string      `json:"title" maxLength:"80"`
	Why       string      `json:"why" required:"false" maxLength:"300"`
	Steps     string      `json:"steps" required:"false" maxLength:"2000"`
	Platforms []string    `json:"platforms" required:"false" maxItems:"7" doc:"of the audience's accounts; none = every one"`
	Phase     int         `json:"phase" required:"false" minimum:"0" maximum:"12" doc:"1 is the first phase, 0 none"`
	DueAt     clock.Ms    `json:"due_at" required:"false" nullable:"true" doc:"null: the end of the campaign"`
	Minutes   int         `json:"minutes" required:"false" minimum:"0" maximum:"600"`
	Mandatory bool        `json:"mandatory" required:"false" doc:"only where every account of the audience is the company's"`
	Template  id.ID       `json:"template" required:"false" nullable:"true" doc:"a template of the library: everybody gets an own text from it"`
	Content   string      `json:"content" required:"false" enum:",fact" doc:"fact: prices, stock, display, which may be alike"`
	Materials []id.ID     `json:"materials" required:"false" maxItems:"20"`
	Target    string      `json:"target" required:"false" maxLength:"300" doc:"comment_link: the sister account or post; events: the place; training: the course"`
	Evidence  Evidence    `json:"evidence" required:"false"`
	Fields    []FormField `json:"fields" required:"false" maxItems:"20"`
	Reward    Reward      `json:"reward" required:"false"`
}

// Step is where an assignment stands.
type Step string

// The states of an assignment; see steps for the moves between them.
const (
	Given     Step = "given"
	Accepted  Step = "accepted"
	Declined  Step = "declined"
	Submitted Step = "submitted" // waits for figures that show it
	Look      Step = "look"      // somebody has to look
	Passed    Step = "passed"
	Rejected  Step = "rejected"
	Appealed  Step = "appealed"
	Settled   Step = "settled" // final: it counts and is paid
	Denied    Step = "denied"  // final: the appeal was heard and refused
	Gone      Step = "gone"    // the person left or the account is no longer theirs
)

// Steps lists the states of an assignment.
func Steps() []Step {
	return []Step{Given, Accepted, Declined, Submitted, Look, Passed, Rejected, Appealed, Settled, Denied, Gone}
}

// Assignment is one task for one person on one account (0 where a task is done by a person as such).
type Assignment struct {
	ID         id.ID    `db:"id"`
	CampaignID id.ID    `db:"campaign_id"`
	TaskID     id.ID    `db:"task_id"`
	MemberID   id.ID    `db:"member_id"`
	AccountID  id.ID    `db:"account_id"`
	UnitID     id.ID    `db:"unit_id"`
	Platform   string   `db:"platform"`
	Company    bool     `db:"company"` // the account is the company's
	State      Step     `db:"state"`
	DueAt      clock.Ms `db:"due_at"`
	PublishAt  clock.Ms `db:"publish_at"` // the slot of a burst, 0 when any time will do
	GivenAt    clock.Ms `db:"given_at"`
	ReadAt     clock.Ms `db:"read_at"`
	ReadVer    int      `db:"read_version"`
	ChangedAt  clock.Ms `db:"changed_at"`
	Rev        int      `db:"rev"`
	Reason     string   `db:"reason"` // why declined, rejected, gone
}

// DeclineReason is why a task was declined.
type DeclineReason string

// The reasons. On a personal account any of them is accepted without penalty.
const (
	NoTime      DeclineReason = "no_time"
	NotMyTopic  DeclineReason = "not_my_topic"
	OnLeave     DeclineReason = "on_leave"
	AccountDown DeclineReason = "account_down"
	Unwilling   DeclineReason = "unwilling"
	OtherReason DeclineReason = "other"
)

// DeclineReasons lists the reasons.
func DeclineReasons() []DeclineReason {
	return []DeclineReason{NoTime, NotMyTopic, OnLeave, AccountDown, Unwilling, OtherReason}
}
