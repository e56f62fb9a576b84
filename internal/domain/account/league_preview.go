package account

import (
	"context"
	"strconv"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
)

// LeagueCell is how many accounts fall into one league of a definition.
type LeagueCell struct {
	Platform  string `db:"platform"`
	Tier      int    `db:"tier"`      // group of city tiers
	Followers int    `db:"followers"` // band of followers
	Tenure    int    `db:"tenure"`    // band of tenure
	Accounts  int64  `db:"accounts"`
	Moved     int64  `db:"moved"` // those of them that are in another league now
}

// PreviewLeagues counts, as of today, the accounts in the actor's scope by the leagues a definition would make. Ended
// accounts are left out. Error: account.league_bounds.
func (s *Service) PreviewLeagues(ctx context.Context, actor authz.Actor, def League) ([]LeagueCell, error) {
	if err := def.valid(); err != nil {
		return nil, err
	}
	scope, err := s.Units.Scope(ctx, s.DB, actor, PermRead, "")
	if err != nil {
		return nil, err
	}
	today := s.today(actor)
	var tiers []string
	for tier, group := range def.Tiers {
		if tier > 0 && group != 0 {
			tiers = append(tiers, "WHEN a.city_tier = "+strconv.Itoa(tier)+" THEN "+strconv.Itoa(group))
		}
	}
	tier := "CAST(0 AS INTEGER)"
	if len(tiers) > 0 {
		tier = "CASE " + strings.Join(tiers, " ") + " ELSE 0 END"
	}
	days := make([]int64, len(def.TenureDays))
	for i, n := range def.TenureDays {
		days[i] = int64(today.Add(-n)) // registered on this day or before: in this band
	}
	var a db.Args
	inner := "SELECT a.platform AS platform, " + tier + " AS tier, " + bandCase("a.followers >= ", def.Followers) + " AS followers, " + tenureCase(days) + " AS tenure, a.league AS league FROM account_account a WHERE a.brand_id = " +
		a.Add(actor.BrandID) + " AND a.status NOT IN ('handed_over', 'closed') AND " + scope.Where("a.unit_id", &a)
	key := "platform || '|t' || CAST(tier AS TEXT) || '|f' || CAST(followers AS TEXT) || '|n' || CAST(tenure AS TEXT)"
	return db.All[LeagueCell](ctx, s.DB, "SELECT platform, tier, followers, tenure, COUNT(*) AS accounts, CAST(SUM(CASE WHEN league = "+key+" THEN 0 ELSE 1 END) AS BIGINT) AS moved FROM ("+inner+
		") AS x GROUP BY platform, tier, followers, tenure ORDER BY platform, tier, followers, tenure", a.Values...)
}

// bandCase writes the number of the highest lower bound that a value reaches.
func bandCase(test string, bounds []int64) string {
	if len(bounds) < 2 {
		return "CAST(0 AS INTEGER)"
	}
	var b strings.Builder
	b.WriteString("CASE ")
	for i := len(bounds) - 1; i > 0; i-- {
		b.WriteString("WHEN " + test + strconv.FormatInt(bounds[i], 10) + " THEN " + strconv.Itoa(i) + " ")
	}
	return b.String() + "ELSE 0 END"
}

// tenureCase is bandCase by the day of registration; no day is the first band.
func tenureCase(days []int64) string {
	if len(days) < 2 {
		return "CAST(0 AS INTEGER)"
	}
	var b strings.Builder
	b.WriteString("CASE WHEN a.created_day = 0 THEN 0 ")
	for i := len(days) - 1; i > 0; i-- {
		b.WriteString("WHEN a.created_day <= " + strconv.FormatInt(days[i], 10) + " THEN " + strconv.Itoa(i) + " ")
	}
	return b.String() + "ELSE 0 END"
}

// currentLeague is the definition that holds on a day, of a list with the newest first.
func currentLeague(list []LeagueVersion, day clock.Day) int {
	for i := range list {
		if list[i].From <= day {
			return i
		}
	}
	return len(list) - 1
}
