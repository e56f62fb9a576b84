package library

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/library/variant"
)

// VarType is what fills a variable.
type VarType string

// The types of variables.
const (
	VarStore   VarType = "store"
	VarCity    VarType = "city"
	VarPrice   VarType = "price"
	VarAdviser VarType = "adviser"
	VarPhone   VarType = "phone"
	VarDate    VarType = "date"
	VarFree    VarType = "free"
)

// VarTypes lists the types.
func VarTypes() []VarType {
	return []VarType{VarStore, VarCity, VarPrice, VarAdviser, VarPhone, VarDate, VarFree}
}

// wellKnown gives the type of the names that need no declaration.
func wellKnown(name string) VarType {
	switch strings.ToLower(name) {
	case "门店", "店名", "store":
		return VarStore
	case "城市", "city":
		return VarCity
	case "价格", "price":
		return VarPrice
	case "顾问", "姓名", "adviser":
		return VarAdviser
	case "电话", "phone":
		return VarPhone
	case "日期", "date":
		return VarDate
	}
	return ""
}

// Variable declares a variable of a text. Value is what it says when nothing else is known: needed for a free one, the
// stand-in of the others.
type Variable struct {
	Name  string  `json:"name" maxLength:"20"`
	Type  VarType `json:"type" enum:"store,city,price,adviser,phone,date,free"`
	Value string  `json:"value" required:"false" maxLength:"200"`
}

// Shot is a picture of a video, or a step of a live session.
type Shot struct {
	Scene   string `json:"scene" required:"false" maxLength:"500" doc:"what is to be seen, or the goods of the step"`
	Words   string `json:"words" required:"false" maxLength:"2000" doc:"what is said"`
	Seconds int    `json:"seconds" required:"false" minimum:"0" maximum:"36000"`
	Note    string `json:"note" required:"false" maxLength:"500"`
}

// Content is what a version of an item says. Which fields count depends on the kind.
type Content struct {
	Title     string     `json:"title" required:"false" maxLength:"500" doc:"the title to publish; may hold variables and alternatives"`
	Body      string     `json:"body" required:"false" maxLength:"20000" doc:"the text; of an asset its description"`
	Fact      bool       `json:"fact" required:"false" doc:"price, stock, display: may be alike"`
	Platforms []string   `json:"platforms" required:"false" maxItems:"10"`
	Variables []Variable `json:"variables" required:"false" maxItems:"40"`
	Shots     []Shot     `json:"shots" required:"false" maxItems:"200"`
	Stage     string     `json:"stage" required:"false" maxLength:"40" doc:"talk tracks: where the customer stands"`
	Objection string     `json:"objection" required:"false" maxLength:"200" doc:"talk tracks: what the customer says"`
	PostURL   string     `json:"post_url" required:"false" maxLength:"500" doc:"cases: the post"`
	PostID    id.ID      `json:"post_id" required:"false" nullable:"true" doc:"cases: the post when it is one of the matrix"`
	Lesson    string     `json:"lesson" required:"false" maxLength:"2000" doc:"cases: why it worked"`
	Files     []id.ID    `json:"files" required:"false" maxItems:"50"`
	Assets    []id.ID    `json:"assets" required:"false" maxItems:"50" doc:"assets that go with the text"`
	Holder    string     `json:"holder" required:"false" maxLength:"200" doc:"who holds the rights"`
	Licence   string     `json:"licence" required:"false" maxLength:"2000" doc:"what is allowed"`
	Expires   clock.Day  `json:"expires" required:"false" nullable:"true" doc:"last day of use"`
}

// platforms are the social platforms, as the registry names them.
func platforms() []string {
	return []string{"xiaohongshu", "douyin", "channels", "kuaishou", "bilibili", "weibo", "wechat_oa"}
}

const (
	maxTitle = 100
	maxTags  = 20
	maxTag   = 20
	maxNote  = 500
)

// tidy trims and drops what is empty or doubled.
func tidy(list []string) []string {
	out := make([]string, 0, len(list))
	for _, x := range list {
		if x = strings.TrimSpace(x); x != "" && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// check makes a content fit to be kept for a kind, or adds what is wrong with it by field.
func (c *Content) check(kind Kind, bad *errs.Error) {
	c.Title, c.Body = strings.TrimSpace(c.Title), strings.TrimSpace(c.Body)
	c.Platforms = tidy(c.Platforms)
	for _, p := range c.Platforms {
		if !slices.Contains(platforms(), p) {
			bad.Field("content.platforms", "library.platform_unknown", "platform", p)
		}
	}
	switch kind {
	case Asset:
		if len(c.Files) == 0 {
			bad.Field("content.files", "library.files_missing")
		}
	case Template, Talk, Idea:
		if c.Body == "" {
			bad.Field("content.body", "library.body_missing")
		}
	case Script, Rundown:
		if len(c.Shots) == 0 {
			bad.Field("content.shots", "library.shots_missing")
		}
	case Case:
		if c.Lesson == "" && c.Body == "" {
			bad.Field("content.lesson", "library.lesson_missing")
		}
	}
	if len(c.Files) > 0 && c.Holder == "" && kind == Asset {
		bad.Field("content.holder", "library.holder_missing")
	}
	if c.PostURL != "" && !strings.HasPrefix(c.PostURL, "https://") && !strings.HasPrefix(c.PostURL, "http://") {
		bad.Field("content.post_url", "library.url")
	}
	c.checkText(kind, bad)
}

// checkText looks at the syntax of the text and at its variables.
func (c *Content) checkText(kind Kind, bad *errs.Error) {
	if !kind.fillable() {
		c.Variables = nil
		return
	}
	for i := range c.Variables {
		v := &c.Variables[i]
		v.Name, v.Value = strings.TrimSpace(v.Name), strings.TrimSpace(v.Value)
		path := fmt.Sprintf("content.variables[%d].", i)
		if v.Name == "" || utf8.RuneCountInString(v.Name) > 20 || strings.ContainsAny(v.Name, "{}|:：\\\n") {
			bad.Field(path+"name", "library.variable_name", "name", v.Name)
		}
		if slices.ContainsFunc(c.Variables[:i], func(o Variable) bool { return o.Name == v.Name }) {
			bad.Field(path+"name", "library.variable_twice", "name", v.Name)
		}
		if v.Type == VarFree && v.Value == "" {
			bad.Field(path+"value", "library.variable_value", "name", v.Name)
		}
	}
	t, err := variant.Parse(c.parts()...)
	var fault *variant.SyntaxError
	if errors.As(err, &fault) {
		slug, params := faultOf(fault)
		bad.Field(c.partField(fault.Part), slug, params...)
		return
	}
	for _, u := range t.Variables() {
		if c.typeOf(u.Name) == "" {
			bad.Field(c.partField(u.Part), "library.variable_unknown", "name", u.Name, "line", u.Line, "column", u.Column)
		}
	}
}

// faultOf is a fault of the syntax as a slug with its place.
func faultOf(f *variant.SyntaxError) (string, []any) {
	return "library.syntax_" + f.Slug, []any{"name", f.Name, "line", f.Line, "column", f.Column}
}

// typeOf gives the type of a variable: declared, or well known by its name; "" for a stranger.
func (c *Content) typeOf(name string) VarType {
	for _, v := range c.Variables {
		if v.Name == name {
			return v.Type
		}
	}
	return wellKnown(name)
}

// parts are the texts that are filled together: title, body, then the words of each shot.
func (c *Content) parts() []string {
	out := []string{c.Title, c.Body}
	for _, s := range c.Shots {
		out = append(out, s.Words)
	}
	return out
}

func (c *Content) partField(part int) string {
	switch part {
	case 0:
		return "content.title"
	case 1:
		return "content.body"
	}
	return fmt.Sprintf("content.shots[%d].words", part-2)
}

// published names the parts as the rules do.
func published(parts []string) []Field {
	out := make([]Field, 0, 2)
	if parts[0] != "" {
		out = append(out, Field{"title", parts[0]})
	}
	if body := strings.TrimSpace(strings.Join(parts[1:], "\n")); body != "" {
		out = append(out, Field{"body", body})
	}
	return out
}

// kindAt names the kind of publication for the rules.
func (k Kind) kindAt() string {
	switch k {
	case Template, Script:
		return "post"
	case Rundown:
		return "live"
	case Talk:
		return "reply"
	case Asset, Idea, Case:
	}
	return ""
}

// said is every text of a content that somebody may read: for the index and for the rules where nothing is filled.
func (c *Content) said() string {
	list := []string{c.Title, c.Body, c.Stage, c.Objection, c.Lesson}
	for _, s := range c.Shots {
		list = append(list, s.Scene, s.Words)
	}
	return strings.TrimSpace(strings.Join(slices.DeleteFunc(list, func(x string) bool { return x == "" }), "\n"))
}

// summary is the beginning of what an item says, for lists: of a text with alternatives one way to say it.
func (c *Content) summary() string {
	text := c.said()
	if t, err := variant.Parse(c.parts()...); err == nil && t.Count() > 1 {
		text = strings.Join(t.Fill(0, nil), " ")
	}
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) > 120 {
		return string(r[:120]) + "…"
	}
	return string(r)
}

func (c *Content) json() string {
	raw, err := json.Marshal(c)
	if err != nil {
		panic("library: content: " + err.Error()) // plain values always encode
	}
	return string(raw)
}

func contentOf(raw string) (Content, error) {
	var c Content
	if err := json.Unmarshal([]byte(raw), &c); err != nil {
		return c, fmt.Errorf("library: content: %w", err)
	}
	return c, nil
}
