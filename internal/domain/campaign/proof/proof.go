// Package proof decides what a proof is worth: pure rules over what was handed in, what is known and what the task asks. No
// store, no clock.
//
// Each test answers pass, wait (figures have to show it), look (somebody has to) or fail. The worst answer is the outcome; a
// test that has nothing to look at stays silent.
package proof

import (
	"slices"
	"strings"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/scan/link"
)

// Result is what a test found.
type Result string

// The results, from good to bad.
const (
	Pass Result = "pass"
	Wait Result = "wait"
	Look Result = "look"
	Fail Result = "fail"
)

func (r Result) rank() int { return slices.Index([]Result{Pass, Wait, Look, Fail}, r) }

// Check is one test with what it found. Slug names the text, "campaign.proof_…".
type Check struct {
	Test   string         `json:"test"`
	Result Result         `json:"result"`
	Slug   string         `json:"slug"`
	Params map[string]any `json:"params,omitempty"`
}

// Post is an imported post. Live is false when it was seen to be gone.
type Post struct {
	ID, AccountID id.ID
	Title         string
	PublishedAt   clock.Ms
	DayOnly       bool
	Live          bool
}

// Asked is what the task asks.
type Asked struct {
	Link, Hashtag, Form, Question, ByHand bool
	Screenshots                           int
	Publishes                             bool // the window is that of publishing
	Platform                              string
	AccountID                             id.ID
	ExternalID                            string // of the account on its platform, "" while unknown
	From, To, DueAt                       clock.Ms
	Tags                                  []string
	Right                                 int // the right answer
	Fields                                []Field
	Similar                               float64  // resemblance above which a text is too much like another; 1 allows everything
	Place                                 bool     // the post must be seen to carry the store's location
	Places                                []string // names of it: the store, its location on the platform
	Refuse                                bool     // what is too much alike is refused; else somebody looks
}

// Field is a field of a form.
type Field struct {
	Key, Kind string
	Options   []string
	Required  bool
}

// Given is what was handed in, and what is known about it.
type Given struct {
	Link     link.Link
	Picked   bool  // one of the imported posts was chosen
	Post     *Post // the imported post it is; nil while unknown
	Text     string
	Pictures int
	Reused   bool // a screenshot that was handed in before
	Answer   *int
	Form     map[string]string
	Taken    bool    // the link was handed in for another task
	Alike    float64 // resemblance to the most similar text of the campaign
	Verdict  string  // of the rules of risk: pass, warn, review, block; "" not asked
	At       clock.Ms
	Waited   bool // figures that should have shown the post came and did not
}

// Run holds a proof against everything the task asks, in the order pages show it.
func Run(a *Asked, g *Given) []Check {
	var out []Check
	add := func(test string, r Result, slug string, kv ...any) {
		c := Check{Test: test, Result: r, Slug: "campaign.proof_" + slug}
		for i := 0; i+1 < len(kv); i += 2 {
			if c.Params == nil {
				c.Params = map[string]any{}
			}
			c.Params[kv[i].(string)] = kv[i+1]
		}
		out = append(out, c)
	}
	if a.Link {
		linked(a, g, add)
	}
	if a.Link && a.Publishes {
		window(a, g, add)
	}
	if a.Hashtag {
		hashtag(a, g, add)
	}
	if a.Place {
		placed(a, g, add)
	}
	words(a, g, add)
	asked(a, g, add)
	if a.DueAt != 0 && g.At > a.DueAt {
		add("late", Look, "late")
	}
	if a.ByHand {
		add("by_hand", Look, "by_hand")
	}
	return out
}

type adder func(test string, r Result, slug string, kv ...any)

// linked tests that there is a link, of the right platform, of the own account, handed in once and still alive.
func linked(a *Asked, g *Given, add adder) {
	l := g.Link
	switch {
	case !g.Picked && !l.Found():
		add("link", Fail, "link_missing")
		return
	case !g.Picked && l.Platform == "":
		add("platform", Fail, "link_foreign")
		return
	case !g.Picked && l.Platform != a.Platform:
		add("platform", Fail, "platform_other", "is", l.Platform, "want", a.Platform)
		return
	case l.Kind == link.Profile || l.Kind == link.Other && !g.Picked:
		add("link", Fail, "link_no_post")
		return
	}
	add("platform", Pass, "platform_ok")
	owned(a, g, add)
	if g.Taken {
		add("once", Fail, "taken")
	} else {
		add("once", Pass, "once_ok")
	}
	if g.Post != nil && !g.Post.Live {
		add("alive", Fail, "deleted")
	} else if g.Post != nil {
		add("alive", Pass, "alive_ok")
	}
}

// owned tests that the post is of the own account: the imported post knows, else the address may.
func owned(a *Asked, g *Given, add adder) {
	switch {
	case g.Post != nil && g.Post.AccountID != a.AccountID:
		add("account", Fail, "not_mine")
	case g.Post != nil:
		add("account", Pass, "account_ok")
	case g.Link.Author != "" && a.ExternalID != "" && g.Link.Author != a.ExternalID:
		add("account", Fail, "not_mine")
	case g.Link.Author != "" && g.Link.Author == a.ExternalID:
		add("account", Pass, "account_ok")
	case g.Waited:
		add("account", Look, "unseen")
	default:
		add("account", Wait, "account_wait")
	}
}

// window tests that it was published between the first and the last moment. A source that tells only days is believed by day.
func window(a *Asked, g *Given, add adder) {
	if g.Post == nil || g.Post.PublishedAt == 0 {
		if !g.Waited {
			add("window", Wait, "window_wait")
		} else {
			add("window", Look, "window_unknown")
		}
		return
	}
	at, from, to := g.Post.PublishedAt, a.From, a.To
	if g.Post.DayOnly {
		from -= 86_400_000 // the day began before the first moment of the window did
	}
	switch {
	case at < from:
		add("window", Fail, "too_early")
	case at > to:
		add("window", Fail, "too_late")
	default:
		add("window", Pass, "window_ok")
	}
}

// hashtag tests that one of the tags stands in the words handed in or in the title of the post.
func hashtag(a *Asked, g *Given, add adder) {
	text := g.Text
	if g.Post != nil {
		text += "\n" + g.Post.Title
	}
	switch {
	case HasTag(text, a.Tags):
		add("hashtag", Pass, "hashtag_ok")
	case strings.TrimSpace(text) == "" && g.Post == nil && !g.Waited:
		add("hashtag", Wait, "hashtag_wait")
	case g.Post != nil && strings.TrimSpace(g.Text) == "": // a title need not hold the tags of the body
		add("hashtag", Look, "hashtag_unseen")
	default:
		add("hashtag", Fail, "no_hashtag", "tags", "#"+strings.Join(a.Tags, " #"))
	}
}

// HasTag tells whether a text holds one of the tags, whatever its width and case; "#新车#" and "#新车" both do.
func HasTag(text string, tags []string) bool {
	if len(tags) == 0 {
		return false
	}
	folded := strings.ToLower(strings.ReplaceAll(text, "＃", "#"))
	for _, t := range tags {
		tag := "#" + strings.ToLower(t)
		for at := 0; ; {
			i := strings.Index(folded[at:], tag)
			if i < 0 {
				break
			}
			end := at + i + len(tag)
			if endsTag(folded[end:]) {
				return true
			}
			at = end
		}
	}
	return false
}

// endsTag tells whether a tag ends here: #新车 is not in #新车型.
func endsTag(rest string) bool {
	for _, r := range rest {
		return r == '#' || r == '[' || strings.ContainsRune(" \t\r\n　,，.。!！?？;；:：、@)）】」~～…", r)
	}
	return true
}

// placed tests that the post tells where it was made. No platform's export says which location a post carries, so what counts is
// the name of the place in the words, or a picture that somebody looks at.
func placed(a *Asked, g *Given, add adder) {
	text := g.Text
	if g.Post != nil {
		text += "\n" + g.Post.Title
	}
	squeeze := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }
	said := squeeze(text)
	for _, p := range a.Places {
		if name := squeeze(p); name != "" && strings.Contains(said, name) {
			add("place", Pass, "place_ok", "place", p)
			return
		}
	}
	switch {
	case g.Pictures > 0:
		add("place", Look, "place_picture")
	case strings.TrimSpace(g.Text) != "" && len(a.Places) > 0:
		add("place", Fail, "no_place", "place", a.Places[0])
	case g.Post == nil && !g.Waited:
		add("place", Wait, "place_wait")
	default:
		add("place", Look, "place_unseen")
	}
}

// words tests the text against the campaign's others and the rules of risk.
func words(a *Asked, g *Given, add adder) {
	if strings.TrimSpace(g.Text) == "" && g.Post == nil {
		return
	}
	switch {
	case a.Similar >= 1:
	case g.Alike > a.Similar && a.Refuse:
		add("similar", Fail, "alike_refused", "percent", int(g.Alike*100), "most", int(a.Similar*100))
	case g.Alike > a.Similar:
		add("similar", Look, "alike", "percent", int(g.Alike*100))
	case g.Text != "":
		add("similar", Pass, "similar_ok")
	}
	switch g.Verdict {
	case "":
	case "block":
		add("risk", Fail, "risk_block")
	case "review":
		add("risk", Look, "risk_review")
	default:
		add("risk", Pass, "risk_ok")
	}
}

// asked tests screenshots, form and question.
func asked(a *Asked, g *Given, add adder) {
	if a.Screenshots > 0 {
		switch {
		case g.Pictures < a.Screenshots:
			add("screenshots", Fail, "screenshots_few", "want", a.Screenshots, "is", g.Pictures)
		case g.Reused:
			add("screenshots", Look, "screenshot_reused")
		case !a.Link: // nothing else shows it: somebody has to look at the picture
			add("screenshots", Look, "screenshots_look")
		default:
			add("screenshots", Pass, "screenshots_ok")
		}
	}
	if a.Form {
		if key := faultyField(a.Fields, g.Form); key != "" {
			add("form", Fail, "form_fault", "field", key)
		} else {
			add("form", Pass, "form_ok")
		}
	}
	if a.Question {
		switch {
		case g.Answer == nil:
			add("question", Fail, "question_missing")
		case *g.Answer != a.Right:
			add("question", Fail, "question_wrong")
		default:
			add("question", Pass, "question_ok")
		}
	}
}

// faultyField names the first field whose answer is missing or does not fit.
func faultyField(fields []Field, form map[string]string) string {
	for _, f := range fields {
		v := strings.TrimSpace(form[f.Key])
		switch {
		case v == "":
			if f.Required {
				return f.Key
			}
		case f.Kind == "number" && strings.Trim(strings.TrimPrefix(v, "-"), "0123456789.") != "",
			f.Kind == "yes_no" && v != "yes" && v != "no",
			f.Kind == "choice" && !slices.Contains(f.Options, v):
			return f.Key
		}
	}
	return ""
}

// Outcome is the worst result of a proof, and the check that gave it.
func Outcome(list []Check) (Result, *Check) {
	worst, at := Pass, -1
	for i := range list {
		if list[i].Result.rank() > worst.rank() {
			worst, at = list[i].Result, i
		}
	}
	if at < 0 {
		return worst, nil
	}
	return worst, &list[at]
}
