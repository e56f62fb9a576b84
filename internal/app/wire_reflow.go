package app

import (
	"kosmos/internal/base/authz"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/sheet"
	"kosmos/internal/domain/reflow"
)

// newReflow makes the room of imports over the registry, the posts and the figures.
func newReflow(b base, s services) *reflow.Service {
	figures := figuresIn{s.Post, s.Insight, s.Account}
	return reflow.New(reflow.Deps{
		DB: b.DB, IDs: b.IDs, Clock: b.Clock, Blobs: b.Blobs, Jobs: b.Jobs, Audit: b.Audit,
		Posts: figures, Figures: figures, Accounts: s.Account, Roster: s.Account, Unofficial: s.Account, Brands: s.Identity,
	})
}

// plugReflow gives the room what exists only after all rooms were gathered: the texts and the permissions.
func (r *rooms) plugReflow() {
	r.Reflow.Texts = &r.late
	r.Reflow.Bind = func(a authz.Actor) authz.Actor { return authz.NewActor(a, r.perms) }
}

// sheetTexts are the texts of faults in uploaded files.
func sheetTexts() i18n.Source { return i18n.Source{Room: "sheet", FS: sheet.Messages()} }
