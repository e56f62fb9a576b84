package account

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"slices"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

//go:embed consent/*.txt
var consentFS embed.FS

// ConsentVersion is the shipped text that new consents refer to.
const ConsentVersion = "2026-11"

// ConsentText gives the words a person agrees to, and their hash.
func ConsentText(lang string) (text, hash string, err error) {
	if lang != "en" {
		lang = "zh"
	}
	raw, err := consentFS.ReadFile("consent/" + ConsentVersion + "." + lang + ".txt")
	if err != nil {
		return "", "", err
	}
	sum := sha256.Sum256(raw)
	return string(raw), hex.EncodeToString(sum[:]), nil
}

// Purposes are what a person may consent to.
func Purposes() []string { return []string{"figures", "tasks", "messages", "leads"} }

// Consent is one agreement about a personal account.
type Consent struct {
	ID              id.ID    `db:"id" json:"id"`
	Member          string   `db:"member" json:"member"`
	PurposeText     string   `db:"purposes" json:"-"`
	Purposes        []string `db:"-" json:"purposes"`
	TextVersion     string   `db:"text_version" json:"text_version"`
	TextHash        string   `db:"text_hash" json:"text_hash"`
	AgreedAt        clock.Ms `db:"agreed_at" json:"agreed_at"`
	Via             string   `db:"via" json:"via"`
	Proof           string   `db:"proof" json:"proof"`
	RecordedBy      string   `db:"recorded_by" json:"recorded_by"`
	WithdrawnAt     clock.Ms `db:"withdrawn_at" json:"withdrawn_at"`
	WithdrawnReason string   `db:"withdrawn_reason" json:"withdrawn_reason"`
}

// NewConsent is an agreement to be put on record.
type NewConsent struct {
	AccountID id.ID
	Purposes  []string
	AgreedAt  clock.Ms // 0 = now
	Via       string   // phone, paper, message
	Proof     string   // where the signed paper or message is kept
	Lang      string   // of the text shown
}

// RecordConsent puts on record that the account's member agreed to the shipped text.
// Errors: account.not_found, account.consent_company, account.consent_member, account.consent_purposes,
// account.consent_future.
func (s *Service) RecordConsent(ctx context.Context, actor authz.Actor, in NewConsent) error {
	_, hash, err := ConsentText(in.Lang)
	if err != nil {
		return err
	}
	if in.AgreedAt == 0 {
		in.AgreedAt = s.now()
	}
	bad := errs.Bad()
	slices.Sort(in.Purposes)
	if in.Purposes = slices.Compact(in.Purposes); len(in.Purposes) == 0 || slices.ContainsFunc(in.Purposes, func(p string) bool { return !slices.Contains(Purposes(), p) }) {
		_ = bad.Field("purposes", "account.consent_purposes")
	}
	if in.AgreedAt > s.now() {
		_ = bad.Field("agreed_at", "account.consent_future")
	}
	if err := bad.OrNil(); err != nil {
		return err
	}
	return s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
		a, err := s.one(ctx, tx, actor, PermHandover, in.AccountID)
		if err != nil {
			return err
		}
		if a.Ownership != Personal {
			return errs.New(errs.Precondition, "account.consent_company", "handle", a.Handle)
		}
		if a.MemberID == 0 {
			return errs.New(errs.Precondition, "account.consent_member", "handle", a.Handle)
		}
		_, err = tx.Exec(ctx, `INSERT INTO account_consent (brand_id, account_id, id, member_id, member, purposes, text_version, text_hash,
			agreed_at, via, proof, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, a.BrandID, a.ID, s.IDs.New(), a.MemberID,
			a.MemberName, strings.Join(in.Purposes, ","), ConsentVersion, hash, in.AgreedAt, in.Via, strings.TrimSpace(in.Proof), actor.Name)
		if err != nil {
			return err
		}
		e := begin(a)
		if _, err := s.write(ctx, tx, actor, []*edit{e.note(custodyRow{What: "consented", To: a.MemberName})}); err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, audit.Entry{Action: "account.consent", UnitID: a.UnitID, Kind: "account", Object: a.ID, Name: a.Handle})
	})
}

// Consents reads an account's agreements, newest first. Error: account.not_found.
func (s *Service) Consents(ctx context.Context, actor authz.Actor, account id.ID) ([]Consent, error) {
	if _, err := s.Get(ctx, actor, account); err != nil {
		return nil, err
	}
	rows, err := db.All[Consent](ctx, s.DB, `SELECT id, member, purposes, text_version, text_hash, agreed_at, via, proof, recorded_by, withdrawn_at, withdrawn_reason
		FROM account_consent WHERE brand_id = $1 AND account_id = $2 ORDER BY id DESC`, actor.BrandID, account)
	for i := range rows {
		rows[i].Purposes = strings.Split(rows[i].PurposeText, ",")
	}
	return rows, err
}

// withdraw ends the running consents of accounts; the rows stay.
func (s *Service) withdraw(ctx context.Context, tx *db.Tx, brand id.ID, accounts []id.ID, reason string) error {
	for part := range slices.Chunk(accounts, idsPerStatement) {
		var a db.Args
		text := "UPDATE account_consent SET withdrawn_at = " + a.Add(s.now()) + ", withdrawn_reason = " + a.Add(reason) +
			" WHERE brand_id = " + a.Add(brand) + " AND withdrawn_at IS NULL AND account_id IN " + db.IDList(tx, &a, part)
		if _, err := tx.Exec(ctx, text, a.Values...); err != nil {
			return err
		}
	}
	return nil
}
