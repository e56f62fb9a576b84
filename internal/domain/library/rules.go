package library

import (
	"kosmos/internal/base/clock"
)

// Verb is what is done to an item.
type Verb string

// The verbs. Submit asks for approval; Approve makes the newest version live; Return gives it back to its author; Retire
// takes the item out of use; Restore makes it a draft again.
const (
	Submit  Verb = "submit"
	Approve Verb = "approve"
	Return  Verb = "return"
	Retire  Verb = "retire"
	Restore Verb = "restore"
)

// next tells where an item goes from a state by a verb; "" when it cannot.
func next(from State, v Verb) State {
	switch {
	case v == Submit && from == Draft:
		return Checked
	case v == Approve && from == Checked:
		return Approved
	case v == Return && from == Checked:
		return Draft
	case v == Retire && from != Out:
		return Out
	case v == Restore && from == Out:
		return Draft
	}
	return ""
}

// needsNote tells whether a verb must say why.
func (v Verb) needsNote() bool { return v == Return || v == Retire }

// permission is who may do it.
func (v Verb) permission() string {
	if v == Submit {
		return permWrite
	}
	return permApprove
}

// Reasons why an item cannot be handed out, as slugs.
const (
	WhyNotApproved = "library.not_approved"
	WhyOut         = "library.out_of_use"
	WhyExpired     = "library.expired"
	WhyUnlawful    = "library.unlawful"
	WhyGone        = "library.gone"
)

// unusable gives the slug of why an item cannot be handed out on a day, "" when it can. Accepted is the grade that was
// accepted at approval: what goes to review on its own may be handed out once somebody with the whole brand approved it.
func (r *itemRow) unusable(day clock.Day) string {
	switch {
	case r.State == Out:
		return WhyOut
	case r.Live == 0:
		return WhyNotApproved
	case r.Expires < day:
		return WhyExpired
	case !allowed(r.Verdict, r.Accepted):
		return WhyUnlawful
	}
	return ""
}

// allowed tells whether a text of this grade may be handed out.
func allowed(verdict, accepted Grade) bool {
	return verdict != Block && (verdict != Review || accepted == Review)
}
