package sandbox

import (
	"fmt"
	"math/rand/v2"
)

// Behaviour is how an account is used; every cause of a sleeping account is present.
type Behaviour string

// The behaviours.
const (
	Star      Behaviour = "star"       // posts every other day, high quality
	Active    Behaviour = "active"     // posts about weekly
	Casual    Behaviour = "casual"     // posts now and then
	Stopped   Behaviour = "stopped"    // posted, then fell asleep
	Never     Behaviour = "never"      // never posted
	Unseen    Behaviour = "unseen"     // posts, but hardly any views (没流量)
	Unasked   Behaviour = "unasked"    // views, but nobody inquires (无人询问)
	TokenLost Behaviour = "token_lost" // authorisation ran out
	Banned    Behaviour = "banned"     // banned by the platform
	Cliff     Behaviour = "cliff"      // lost a large share of followers at once

	NoReplies     Behaviour = "no_replies"     // people ask, nobody answers (不回复)
	NotConverting Behaviour = "not_converting" // people ask, nobody leaves a contact (询问不转化)
	Purged        Behaviour = "purged"         // several posts taken down at once
	Swept         Behaviour = "swept"          // the platform took likes back from many posts at once
)

// mix is the share of each behaviour in a thousand accounts: about 56 % active, the figure the field calls high.
var mix = []struct {
	b     Behaviour
	share int
	year  float64 // posts a year
	bonus float64 // added to the log of the views
}{
	{Star, 40, 140, 1.6},
	{Active, 365, 52, 0.2},
	{Casual, 120, 26, 0},
	{Stopped, 140, 36, 0},
	{Never, 90, 0, 0},
	{Unseen, 70, 34, -3.2},
	{Unasked, 60, 40, 0.1},
	{TokenLost, 25, 40, 0},
	{Banned, 15, 44, -0.2},
	{Cliff, 10, 60, 0.8},
	{NoReplies, 25, 44, 0.3},
	{NotConverting, 25, 46, 0.5},
	{Purged, 8, 120, 0.3},
	{Swept, 7, 120, 0.4},
}

// platforms is the share of each platform in a hundred accounts, and the log of its median views.
var platforms = []struct {
	slug   string
	prefix string
	share  int
	views  float64
}{
	{"xiaohongshu", "5f", 34, 6.0},
	{"douyin", "MS4w", 36, 6.5},
	{"channels", "v2_", 16, 5.6},
	{"kuaishou", "3x", 8, 6.1},
	{"bilibili", "", 2, 5.4},
	{"weibo", "", 3, 5.2},
	{"wechat_oa", "gh_", 1, 5.3},
}

// accounts gives each member one account, three in ten a second one on another platform, and hands a few over.
func (b *Brand) accounts() {
	for m := range b.Members {
		r := b.rng(streamAccount, m)
		switch b.Members[m].Role {
		case "hq_ops":
			for _, p := range []int{0, 1, 2, 5} {
				b.official(r, m, p, "brand", brandName)
			}
			b.official(r, m, 6, "hq_service", brandName+"服务")
			continue
		case "region_manager":
			b.official(r, m, 1, "region", brandName+b.Units[b.Members[m].Unit].Path[0])
			continue
		}
		first := pickPlatform(r)
		b.account(r, m, first)
		if r.IntN(10) < 3 {
			b.account(r, m, (first+1+r.IntN(3))%4)
		}
	}
}

// official adds an account that the brand itself keeps.
func (b *Brand) official(r *rand.Rand, m, platform int, kind, name string) {
	p, i := platforms[platform], len(b.Accounts)
	b.Accounts = append(b.Accounts, Account{
		Platform: p.slug, Handle: fmt.Sprintf("%s%06d", handlePrefix[p.slug], i+1), ExternalID: fmt.Sprintf("%s%08x", p.prefix, 0x5a00000+i), Name: name,
		Kind: kind, Ownership: "company", Member: m, Status: "ok", Verified: true, Behaviour: Star, HandedTo: -1, index: i, quality: 1.2 + r.Float64()*0.6,
	})
}

func (b *Brand) account(r *rand.Rand, m, platform int) {
	p, mem := platforms[platform], b.Members[m]
	i := len(b.Accounts)
	a := Account{
		Platform: p.slug, Handle: fmt.Sprintf("%s%06d", handlePrefix[p.slug], i+1), ExternalID: fmt.Sprintf("%s%08x", p.prefix, 0x5a00000+i),
		Kind: "employee", Ownership: "personal", Member: m, Status: "ok", HandedTo: -1, index: i, quality: r.NormFloat64() * 0.9,
	}
	store := b.Units[mem.Unit]
	city := store.City.Short()
	a.Name = city + nickname(r, mem.Name)
	switch n := r.IntN(100); {
	case mem.Role == "store_manager" && n < 75:
		a.Kind, a.Ownership, a.Verified, a.Name = "store", "company", true, brandName+store.Path[len(store.Path)-1]
	case n < 6:
		a.Kind, a.Ownership = "persona", "company"
	case n < 10:
		a.Kind = "adviser"
	case n < 12:
		a.Kind, a.Verified = "benchmark", true
	case n < 30:
		a.Ownership = "company"
	}
	a.Behaviour = pickBehaviour(r)
	late := b.Config.Today.Add(-5 - r.IntN(max(1, b.Config.Days/3)))
	switch a.Behaviour { //nolint:exhaustive // the others are in good standing
	case TokenLost:
		a.Status, a.StatusDay = "token_expired", late
	case Banned:
		a.Status, a.StatusDay = "banned", late
	}
	if a.Ownership == "company" && m > 0 && r.IntN(40) == 0 && b.Members[m-1].Unit == mem.Unit {
		a.HandedTo, a.HandedOn = m-1, late
	}
	b.Accounts = append(b.Accounts, a)
}

func pickPlatform(r *rand.Rand) int {
	n := r.IntN(100)
	for i, p := range platforms {
		if n -= p.share; n < 0 {
			return i
		}
	}
	return 0
}

func pickBehaviour(r *rand.Rand) Behaviour {
	n := r.IntN(1000)
	for _, m := range mix {
		if n -= m.share; n < 0 {
			return m.b
		}
	}
	return Active
}

func traits(b Behaviour) (year, bonus float64) {
	for _, m := range mix {
		if m.b == b {
			return m.year, m.bonus
		}
	}
	return 0, 0
}
