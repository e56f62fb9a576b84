package campaign

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Verb is what is done to a campaign.
type Verb string

// The verbs. Finish is the program's own: the walk came to its end.
const (
	Check      Verb = "check"
	Submit     Verb = "submit"
	Withdraw   Verb = "withdraw"
	Approve    Verb = "approve"
	Return     Verb = "return"
	Finish     Verb = "finish"
	Redispatch Verb = "redispatch"
	Close      Verb = "close"
	Reopen     Verb = "reopen"
	Review     Verb = "review"
)

// turns is the transition table of campaigns.
func turns() map[State]map[Verb]State {
	return map[State]map[Verb]State{
		Drafted:     {Check: Checked},
		Checked:     {Check: Checked, Submit: Approval, Withdraw: Drafted},
		Approval:    {Approve: Dispatching, Return: Drafted, Withdraw: Drafted},
		Dispatching: {Finish: Running},
		Running:     {Check: Running, Redispatch: Dispatching, Close: Closed},
		Closed:      {Reopen: Running, Review: Reviewed},
	}
}

// after tells where a campaign goes from a state by a verb; "" when it cannot.
func after(from State, v Verb) State { return turns()[from][v] }

// may lists the verbs of a state that people use, in the order pages show them.
func may(from State) []Verb {
	out := []Verb{}
	for _, v := range []Verb{Check, Submit, Withdraw, Approve, Return, Redispatch, Close, Reopen, Review} {
		if after(from, v) != "" {
			out = append(out, v)
		}
	}
	return out
}

// editable tells whether a plan may be written in a state; what was checked or waits for approval falls back to a draft.
func editable(s State) bool { return s == Drafted || s == Checked || s == Approval || s == Running }

// Act is what happens to an assignment.
type Act string

// The acts.
const (
	actAccept  Act = "accept"
	actDecline Act = "decline"
	actWait    Act = "wait"   // handed in; figures have to show it
	actDoubt   Act = "doubt"  // somebody has to look
	actPass    Act = "pass"   // the proof is good
	actReject  Act = "reject" // it is not
	actAppeal  Act = "appeal"
	actSettle  Act = "settle"
	actDeny    Act = "deny"
	actLose    Act = "lose"
	actReturn  Act = "return" // the person or account is back
)

// moves is the transition table of assignments.
func moves() map[Step]map[Act]Step {
	handed := map[Act]Step{actWait: Submitted, actDoubt: Look, actPass: Passed, actReject: Rejected}
	with := func(more map[Act]Step) map[Act]Step {
		for k, v := range handed {
			if _, set := more[k]; !set {
				more[k] = v
			}
		}
		return more
	}
	return map[Step]map[Act]Step{
		Given:     with(map[Act]Step{actAccept: Accepted, actDecline: Declined, actLose: Gone}),
		Accepted:  with(map[Act]Step{actDecline: Declined, actLose: Gone}),
		Declined:  with(map[Act]Step{actAccept: Accepted, actLose: Gone}),
		Submitted: with(map[Act]Step{}),
		Look:      with(map[Act]Step{}),
		Passed:    {actSettle: Settled, actDoubt: Look, actReject: Rejected},
		Rejected:  with(map[Act]Step{actAppeal: Appealed}),
		Appealed:  {actSettle: Settled, actDeny: Denied, actPass: Passed},
		Settled:   {actDoubt: Look},
		Gone:      {actReturn: Given},
	}
}

// moved tells where an assignment goes by an act; "" when it cannot.
func moved(from Step, a Act) Step { return moves()[from][a] }

// waits tells whether an assignment waits for its person.
func waits(s Step) bool { return s == Given || s == Accepted || s == Rejected }

// done tells whether an assignment counts as done.
func done(s Step) bool { return s == Passed || s == Settled }

// handsIn tells whether a proof can be handed in.
func handsIn(s Step) bool {
	return s == Given || s == Accepted || s == Declined || s == Submitted || s == Look || s == Rejected
}

// behind lists the states of those who have not accepted or not handed in.
func behind(left string) []Step {
	if left == leftAccept {
		return []Step{Given}
	}
	return []Step{Given, Accepted, Rejected}
}

// What somebody may be behind with.
const (
	leftRead   = "read"
	leftAccept = "accept"
	leftSubmit = "submit"
)

const (
	maxTitle   = 80
	maxWindow  = 366 // days
	maxPicture = 8 << 20
)

// tidy fills what may be left out, so that readers never meet a null list.
func (p *Plan) tidy() {
	p.Title, p.Goal, p.Topic = strings.TrimSpace(p.Title), strings.TrimSpace(p.Goal), strings.TrimSpace(p.Topic)
	if p.Mode == "" {
		p.Mode = Spread
	}
	p.Hashtags.All = hashtags(p.Hashtags.All)
	tags := map[string][]string{}
	for k, v := range p.Hashtags.Platforms {
		if v = hashtags(v); len(v) > 0 {
			tags[k] = v
		}
	}
	p.Hashtags.Platforms = tags
	p.Phases, p.Briefs, p.Materials, p.Tasks = full(p.Phases), full(p.Briefs), full(p.Materials), full(p.Tasks)
	for i := range p.Briefs {
		b := &p.Briefs[i]
		b.Right, b.Wrong, b.Question.Options = full(b.Right), full(b.Wrong), full(b.Question.Options)
	}
	for i := range p.Tasks {
		t := &p.Tasks[i]
		t.Title = strings.TrimSpace(t.Title)
		t.Platforms, t.Materials, t.Fields = full(t.Platforms), full(t.Materials), full(t.Fields)
		for j := range t.Fields {
			t.Fields[j].Options = full(t.Fields[j].Options)
		}
	}
	p.Audience.Tidy()
}

func full[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// hashtags trims tags and drops the sign, empty ones and doubles.
func hashtags(list []string) []string {
	out := []string{}
	for _, t := range list {
		if t = strings.Trim(strings.TrimSpace(t), "#＃ "); t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// TagsFor gives the hashtags of a platform, the unified ones first.
func (p *Plan) TagsFor(platform string) []string {
	return hashtags(append(slices.Clone(p.Hashtags.All), p.Hashtags.Platforms[platform]...))
}

// BriefFor gives the brief of a platform, or the one of all.
func (p *Plan) BriefFor(platform string) Brief {
	var general Brief
	for _, b := range p.Briefs {
		if b.Platform == platform && platform != "" {
			return b
		}
		if b.Platform == "" {
			general = b
		}
	}
	return general
}

// due is when a task has to be done.
func (p *Plan) due(t *TaskPlan) clock.Ms {
	if t.DueAt != 0 {
		return t.DueAt
	}
	return p.EndsAt
}

// complete says everything that keeps a plan from being checked. Errors: by field, campaign.title and the others below.
func (p *Plan) complete(now clock.Ms) error {
	bad := errs.Bad()
	if n := utf8.RuneCountInString(p.Title); n < 1 || n > maxTitle {
		bad.Field("title", "campaign.title", "max", maxTitle)
	}
	if p.Goal == "" {
		bad.Field("goal", "campaign.goal")
	}
	p.checkWindow(now, bad)
	if len(p.Tasks) == 0 {
		bad.Field("tasks", "campaign.tasks_missing")
	}
	for i := range p.Briefs {
		p.Briefs[i].check(fmt.Sprintf("briefs[%d]", i), bad)
	}
	for i := range p.Tasks {
		p.checkTask(i, bad)
	}
	p.Audience.Check(bad)
	if p.Mode == Burst && p.EndsAt-p.StartsAt > clock.Ms(72*3600*1000) {
		bad.Field("ends_at", "campaign.burst_long", "hours", 72)
	}
	return bad.OrNil()
}

func (p *Plan) checkWindow(now clock.Ms, bad *errs.Error) {
	switch {
	case p.StartsAt == 0:
		bad.Field("starts_at", "campaign.starts_missing")
	case p.EndsAt == 0:
		bad.Field("ends_at", "campaign.ends_missing")
	case p.EndsAt <= p.StartsAt:
		bad.Field("ends_at", "campaign.ends_before")
	case p.EndsAt <= now:
		bad.Field("ends_at", "campaign.ends_past")
	case p.EndsAt-p.StartsAt > clock.Ms(maxWindow)*86_400_000:
		bad.Field("ends_at", "campaign.window_long", "max", maxWindow)
	}
	for i, x := range p.Phases {
		path := fmt.Sprintf("phases[%d]", i)
		if strings.TrimSpace(x.Name) == "" {
			bad.Field(path+".name", "campaign.phase_name")
		}
		if x.StartsAt < p.StartsAt || x.EndsAt > p.EndsAt || x.EndsAt <= x.StartsAt {
			bad.Field(path+".ends_at", "campaign.phase_outside")
		}
	}
	if q := p.Quiet; q.From < 0 || q.From > 1439 || q.To < 0 || q.To > 1439 {
		bad.Field("quiet", "campaign.quiet")
	}
}

func (b *Brief) check(path string, bad *errs.Error) {
	q := b.Question
	if q.Text == "" && len(q.Options) == 0 {
		return
	}
	if q.Text == "" || len(q.Options) < 2 || q.Right < 0 || q.Right >= len(q.Options) {
		bad.Field(path+".question", "campaign.question")
	}
}

func (p *Plan) checkTask(i int, bad *errs.Error) {
	t, path := &p.Tasks[i], fmt.Sprintf("tasks[%d]", i)
	if !slices.Contains(TaskTypes(), t.Type) {
		bad.Field(path+".type", "campaign.task_type")
	}
	if n := utf8.RuneCountInString(t.Title); n < 1 || n > maxTitle {
		bad.Field(path+".title", "campaign.task_title", "max", maxTitle)
	}
	if t.DueAt != 0 && (t.DueAt <= p.StartsAt || t.DueAt > p.EndsAt) {
		bad.Field(path+".due_at", "campaign.task_due")
	}
	if t.Phase > len(p.Phases) {
		bad.Field(path+".phase", "campaign.task_phase")
	}
	// A personal account belongs to its owner: no task on it can be an order.
	if t.Mandatory && (!t.Type.OnAccount() || p.Audience.Ownership != "company") {
		bad.Field(path+".mandatory", "campaign.mandatory_personal")
	}
	p.checkEvidence(t, path, bad)
}

func (p *Plan) checkEvidence(t *TaskPlan, path string, bad *errs.Error) {
	e := t.Evidence
	if !e.Link && e.Screenshots == 0 && !e.Form && !e.Question {
		bad.Field(path+".evidence", "campaign.evidence_missing")
	}
	if e.Link && !t.Type.OnAccount() {
		bad.Field(path+".evidence.link", "campaign.evidence_link")
	}
	if e.Form && len(t.Fields) == 0 {
		bad.Field(path+".fields", "campaign.fields_missing")
	}
	for j, f := range t.Fields {
		at := path + ".fields[" + strconv.Itoa(j) + "]"
		if f.Key == "" || strings.TrimSpace(f.Label) == "" || f.Kind == "choice" && len(f.Options) < 2 {
			bad.Field(at, "campaign.field")
		}
		if slices.ContainsFunc(t.Fields[:j], func(o FormField) bool { return o.Key == f.Key }) {
			bad.Field(at+".key", "campaign.field_double", "key", f.Key)
		}
	}
	if e.Question && !p.hasQuestion(t) {
		bad.Field(path+".evidence.question", "campaign.question_missing")
	}
	if e.Hashtag && len(p.Hashtags.All) == 0 && len(p.Hashtags.Platforms) == 0 {
		bad.Field(path+".evidence.hashtag", "campaign.hashtag_missing")
	}
}

// hasQuestion tells whether everybody who gets the task finds a question in the brief.
func (p *Plan) hasQuestion(t *TaskPlan) bool {
	asked := func(platform string) bool { return p.BriefFor(platform).Question.Text != "" }
	if len(t.Platforms) == 0 {
		return asked("")
	}
	return !slices.ContainsFunc(t.Platforms, func(x string) bool { return !asked(x) })
}

// number gives tasks that have no id yet one, and refuses ids that are not the campaign's.
func (p *Plan) number(known []TaskPlan, fresh func() id.ID) error {
	bad := errs.Bad()
	seen := map[id.ID]bool{}
	for i := range p.Tasks {
		t := &p.Tasks[i]
		if t.ID == 0 {
			t.ID = fresh()
			continue
		}
		k := slices.IndexFunc(known, func(o TaskPlan) bool { return o.ID == t.ID })
		if k < 0 || seen[t.ID] {
			bad.Field(fmt.Sprintf("tasks[%d].id", i), "campaign.task_unknown")
		} else if known[k].Type != t.Type {
			bad.Field(fmt.Sprintf("tasks[%d].type", i), "campaign.task_retyped")
		}
		seen[t.ID] = true
	}
	return bad.OrNil()
}

// texts lists the words of a plan that people will read or publish, by field.
func (p *Plan) texts() []FieldText {
	var out []FieldText
	add := func(field, text string) {
		if strings.TrimSpace(text) != "" {
			out = append(out, FieldText{field, text})
		}
	}
	add("title", p.Title)
	add("goal", p.Goal)
	add("topic", p.Topic)
	for i, h := range p.Hashtags.All {
		add(fmt.Sprintf("hashtags.all[%d]", i), h)
	}
	for _, x := range slices.Sorted(maps.Keys(p.Hashtags.Platforms)) {
		for i, h := range p.Hashtags.Platforms[x] {
			add(fmt.Sprintf("hashtags.platforms.%s[%d]", x, i), h)
		}
	}
	for i := range p.Phases {
		add(fmt.Sprintf("phases[%d].name", i), p.Phases[i].Name)
	}
	for i := range p.Briefs {
		b := &p.Briefs[i]
		add(fmt.Sprintf("briefs[%d].text", i), b.Text)
		add(fmt.Sprintf("briefs[%d].standard", i), b.Standard)
		for j, r := range b.Right { // the wrong examples may well be wrong
			add(fmt.Sprintf("briefs[%d].right[%d]", i, j), r)
		}
		add(fmt.Sprintf("briefs[%d].question.text", i), b.Question.Text)
		if q := b.Question; q.Right >= 0 && q.Right < len(q.Options) { // so may the wrong answers
			add(fmt.Sprintf("briefs[%d].question.options[%d]", i, q.Right), q.Options[q.Right])
		}
	}
	for i := range p.Tasks {
		t := &p.Tasks[i]
		add(fmt.Sprintf("tasks[%d].title", i), t.Title)
		add(fmt.Sprintf("tasks[%d].why", i), t.Why)
		add(fmt.Sprintf("tasks[%d].steps", i), t.Steps)
		add(fmt.Sprintf("tasks[%d].reward.text", i), t.Reward.Text)
		for j, f := range t.Fields {
			add(fmt.Sprintf("tasks[%d].fields[%d].label", i, j), f.Label)
		}
	}
	return out
}

// quietUntil gives when somebody may be told something at the earliest.
func (q Quiet) quietUntil(now clock.Ms, day func(clock.Ms) (clock.Ms, int)) clock.Ms {
	if q.From == q.To {
		return now
	}
	start, minute := day(now)
	at := func(m int) clock.Ms { return start + clock.Ms(m)*60_000 }
	switch {
	case q.From < q.To && minute >= q.From && minute < q.To:
		return at(q.To)
	case q.From > q.To && minute >= q.From:
		return at(q.To + 1440)
	case q.From > q.To && minute < q.To:
		return at(q.To)
	}
	return now
}
