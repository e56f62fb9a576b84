package product

import (
	"testing"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

func fenOf(n int64) *int64 { return &n }

func price(i, unit id.ID, channel string, fen int64, days ...clock.Day) Policy {
	p := Policy{ID: i, ProductID: 1, SKUID: 2, UnitID: unit, Channel: channel, Kind: Price, Fen: fenOf(fen), Currency: yuanCNY, From: days[0], To: clock.Forever}
	if len(days) > 1 {
		p.To = days[1]
	}
	return p
}

func TestNearestUnitNewestStart(t *testing.T) {
	t.Parallel()
	b := book{
		price(1, 0, "", 100, 20260101), price(2, 0, "", 90, 20261101), price(3, 10, "", 80, 20260101), price(4, 0, "live", 70, 20260101),
		price(5, 11, "live", 60, 20261101, 20261130), price(6, 0, "", 50, 20270101),
	}
	store, region := []id.ID{11, 10, 1}, []id.ID{10, 1}
	for name, c := range map[string]struct {
		p    place
		want int64
	}{
		"brand, newest start":       {place{nil, "", 20261115}, 90},
		"brand before it":           {place{nil, "", 20261001}, 100},
		"region beats brand":        {place{region, "", 20261115}, 80},
		"region beats channel":      {place{region, "live", 20261115}, 80},
		"channel of the brand":      {place{nil, "live", 20261115}, 70},
		"store's own in its window": {place{store, "live", 20261115}, 60},
		"and back after it":         {place{store, "live", 20261201}, 80},
		"a planned one holds later": {place{nil, "", 20270102}, 50},
		"nothing before there was":  {place{nil, "", 20251231}, 0},
	} {
		if got, _ := b.at(1, 2, c.p).List(); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestDiscountsComeOff(t *testing.T) {
	t.Parallel()
	rate := Policy{ID: 7, ProductID: 1, Kind: Discount, Rate: fenOf(955), From: 20261101, To: 20261130}
	off := Policy{ID: 8, ProductID: 1, SKUID: 2, Kind: Discount, Fen: fenOf(500), From: 20261101, To: clock.Forever}
	promo := Policy{ID: 9, ProductID: 1, Kind: Promotion, Title: "送桩", From: 20261101, To: clock.Forever}
	b := book{price(1, 0, "", 10_000, 20260101), rate, promo}
	q := b.at(1, 2, place{nil, "", 20261115})
	if got, _ := q.Final(); got != 9550 || len(q.Promotions) != 1 {
		t.Errorf("%d %+v", got, q.Promotions)
	}
	if got, _ := append(b, off).at(1, 2, place{nil, "", 20261115}).Final(); got != 9500 { // of the SKU, not of the product
		t.Errorf("%d", got)
	}
	if got := b.amounts(1, 2, place{nil, "", 20261115}); len(got) != 2 || got[0] != 10_000 {
		t.Errorf("%v", got)
	}
	if _, ok := q.Promoted(); ok {
		t.Error("a gift takes money off")
	}
}

func TestPromotionsAreToldBesideThePrice(t *testing.T) {
	t.Parallel()
	trade := Policy{ID: 9, ProductID: 1, UnitID: 10, Channel: "store", Kind: Promotion, Title: "置换补贴", Fen: fenOf(500), From: 20261101, To: 20261130}
	day := Policy{ID: 10, ProductID: 1, Kind: Promotion, Title: "会员日", Rate: fenOf(900), From: 20261101, To: 20261130}
	gift := Policy{ID: 11, ProductID: 1, Kind: Promotion, Title: "送桩", From: 20261101, To: clock.Forever}
	b := book{price(1, 0, "", 10_000, 20260101), trade, day, gift}
	region := []id.ID{11, 10, 1}
	for name, c := range map[string]struct {
		p        place
		promoted int64
		amounts  string
	}{
		"both, they do not add up": {place{region, "store", 20261115}, 9000, "[9500,9000,10000]"},
		"another channel":          {place{region, "live", 20261115}, 9000, "[9000,10000]"},
		"another region":           {place{[]id.ID{21, 20, 1}, "store", 20261115}, 9000, "[9000,10000]"},
		"over":                     {place{region, "store", 20261201}, 0, "[10000]"},
	} {
		q := b.at(1, 2, c.p)
		got, ok := q.Promoted()
		if got != c.promoted || ok != (c.promoted > 0) {
			t.Errorf("%s: %d", name, got)
		}
		if final, _ := q.Final(); final != 10_000 {
			t.Errorf("%s: the final price is %d", name, final)
		}
		if got := jsonText(b.amounts(1, 2, c.p)); got != c.amounts {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestOverlapsAreRefusedOrExplained(t *testing.T) {
	t.Parallel()
	have := []Policy{price(1, 0, "", 100, 20260101), price(2, 0, "", 90, 20261110, 20261120)}
	for name, c := range map[string]struct {
		p    Policy
		want []string
	}{
		"follows the open one":       {price(9, 0, "", 80, 20261201), nil},
		"same day":                   {price(9, 0, "", 80, 20260101), []string{sameStart}},
		"inside a window":            {price(9, 0, "", 80, 20261115), []string{covers}},
		"a window over a window":     {price(9, 0, "", 80, 20261101, 20261130), []string{returns, covered}},
		"a window over the open one": {price(9, 0, "", 80, 20261201, 20261231), []string{returns}},
		"another unit":               {price(9, 10, "", 80, 20260101), nil},
		"another channel":            {price(9, 0, "live", 80, 20260101), nil},
	} {
		var got []string
		for _, o := range overlaps(c.p, have) {
			got = append(got, o.Kind)
		}
		if jsonText(got) != jsonText(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
