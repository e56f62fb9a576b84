package evidence

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
)

// Check verifies the stored chain of the actor's brand, as verification of a file would, and also that rows are filed
// as they were hashed. It reads forwards in pages and keeps nobody waiting.
func (s *Service) Check(ctx context.Context, actor authz.Actor) (Verdict, error) {
	brand := actor.BrandID
	anchors, err := s.anchors(ctx, brand, 0, 0)
	if err != nil {
		return Verdict{}, err
	}
	marks, err := selectMarks(ctx, s.DB, brand) // before the head: it never lies behind them
	if err != nil {
		return Verdict{}, err
	}
	head, err := selectHead(ctx, s.DB, brand)
	if err != nil {
		return Verdict{}, err
	}
	pins := Pins{Heads: map[int64]string{}}
	for _, m := range marks {
		pins.Heads[m.Seq] = m.Hash
	}
	v := &verifier{pins: pins, manifest: Manifest{Brand: FileBrand{ID: brandMark(brand)}, Prev: genesis(brandMark(brand)), Last: head.Seq, Head: head}, ended: true, out: Verdict{Faults: []Fault{}}}
	if head.Seq > 0 {
		v.manifest.First = 1
	}
	for _, a := range anchors {
		v.anchors, v.places = append(v.anchors, anchorLine{lineAnchor, a.Day, a.Seq, a.Hash, a.Key, a.Signature}), append(v.places, 0)
	}
	for at := int64(0); ; {
		page, err := selectRun(ctx, s.DB, brand, at, head.Seq, exportPage)
		if err != nil {
			return Verdict{}, err
		}
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			v.stored(e)
		}
		at = page[len(page)-1].Seq
	}
	v.line = 1
	v.finish()
	v.out.Made = stamp(clock.MsOf(s.Clock.Now()))
	return v.out, nil
}

// stored takes a step from the store.
func (v *verifier) stored(e Entry) {
	v.steps = append(v.steps, met{e.Seq, 0, e.Prev, e.Hash, stamp(e.At)})
	canonical, err := canonicalJSON([]byte(e.Row))
	hash := ""
	if err == nil {
		hash, err = link(e.Prev, canonical)
	}
	if err != nil || hash != e.Hash || string(canonical) != e.Row || !e.same() {
		v.fault(Fault{What: FaultEdited, Seq: e.Seq})
	}
}
