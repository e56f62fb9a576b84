package event

import (
	"testing"

	"kosmos/internal/base/id"
)

func TestOrgGolden(t *testing.T) {
	t.Parallel()
	golden(t, OrgUnitsChanged{BrandID: 1, UnitIDs: []id.ID{2, 3}, All: true})
	golden(t, OrgUnitMoved{BrandID: 1, MoveID: 9, UnitIDs: []id.ID{2}, FromID: 4, ToID: 5, FromDay: 20261122, Reroll: true})
	golden(t, OrgUnitMerged{BrandID: 1, FromID: 2, IntoID: 3, Day: 20261122})
	golden(t, OrgUnitClosed{BrandID: 1, UnitID: 2, Day: 20261122})
	golden(t, OrgMemberLeft{BrandID: 1, MemberIDs: []id.ID{6}, Day: 20261122})
	golden(t, OrgMemberMoved{BrandID: 1, MemberIDs: []id.ID{6}, ToID: 3, Day: 20261122})
}
