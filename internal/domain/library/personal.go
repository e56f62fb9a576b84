package library

import (
	"cmp"
	"context"
	"hash/fnv"
	"slices"
	"strings"

	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/library/variant"
)

// Recipient is somebody a template is filled for.
type Recipient struct {
	MemberID, UnitID, AccountID id.ID
	Platform                    string
}

// Text is a filled template. Fault is the slug of why there is none for this person ("library.value_missing" with the name
// of the variable, "library.text_unlawful", "library.text_long"); the texts are empty then. Repeated tells that the store
// has more people than the template has texts, so that somebody else there has the same one.
type Text struct {
	Title, Body string
	Fault       string
	Name        string
	Repeated    bool
}

// Personal fills the live version of a template for people: the same text for the same (version, salt, member, account) for
// good, and no two of one unit equal as long as the template has enough texts. Every text passes the rules and the platform's
// length; a choice that does not is passed over. Answers stand in the order of people. It writes down who got which choice,
// so q may be a transaction or the store; calls of 1,000 to 5,000 people are best. The caller sees to it that only the
// member himself, and who may read his texts, get to see them: phones are in the clear.
//
// Errors: library.gone, library.not_approved, library.out_of_use, library.expired, library.unlawful, library.not_fillable.
func (s *Service) Personal(ctx context.Context, q db.Querier, brand, template, salt id.ID, people []Recipient) ([]Text, error) {
	return s.fill(ctx, q, order{brand: brand, template: template, salt: salt, phones: true}, people)
}

// order is what texts are asked for.
type order struct {
	brand, template, salt id.ID
	kind                  Kind
	phones                bool
}

func (s *Service) fill(ctx context.Context, q db.Querier, o order, people []Recipient) ([]Text, error) {
	row, r, err := s.live(ctx, q, o.brand, o.template)
	if err != nil {
		return nil, err
	}
	o.kind = row.Kind
	values, err := s.values(ctx, q, o, r, row.ProductID, people)
	if err != nil {
		return nil, err
	}
	f := &filling{
		s: s, order: o, version: row.Live, kind: row.Kind, accepted: row.Accepted, r: r, people: people, values: values, out: make([]Text, len(people)),
	}
	return f.out, f.run(ctx, q)
}

// live reads the live version of a template that can be handed out today.
func (s *Service) live(ctx context.Context, q db.Querier, brand, item id.ID) (itemRow, *ready, error) {
	row, err := getItem(ctx, q, brand, item)
	if db.NoRows(err) {
		return row, nil, errGone()
	}
	if err != nil {
		return row, nil, err
	}
	if why := row.unusable(s.today()); why != "" {
		return row, nil, errs.New(errs.Precondition, why, "title", row.Title)
	}
	if !row.Kind.fillable() {
		return row, nil, errs.New(errs.Precondition, "library.not_fillable", "title", row.Title)
	}
	r, err := s.ready(ctx, q, brand, item, row.Live)
	return row, r, err
}

// ready reads and parses a version, once.
func (s *Service) ready(ctx context.Context, q db.Querier, brand, item id.ID, version int) (*ready, error) {
	key := parsedKey{brand, item, version}
	if r := s.parsed.get(key); r != nil {
		return r, nil
	}
	v, err := getVersion(ctx, q, brand, item, version)
	if err != nil {
		return nil, err
	}
	r := &ready{}
	if r.content, err = contentOf(v.Content); err != nil {
		return nil, err
	}
	if r.text, err = variant.Parse(r.content.parts()...); err != nil {
		return nil, err
	}
	s.parsed.put(key, r)
	return r, nil
}

// handRow is a row of library_hand.
type handRow struct {
	MemberID  id.ID `db:"member_id"`
	AccountID id.ID `db:"account_id"`
	UnitID    id.ID `db:"unit_id"`
	Pick      int64 `db:"pick"`
	Hash      int64 `db:"hash"`
	Nth       int   `db:"nth"`
}

// filling is one call of Personal.
type filling struct {
	s        *Service
	order    order
	version  int
	kind     Kind
	accepted Grade
	r        *ready
	people   []Recipient
	values   []map[string]string
	out      []Text
}

const (
	handPage  = 5000
	handTries = 6  // against others who fill for the same unit at the same time
	passOver  = 40 // choices that the rules or the length refuse before somebody is given up
)

func (f *filling) run(ctx context.Context, q db.Querier) error {
	all := make([]int, len(f.people))
	for i := range all {
		all[i] = i
	}
	for page := range slices.Chunk(all, handPage) {
		if err := f.page(ctx, q, page); err != nil {
			return err
		}
	}
	return nil
}

// page gives the people of one page their texts: those who have one get it again, the others the next free one of their
// unit. Whoever lost a choice to another call in between is served again.
func (f *filling) page(ctx context.Context, q db.Querier, page []int) error {
	for range handTries {
		had, err := f.known(ctx, q, page)
		if err != nil {
			return err
		}
		fresh := make([]int, 0, len(page))
		for _, i := range page {
			if h, ok := had[handKey{f.people[i].MemberID, f.people[i].AccountID}]; ok {
				if err := f.again(ctx, i, h); err != nil {
					return err
				}
			} else {
				fresh = append(fresh, i)
			}
		}
		if len(fresh) == 0 {
			return nil
		}
		rows, err := f.allot(ctx, q, fresh)
		if err != nil {
			return err
		}
		n, err := f.keep(ctx, q, rows)
		if err != nil || n == int64(len(rows)) {
			return err
		}
		page = fresh
	}
	return errs.New(errs.Conflict, "library.busy")
}

type handKey struct{ member, account id.ID }

func (f *filling) known(ctx context.Context, q db.Querier, page []int) (map[handKey]handRow, error) {
	members := make([]id.ID, len(page))
	for k, i := range page {
		members[k] = f.people[i].MemberID
	}
	slices.Sort(members)
	members = slices.Compact(members)
	a := &db.Args{}
	rows, err := db.All[handRow](ctx, q, `SELECT member_id, account_id, unit_id, pick, hash, nth FROM library_hand WHERE brand_id = `+a.Add(f.order.brand)+
		` AND template_id = `+a.Add(f.order.template)+` AND version = `+a.Add(f.version)+` AND salt = `+a.Add(int64(f.order.salt))+
		` AND member_id IN `+db.IDList(q, a, members), a.Values...)
	out := make(map[handKey]handRow, len(rows))
	for _, r := range rows {
		out[handKey{r.MemberID, r.AccountID}] = r
	}
	return out, err
}

// taken are the texts of a unit that are given away.
type taken struct {
	hashes map[int64]int // → how often
	n      uint64        // where the unit's order goes on
}

func (f *filling) takenOf(ctx context.Context, q db.Querier, units []id.ID) (map[id.ID]*taken, error) {
	out := make(map[id.ID]*taken, len(units))
	for _, u := range units {
		out[u] = &taken{hashes: map[int64]int{}}
	}
	a := &db.Args{}
	rows, err := db.All[handRow](ctx, q, `SELECT member_id, account_id, unit_id, pick, hash, nth FROM library_hand WHERE brand_id = `+a.Add(f.order.brand)+
		` AND template_id = `+a.Add(f.order.template)+` AND version = `+a.Add(f.version)+` AND salt = `+a.Add(int64(f.order.salt))+
		` AND unit_id IN `+db.IDList(q, a, units), a.Values...)
	for _, r := range rows {
		t := out[r.UnitID]
		t.hashes[r.Hash] = max(t.hashes[r.Hash], r.Nth+1)
		t.n++
	}
	return out, err
}

// allot chooses texts for people who have none, unit by unit and in order of member and account.
func (f *filling) allot(ctx context.Context, q db.Querier, fresh []int) ([]handRow, error) {
	slices.SortFunc(fresh, func(i, j int) int {
		a, b := f.people[i], f.people[j]
		return cmp.Or(cmp.Compare(a.UnitID, b.UnitID), cmp.Compare(a.MemberID, b.MemberID), cmp.Compare(a.AccountID, b.AccountID))
	})
	var units []id.ID
	for _, i := range fresh {
		if u := f.people[i].UnitID; len(units) == 0 || units[len(units)-1] != u {
			units = append(units, u)
		}
	}
	given, err := f.takenOf(ctx, q, units)
	if err != nil {
		return nil, err
	}
	rows := make([]handRow, 0, len(fresh))
	for _, i := range fresh {
		h, ok, err := f.choose(ctx, i, given[f.people[i].UnitID])
		if err != nil {
			return nil, err
		}
		if ok {
			rows = append(rows, h)
		}
	}
	return rows, nil
}

// choose walks the unit's order to the next text that nobody there has and that may be handed out. Where none is left the
// least given one comes again.
func (f *filling) choose(ctx context.Context, i int, t *taken) (handRow, bool, error) {
	p := f.people[i]
	count := f.r.text.Count()
	o := variant.NewOrder(count, variant.Seed(int64(f.order.template), int64(f.version), int64(f.order.salt), int64(p.UnitID)))
	var spare handRow
	found, refused := false, 0
	for k := uint64(0); k < count && refused < passOver && (k < uint64(len(t.hashes))+passOver); k++ {
		pick := o.At(t.n + k)
		text, err := f.write(ctx, i, pick)
		if err != nil {
			return handRow{}, false, err
		}
		if f.out[i] = text; text.Fault != "" {
			if refused++; text.Fault == faultValue && len(f.r.text.Groups()) == 0 {
				return handRow{}, false, nil // no other choice could do without the value
			}
			continue
		}
		h := handRow{p.MemberID, p.AccountID, p.UnitID, int64(pick), hashOf(text), 0}
		h.Nth = t.hashes[h.Hash]
		if h.Nth == 0 {
			t.hashes[h.Hash], t.n = 1, t.n+k+1
			return h, true, nil
		}
		if !found || h.Nth < spare.Nth {
			spare, found = h, true
		}
	}
	if !found {
		return handRow{}, false, nil
	}
	text, err := f.write(ctx, i, uint64(spare.Pick))
	text.Repeated = true
	f.out[i] = text
	t.hashes[spare.Hash]++
	t.n++
	return spare, true, err
}

// again writes the text that somebody was given before.
func (f *filling) again(ctx context.Context, i int, h handRow) error {
	text, err := f.write(ctx, i, uint64(h.Pick))
	text.Repeated = h.Nth > 0 && text.Fault == ""
	f.out[i] = text
	return err
}

// Faults of one person's text.
const (
	faultValue = "library.value_missing"
	faultRisk  = "library.text_unlawful"
	faultLong  = "library.text_long"
)

// write fills a choice for a person and holds it against the rules and the platform's length.
func (f *filling) write(ctx context.Context, i int, pick uint64) (Text, error) {
	p, values := f.people[i], f.values[i]
	if name := f.r.text.Missing(pick, values); name != "" {
		return Text{Fault: faultValue, Name: name}, nil
	}
	parts := f.r.text.Fill(pick, values)
	text := Text{Title: parts[0], Body: strings.TrimSpace(strings.Join(parts[1:], "\n"))}
	day := int32(f.s.today())
	if f.s.limits.Over(p.Platform, "title", text.Title, day) > 0 || f.s.limits.Over(p.Platform, "body", text.Body, day) > 0 {
		return Text{Fault: faultLong}, nil
	}
	v, err := f.s.Rules.Check(ctx, f.order.brand, published(parts), Where{Platform: p.Platform, Kind: f.kind.kindAt()})
	if err != nil {
		return text, err
	}
	if !allowed(v.Grade, f.accepted) {
		return Text{Fault: faultRisk}, nil
	}
	return text, nil
}

// keep writes down who got which choice and tells how many rows made it.
func (f *filling) keep(ctx context.Context, q db.Querier, rows []handRow) (int64, error) {
	if len(rows) == 0 {
		return 0, nil
	}
	slices.SortFunc(rows, func(a, b handRow) int {
		return cmp.Or(cmp.Compare(a.MemberID, b.MemberID), cmp.Compare(a.AccountID, b.AccountID))
	})
	values := make([][]any, len(rows))
	for i, r := range rows {
		values[i] = []any{
			f.order.brand, f.order.template, int64(f.version), int64(f.order.salt), r.MemberID, int64(r.AccountID), r.UnitID, r.Pick, r.Hash, int64(r.Nth),
		}
	}
	return db.Insert(ctx, q, "library_hand", []string{
		"brand_id", "template_id", "version", "salt", "member_id", "account_id", "unit_id", "pick", "hash", "nth",
	}, values, "ON CONFLICT DO NOTHING")
}

func hashOf(t Text) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(t.Title + "\x00" + t.Body))
	return int64(h.Sum64())
}
