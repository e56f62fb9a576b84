package library

import (
	"context"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/library/variant"
)

// Taken is what a member takes from the library: his own text, or the words as they are, with the files.
type Taken struct {
	Text       Text
	Files      []File
	Version    int
	Written    bool // by the rewriting endpoint
	MayRewrite bool // the endpoint may be asked for other words
}

// Take hands an item to the actor himself: a text filled for one of his accounts (0: the first that the text is meant for),
// the files beside it, and a use on record. A text that cannot be filled says so in Text.Fault. Errors: library.gone, why it
// cannot be handed out, library.not_member, library.account_gone.
func (s *Service) Take(ctx context.Context, actor authz.Actor, item, account id.ID, rewrite bool) (Taken, error) {
	h, err := s.inHand(ctx, actor, item, account)
	if err != nil {
		return Taken{}, err
	}
	out := Taken{Files: h.material.Files, Version: h.material.Version}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if out.Text, err = s.words(ctx, tx, actor.BrandID, &h.row, h.me); err != nil {
			return err
		}
		again, err := hasTaken(ctx, tx, actor.BrandID, item, h.me.MemberID)
		if err != nil || again {
			return err
		}
		use := Use{ItemID: item, Version: h.material.Version, MemberID: h.me.MemberID, AccountID: h.me.AccountID, UnitID: h.me.UnitID, Ref: h.me.MemberID}
		if err := s.Used(ctx, tx, actor.BrandID, []Use{use}); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "library.taken", UnitID: h.me.UnitID, Kind: "item", Object: item, Name: h.material.Title})
	})
	if err != nil || !h.row.Kind.fillable() || out.Text.Fault != "" {
		return out, err
	}
	if rewrite {
		out.Text, out.Written = s.rewritten(ctx, actor.BrandID, &h.row, h.me, out.Text)
	}
	set, _, err := s.settings(ctx, actor.BrandID)
	out.MayRewrite = set.Enabled
	return out, err
}

// Own gives an item that the actor took before once more, as Take does, without a use: for a phone that asked for it while
// there was no network. false when it was not taken. Errors: those of Take.
func (s *Service) Own(ctx context.Context, actor authz.Actor, item, account id.ID) (Taken, bool, error) {
	h, err := s.inHand(ctx, actor, item, account)
	if err != nil {
		return Taken{}, false, err
	}
	out, taken := Taken{Files: h.material.Files, Version: h.material.Version}, false
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		taken, err = hasTaken(ctx, tx, actor.BrandID, item, h.me.MemberID)
		if err == nil && taken {
			out.Text, err = s.words(ctx, tx, actor.BrandID, &h.row, h.me)
		}
		return err
	})
	if err != nil || !taken || !h.row.Kind.fillable() || out.Text.Fault != "" {
		return out, taken, err
	}
	set, _, err := s.settings(ctx, actor.BrandID)
	out.MayRewrite = set.Enabled
	return out, taken, err
}

// inHand is an item on its way into somebody's hands.
type inHand struct {
	row      itemRow
	material Material
	me       Recipient
}

func (s *Service) inHand(ctx context.Context, actor authz.Actor, item, account id.ID) (inHand, error) {
	row, _, err := s.visible(ctx, s.DB, actor, item)
	if err != nil {
		return inHand{}, err
	}
	material, err := s.Describe(ctx, s.DB, actor.BrandID, []id.ID{item})
	if err != nil {
		return inHand{}, err
	}
	h := inHand{row: row, material: material[item]}
	if !h.material.Usable {
		return h, errs.New(errs.Precondition, h.material.Why, "title", h.material.Title)
	}
	h.me, err = s.recipient(ctx, actor, account)
	return h, err
}

// hasTaken tells whether a member took an item on his own.
func hasTaken(ctx context.Context, q db.Querier, brand, item, member id.ID) (bool, error) {
	n, err := db.One[int64](ctx, q, `SELECT COUNT(*) FROM library_use WHERE brand_id = $1 AND item_id = $2 AND ref = $3`, brand, item, member)
	return n > 0, err
}

// words gives the text of an item for a member: filled, or as it stands.
func (s *Service) words(ctx context.Context, q db.Querier, brand id.ID, row *itemRow, me Recipient) (Text, error) {
	if row.Kind.fillable() {
		list, err := s.fill(ctx, q, order{brand: brand, template: row.ID, salt: row.ID, phones: true}, []Recipient{me})
		if err != nil {
			return Text{}, err
		}
		return list[0], nil
	}
	v, err := getVersion(ctx, q, brand, row.ID, row.Live)
	if err != nil {
		return Text{}, err
	}
	c, err := contentOf(v.Content)
	return Text{Title: c.Title, Body: c.Body}, err
}

// recipient is the actor as somebody a text is filled for.
func (s *Service) recipient(ctx context.Context, actor authz.Actor, account id.ID) (Recipient, error) {
	if actor.MemberID == 0 {
		return Recipient{}, errs.New(errs.Precondition, "library.not_member")
	}
	people, err := s.People.Members(ctx, s.DB, actor.BrandID, []id.ID{actor.MemberID}, false)
	if err != nil {
		return Recipient{}, err
	}
	me := Recipient{MemberID: actor.MemberID, UnitID: people[actor.MemberID].UnitID}
	if account == 0 {
		return me, nil
	}
	accounts, err := s.Accounts.OfMember(ctx, s.DB, actor.BrandID, actor.MemberID)
	if err != nil {
		return me, err
	}
	for _, a := range accounts {
		if a.ID == account {
			me.AccountID, me.Platform = a.ID, a.Platform
			return me, nil
		}
	}
	return me, errs.Bad().Field("account_id", "library.account_gone")
}

// MyAccounts are the accounts a text can be filled for.
func (s *Service) MyAccounts(ctx context.Context, actor authz.Actor) ([]Account, error) {
	if actor.MemberID == 0 {
		return []Account{}, nil
	}
	return s.Accounts.OfMember(ctx, s.DB, actor.BrandID, actor.MemberID)
}

// Ask is a text to be looked at before it is kept. Member 0 fills nobody's values but the stand-ins.
type Ask struct {
	Kind      Kind
	ProductID id.ID
	Content   Content
	Member    id.ID
	Platform  string
	From      uint64 // the first choice to show
}

// Shown is one filling of a text.
type Shown struct {
	Text    Text
	Verdict Grade
}

// shownTexts is how many fillings a preview has.
const shownTexts = 3

// Preview weighs a text and shows some of its fillings for a member of the actor's units, with the phone masked. It writes
// nothing. A fault of the syntax is in the strength. Errors: library.member_gone, those of Scope.
func (s *Service) Preview(ctx context.Context, actor authz.Actor, a Ask) (Strength, []Shown, error) {
	strength, err := s.Weigh(a.Content)
	if err != nil || strength.Fault != nil {
		return strength, []Shown{}, err
	}
	who := Recipient{Platform: a.Platform}
	if a.Member != 0 {
		people, err := s.People.Members(ctx, s.DB, actor.BrandID, []id.ID{a.Member}, false)
		if err != nil {
			return strength, nil, err
		}
		p, ok := people[a.Member]
		if !ok || s.may(ctx, s.DB, actor, permWrite, p.UnitID) != nil {
			return strength, nil, errs.New(errs.NotFound, "library.member_gone")
		}
		who.MemberID, who.UnitID = p.ID, p.UnitID
	}
	t, err := variant.Parse(a.Content.parts()...)
	if err != nil {
		return strength, nil, err
	}
	r := &ready{content: a.Content, text: t}
	values, err := s.values(ctx, s.DB, order{brand: actor.BrandID, kind: a.Kind}, r, a.ProductID, []Recipient{who})
	if err != nil {
		return strength, nil, err
	}
	return s.showings(ctx, actor, a, r, values[0], strength)
}

func (s *Service) showings(ctx context.Context, actor authz.Actor, a Ask, r *ready, values map[string]string, strength Strength) (Strength, []Shown, error) {
	order := variant.NewOrder(strength.Choices, variant.Seed(int64(actor.BrandID)))
	out := []Shown{}
	for k := range min(uint64(shownTexts), strength.Choices) {
		pick := order.At(a.From + k)
		parts := r.text.Fill(pick, values)
		fields := published(parts)
		v, err := s.Rules.Check(ctx, actor.BrandID, fields, Where{Platform: a.Platform, Kind: a.Kind.kindAt()})
		if err != nil {
			return strength, nil, err
		}
		one := Shown{Verdict: v.Grade}
		for _, f := range fields {
			if f.Field == "title" {
				one.Text.Title = f.Text
			} else {
				one.Text.Body = f.Text
			}
		}
		if name := r.text.Missing(pick, values); name != "" && a.Member != 0 { // nobody chosen: {names} stand for themselves
			one.Text.Fault, one.Text.Name = faultValue, name
		}
		out = append(out, one)
	}
	return strength, out, nil
}
