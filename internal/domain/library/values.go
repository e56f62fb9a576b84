package library

import (
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// values fills the variables of each person.
func (s *Service) values(ctx context.Context, q db.Querier, o order, r *ready, product id.ID, people []Recipient) ([]map[string]string, error) {
	need := map[VarType]bool{}
	for _, u := range r.text.Variables() {
		need[r.content.typeOf(u.Name)] = true
	}
	var members, units []id.ID
	for _, p := range people {
		members, units = append(members, p.MemberID), append(units, p.UnitID)
	}
	slices.Sort(units)
	units = slices.Compact(units)
	k := knowledge{day: dayWords(s.today())}
	var err error
	if need[VarAdviser] || need[VarPhone] {
		if k.people, err = s.People.Members(ctx, q, o.brand, members, need[VarPhone] && o.phones); err != nil {
			return nil, err
		}
	}
	if need[VarStore] || need[VarCity] {
		if k.places, err = s.People.Places(ctx, q, o.brand, units); err != nil {
			return nil, err
		}
	}
	if need[VarPrice] && s.Products != nil && product != 0 {
		if k.prices, err = s.Products.PriceOf(ctx, q, o.brand, product, units, o.kind.channel(), s.today()); err != nil {
			return nil, err
		}
	}
	out := make([]map[string]string, len(people))
	for i, p := range people {
		out[i] = k.of(r, p)
	}
	return out, nil
}

// channel is the way to sell whose prices a text of the kind tells: a live session sells by itself, every other text brings
// people to the store ("").
func (k Kind) channel() string {
	if k == Rundown {
		return "live"
	}
	return ""
}

// knowledge is what variables are filled from.
type knowledge struct {
	people map[id.ID]Person
	places map[id.ID]Place
	prices map[id.ID]Price
	day    string
}

// of gives a person's values; what is not known falls back to the declared stand-in, and is missing without one.
func (k *knowledge) of(r *ready, p Recipient) map[string]string {
	out := make(map[string]string, 8)
	for _, v := range r.content.Variables {
		if v.Value != "" {
			out[v.Name] = v.Value
		}
	}
	for _, u := range r.text.Variables() {
		value := ""
		switch r.content.typeOf(u.Name) {
		case VarStore:
			value = k.places[p.UnitID].Name
		case VarCity:
			value = k.places[p.UnitID].City
		case VarAdviser:
			value = k.people[p.MemberID].Name
		case VarPhone:
			value = k.people[p.MemberID].Phone
		case VarPrice:
			value = k.prices[p.UnitID].Text
		case VarDate:
			if out[u.Name] == "" { // a declared day stands, else it is today's
				value = k.day
			}
		case VarFree:
		}
		if value != "" {
			out[u.Name] = value
		}
	}
	return out
}

func dayWords(d clock.Day) string { return d.In(clock.Shanghai()).Format("1月2日") }
