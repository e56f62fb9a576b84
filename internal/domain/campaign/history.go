package campaign

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// trace is what an entry of the trail tells of a campaign beside who and when. Entries hold it as JSON; readers take what is
// there, so that older ones, which say less, stay readable.
type trace struct {
	Parts   []string `json:"parts,omitempty"`   // of the plan: edited, redispatch
	Note    string   `json:"note,omitempty"`    // return, review, decisions with words
	Text    string   `json:"text,omitempty"`    // of a unit's note
	Name    string   `json:"name,omitempty"`    // of a partner or activity
	Left    string   `json:"left,omitempty"`    // what those who were reminded had not done
	Reason  string   `json:"reason,omitempty"`  // slug of why proofs were rejected
	Verdict string   `json:"verdict,omitempty"` // of the rules: check
	Version int      `json:"version,omitempty"`
	People  int64    `json:"people,omitempty"` // dispatched
	Made    int64    `json:"made,omitempty"`
	Alone   bool     `json:"alone,omitempty"` // approve, redispatch: by who wrote it, because nobody else could
}

// The prefixes of what the trail says of a campaign. Unit entries tell of some units only and are shown to those who see these.
const (
	actionPrefix = "campaign."
	proofsPrefix = "campaign.proofs_"
	actEdited    = "campaign.edited"
	actNoted     = "campaign.noted"
	actReminded  = "campaign.reminded"
)

// editsWithin is how long saves of one person in a row are told as one edit: the wizard saves by itself.
const editsWithin = clock.Ms(time.Hour / time.Millisecond)

// Happening is one change of a campaign.
type Happening struct {
	ID      id.ID
	At      clock.Ms
	By      string
	System  bool // done by the program itself, by the clock
	What    string
	Unit    string // path; "" where it concerns the campaign as such
	Counts  map[string]int64
	trace   trace
	actorID id.ID
	unitID  id.ID
}

// History gives what happened to a campaign, newest first: at most limit entries older than before (0 = now), and the place to
// go on from (0 = that is all). Whoever may read the campaign reads its own changes; notes, reminders and decisions of units
// only those who see the unit, and whoever did them. Errors: campaign.gone.
func (s *Service) History(ctx context.Context, actor authz.Actor, campaign, before id.ID, limit int) ([]Happening, id.ID, error) {
	_, scope, err := s.visible(ctx, s.DB, actor, permRead, campaign)
	if err != nil {
		return nil, 0, err
	}
	var out []Happening
	const batch = 200
	for {
		rows, err := s.Audit.List(ctx, actor, audit.Filter{Action: actionPrefix, Object: campaign, Before: before, Limit: batch})
		if err != nil {
			return nil, 0, err
		}
		seen, err := s.seen(ctx, scope, actor, rows)
		if err != nil {
			return nil, 0, err
		}
		for i := range rows {
			h, err := happeningOf(&rows[i])
			switch {
			case err != nil:
				return nil, 0, err
			case !seen[rows[i].ID] || len(out) > 0 && out[len(out)-1].takes(&h):
			case len(out) == limit:
				return out, before, s.nameUnits(ctx, actor.BrandID, out)
			default:
				out = append(out, h)
			}
			before = rows[i].ID
		}
		if len(rows) < batch {
			return out, 0, s.nameUnits(ctx, actor.BrandID, out)
		}
	}
}

// seen tells which entries an actor may read.
func (s *Service) seen(ctx context.Context, scope authz.Scope, actor authz.Actor, rows []audit.Row) (map[id.ID]bool, error) {
	var units []id.ID
	for i := range rows {
		if rows[i].UnitID != 0 {
			units = append(units, rows[i].UnitID)
		}
	}
	up := map[id.ID][]id.ID{}
	if !scope.All && len(units) > 0 {
		var err error
		if up, err = s.Scopes.Ancestors(ctx, s.DB, scope.BrandID, unique(units), clock.Forever); err != nil {
			return nil, err
		}
	}
	out := make(map[id.ID]bool, len(rows))
	for i := range rows {
		r := &rows[i]
		own := r.ActorKind == authz.User && r.ActorID == actor.UserID
		out[r.ID] = !ofUnits(r.Action) || own || scope.Allows(up[r.UnitID])
	}
	return out, nil
}

func ofUnits(action string) bool {
	return action == actNoted || action == actReminded || strings.HasPrefix(action, proofsPrefix)
}

func happeningOf(r *audit.Row) (Happening, error) {
	h := Happening{
		ID: r.ID, At: r.At, By: r.ActorName, System: r.ActorKind == authz.System, What: strings.TrimPrefix(r.Action, actionPrefix), Counts: map[string]int64{}, actorID: r.ActorID,
	}
	if ofUnits(r.Action) {
		h.unitID = r.UnitID
	}
	if err := json.Unmarshal([]byte(r.Counts), &h.Counts); err != nil {
		return h, fmt.Errorf("campaign: trail %s: %w", r.ID, err)
	}
	if r.After != nil {
		if err := json.Unmarshal([]byte(*r.After), &h.trace); err != nil {
			return h, fmt.Errorf("campaign: trail %s: %w", r.ID, err)
		}
	}
	if !strings.HasSuffix(h.What, "_saved") { // the trail names what was dropped by its number
		h.trace.Name = ""
	}
	return h, nil
}

// takes lets an edit take in an older one by the same person right before it.
func (h *Happening) takes(older *Happening) bool {
	edited := strings.TrimPrefix(actEdited, actionPrefix)
	if h.What != edited || older.What != edited || h.actorID != older.actorID || h.At-older.At > editsWithin {
		return false
	}
	for _, p := range older.trace.Parts {
		if !slices.Contains(h.trace.Parts, p) {
			h.trace.Parts = append(h.trace.Parts, p)
		}
	}
	return true
}

// nameUnits puts the paths of units into what is shown.
func (s *Service) nameUnits(ctx context.Context, brand id.ID, list []Happening) error {
	var ids []id.ID
	for i := range list {
		if list[i].unitID != 0 {
			ids = append(ids, list[i].unitID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	units, err := s.Units.Describe(ctx, s.DB, brand, unique(ids))
	for i := range list {
		list[i].Unit = pathOf(units[list[i].unitID])
	}
	return err
}

// decidedBy counts what one call decided, by campaign.
type decidedBy map[id.ID]*tallied

type tallied struct {
	n    int64
	unit id.ID // of all of them; 0 when they are of several
}

func (t decidedBy) add(a *Assignment) {
	x := t[a.CampaignID]
	if x == nil {
		t[a.CampaignID] = &tallied{1, a.UnitID}
		return
	}
	x.n++
	if x.unit != a.UnitID {
		x.unit = 0
	}
}

// noteDecisions writes one entry a campaign for what a call decided; each decision has its own as well, with its assignment.
func (s *Service) noteDecisions(ctx context.Context, actor authz.Actor, d *Decision, t decidedBy) error {
	if len(t) == 0 {
		return nil
	}
	after := trace{Note: d.Note}
	if d.Verdict == "reject" {
		after.Reason = "campaign.reject_" + string(d.Reason)
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for campaign, x := range t {
			r, err := getRow(ctx, tx, actor.BrandID, campaign)
			if err != nil {
				return err
			}
			entry := audit.Entry{Action: proofsPrefix + d.Verdict, UnitID: x.unit, Kind: "campaign", Object: campaign, Name: r.plan.Title, Counts: map[string]int64{"decided": x.n}, After: after}
			if err := s.Audit.Write(ctx, tx, actor, entry); err != nil {
				return err
			}
		}
		return nil
	})
}
