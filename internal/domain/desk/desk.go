package desk

import (
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// State is where a submission stands.
type State string

// The states.
const (
	Reading   State = "reading"   // its pictures are being read
	Waiting   State = "waiting"   // in the queue
	Changes   State = "changes"   // changes were suggested
	Rejected  State = "rejected"  // refused by a reviewer
	Blocked   State = "blocked"   // refused by the rules
	Approved  State = "approved"  // may be published until it expires
	Published State = "published" // its link was pasted back
	Expired   State = "expired"   // approved, not published in time
	Withdrawn State = "withdrawn" // taken back by who handed it in
)

// States lists every state.
func States() []State {
	return []State{Reading, Waiting, Changes, Rejected, Blocked, Approved, Published, Expired, Withdrawn}
}

// Verb is what is done with a submission.
type Verb string

// The verbs.
const (
	Resubmit Verb = "resubmit"
	Withdraw Verb = "withdraw"
	Publish  Verb = "publish"
	Correct  Verb = "correct" // the link
	Decide   Verb = "decide"
	Expire   Verb = "expire"
)

// Kinds lists what may be handed in.
func Kinds() []string { return []string{"post", "profile", "reply", "comment", "live"} }

// Fields lists the fields of a kind; the first ones are needed where mandatory says so.
func Fields(kind string) []string {
	switch kind {
	case "post":
		return []string{"title", "body"}
	case "profile":
		return []string{"name", "bio"}
	case "live":
		return []string{"title", "rundown"}
	case "reply", "comment":
		return []string{"body"}
	}
	return nil
}

// fieldImage is the field of what was read in pictures.
const fieldImage = "image"

// Text is one field of a submission.
type Text struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

// Media is a picture or video that goes with the text, as its author lists it.
type Media struct {
	Kind string `json:"kind" maxLength:"20"` // image or video
	Name string `json:"name" maxLength:"200"`
	Link string `json:"link" maxLength:"2000"`
	Note string `json:"note" maxLength:"200"`
}

// Finding is a place in one field where a rule fired.
type Finding struct {
	Field    string `json:"field"`
	Rule     string `json:"rule"`
	Category string `json:"category"`
	Severity string `json:"severity"`
	Start    int    `json:"start"` // code points
	End      int    `json:"end"`
	Text     string `json:"text"`
	Reason   string `json:"reason"`
	ReasonEn string `json:"reason_en"`
	Article  string `json:"article"`
	Rewrite  string `json:"rewrite"`        // advice in words
	Replace  string `json:"replace"`        // words that may stand instead
	Top      []Hint `json:"top"`            // what the ranker saw
	More     int    `json:"more,omitempty"` // on the last one: findings that were not kept
}

// Hint is one thing the ranker saw, and how much it weighed.
type Hint struct {
	Text   string  `json:"text"`
	Weight float64 `json:"weight"`
}

// Verdict is what the rules say about a submission.
type Verdict struct {
	Verdict  string    `json:"verdict"` // pass, warn, review, block
	Score    float64   `json:"score"`   // 0–1
	Version  string    `json:"version"` // of the rules
	Findings []Finding `json:"findings"`
	Ranked   Ranked    `json:"ranked"`
}

// Ranked is what the brand's own ranker finds of a text; it orders the queue and decides nothing.
type Ranked struct {
	Ranker int     `json:"ranker"` // its number; 0: the shipped one is alone, and the rest is empty
	Likely float64 `json:"likely"` // 0.5 at its threshold
	Over   bool    `json:"over"`
	Top    []Hint  `json:"top"` // parts of the text that say so
}

// Level is how serious a verdict is.
type Level int

// The levels.
const (
	None Level = iota
	Low
	Medium
	High
)

// Levels names the levels in order.
func Levels() []string { return []string{"none", "low", "medium", "high"} }

// String names the level.
func (l Level) String() string { return Levels()[l] }

// levelOf gives the level of a verdict's name.
func levelOf(verdict string) Level {
	switch verdict {
	case "warn":
		return Low
	case "review":
		return Medium
	case "block":
		return High
	}
	return None
}

// Draft is what somebody hands in.
type Draft struct {
	AccountID id.ID
	Platform  string // of the account, when there is one
	Kind      string
	Texts     []Text
	Media     []Media
	Pictures  []id.ID
	Key       string // the same key of the same person is the same submission
}

// Submission is one text on its way.
type Submission struct {
	ID         id.ID    `db:"id"`
	UnitID     id.ID    `db:"unit_id"`
	MemberID   id.ID    `db:"member_id"`
	UserID     id.ID    `db:"user_id"`
	Author     string   `db:"author"`
	AccountID  id.ID    `db:"account_id"`
	Platform   string   `db:"platform"`
	Kind       string   `db:"kind"`
	State      State    `db:"state"`
	Version    int      `db:"version"`
	Title      string   `db:"title"`
	Texts      string   `db:"texts"`    // JSON []Text
	Media      string   `db:"media"`    // JSON []Media
	Pictures   string   `db:"pictures"` // JSON []id.ID
	Verdict    string   `db:"verdict"`
	Level      Level    `db:"level"`
	Score      int      `db:"score"` // permille
	Pack       string   `db:"pack"`
	Findings   string   `db:"findings"` // JSON []Finding
	Print      string   `db:"print"`    // equal for word-for-word the same text
	Need       int      `db:"need"`     // approvals needed
	Approvals  int      `db:"approvals"`
	First      id.ID    `db:"first_reviewer"`
	Straight   string   `db:"straight"` // why it needed no reviewer: clean, same, suggested; or ""
	Sampled    bool     `db:"sampled"`
	Rank       int64    `db:"rank"`
	Submitted  clock.Ms `db:"submitted_ms"` // this version
	Due        clock.Ms `db:"due_ms"`
	ClaimedBy  id.ID    `db:"claimed_by"`
	Claimer    string   `db:"claimed_name"`
	ClaimedTo  clock.Ms `db:"claimed_ms"`
	AssignedTo id.ID    `db:"assigned_to"`
	Assignee   string   `db:"assigned_name"`
	Decided    clock.Ms `db:"decided_ms"`
	Decider    string   `db:"decided_by"`
	Reason     string   `db:"reason"`
	Suggestion string   `db:"suggestion"` // JSON []Text; [] when none
	Expires    clock.Ms `db:"expires_ms"`
	Published  clock.Ms `db:"published_ms"`
	Link       string   `db:"link"`
	Ranker     int      `db:"ranker"`
	Ranked     string   `db:"ranked"` // JSON Ranked
}

// Link is an address that was pasted for a published submission. The last one counts.
type Link struct {
	N      int      `db:"n"` // from 1
	Link   string   `db:"link"`
	UserID id.ID    `db:"user_id"`
	By     string   `db:"by_name"`
	At     clock.Ms `db:"at_ms"`
}

// Version is a submission's text as it was handed in once.
type Version struct {
	Version  int      `db:"version"`
	Texts    string   `db:"texts"`
	Verdict  string   `db:"verdict"`
	Level    Level    `db:"level"`
	Pack     string   `db:"pack"`
	Findings string   `db:"findings"`
	Outcome  State    `db:"outcome"`
	By       string   `db:"by_name"`
	At       clock.Ms `db:"at_ms"`
}

// Review is one reviewer's decision on a version.
type Review struct {
	ID         id.ID    `db:"id"`
	Submission id.ID    `db:"submission_id"`
	Version    int      `db:"version"`
	UserID     id.ID    `db:"user_id"`
	Reviewer   string   `db:"reviewer"`
	Decision   string   `db:"decision"`
	Reason     string   `db:"reason"`
	Suggestion string   `db:"suggestion"`
	Excerpt    string   `db:"excerpt"`
	Minutes    int      `db:"minutes"` // of business hours that it waited
	Late       bool     `db:"late"`
	At         clock.Ms `db:"at_ms"`
}

// Decisions of a review.
const (
	Approve = "approve"
	Suggest = "changes"
	Reject  = "reject"
)

// Mark is a reviewer's word on one finding: right, or a false alarm.
type Mark struct {
	Rule  string
	Field string
	Start int
	Text  string
	Right bool
}

// Decision is what a reviewer decides.
type Decision struct {
	Version    int // of the submission as the reviewer saw it; 0: whatever it is
	Verb       string
	Reason     string
	Suggestion []Text
	Marks      []Mark
}

// Reasons why a submission needed no reviewer.
const (
	StraightClean     = "clean"
	StraightSame      = "same"
	StraightSuggested = "suggested"
)
