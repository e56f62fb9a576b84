package account

import (
	"context"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Holding is what a choice among accounts asks. Followers is -1 while nobody told. Tasks tells whether its owner agreed to be
// given tasks on it; on the company's own accounts nobody has to.
type Holding struct {
	ID, MemberID, UnitID id.ID
	Platform             Platform
	Kind                 Kind
	Ownership            Ownership
	Level                Level
	ExternalID           string
	POI                  string // the store location it publishes with
	Followers            int64
	Status               Status
	Tasks                bool
}

const holdingCols = "id, member_id, unit_id, platform, kind, ownership, level, external_id, poi, followers, status"

// HoldingsOf gives the open accounts of members, in order of member and id.
func (s *Service) HoldingsOf(ctx context.Context, q db.Querier, brand id.ID, members []id.ID) ([]Holding, error) {
	if len(members) == 0 {
		return nil, nil
	}
	var a db.Args
	return holdings(ctx, q, brand, "SELECT "+holdingCols+" FROM account_account WHERE brand_id = "+a.Add(int64(brand))+" AND "+db.Among(q, &a, "member_id", members)+
		" AND status NOT IN ('handed_over', 'closed') ORDER BY member_id, id", a.Values...)
}

// HoldingsByID gives ≤ 1,000 accounts, ended ones too, in order of id.
func (s *Service) HoldingsByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]Holding, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var a db.Args
	return holdings(ctx, q, brand, "SELECT "+holdingCols+" FROM account_account WHERE brand_id = "+a.Add(int64(brand))+" AND "+db.Among(q, &a, "id", ids)+" ORDER BY id", a.Values...)
}

// holdings reads rows of holdingCols, and the consents of those that need one.
func holdings(ctx context.Context, q db.Querier, brand id.ID, text string, args ...any) ([]Holding, error) {
	rows, err := q.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []Holding
	var personal []id.ID
	for rows.Next() {
		var x Holding
		var platform, kind, ownership, level, status string
		if err := rows.Scan(&x.ID, &x.MemberID, &x.UnitID, &platform, &kind, &ownership, &level, &x.ExternalID, &x.POI, &x.Followers, &status); err != nil {
			return nil, err
		}
		x.Platform, x.Kind, x.Ownership, x.Level, x.Status = Platform(platform), Kind(kind), Ownership(ownership), Level(level), Status(status)
		if x.Ownership == Personal {
			personal = append(personal, x.ID)
		} else {
			x.Tasks = true
		}
		out = append(out, x)
	}
	if err := rows.Err(); err != nil || len(personal) == 0 {
		return out, err
	}
	if err := rows.Close(); err != nil {
		return nil, err
	}
	agreed, err := agreedTo(ctx, q, brand, personal, "tasks")
	for i := range out {
		out[i].Tasks = out[i].Tasks || agreed[out[i].ID]
	}
	return out, err
}

// agreedTo tells which accounts' owners agreed to a purpose and did not withdraw.
func agreedTo(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID, purpose string) (map[id.ID]bool, error) {
	var a db.Args
	ids, err := db.All[id.ID](ctx, q, "SELECT account_id FROM account_consent WHERE brand_id = "+a.Add(int64(brand))+" AND "+db.Among(q, &a, "account_id", accounts)+
		" AND withdrawn_at IS NULL AND ',' || purposes || ',' LIKE "+a.Add("%,"+purpose+",%"), a.Values...)
	out := make(map[id.ID]bool, len(ids))
	for _, x := range ids {
		out[x] = true
	}
	return out, err
}

// Official lists the open accounts that speak for the brand itself.
func (s *Service) Official(ctx context.Context, q db.Querier, brand id.ID) ([]id.ID, error) {
	return db.All[id.ID](ctx, q, "SELECT id FROM account_account WHERE brand_id = $1 AND kind IN ('brand', 'business_line', 'hq_service') AND status NOT IN ('handed_over', 'closed') ORDER BY id", brand)
}
