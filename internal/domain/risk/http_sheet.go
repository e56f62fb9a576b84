package risk

import (
	"context"
	"io"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/web"
)

// maxSheet bounds an uploaded sheet of rules.
const maxSheet = 20 << 20

type exportInput struct {
	Text     string `query:"q" maxLength:"100"`
	Category string `query:"category" maxLength:"40"`
	Severity string `query:"severity" enum:"low,medium,high"`
	Pack     string `query:"pack" maxLength:"60"`
	State    string `query:"state" enum:"shipped,changed,own,off,pack_off,edited"`
}

type importInput struct {
	Dry bool `query:"dry" doc:"Only tell what would happen"`
}

type takenBody struct {
	Added    int         `json:"added"`
	Changed  int         `json:"changed"`
	Switched int         `json:"switched"`
	Same     int         `json:"same"`
	Applied  bool        `json:"applied"`
	Faults   []faultBody `json:"faults"`
}

type faultBody struct {
	Row     int    `json:"row"`
	Column  string `json:"column" doc:"Title of the column"`
	Message string `json:"message"`
}

func (s *Service) sheetRoutes(r *web.Router) {
	web.HandleDownload(r, web.Route{Method: http.MethodGet, Path: "/api/v1/risk/rules.xlsx", Summary: "The draft's rules as a workbook", Permission: permRead, Produces: web.XLSX, Timeout: -1}, s.getSheet)
	web.HandleUpload(r, web.Route{
		Method: http.MethodPost, Path: "/api/v1/risk/rules/import", Summary: "Take a sheet of rules into the draft", Permission: permWrite, Accepts: "multipart/form-data", MaxBody: maxSheet,
	}, s.postSheet)
}

// say words a slug of the room in the caller's language.
func (s *Service) say(actor authz.Actor) func(string) string {
	lang := i18n.Match(actor.Lang)
	return func(slug string) string { return s.Texts.Text(lang, "risk."+slug, nil) }
}

func (s *Service) getSheet(ctx context.Context, actor authz.Actor, in *exportInput) (*web.Download, error) {
	say := s.say(actor)
	f := RuleFilter{in.Text, in.Category, in.Severity, in.Pack, in.State}
	return &web.Download{Name: say("sheet_rules") + ".xlsx", ContentType: web.XLSX, Write: func(w io.Writer) error {
		return s.WriteRules(ctx, actor, f, say, w)
	}}, nil
}

func (s *Service) postSheet(ctx context.Context, actor authz.Actor, in *importInput, req *http.Request) (*takenBody, error) {
	var data []byte
	err := web.EachPart(req, func(p web.Part) (err error) {
		if p.FileName != "" && data == nil {
			data, err = io.ReadAll(io.LimitReader(p.Body, maxSheet))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(data) == 0 {
		return nil, errs.New(errs.Invalid, "risk.sheet_missing")
	}
	heads := map[string]string{}
	for _, lang := range []i18n.Lang{i18n.Match("zh"), i18n.Match("en")} {
		for _, c := range columns() {
			heads[s.Texts.Text(lang, "risk.col_"+c.name, nil)] = c.name
		}
	}
	t, err := s.ReadRules(ctx, actor, data, heads, in.Dry)
	if err != nil {
		return nil, err
	}
	out := &takenBody{Added: t.Added, Changed: t.Changed, Switched: t.Switched, Same: t.Same, Applied: !in.Dry && len(t.Faults) == 0, Faults: []faultBody{}}
	say := s.say(actor)
	for _, f := range t.Faults {
		b := faultBody{Row: f.Row, Message: s.Texts.Text(i18n.Match(actor.Lang), f.Slug, f.Params)}
		if f.Column != "" {
			b.Column = say("col_" + f.Column)
		}
		out.Faults = append(out.Faults, b)
	}
	return out, nil
}
