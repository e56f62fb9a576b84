package authz

import (
	"strings"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// SmallScope is the number of units up to which a scope is written as an IN-list over its units; larger scopes walk
// the list's sort index and test each row's unit with EXISTS.
const SmallScope = 200

// Scope is the set of units an actor may see for one use case, already cut to the unit asked for. The zero Scope sees
// nothing. It is made by org.Service.Scope alone.
type Scope struct {
	BrandID id.ID
	All     bool    // the whole brand
	Roots   []id.ID // the tops of the subtrees, when not All
	Units   []id.ID // every unit of the subtrees when there are at most SmallScope; else nil
}

// Where writes the condition "col is a unit of the scope, as the tree stands today"; placeholders are added to args.
// It assumes nothing about the rest of the statement.
func (s Scope) Where(col string, args *db.Args) string {
	switch {
	case s.All:
		return "1=1"
	case len(s.Roots) == 0:
		return "1=0"
	case s.Units != nil:
		return col + " IN (" + list(s.Units, args) + ")"
	default:
		return "EXISTS (SELECT 1 FROM org_closure sc WHERE sc.brand_id = " + args.Add(s.BrandID) +
			" AND sc.unit_id = " + col + " AND sc.ancestor_id IN (" + list(s.Roots, args) + ") AND sc.valid_to_day = 99991231)"
	}
}

// Allows tells whether the unit is inside, given that unit's ancestors (itself included) as of today.
func (s Scope) Allows(ancestors []id.ID) bool {
	if s.All {
		return true
	}
	for _, a := range ancestors {
		for _, r := range s.Roots {
			if a == r {
				return true
			}
		}
	}
	return false
}

func list(ids []id.ID, args *db.Args) string {
	var b strings.Builder
	for i, u := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(args.Add(u))
	}
	return b.String()
}
