package account

import (
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// UnitBody is a unit as lists name it.
type UnitBody struct {
	ID   id.ID  `json:"id"`
	Name string `json:"name"`
	Path string `json:"path"`
	Kind string `json:"kind"`
}

// MemberBody is a member as lists name him.
type MemberBody struct {
	ID   id.ID  `json:"id"`
	Name string `json:"name"`
}

// CertBody is a staff certification.
type CertBody struct {
	Kind  CertKind  `json:"kind" enum:"douyin_staff,xhs_kos,channels_staff"`
	State CertState `json:"state" enum:"pending,certified,expired,revoked"`
	Until clock.Day `json:"until" nullable:"true"`
}

// PairBody is the other side of a pair.
type PairBody struct {
	ID       id.ID    `json:"id"`
	Platform Platform `json:"platform"`
	Name     string   `json:"name"`
	Handle   string   `json:"handle"`
}

// Body is an account as its readers see it; what is not known is null.
type Body struct {
	ID            id.ID       `json:"id"`
	Platform      Platform    `json:"platform" enum:"xiaohongshu,douyin,channels,kuaishou,bilibili,weibo,wechat_oa"`
	Handle        string      `json:"handle"`
	Name          string      `json:"name"`
	ExternalID    string      `json:"external_id"`
	Kind          Kind        `json:"kind" enum:"brand,business_line,region,dealer,agent,store,employee,persona,benchmark,adviser,hq_service,koc"`
	Side          Side        `json:"side" enum:"public,private"`
	Unit          UnitBody    `json:"unit"`
	Member        *MemberBody `json:"member" required:"false" doc:"null when nobody answers for it"`
	Ownership     Ownership   `json:"ownership" enum:"company,personal"`
	Verified      bool        `json:"verified"`
	Certification *CertBody   `json:"certification" required:"false"`
	CertKind      CertKind    `json:"cert_kind" doc:"the staff certification the platform offers, or empty"`
	POI           string      `json:"poi"`
	Status        Status      `json:"status" enum:"ok,token_expired,authorisation_cancelled,banned,private,handed_over,closed"`
	StatusCause   string      `json:"status_cause"`
	StatusSince   clock.Day   `json:"status_since" nullable:"true"`
	HandoverDue   clock.Day   `json:"handover_due" nullable:"true"`
	Level         Level       `json:"level" enum:",junior,middle,senior"`
	Paired        *PairBody   `json:"paired" required:"false"`
	City          string      `json:"city"`
	CityTier      int         `json:"city_tier"`
	League        string      `json:"league"`
	Tags          []string    `json:"tags"`
	Followers     *int64      `json:"followers" nullable:"true"`
	FollowersAsOf clock.Ms    `json:"followers_as_of" nullable:"true"`
	CreatedDay    clock.Day   `json:"created_day"`
	LastPostDay   clock.Day   `json:"last_post_day" nullable:"true"`
	Rev           int         `json:"rev"`
	UpdatedAt     clock.Ms    `json:"updated_at"`
}

func (h *handlers) body(it Item) Body {
	a := it.Account
	b := Body{
		ID: a.ID, Platform: a.Platform, Handle: a.Handle, Name: a.Name, ExternalID: a.ExternalID, Kind: a.Kind, Side: a.Side(),
		Unit: UnitBody{ID: a.UnitID, Name: it.Unit.Name, Path: it.Unit.Path, Kind: it.Unit.Kind}, Ownership: a.Ownership, Verified: a.Verified,
		CertKind: CertKindOf(a.Platform), POI: a.POI, Status: a.Status, StatusCause: a.StatusCause, StatusSince: a.StatusSince,
		HandoverDue: a.HandoverDue, Level: a.Level, CityTier: a.CityTier, League: a.League, Tags: it.Tags, FollowersAsOf: a.FollowersAsOf,
		CreatedDay: a.CreatedDay, LastPostDay: clock.Day(a.LastPostDay), Rev: a.Rev, UpdatedAt: a.UpdatedAt,
	}
	if b.Tags == nil {
		b.Tags = []string{}
	}
	if c, ok := h.s.atlas.City(a.City); ok {
		b.City = c.Short
	}
	if a.Followers >= 0 {
		b.Followers = &it.Followers
	}
	if a.MemberID != 0 {
		name := it.Member.Name
		if name == "" {
			name = a.MemberName
		}
		b.Member = &MemberBody{ID: a.MemberID, Name: name}
	}
	if a.CertKind != "" {
		b.Certification = &CertBody{Kind: a.CertKind, State: a.CertState, Until: a.CertUntil}
	}
	if p := it.Paired; p != nil {
		b.Paired = &PairBody{ID: p.ID, Platform: p.Platform, Name: p.Name, Handle: p.Handle}
	}
	return b
}

// filterIn are the parameters of every list and count of accounts.
type filterIn struct {
	Unit      string   `query:"unit" maxLength:"400" doc:"unit id or path; empty for the whole scope"`
	Platform  []string `query:"platform" maxItems:"7" doc:"slugs, or the names people use"`
	Kind      []string `query:"kind" maxItems:"12"`
	Status    []string `query:"status" maxItems:"7" doc:"or abnormal"`
	Ownership string   `query:"ownership" enum:"company,personal"`
	Cert      []string `query:"certification" maxItems:"5" doc:"none, pending, certified, expired, revoked"`
	Verified  string   `query:"verified" enum:"true,false"`
	League    string   `query:"league" maxLength:"80" doc:"league key or its beginning, e.g. douyin|t1"`
	Level     string   `query:"level" enum:"junior,middle,senior,none"`
	Side      string   `query:"side" enum:"public,private"`
	Tag       string   `query:"tag" maxLength:"60"`
	City      int      `query:"city" doc:"city code"`
	Member    id.ID    `query:"member"`
	Unpaired  bool     `query:"unpaired" doc:"public accounts that no private one receives"`
	Handover  bool     `query:"handover" doc:"waiting for the next owner"`
	Ended     bool     `query:"ended" doc:"also those handed over or closed"`
	Text      string   `query:"q" maxLength:"100" doc:"handle, name, member; Chinese, pinyin or initials"`
}

func (in *filterIn) filter() (Filter, error) {
	f := Filter{
		Unit: in.Unit, Ownership: Ownership(in.Ownership), League: in.League, Level: Level(in.Level), Side: Side(in.Side), Tag: in.Tag, City: in.City,
		Member: in.Member, Unpaired: in.Unpaired, Handover: in.Handover, Ended: in.Ended, Text: in.Text,
	}
	if in.Level == "none" {
		f.Level, f.Unrated = LevelNone, true
	}
	if in.Verified != "" {
		v := in.Verified == "true"
		f.Verified = &v
	}
	var err error
	if f.Platforms, err = parseList(in.Platform, ParsePlatform); err != nil {
		return f, err
	}
	if f.Kinds, err = parseList(in.Kind, ParseKind); err != nil {
		return f, err
	}
	if f.CertStates, err = parseList(in.Cert, parseCertState); err != nil {
		return f, err
	}
	if len(in.Status) == 1 && in.Status[0] == "abnormal" {
		f.Abnormal = true
		return f, nil
	}
	f.Statuses, err = parseList(in.Status, ParseStatus)
	return f, err
}
