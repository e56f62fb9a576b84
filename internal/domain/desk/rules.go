package desk

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
)

// Bounds of a submission.
const (
	maxText     = 10_000 // code points of one field
	maxMedia    = 18
	maxPictures = 18
	maxReason   = 1_000
	maxMark     = 200 // code points of the name and note of a media
	maxFindings = 200 // kept of one version
	maxLinks    = 20  // pasted for one submission, corrections included
	titleLength = 60
)

// allowed tells whether a verb makes sense in a state.
func allowed(s State, v Verb) bool {
	switch v {
	case Decide:
		return s == Waiting
	case Publish, Expire:
		return s == Approved
	case Correct:
		return s == Published
	case Resubmit:
		return slices.Contains([]State{Waiting, Changes, Rejected, Blocked, Approved, Expired}, s)
	case Withdraw:
		return slices.Contains([]State{Reading, Waiting, Changes, Rejected, Blocked, Approved, Expired}, s)
	}
	return false
}

// tidy trims texts, puts them into the order of the kind's fields and drops empty ones.
func tidy(kind string, texts []Text) []Text {
	out := []Text{}
	for _, f := range Fields(kind) {
		for _, t := range texts {
			if text := strings.TrimSpace(t.Text); t.Field == f && strings.ContainsFunc(text, visible) {
				out = append(out, Text{f, text})
			}
		}
	}
	return out
}

// visible tells whether a reader sees a character: a text of zero-width characters alone says nothing.
func visible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

// checkDraft judges what was handed in. Errors, all at once: fields kind, platform, texts, media, pictures.
func checkDraft(d Draft) error {
	bad := errs.Bad()
	if !slices.Contains(Kinds(), d.Kind) {
		return bad.Field("kind", "desk.kind_unknown")
	}
	switch {
	case d.Platform == "":
		bad.Field("platform", "base.required")
	case !slices.Contains(account.Platforms(), account.Platform(d.Platform)):
		bad.Field("platform", "desk.platform_unknown")
	}
	seen := map[string]bool{}
	for i, t := range d.Texts {
		path := fmt.Sprintf("texts[%d]", i)
		switch {
		case !slices.Contains(Fields(d.Kind), t.Field):
			bad.Field(path+".field", "desk.field_unknown")
		case seen[t.Field]:
			bad.Field(path+".field", "desk.field_twice")
		case utf8.RuneCountInString(t.Text) > maxText:
			bad.Field(path+".text", "base.too_long", "limit", maxText)
		}
		seen[t.Field] = true
	}
	if len(tidy(d.Kind, d.Texts)) == 0 {
		bad.Field("texts", "desk.text_missing")
	}
	if len(d.Media) > maxMedia {
		bad.Field("media", "desk.too_many", "limit", maxMedia)
	}
	if len(d.Pictures) > maxPictures {
		bad.Field("pictures", "desk.too_many", "limit", maxPictures)
	}
	for i, m := range d.Media {
		for name, s := range map[string]string{"name": m.Name, "note": m.Note} {
			if utf8.RuneCountInString(s) > maxMark {
				bad.Field(fmt.Sprintf("media[%d].%s", i, name), "base.too_long", "limit", maxMark)
			}
		}
		if m.Link != "" && !webLink(m.Link) {
			bad.Field(fmt.Sprintf("media[%d].link", i), "desk.link_bad")
		}
	}
	return bad.OrNil()
}

// checkDecision judges a reviewer's words. Errors: fields reason, suggestion.
func checkDecision(kind string, d Decision) error {
	bad := errs.Bad()
	if utf8.RuneCountInString(d.Reason) > maxReason {
		bad.Field("reason", "base.too_long", "limit", maxReason)
	}
	for i, t := range d.Suggestion {
		if !slices.Contains(Fields(kind), t.Field) {
			bad.Field(fmt.Sprintf("suggestion[%d].field", i), "desk.field_unknown")
		}
		if utf8.RuneCountInString(t.Text) > maxText {
			bad.Field(fmt.Sprintf("suggestion[%d].text", i), "base.too_long", "limit", maxText)
		}
	}
	switch {
	case d.Verb == Suggest && d.Reason == "" && len(tidy(kind, d.Suggestion)) == 0:
		bad.Field("suggestion", "desk.suggestion_missing")
	case d.Verb == Reject && d.Reason == "":
		bad.Field("reason", "desk.reason_missing")
	}
	return bad.OrNil()
}

// webLink accepts addresses that a browser opens, of a host with a name: a bare IP address, in whatever writing, is no
// platform's.
func webLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.User == nil && named(u.Hostname())
}

// named tells whether a host is a domain name with a top level of letters, which no writing of an IP address has
// (1.2.3.4, 0x7f.1, 127.1, [::1]).
func named(host string) bool {
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	top := labels[len(labels)-1]
	return len(labels) > 1 && len(top) > 1 && !slices.Contains(labels, "") && unicode.IsLetter([]rune(top)[0]) && !strings.ContainsAny(host, ":%")
}

// linkIn finds the address in what a platform's "copy link" gives, which often has words around it.
func linkIn(text string) string {
	for _, scheme := range []string{"https://", "http://"} {
		_, rest, ok := strings.Cut(text, scheme)
		if !ok {
			continue
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"<>`, r) })
		if end >= 0 {
			rest = rest[:end]
		}
		if link := scheme + strings.TrimRight(rest, ".,;)!"); webLink(link) {
			return link
		}
	}
	return ""
}

// printOf is equal for submissions that say the same word for word, for one platform and kind.
func printOf(kind, platform string, texts []Text) string {
	h := sha256.New()
	put := func(s string) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	put(kind)
	put(platform)
	for _, t := range texts {
		put(t.Field)
		put(t.Text)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// sampled draws: the same submission and version always draws the same lot, and nobody can choose it.
func sampled(submission id.ID, version, percent int) bool {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:], uint64(submission))
	binary.BigEndian.PutUint64(raw[8:], uint64(version))
	sum := sha256.Sum256(append([]byte("desk.sample|"), raw[:]...))
	return int(binary.BigEndian.Uint32(sum[:])%100) < percent
}

// gravest keeps the weightiest findings, in their order; the last one tells how many more there were.
func gravest(list []Finding) []Finding {
	if len(list) <= maxFindings {
		return list
	}
	room, keep := maxFindings, make([]bool, len(list))
	for _, severity := range []string{"high", "medium", "low"} {
		for i := range list {
			if room > 0 && list[i].Severity == severity {
				keep[i] = true
				room--
			}
		}
	}
	out := make([]Finding, 0, maxFindings)
	for i := range list {
		if keep[i] {
			out = append(out, list[i])
		}
	}
	if n := len(out); n > 0 {
		out[n-1].More = len(list) - n
	}
	return out
}

// moreOf tells how many findings were not kept.
func moreOf(list []Finding) int {
	if len(list) == 0 {
		return 0
	}
	return list[len(list)-1].More
}

// plan is what happens with a checked version.
type plan struct {
	state    State
	need     int
	straight string
	sampled  bool
}

// about is what is known of a version beside its level.
type about struct {
	same      bool // a reviewer approved it word for word, and the approval is still good
	suggested bool // it is a reviewer's own words, taken over unedited
	unread    bool // some pictures could not be read
}

// planFor decides where a checked version goes.
func planFor(set Settings, level Level, sample func(percent int) bool, a about) plan {
	same, suggested, unread := a.same, a.suggested, a.unread
	rule := set.Levels[level]
	if unread && set.UnreadPictures == UnreadReview && level < Medium {
		rule = Rule{Action: ActionReview, Reviewers: max(1, rule.Reviewers)}
	}
	switch {
	case rule.Action == ActionBlock:
		return plan{state: Blocked}
	case suggested && rule.Reviewers <= 1:
		return plan{state: Approved, straight: StraightSuggested}
	case suggested:
		return plan{state: Waiting, need: rule.Reviewers}
	case same && set.ReuseApproved && !unread:
		return plan{state: Approved, straight: StraightSame}
	case rule.Action == ActionReview:
		return plan{state: Waiting, need: rule.Reviewers}
	case sample(rule.Percent):
		return plan{state: Waiting, need: rule.Reviewers, sampled: true}
	}
	return plan{state: Approved, straight: StraightClean}
}

// rankOf orders the queue: the graver level first, then the higher score, then what waits longer.
func rankOf(level Level, permille int, submitted clock.Ms) int64 {
	const times = 10_000_000_000_000 // more than a time in milliseconds
	return (int64(level)*1_000+int64(permille))*times + times - int64(submitted)
}

// titleOf is how a list names a submission.
func titleOf(texts []Text) string {
	if len(texts) == 0 {
		return ""
	}
	r := []rune(strings.Join(strings.Fields(texts[0].Text), " "))
	if len(r) > titleLength {
		return string(r[:titleLength]) + "…"
	}
	return string(r)
}

// approvalEnds gives when an approval is over.
func approvalEnds(set Settings, kind string, now time.Time) clock.Ms {
	days := set.ApprovalDays
	if kind == "profile" {
		days = set.ProfileDays
	}
	return clock.MsOf(now.AddDate(0, 0, days))
}
