package hit

import (
	"strconv"
	"strings"

	"kosmos/internal/base/clock"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/hit/pattern"
)

// Say words a slug of the room ("hit.<slug>") in the reader's language.
type Say func(slug string, params map[string]any) string

// prefill says of a hit what the program knows, in the fields of a teardown. What it cannot know is left to people.
func prefill(d *Detail, words account.Words, say Say) Fields {
	h := &d.Hit
	t := pattern.Read(h.Title, func(s string) string { return words.In(s) })
	f := Fields{"post": h.Title, "platform": say("platform_"+h.Platform, nil), "opening": t.Opening, "title_words": titleWords(&t, say), "title_rhetoric": rhetoric(&t, say)}
	if h.PublishedDay != 0 {
		f["time"] = published(h, say)
	}
	switch {
	case h.Author != "":
		f["account"] = h.Author
	case h.Label.Name != "":
		f["account"] = h.Label.Name
	default:
		f["account"] = h.Label.Handle
	}
	if d.Followers != nil {
		f["followers"] = strconv.FormatInt(*d.Followers, 10)
	}
	if t.Rest != "" {
		f["middle"] = t.Rest
	}
	if t.Has(pattern.Question) {
		f["question"] = say("pre_question", nil)
	}
	if t.Has(pattern.Steps) || t.Has(pattern.Warning) {
		f["usefulness"] = say("pre_useful", nil)
	}
	if h.Media != "" {
		f["shooting"] = say("media_"+h.Media, nil)
	}
	for k, v := range f {
		if v == "" {
			delete(f, k)
		}
	}
	return f
}

// titleWords tells length, the words that stand out and the tags.
func titleWords(t *pattern.Title, say Say) string {
	out := []string{say("pre_length", map[string]any{"n": t.Length})}
	if len(t.Words) > 0 {
		out = append(out, say("pre_words", map[string]any{"words": strings.Join(t.Words, say("pre_comma", nil))}))
	}
	if len(t.Tags) > 0 {
		out = append(out, say("pre_tags", map[string]any{"tags": "#" + strings.Join(t.Tags, " #")}))
	}
	return strings.Join(out, "\n")
}

func rhetoric(t *pattern.Title, say Say) string {
	var out []string
	for _, m := range t.Marks {
		if m != pattern.Hashtag {
			out = append(out, say("mark_"+string(m), nil))
		}
	}
	return strings.Join(out, say("pre_comma", nil))
}

// published tells day, weekday and, when known, the time.
func published(h *Hit, say Say) string {
	day := h.PublishedDay.In(clock.Shanghai())
	text := h.PublishedDay.String() + " " + say("weekday_"+strconv.Itoa(int(day.Weekday())), nil)
	if !h.DayOnly {
		text += " " + h.PublishedAt.Time().In(clock.Shanghai()).Format("15:04")
	}
	return text
}
