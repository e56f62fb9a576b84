package library

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// States of a proposal.
const (
	Waiting  = "waiting"
	Accepted = "accepted"
	Returned = "returned"
)

// ProposalStates lists them.
func ProposalStates() []string { return []string{Waiting, Accepted, Returned} }

// Proposal is what a member offers to the library.
type Proposal struct {
	ID        id.ID    `db:"id"`
	Kind      Kind     `db:"kind"`
	Title     string   `db:"title"`
	Raw       string   `db:"content"`
	Why       string   `db:"why"` // why it is good, in the author's words
	UnitID    id.ID    `db:"unit_id"`
	UserID    id.ID    `db:"user_id"`
	MemberID  id.ID    `db:"member_id"`
	By        string   `db:"by_name"`
	State     string   `db:"state"`
	Verdict   Grade    `db:"verdict"`
	Note      string   `db:"note"` // of who decided
	ItemID    id.ID    `db:"item_id"`
	DecidedBy string   `db:"decided_name"`
	DecidedAt clock.Ms `db:"decided_ms"`
	MadeAt    clock.Ms `db:"made_ms"`
	Content   Content  `db:"-"`
	Files     []File   `db:"-"`
}

const proposalColumns = `id, kind, title, content, why, unit_id, user_id, member_id, by_name, state, verdict, note, item_id, decided_name, decided_ms, made_ms`

// Propose offers an item to the library: of a member's unit, else of the actor's. The hit room offers templates the same
// way. Errors: the fields of the piece.
func (s *Service) Propose(ctx context.Context, actor authz.Actor, p Piece, why string) (Proposal, error) {
	if p.Kind == Asset && p.Content.Holder == "" {
		p.Content.Holder = actor.Name // one's own pictures
	}
	if err := p.check(); err != nil {
		return Proposal{}, err
	}
	if why = strings.TrimSpace(why); utf8.RuneCountInString(why) > maxNote {
		return Proposal{}, errs.Bad().Field("why", "library.note_long", "max", maxNote)
	}
	unit, err := s.homeOf(ctx, actor)
	if err != nil {
		return Proposal{}, err
	}
	v, err := s.examine(ctx, actor.BrandID, p.Kind, &p.Content)
	if err != nil {
		return Proposal{}, err
	}
	made := Proposal{
		ID: s.IDs.New(), Kind: p.Kind, Title: p.Title, Why: why, UnitID: unit, UserID: actor.UserID, MemberID: actor.MemberID, By: actor.Name, State: Waiting,
		Verdict: v.Grade, MadeAt: s.now(), Content: p.Content,
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO library_proposal (brand_id, id, kind, title, content, why, unit_id, user_id, member_id, by_name, state, verdict, note, item_id, decided_name, made_ms)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', 0, '', $13)`,
			actor.BrandID, made.ID, string(made.Kind), made.Title, p.Content.json(), made.Why, made.UnitID, int64(made.UserID), int64(made.MemberID), made.By, made.State, string(made.Verdict), made.MadeAt)
		if err != nil {
			return err
		}
		if err := bindFiles(ctx, tx, actor, made.ID, p.Content.Files); err != nil {
			return err
		}
		users, err := s.Outbox.Deciders(ctx, tx, actor.BrandID, unit)
		if err != nil {
			return err
		}
		var list []Notice
		for _, u := range users {
			list = append(list, Notice{u, NoticeProposed, made.ID.String(), map[string]any{"title": made.Title, "by": made.By}, "/content/library/proposals"})
		}
		if err := s.Outbox.Tell(ctx, tx, actor.BrandID, list...); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "library.proposed", UnitID: unit, Kind: "proposal", Object: made.ID, Name: made.Title})
	})
	return made, err
}

// homeOf gives the unit an actor's own things belong to.
func (s *Service) homeOf(ctx context.Context, actor authz.Actor) (id.ID, error) {
	if actor.MemberID != 0 {
		people, err := s.People.Members(ctx, s.DB, actor.BrandID, []id.ID{actor.MemberID}, false)
		if err != nil {
			return 0, err
		}
		if p, ok := people[actor.MemberID]; ok {
			return p.UnitID, nil
		}
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permUse, "")
	if err != nil {
		return 0, err
	}
	if !scope.All && len(scope.Roots) > 0 {
		return scope.Roots[0], nil
	}
	return s.Scopes.Root(ctx, s.DB, actor.BrandID)
}

// Proposals lists proposals, newest first, before an id: the actor's own, or those of the units he writes for.
func (s *Service) Proposals(ctx context.Context, actor authz.Actor, own bool, state string, before id.ID, limit int) ([]Proposal, error) {
	a := &db.Args{}
	w := "brand_id = " + a.Add(actor.BrandID)
	if own || !actor.Can(permWrite) {
		w += " AND user_id = " + a.Add(int64(actor.UserID))
	} else {
		scope, err := s.Scopes.Scope(ctx, s.DB, actor, permWrite, "")
		if err != nil {
			return nil, err
		}
		w += " AND " + scope.Where("unit_id", a)
	}
	if state != "" {
		w += " AND state = " + a.Add(state)
	}
	if before != 0 {
		w += " AND id < " + a.Add(before)
	}
	rows, err := db.All[Proposal](ctx, s.DB, "SELECT "+proposalColumns+" FROM library_proposal WHERE "+w+" ORDER BY id DESC LIMIT "+a.Add(limit), a.Values...)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if err := s.openProposal(ctx, actor.BrandID, &rows[i]); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func (s *Service) openProposal(ctx context.Context, brand id.ID, p *Proposal) error {
	var err error
	if p.Content, err = contentOf(p.Raw); err != nil {
		return err
	}
	p.Files, err = s.filesOf(ctx, s.DB, brand, &Content{Files: p.Content.Files}, true)
	return err
}

// proposalFor reads a proposal that the actor made or may decide.
func (s *Service) proposalFor(ctx context.Context, actor authz.Actor, proposal id.ID) (Proposal, bool) {
	p, err := db.One[Proposal](ctx, s.DB, "SELECT "+proposalColumns+" FROM library_proposal WHERE brand_id = $1 AND id = $2", actor.BrandID, proposal)
	if err != nil || s.openProposal(ctx, actor.BrandID, &p) != nil {
		return p, false
	}
	own := actor.UserID != 0 && p.UserID == actor.UserID
	return p, own || actor.Can(permWrite) && s.may(ctx, s.DB, actor, permWrite, p.UnitID) == nil
}

// Decision is what becomes of a proposal. Accepted it is a draft of Unit ("" the unit it came from), edited as Title and
// Folder say; returned it needs a note.
type Decision struct {
	Accept   bool
	Note     string
	Unit     string
	Title    string
	FolderID id.ID
	Tags     []string
}

// Decide accepts or returns a proposal, once. Errors: library.proposal_gone, library.proposal_decided, library.note_missing,
// those of Create.
func (s *Service) Decide(ctx context.Context, actor authz.Actor, proposal id.ID, d Decision) (Proposal, error) {
	d.Note = strings.TrimSpace(d.Note)
	if !d.Accept && d.Note == "" || utf8.RuneCountInString(d.Note) > maxNote {
		return Proposal{}, errs.Bad().Field("note", "library.note_missing", "max", maxNote)
	}
	p, ok := s.proposalFor(ctx, actor, proposal)
	if !ok {
		return p, errs.New(errs.NotFound, "library.proposal_gone")
	}
	if err := s.may(ctx, s.DB, actor, permWrite, p.UnitID); err != nil {
		return p, err
	}
	piece := Piece{Kind: p.Kind, FolderID: d.FolderID, Title: p.Title, Tags: d.Tags, Content: p.Content}
	if d.Title != "" {
		piece.Title = d.Title
	}
	var verdict Verdict
	unit := p.UnitID
	if d.Accept {
		if err := piece.check(); err != nil {
			return p, err
		}
		var err error
		if d.Unit != "" {
			if unit, err = s.unitFor(ctx, actor, d.Unit); err != nil {
				return p, err
			}
		}
		if verdict, err = s.examine(ctx, actor.BrandID, p.Kind, &piece.Content); err != nil {
			return p, err
		}
	}
	item := s.IDs.New()
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p.State, p.Note, p.DecidedBy, p.DecidedAt, p.ItemID = Returned, d.Note, actor.Name, s.now(), 0
		if d.Accept {
			p.State, p.ItemID = Accepted, item
		}
		n, err := tx.Exec(ctx, `UPDATE library_proposal SET state = $1, note = $2, item_id = $3, decided_name = $4, decided_ms = $5 WHERE brand_id = $6 AND id = $7 AND state = 'waiting'`,
			p.State, p.Note, int64(p.ItemID), p.DecidedBy, p.DecidedAt, actor.BrandID, proposal)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "library.proposal_decided")
		}
		if d.Accept {
			if _, err := tx.Exec(ctx, `UPDATE library_file SET item_id = $1 WHERE brand_id = $2 AND item_id = $3`, item, actor.BrandID, proposal); err != nil {
				return err
			}
			if err := s.insert(ctx, tx, actor, item, unit, piece, verdict); err != nil {
				return err
			}
		}
		return s.tellDecided(ctx, tx, actor, &p)
	})
	return p, err
}

func (s *Service) tellDecided(ctx context.Context, tx *db.Tx, actor authz.Actor, p *Proposal) error {
	if p.UserID != 0 && p.UserID != actor.UserID {
		kind := NoticeDeclined
		if p.State == Accepted {
			kind = NoticeAccepted
		}
		err := s.Outbox.Tell(ctx, tx, actor.BrandID, Notice{p.UserID, kind, p.ID.String(), map[string]any{"title": p.Title, "note": p.Note}, "/library/proposals"})
		if err != nil {
			return err
		}
	}
	return s.Audit.Write(ctx, tx, actor, audit.Entry{
		Action: "library.decided", UnitID: p.UnitID, Kind: "proposal", Object: p.ID, Name: p.Title, After: map[string]any{"state": p.State, "note": p.Note},
	})
}

// Notices the room sends.
const (
	NoticeSubmitted = "library.submitted"
	NoticeReturned  = "library.returned"
	NoticeApproved  = "library.approved"
	NoticeProposed  = "library.proposed"
	NoticeAccepted  = "library.accepted"
	NoticeDeclined  = "library.declined"
	NoticeStopped   = "library.stopped" // refused by the rules
	NoticeLapsed    = "library.lapsed"  // past its last day
)

// NoticeKinds lists the kinds of notices.
func NoticeKinds() []string {
	return slices.Clone([]string{NoticeSubmitted, NoticeReturned, NoticeApproved, NoticeProposed, NoticeAccepted, NoticeDeclined, NoticeStopped, NoticeLapsed})
}
