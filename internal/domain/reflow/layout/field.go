package layout

import "slices"

// Field is what a column means, one word for all platforms.
type Field string

// The fields. Counters carry the slugs of the product's metrics where one
// exists; the rest are kept beside them under these names.
const (
	Title     Field = "title"
	PostID    Field = "post_id"
	Published Field = "published_at"
	Form      Field = "form"
	Link      Field = "link"
	Audit     Field = "audit_state"

	AccountHandle Field = "account"    // handle or the name shown
	AccountID     Field = "account_id" // the platform's id
	AccountIDs    Field = "account_ids"
	AccountBio    Field = "account_bio" // what the account says about itself
	Platform      Field = "platform"
	Day           Field = "day"
	Started       Field = "started_at"

	Views           Field = "views"
	Likes           Field = "likes"
	Comments        Field = "comments"
	Saves           Field = "saves"
	Shares          Field = "shares"
	FollowersGained Field = "followers_gained"
	Leads           Field = "leads"
	Inquiries       Field = "inquiries" // people who asked in direct messages
	Replies         Field = "replies"   // those of them who got an answer
	Posts           Field = "posts"
	Lives           Field = "lives"

	Followers      Field = "followers" // a stock, not a gain
	FollowersLost  Field = "followers_lost"
	Impressions    Field = "impressions"
	Viewers        Field = "viewers"
	Danmaku        Field = "danmaku"
	Coins          Field = "coins"
	Forwards       Field = "forwards"    // to chats and moments, beside shares
	Recommends     Field = "recommends"  // 在看
	HomeVisits     Field = "home_visits" // 主页访问量
	LinkClicks     Field = "link_clicks"
	LinkClickers   Field = "link_clickers"
	ContactAdds    Field = "contact_adds"
	ContactAdders  Field = "contact_adders"
	AnchorViews    Field = "anchor_impressions"
	AnchorClicks   Field = "anchor_clicks"
	LeadsVideo     Field = "leads_video"
	LeadsLive      Field = "leads_live"
	LeadsMessage   Field = "leads_message"
	MessageUsers   Field = "message_users"
	Orders         Field = "orders"
	ProductViewers Field = "product_viewers"
	ProductClicks  Field = "product_clicks"
	Peak           Field = "peak_online"
	Online         Field = "average_online"
	Reach          Field = "live_reach" // people the room was shown to

	CoverRate  Field = "cover_rate"
	FinishRate Field = "finish_rate"
	Finish5s   Field = "finish_5s_rate"
	Bounce2s   Field = "bounce_2s_rate"
	Bounce3s   Field = "bounce_3s_rate"
	Progress   Field = "progress_rate"
	EnterRate  Field = "enter_rate"

	WatchTime Field = "watch_ms"  // average
	Length    Field = "length_ms" // of the work
	LiveTime  Field = "live_ms"
	Revenue   Field = "revenue_fen"

	UnitPath    Field = "unit_path"
	UnitKind    Field = "unit_kind"
	Member      Field = "member"
	Phone       Field = "phone"
	Role        Field = "role"
	AccountKind Field = "account_kind"
	Ownership   Field = "ownership"
)

// Type is how a field's cells are read.
type Type uint8

// The types of fields.
const (
	Text Type = iota
	Count
	Signed // a count that may be negative
	Ratio
	Duration
	Money
	DayType
	TimeType
)

// types lists every field; Text ones first.
func types() map[Field]Type {
	return map[Field]Type{
		Title: Text, PostID: Text, Form: Text, Link: Text, Audit: Text, AccountHandle: Text, AccountID: Text, AccountIDs: Text, AccountBio: Text, Platform: Text,
		UnitPath: Text, UnitKind: Text, Member: Text, Phone: Text, Role: Text, AccountKind: Text, Ownership: Text,
		Published: TimeType, Started: TimeType, Day: DayType,
		Views: Count, Likes: Count, Comments: Count, Saves: Count, Shares: Count, FollowersGained: Signed, Leads: Count, Posts: Count, Lives: Count,
		Followers: Count, FollowersLost: Count, Impressions: Count, Viewers: Count, Danmaku: Count, Coins: Count, Forwards: Count, Recommends: Count,
		HomeVisits: Count, LinkClicks: Count, LinkClickers: Count, ContactAdds: Count, ContactAdders: Count, AnchorViews: Count, AnchorClicks: Count,
		LeadsVideo: Count, LeadsLive: Count, LeadsMessage: Count, MessageUsers: Count, Inquiries: Count, Replies: Count, Orders: Count, ProductViewers: Count,
		ProductClicks: Count, Peak: Count, Online: Count, Reach: Count,
		CoverRate: Ratio, FinishRate: Ratio, Finish5s: Ratio, Bounce2s: Ratio, Bounce3s: Ratio, Progress: Ratio, EnterRate: Ratio,
		WatchTime: Duration, Length: Duration, LiveTime: Duration, Revenue: Money,
	}
}

// TypeOf returns how f is read; ok is false for a word that is no field.
func TypeOf(f Field) (Type, bool) {
	t, ok := fieldTypes[f]
	return t, ok
}

var fieldTypes = types()

// Figure reports whether f is a number about a post or an account.
func (f Field) Figure() bool {
	t := fieldTypes[f]
	return t == Count || t == Signed || t == Ratio || t == Duration || t == Money
}

// Fields lists all fields in a stable order, for the mapping editor.
func Fields() []Field {
	out := make([]Field, 0, len(fieldTypes))
	for f := range fieldTypes {
		out = append(out, f)
	}
	slices.Sort(out)
	return out
}
