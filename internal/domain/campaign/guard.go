package campaign

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/campaign/audience"
)

// Where the guard stands with the planned texts of a campaign.
const (
	alikeNone    = "none"    // no task has a template: everybody writes freely
	alikeWaiting = "waiting" // not compared yet, or not in this revision
	alikeDone    = "done"
	alikeFailed  = "failed" // a template cannot be filled any more
)

// AlikeWho is somebody of a cluster.
type AlikeWho struct {
	Member  id.ID `json:"m"`
	Account id.ID `json:"a"`
	Unit    id.ID `json:"u"`
	Task    id.ID `json:"t"`
}

// AlikeCluster is a set of people whose texts are too much alike. Text is one of them, phones masked; Whose wrote it.
type AlikeCluster struct {
	Size  int        `json:"size"`
	Score float64    `json:"score"` // the highest found in it
	Who   []AlikeWho `json:"who"`   // the first of them
	Text  string     `json:"text"`
	Whose AlikeWho   `json:"whose"`
}

// AlikeGroup is what was compared with each other: the texts of a kind on a platform, by their threshold.
type AlikeGroup struct {
	Platform string         `json:"platform"`
	Kind     string         `json:"kind"`
	Most     float64        `json:"most"`
	Why      string         `json:"why"`
	Place    [3]string      `json:"place"` // of the threshold: platform, kind, industry
	Own      string         `json:"own"`   // whose the threshold is: "" the program's, brand, campaign
	Texts    int            `json:"texts"`
	Over     int            `json:"over"`
	Highest  float64        `json:"highest"`
	Sets     int            `json:"sets"` // clusters found; Clusters are the largest
	Clusters []AlikeCluster `json:"clusters"`
}

// Alike is what the guard found. Left counts texts beyond what is compared.
type Alike struct {
	State       string       `json:"state"`
	Rev         int          `json:"rev"`
	At          clock.Ms     `json:"at"`
	Texts, Over int          `json:"-"`
	Groups      []AlikeGroup `json:"groups"`
	Left        int          `json:"left"`
	Faults      int          `json:"faults"` // people the template makes no text for
	Why         string       `json:"why"`    // slug, of failed
}

const (
	mostPlanned   = 200_000 // texts held in memory at once
	mostSubmitted = 20_000
	shownClusters = 20
	shownWho      = 12
	textPage      = 4000 // people whose texts are asked for at once
)

// measure is what texts of a campaign are held against.
type measure struct {
	set      Settings
	table    []Threshold
	industry string
	day      clock.Day
	similar  int // the campaign's own, percent; 0 = none
	same     Sameness
}

func (s *Service) measure(ctx context.Context, brand id.ID, similar int, day clock.Day) (*measure, error) {
	set, err := settingsOf(ctx, s.DB, brand)
	if err != nil {
		return nil, err
	}
	shipped, err := s.Same.Measures(ctx, brand)
	if err != nil {
		return nil, err
	}
	own := slices.Clone(set.Thresholds)
	slices.SortStableFunc(own, func(a, b Threshold) int { return int(a.From - b.From) }) // the newest that holds counts
	return &measure{set: set, table: append(slices.Clone(shipped.Table), own...), industry: shipped.Industry, day: day, similar: similar, same: s.Same}, nil
}

// of gives the threshold of a kind on a platform, and whose it is.
func (m *measure) of(platform, kind string) (t Threshold, own string) {
	t = m.same.Fits(m.table, SameWhere{Platform: platform, Kind: kind, Industry: m.industry, Day: m.day})
	if m.similar > 0 {
		t.Most = float64(m.similar) / 100
		return t, "campaign"
	}
	if slices.Contains(m.set.Thresholds, t) {
		own = "brand"
	}
	return t, own
}

// contentKind is the kind of content a task asks for, as thresholds name it.
func (t *TaskPlan) contentKind() string {
	switch {
	case t.Content == "fact":
		return "fact"
	case t.Type == PublishVideo:
		return "video"
	case t.Type == GoLive:
		return "live"
	}
	return "image"
}

// templated tells whether people get texts from the library.
func (p *Plan) templated() bool {
	return slices.ContainsFunc(p.Tasks, func(t TaskPlan) bool { return t.Template != 0 })
}

// heap is what is compared with each other.
type heap struct {
	platform, kind string
	who            []AlikeWho
	texts          []Planned
}

// heaps gathers texts by platform and kind.
type heaps struct {
	list []*heap
	n    int
	left int
	most int
}

func (h *heaps) add(platform, kind string, w AlikeWho, text string) {
	if h.n >= h.most {
		h.left++
		return
	}
	k := slices.IndexFunc(h.list, func(x *heap) bool { return x.platform == platform && x.kind == kind })
	if k < 0 {
		k = len(h.list)
		h.list = append(h.list, &heap{platform: platform, kind: kind})
	}
	x := h.list[k]
	x.texts = append(x.texts, Planned{int64(len(x.who)), text})
	x.who = append(x.who, w)
	h.n++
}

// weigh scores a heap. twins, when asked for, takes everybody of every cluster.
func (m *measure) weigh(h *heap, twins *[]twinRow) AlikeGroup {
	most, own := m.of(h.platform, h.kind)
	report := m.same.Compare(h.texts, most.Most)
	g := AlikeGroup{
		Platform: h.platform, Kind: h.kind, Most: most.Most, Why: most.Why, Place: most.place(), Own: own, Texts: report.Texts, Over: report.Over, Highest: report.Highest,
		Sets: len(report.Clusters), Clusters: []AlikeCluster{},
	}
	for i, c := range report.Clusters {
		if i < shownClusters {
			x := AlikeCluster{Size: len(c.IDs), Score: c.Score, Text: masked(h.texts[c.Best].Text), Whose: h.who[c.Best]}
			for _, k := range c.IDs[:min(len(c.IDs), shownWho)] {
				x.Who = append(x.Who, h.who[k])
			}
			g.Clusters = append(g.Clusters, x)
		}
		if twins == nil {
			continue
		}
		cluster := 1
		if n := len(*twins); n > 0 {
			cluster = (*twins)[n-1].Cluster + 1
		}
		for nth, k := range c.IDs {
			w := h.who[k]
			*twins = append(*twins, twinRow{w.Member, w.Task, w.Account, cluster, nth, len(c.IDs)})
		}
	}
	return g
}

var digits = regexp.MustCompile(`\d{7,}`)

// masked hides phone numbers: what is kept to be shown holds none.
func masked(text string) string {
	return digits.ReplaceAllStringFunc(text, func(n string) string { return n[:3] + "****" + n[len(n)-2:] })
}

// guard compares the planned texts of a revision; the room's job calls it. A newer revision has a job of its own.
func (s *Service) guard(ctx context.Context, actor authz.Actor, campaign id.ID, rev int) error {
	r, err := getRow(ctx, s.DB, actor.BrandID, campaign)
	if db.NoRows(err) || err == nil && r.Rev != rev {
		return nil
	}
	if err != nil {
		return err
	}
	m, err := s.measure(ctx, actor.BrandID, r.plan.Similar, s.today(actor))
	if err != nil {
		return err
	}
	out := Alike{State: alikeDone, Rev: rev, At: s.now(), Groups: []AlikeGroup{}}
	all := heaps{most: mostPlanned}
	out.Faults, err = s.planned(ctx, actor, r, &all)
	if errs.CodeOf(err) == errs.Precondition || errs.CodeOf(err) == errs.NotFound { // nothing that trying again would mend
		out.State, out.Why = alikeFailed, errs.SlugOf(err)
		return s.saveAlike(ctx, actor.BrandID, campaign, &out, nil)
	}
	if err != nil {
		return err
	}
	var twins []twinRow
	for _, h := range all.list {
		g := m.weigh(h, &twins)
		out.Groups, out.Texts, out.Over = append(out.Groups, g), out.Texts+g.Texts, out.Over+g.Over
	}
	out.Left = all.left
	return s.saveAlike(ctx, actor.BrandID, campaign, &out, twins)
}

// planned gathers the text of everybody the plan would give a task with a template to.
func (s *Service) planned(ctx context.Context, actor authz.Actor, r *row, into *heaps) (faults int, err error) {
	var within []id.ID
	if r.UnitID != 0 {
		within = []id.ID{r.UnitID}
	}
	c := s.newCrowd(actor.BrandID, r.plan.Audience, within, s.today(actor))
	make1 := maker{people: c.people, tasks: make([]taskRow, 0, len(r.plan.Tasks))}
	by := map[id.ID]*TaskPlan{}
	for i := range r.plan.Tasks {
		if t := &r.plan.Tasks[i]; t.Template != 0 {
			make1.tasks = append(make1.tasks, taskRow{ID: t.ID, plan: *t})
			by[t.ID] = t
		}
	}
	for last := id.ID(0); ; {
		match, next, looked, err := c.page(ctx, s.DB, last, textPage)
		if err != nil || looked == 0 {
			return faults, err
		}
		last = next
		n, err := s.plannedPage(ctx, actor, r.ID, pagePlan{by, giveAll(&make1, match)}, into)
		if err != nil {
			return faults, err
		}
		faults += n
	}
}

func giveAll(m *maker, match []audience.Person) []given {
	var list []given
	for i := range match {
		list = m.gives(&match[i], list)
	}
	return list
}

// pagePlan is what the people of a page would be given.
type pagePlan struct {
	tasks map[id.ID]*TaskPlan
	list  []given
}

// plannedPage asks the library for the texts of a page, a task at a time.
func (s *Service) plannedPage(ctx context.Context, actor authz.Actor, campaign id.ID, p pagePlan, into *heaps) (faults int, err error) {
	for task, t := range p.tasks {
		var people []Recipient
		for _, g := range p.list {
			if g.task == task {
				people = append(people, Recipient{g.member, g.unit, g.account, g.platform})
			}
		}
		if len(people) == 0 {
			continue
		}
		texts, err := s.Materials.Personal(ctx, s.DB, actor.BrandID, t.Template, campaign, people)
		if err != nil {
			return faults, err
		}
		for i, x := range texts {
			if x.Fault != "" {
				faults++
				continue
			}
			into.add(people[i].Platform, t.contentKind(), AlikeWho{people[i].MemberID, people[i].AccountID, people[i].UnitID, task}, x.Title+"\n"+x.Body)
		}
	}
	return faults, nil
}

// guarded keeps a campaign from going out whose texts are too much alike, where the brand wants that. Errors:
// campaign.alike_waiting, campaign.alike_blocked.
func (s *Service) guarded(ctx context.Context, tx *db.Tx, brand id.ID, r *row, set *Settings) error {
	if set.Planned != GuardBlock || !r.plan.templated() {
		return nil
	}
	a, err := alikeOf(ctx, tx, brand, r.ID)
	if err != nil {
		return err
	}
	switch {
	case a.Rev != r.Rev || a.State == alikeWaiting:
		return errs.New(errs.Precondition, "campaign.alike_waiting")
	case a.State == alikeFailed:
		return errs.New(errs.Precondition, "campaign.alike_failed")
	case a.Over > 0:
		return errs.New(errs.Precondition, "campaign.alike_blocked", "n", a.Over)
	}
	return nil
}

// submittedAlike compares what was handed in, in the units of a scope, the last of each assignment.
func (s *Service) submittedAlike(ctx context.Context, actor authz.Actor, scope authz.Scope, r *row) (*Alike, error) {
	plan := &r.plan
	if sent, err := sentPlan(ctx, s.DB, actor.BrandID, r.ID, r.Version); err == nil {
		plan = sent
	} else if !db.NoRows(err) {
		return nil, err
	}
	m, err := s.measure(ctx, actor.BrandID, plan.Similar, s.today(actor))
	if err != nil {
		return nil, err
	}
	tasks, err := tasksOf(ctx, s.DB, actor.BrandID, r.ID)
	if err != nil {
		return nil, err
	}
	kind := map[id.ID]string{}
	for i := range tasks {
		kind[tasks[i].ID] = tasks[i].plan.contentKind()
	}
	rows, err := handedTexts(ctx, s.DB, scope, r.ID)
	if err != nil {
		return nil, fmt.Errorf("campaign %s: texts: %w", r.ID, err)
	}
	all := heaps{most: mostSubmitted}
	seen := map[id.ID]bool{}
	for _, x := range rows { // the newest first
		if !seen[x.Assignment] {
			seen[x.Assignment] = true
			all.add(x.Platform, kind[x.Task], AlikeWho{x.Member, x.Account, x.Unit, x.Task}, x.Text)
		}
	}
	out := &Alike{State: alikeDone, Rev: r.Rev, At: s.now(), Groups: []AlikeGroup{}, Left: all.left}
	for _, h := range all.list {
		g := m.weigh(h, nil)
		out.Groups, out.Texts, out.Over = append(out.Groups, g), out.Texts+g.Texts, out.Over+g.Over
	}
	return out, nil
}
