package account

import (
	"context"
	neturl "net/url"
	"slices"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
)

// UnofficialState is how far a found account has come.
type UnofficialState string

// The states of the register of unofficial accounts; see nextStates.
const (
	UFound     UnofficialState = "found"
	UClaimed   UnofficialState = "claimed"
	UMatched   UnofficialState = "matched"
	UConsented UnofficialState = "consented"
	UCertified UnofficialState = "certified"
	UManaged   UnofficialState = "managed"
	UImpostor  UnofficialState = "impostor"
	UReported  UnofficialState = "reported"
)

// nextStates is the table of moves.
func nextStates(from UnofficialState) []UnofficialState {
	switch from {
	case UFound:
		return []UnofficialState{UClaimed, UMatched, UImpostor}
	case UClaimed:
		return []UnofficialState{UMatched, UFound, UImpostor}
	case UMatched:
		return []UnofficialState{UConsented, UFound, UImpostor}
	case UConsented:
		return []UnofficialState{UCertified, UManaged, UFound}
	case UCertified:
		return []UnofficialState{UManaged}
	case UImpostor:
		return []UnofficialState{UReported, UFound}
	case UReported:
		return []UnofficialState{UFound}
	}
	return nil
}

// Unofficial is an account whose name or bio holds the brand and that nobody has registered.
type Unofficial struct {
	BrandID      id.ID           `db:"brand_id" json:"-"`
	ID           id.ID           `db:"id" json:"id"`
	Platform     Platform        `db:"platform" json:"platform"`
	Handle       string          `db:"handle" json:"handle"`
	HandleNorm   string          `db:"handle_norm" json:"-"`
	Name         string          `db:"name" json:"name"`
	NameKey      string          `db:"name_key" json:"-"`
	URL          string          `db:"url" json:"url"`
	Bio          string          `db:"bio" json:"bio"`
	ExternalID   string          `db:"external_id" json:"external_id"`
	Source       string          `db:"source" json:"source" enum:"pasted,imported,found"`
	ImportID     id.ID           `db:"import_id" json:"import_id" nullable:"true" doc:"the import whose file named it"`
	Origin       string          `db:"origin" json:"origin" doc:"name of that file"`
	State        UnofficialState `db:"state" json:"state" enum:"found,claimed,matched,consented,certified,managed,impostor,reported"`
	MemberID     id.ID           `db:"member_id" json:"member_id" nullable:"true"`
	MemberName   string          `db:"member_name" json:"member"`
	UnitID       id.ID           `db:"unit_id" json:"unit_id" nullable:"true"`
	UnitPath     string          `db:"-" json:"unit_path"`
	AccountID    id.ID           `db:"account_id" json:"account_id" nullable:"true"`
	Proof        string          `db:"proof" json:"proof"`
	Note         string          `db:"note" json:"note"`
	Followers    int64           `db:"followers" json:"-"`
	SeenDay      clock.Day       `db:"seen_day" json:"seen_day"`
	CertifiedDay clock.Day       `db:"certified_day" json:"certified_day" nullable:"true"`
	ClosedDay    clock.Day       `db:"closed_day" json:"closed_day" nullable:"true"`
	Rev          int             `db:"rev" json:"rev"`
	UpdatedAt    clock.Ms        `db:"updated_at" json:"updated_at"`

	Next []UnofficialState `db:"-" json:"next" doc:"states it may go to"`
}

var unofficialCols = []string{
	"brand_id", "id", "platform", "handle", "handle_norm", "name", "name_key", "url", "bio", "source", "state", "member_id",
	"member_name", "unit_id", "account_id", "proof", "note", "followers", "seen_day", "certified_day", "closed_day", "rev", "updated_at",
	"external_id", "import_id", "origin",
}

func (u *Unofficial) values() []any {
	return []any{
		u.BrandID, u.ID, u.Platform, u.Handle, u.HandleNorm, u.Name, u.NameKey, u.URL, u.Bio, u.Source, u.State, u.MemberID, u.MemberName,
		u.UnitID, u.AccountID, u.Proof, u.Note, u.Followers, u.SeenDay, u.CertifiedDay, u.ClosedDay, u.Rev, u.UpdatedAt,
		u.ExternalID, u.ImportID, u.Origin,
	}
}

// Sighting is an account somebody came across: a link, or a handle on a platform.
type Sighting struct {
	Platform Platform
	Text     string // a link or a handle
	ID       string // the platform's, where it is known
	Name     string
	Bio      string
}

// SightingFault says why a line was not taken.
type SightingFault struct {
	Line    int    `json:"line"`
	Text    string `json:"text"`
	Slug    string `json:"-"`
	Message string `json:"message"`
}

// Sighted tells what became of sightings.
type Sighted struct {
	Added   int             `json:"added"`
	Known   int             `json:"known" doc:"already in the register"`
	Managed int             `json:"managed" doc:"already registered as the brand's accounts"`
	Faults  []SightingFault `json:"faults"`
}

// readSighting finds platform and handle; a link says its platform itself.
func readSighting(in Sighting) (Unofficial, string) {
	u := Unofficial{Platform: in.Platform, Name: strings.TrimSpace(in.Name), Bio: strings.TrimSpace(in.Bio), ExternalID: strings.TrimSpace(in.ID)}
	text := strings.TrimSpace(in.Text)
	if link, err := neturl.Parse(text); err == nil && (link.Scheme == "https" || link.Scheme == "http") {
		u.URL = text
		p, handle := fromLink(link)
		if p == "" {
			return u, "account.link_unknown"
		}
		u.Platform, text = p, handle
	}
	if u.Platform == "" {
		return u, "account.platform_needed"
	}
	shown, norm, err := ParseHandle(text)
	if err != nil {
		return u, errs.SlugOf(err)
	}
	u.Handle, u.HandleNorm = shown, norm
	if u.Name == "" {
		u.Name = shown
	}
	u.NameKey = search.Key(u.Name)
	return u, ""
}

// fromLink reads the public address of a profile page; "" for a link that is none.
func fromLink(link *neturl.URL) (Platform, string) {
	steps := strings.FieldsFunc(link.Path, func(r rune) bool { return r == '/' })
	if len(steps) == 0 {
		return "", ""
	}
	last := steps[len(steps)-1]
	host := strings.ToLower(link.Hostname())
	under := func(domain string) bool { return host == domain || strings.HasSuffix(host, "."+domain) }
	switch {
	case under("xiaohongshu.com") && slices.Contains(steps, "profile"):
		return Xiaohongshu, last
	case under("douyin.com") && slices.Contains(steps, "user"):
		return Douyin, last
	case under("kuaishou.com") && slices.Contains(steps, "profile"):
		return Kuaishou, last
	case host == "space.bilibili.com":
		return Bilibili, steps[0]
	case under("weibo.com") && (len(steps) == 1 || steps[0] == "u"):
		return Weibo, last
	}
	return "", ""
}

// Sight puts accounts into the register; what is known already changes nothing. At most 1,000 a call.
func (s *Service) Sight(ctx context.Context, actor authz.Actor, source string, list []Sighting) (Sighted, error) {
	return s.sight(ctx, actor, source, Finding{}, list)
}

// UnofficialFilter cuts the register.
type UnofficialFilter struct {
	State    UnofficialState `json:"state,omitempty"`
	Open     bool            `json:"open,omitempty"` // neither managed nor reported
	Platform Platform        `json:"platform,omitempty"`
	Text     string          `json:"text,omitempty"`
}

// Register reads a page of unofficial accounts, newest first, after the place (day, id): those of the actor's units and
// those that belong to none yet.
func (s *Service) Register(ctx context.Context, actor authz.Actor, f UnofficialFilter, after *Place, limit int) ([]Unofficial, *Place, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, PermRead, "")
	if err != nil {
		return nil, nil, err
	}
	var a db.Args
	c := "u.brand_id = " + a.Add(actor.BrandID)
	if !scope.All {
		c += " AND (u.unit_id IS NULL OR " + scope.Where("u.unit_id", &a) + ")"
	}
	if f.State != "" {
		c += " AND u.state = " + a.Add(f.State)
	}
	if f.Open {
		c += " AND u.state NOT IN ('managed', 'reported')"
	}
	if f.Platform != "" {
		c += " AND u.platform = " + a.Add(f.Platform)
	}
	if text := search.Normal(f.Text); text != "" {
		like := "%" + escapeLike(text) + "%"
		c += " AND (u.handle_norm LIKE " + a.Add(like) + ` ESCAPE '\' OR u.name_key LIKE ` + a.Add(like) + ` ESCAPE '\')`
	}
	if after != nil {
		c += " AND (u.seen_day, u.id) < (" + a.Add(after.Num) + ", " + a.Add(after.ID) + ")"
	}
	rows, err := db.All[Unofficial](ctx, s.DB, "SELECT u."+strings.Join(unofficialCols, ", u.")+" FROM account_unofficial u WHERE "+c+
		" ORDER BY u.seen_day DESC, u.id DESC LIMIT "+a.Add(limit+1), a.Values...)
	if err != nil {
		return nil, nil, err
	}
	var next *Place
	if len(rows) > limit {
		rows = rows[:limit]
		next = &Place{Num: int64(rows[limit-1].SeenDay), ID: rows[limit-1].ID}
	}
	return rows, next, s.dressUnofficial(ctx, s.DB, rows)
}

func (s *Service) dressUnofficial(ctx context.Context, q db.Querier, rows []Unofficial) error {
	var units []id.ID
	for i := range rows {
		if rows[i].Next = nextStates(rows[i].State); rows[i].Next == nil {
			rows[i].Next = []UnofficialState{}
		}
		if rows[i].UnitID != 0 {
			units = append(units, rows[i].UnitID)
		}
	}
	if len(units) == 0 {
		return nil
	}
	us, err := s.Units.UnitsByID(ctx, q, rows[0].BrandID, unique(units))
	for i := range rows {
		if rows[i].UnitPath = us[rows[i].UnitID].Path; rows[i].UnitPath == "" {
			rows[i].UnitPath = us[rows[i].UnitID].Name // the brand itself
		}
	}
	return err
}

// UnofficialStep is one move in the register.
type UnofficialStep struct {
	ID       id.ID
	To       UnofficialState
	MemberID id.ID  // matched
	Unit     string // matched: id or path
	Proof    string // reported, consented: where the proof is kept
	Note     string
}

// StepUnofficial moves an entry on. Matching needs a unit, consent and reports need proof; managing registers the
// account. Errors: account.unofficial_unknown, account.unofficial_step, account.unit_needed, account.proof_needed.
func (s *Service) StepUnofficial(ctx context.Context, actor authz.Actor, st UnofficialStep) (Unofficial, error) {
	var u Unofficial
	err := s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if u, err = unofficialByID(ctx, tx, actor.BrandID, st.ID); err != nil {
			return err
		}
		if u.UnitID != 0 { // matched: only those above that unit go on with it
			if _, err := s.Units.Find(ctx, tx, actor, PermEdit, u.UnitID.String()); err != nil {
				return err
			}
		}
		from := u.State
		if !slices.Contains(nextStates(from), st.To) {
			return errs.New(errs.Precondition, "account.unofficial_step", "handle", u.Handle)
		}
		if err := s.applyStep(ctx, tx, actor, &u, st); err != nil {
			return err
		}
		u.State, u.Rev, u.UpdatedAt = st.To, u.Rev+1, s.now()
		if note := strings.TrimSpace(st.Note); note != "" {
			u.Note = note
		}
		if _, err := db.Insert(ctx, tx, "account_unofficial", unofficialCols, [][]any{u.values()}, `ON CONFLICT (brand_id, id) DO UPDATE SET state = excluded.state,
			member_id = excluded.member_id, member_name = excluded.member_name, unit_id = excluded.unit_id, account_id = excluded.account_id, proof = excluded.proof,
			note = excluded.note, certified_day = excluded.certified_day, closed_day = excluded.closed_day, rev = excluded.rev, updated_at = excluded.updated_at`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO account_unofficial_step (brand_id, unofficial_id, id, at_ms, from_state, to_state, note, actor)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, u.BrandID, u.ID, s.IDs.New(), s.now(), from, st.To, strings.TrimSpace(st.Note), actor.Name); err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, audit.Entry{Action: "account.unofficial_" + string(st.To), Kind: "unofficial", Object: u.ID, Name: u.Handle})
	})
	if err != nil {
		return u, err
	}
	one := []Unofficial{u}
	err = s.dressUnofficial(ctx, s.DB, one)
	return one[0], err
}

func (s *Service) applyStep(ctx context.Context, tx *db.Tx, actor authz.Actor, u *Unofficial, st UnofficialStep) error {
	proof := strings.TrimSpace(st.Proof)
	switch st.To {
	case UMatched:
		unit, err := s.target(ctx, tx, actor, PermEdit, st.Unit)
		if err != nil {
			return err
		}
		holder := Account{BrandID: u.BrandID}
		if err := s.setMember(ctx, tx, &holder, st.MemberID); err != nil {
			return err
		}
		u.UnitID, u.MemberID, u.MemberName = unit, holder.MemberID, holder.MemberName
	case UConsented, UReported:
		if proof == "" {
			return errs.Bad().Field("proof", "account.proof_needed")
		}
		u.Proof = proof
		if st.To == UReported {
			u.ClosedDay = s.today(actor)
		}
	case UCertified:
		u.CertifiedDay = s.today(actor)
	case UFound:
		u.ClosedDay = 0
	case UManaged:
		return s.takeOver(ctx, tx, actor, u)
	case UClaimed, UImpostor:
	}
	return nil
}

// takeOver registers the account of an entry: a person's stays personal.
func (s *Service) takeOver(ctx context.Context, tx *db.Tx, actor authz.Actor, u *Unofficial) error {
	a := Account{
		BrandID: u.BrandID, ID: s.IDs.New(), Platform: u.Platform, Name: u.Name, Kind: KindEmployee, Ownership: Personal, UnitID: u.UnitID,
		MemberID: u.MemberID, MemberName: u.MemberName, Status: StatusOK, StatusSince: s.today(actor), CreatedDay: s.today(actor), Rev: 1, CreatedAt: s.now(),
		Followers: unknownFollowers, ExternalID: u.ExternalID,
	}
	if u.MemberID == 0 {
		a.Kind = KindStore
	}
	a.rename(u.Handle, u.HandleNorm)
	if u.CertifiedDay != 0 {
		a.CertKind, a.CertState = CertKindOf(u.Platform), Certified
		if a.CertKind == "" {
			a.CertState = CertNone
		}
	}
	u.AccountID, u.ClosedDay = a.ID, s.today(actor)
	_, err := s.write(ctx, tx, actor, []*edit{{After: a, Notes: []custodyRow{{What: "created", Reason: "account.cause_unofficial"}}}})
	return err
}

func unofficialByID(ctx context.Context, q db.Querier, brand, u id.ID) (Unofficial, error) {
	row, err := db.One[Unofficial](ctx, q, "SELECT "+strings.Join(unofficialCols, ", ")+" FROM account_unofficial WHERE brand_id = $1 AND id = $2", brand, u)
	if db.NoRows(err) {
		err = errs.New(errs.NotFound, "account.unofficial_unknown")
	}
	return row, err
}

// MonthCount tells how many related accounts were known at the end of a month and how many of them were certified.
type MonthCount struct {
	Month     int   `db:"month" json:"month" doc:"yyyymm"`
	Related   int64 `json:"related"`
	Certified int64 `json:"certified"`
}

type monthRow struct {
	Month int64 `db:"month"`
	N     int64 `db:"n"`
}

// UnofficialMonths counts by month over the last twelve; impostors are not related.
func (s *Service) UnofficialMonths(ctx context.Context, actor authz.Actor) ([]MonthCount, error) {
	seen, err := s.monthly(ctx, actor.BrandID, "seen_day")
	if err != nil {
		return nil, err
	}
	certified, err := s.monthly(ctx, actor.BrandID, "certified_day")
	if err != nil {
		return nil, err
	}
	upTo := func(rows []monthRow, month int64) (n int64) {
		for _, r := range rows {
			if r.Month <= month {
				n += r.N
			}
		}
		return n
	}
	day := s.today(actor)
	out := make([]MonthCount, 12)
	for i := range out {
		m := int(day)/100 - 11 + i
		if m%100 == 0 || m%100 > 12 { // before January lies December of the year before
			m -= 88
		}
		out[i] = MonthCount{Month: m, Related: upTo(seen, int64(m)), Certified: upTo(certified, int64(m))}
	}
	return out, nil
}

func (s *Service) monthly(ctx context.Context, brand id.ID, col string) ([]monthRow, error) {
	return db.All[monthRow](ctx, s.DB, "SELECT CAST("+col+" / 100 AS BIGINT) AS month, COUNT(*) AS n FROM account_unofficial WHERE brand_id = $1 AND "+col+
		" IS NOT NULL AND state NOT IN ('impostor', 'reported') GROUP BY "+col+" / 100", brand)
}

// UnofficialHistory is a step that was made.
type UnofficialHistory struct {
	ID    id.ID           `db:"id" json:"id"`
	At    clock.Ms        `db:"at_ms" json:"at"`
	From  UnofficialState `db:"from_state" json:"from"`
	To    UnofficialState `db:"to_state" json:"to"`
	Note  string          `db:"note" json:"note"`
	Actor string          `db:"actor" json:"actor"`
}

// UnofficialSteps reads the steps of an entry the actor may see, newest first.
func (s *Service) UnofficialSteps(ctx context.Context, actor authz.Actor, entry id.ID) ([]UnofficialHistory, error) {
	u, err := unofficialByID(ctx, s.DB, actor.BrandID, entry)
	if err != nil {
		return nil, err
	}
	if u.UnitID != 0 {
		if _, err := s.Units.Find(ctx, s.DB, actor, PermRead, u.UnitID.String()); err != nil {
			return nil, err
		}
	}
	return db.All[UnofficialHistory](ctx, s.DB, `SELECT id, at_ms, from_state, to_state, note, actor FROM account_unofficial_step
		WHERE brand_id = $1 AND unofficial_id = $2 ORDER BY id DESC LIMIT 100`, actor.BrandID, entry)
}
