package post

import (
	"slices"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// Origin says where a figure came from.
type Origin string

// The origins.
const (
	API        Origin = "api"
	Export     Origin = "export"
	Webhook    Origin = "webhook"
	Screenshot Origin = "screenshot"
	SelfReport Origin = "self_report"
	Sandbox    Origin = "sandbox"
)

// Valid tells whether o is a known origin.
func (o Origin) Valid() bool {
	return slices.Contains([]Origin{API, Export, Webhook, Screenshot, SelfReport, Sandbox}, o)
}

// Class groups origins by how far they are trusted; figures are summed by class.
type Class int8

// The classes, from the most to the least direct.
const (
	ClassAPI     Class = 1 // api, webhook
	ClassFile    Class = 2 // the platform's own export file
	ClassSelf    Class = 3 // screenshot, self-report
	ClassSandbox Class = 4 // invented
)

// Class gives the trust class of an origin.
func (o Origin) Class() Class {
	switch o {
	case API, Webhook:
		return ClassAPI
	case Export:
		return ClassFile
	case Sandbox:
		return ClassSandbox
	case Screenshot, SelfReport:
		return ClassSelf
	default:
		return ClassSelf
	}
}

// String names the class on the wire.
func (c Class) String() string {
	switch c {
	case ClassAPI:
		return "api"
	case ClassFile:
		return "file"
	case ClassSandbox:
		return "sandbox"
	case ClassSelf:
		return "self"
	default:
		return "self"
	}
}

// Counter is a number a platform shows about a post or an account.
type Counter uint8

// The counters. Posts have the first seven; accounts may have any. FollowersGained of an account is day-valued by nature.
const (
	Impressions Counter = iota
	Views
	Likes
	Comments
	Saves
	Shares
	FollowersGained
	Followers
	Posts
	Lives
	Interactions
	Leads
	Inquiries // people who asked in direct messages
	Replies   // those of them who got an answer
	NumCounters
)

// NumPostCounters is how many of the counters a post has.
const NumPostCounters = FollowersGained + 1

// Counters is a set of known counter values; the zero value knows nothing. Missing is not 0.
type Counters struct {
	v   [NumCounters]int64
	has uint16
}

// Set makes c known.
func (s *Counters) Set(c Counter, v int64) { s.v[c], s.has = v, s.has|1<<c }

// Get gives the value and whether it is known.
func (s Counters) Get(c Counter) (int64, bool) { return s.v[c], s.has&(1<<c) != 0 }

// Empty tells whether nothing is known.
func (s Counters) Empty() bool { return s.has == 0 }

// With returns s with c set; for literals.
func (s Counters) With(c Counter, v int64) Counters {
	s.Set(c, v)
	return s
}

// Metric is a quantity the day facts are kept in.
type Metric uint8

// The metrics. FollowersDelta is net: followers gained minus lost, as far as the source tells.
const (
	MPosts Metric = iota
	MLives
	MViews
	MLikes
	MComments
	MSaves
	MShares
	MInteractions
	MFollowers
	MLeads
	MInquiries
	MReplies
	NumMetrics
)

// MetricSlugs are the metrics' names on the wire, in order.
func MetricSlugs() []string {
	return []string{"posts", "lives", "views", "likes", "comments", "saves", "shares", "interactions", "followers_gained", "leads", "inquiries", "replies"}
}

// ParseMetric finds a metric by its slug.
func ParseMetric(s string) (Metric, bool) {
	i := slices.Index(MetricSlugs(), s)
	return Metric(max(i, 0)), i >= 0
}

// Values holds one number per metric.
type Values [NumMetrics]int64

// Add adds o times sign.
func (v *Values) Add(o *Values, sign int64) {
	for i := range v {
		v[i] += sign * o[i]
	}
}

// Zero tells whether every value is 0.
func (v *Values) Zero() bool { return *v == Values{} }

// Basis says whose figure it is: summed from posts or told about the account as a whole.
type Basis int8

// The bases.
const (
	BasisPosts   Basis = 0
	BasisAccount Basis = 1
)

// Delta is how one account's figures of one day changed: new − old, per basis and origin class. Set and Clear are the
// metrics (bit = Metric) that became known or unknown on BasisAccount; AsOf is when the newest source said so.
type Delta struct {
	BrandID   id.ID
	AccountID id.ID
	Day       clock.Day
	Basis     Basis
	Class     Class
	Set       uint16
	Clear     uint16
	AsOf      clock.Ms
	Values    Values
}

// Status of a post.
type Status string

// The states of a post. A post without live snapshots (its only import was undone) is gone from every list and figure.
const (
	Live    Status = "live"
	Deleted Status = "deleted" // the platform says it was taken down; its figures stay
	Gone    Status = "gone"
)

// Item is what one source row says about one post.
type Item struct {
	AccountID   id.ID
	ExternalID  string // "" when the source has none
	URL         string
	Title       string
	Kind        string // video, image, live, article, text or ""
	PublishedAt clock.Ms
	DayOnly     bool // the source tells the day of publishing, not the time
	Deleted     bool
	AsOf        clock.Ms
	Counters    Counters
	Extra       string // further figures as a JSON object, or ""
}

// AccountItem is what one source row says about an account as a whole.
type AccountItem struct {
	AccountID id.ID
	Daily     bool // the counters belong to the day of AsOf; else they are cumulative
	AsOf      clock.Ms
	Counters  Counters // Followers is always a state, never day-valued
	Extra     string
}

// Batch is one bulk delivery of figures: all from one origin, learned at one moment. Keep it to ≤ 5,000 items where the
// work can be cut; a file of one account may hold more.
type Batch struct {
	BrandID   id.ID
	ImportID  id.ID // 0 when it cannot be undone as a whole
	Origin    Origin
	LearnedAt clock.Ms
	Zone      *time.Location
	Items     []Item
	Accounts  []AccountItem
}

// Outcome tells what an item did.
type Outcome uint8

// The outcomes. Doubled: the batch holds the same post and moment again further down, which won.
const (
	Inserted Outcome = iota + 1
	Updated
	Unchanged
	Doubled
)

// Result counts what a batch did and tells it item by item (in the order given; ItemOutcomes[i] belongs to Items[i]).
type Result struct {
	Inserted, Updated, Unchanged, Doubled int
	ItemOutcomes, AccountOutcomes         []Outcome
}

func (r *Result) count(o Outcome) {
	switch o {
	case Inserted:
		r.Inserted++
	case Updated:
		r.Updated++
	case Unchanged:
		r.Unchanged++
	case Doubled:
		r.Doubled++
	}
}

// AccountRef is what post needs to know of an account.
type AccountRef struct {
	ID       id.ID
	UnitID   id.ID
	Platform string
}
