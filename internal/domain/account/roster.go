package account

import (
	"runtime"
	"strings"
	"sync"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// RosterColumn is a column of the roster sheet with its two headers.
type RosterColumn struct {
	Key string `json:"key"`
	Zh  string `json:"zh"`
	En  string `json:"en"`
}

// RosterColumns lists the columns in the order of the template. Either header is understood.
func RosterColumns() []RosterColumn {
	return []RosterColumn{
		{"unit_path", "单位路径", "unit_path"},
		{"unit_kind", "单位类型", "unit_kind"},
		{"member", "姓名", "member"},
		{"phone", "手机", "phone"},
		{"role", "角色", "role"},
		{"platform", "平台", "platform"},
		{"handle", "账号名", "handle"},
		{"external_id", "平台ID", "external_id"},
		{"account_kind", "账号类型", "account_kind"},
		{"ownership", "归属", "ownership"},
	}
}

// RosterExtras lists the columns a sheet may have besides; a sheet without them leaves the values alone.
func RosterExtras() []RosterColumn {
	return []RosterColumn{{"name", "昵称", "name"}, {"verified", "蓝V", "verified"}}
}

// RosterTemplate gives the sheet to download: the header and sample rows that would import as they are.
func RosterTemplate(lang string) (header []string, rows [][]string) {
	for _, c := range RosterColumns() {
		if lang == "en" {
			header = append(header, c.En)
		} else {
			header = append(header, c.Zh)
		}
	}
	if lang == "en" {
		return header, [][]string{
			{"East/Shanghai/Jing'an", "store", "Wang Xiaoming", "13800138000", "kos", "xiaohongshu", "kos_sh_01", "", "employee", "personal"},
			{"East/Shanghai/Jing'an", "store", "Wang Xiaoming", "13800138000", "kos", "douyin", "kos_dy_01", "", "employee", "personal"},
			{"East/Shanghai/Jing'an", "store", "", "", "", "channels", "jingan_store", "", "store", "company"},
		}
	}
	return header, [][]string{
		{"华东/上海/静安店", "门店", "王小明", "13800138000", "导购", "小红书", "kos_sh_01", "", "员工", "个人"},
		{"华东/上海/静安店", "门店", "王小明", "13800138000", "导购", "抖音", "kos_dy_01", "", "员工", "个人"},
		{"华东/上海/静安店", "门店", "", "", "", "视频号", "静安店官方", "", "门店", "公司"},
	}
}

// RosterRow is a row of the sheet as text; Row is its number there. CreatedDay is not a column: the sandbox sets it.
type RosterRow struct {
	Row         int
	UnitPath    string
	UnitKind    string
	Member      string
	Phone       string
	Role        string
	Platform    string
	Handle      string
	ExternalID  string
	AccountKind string
	Ownership   string
	Name        string
	Verified    string
	CreatedDay  clock.Day

	read  *sound      // the cells as understood, once they were found sound
	ready MemberReady // of the person, by RosterReady
}

// RowFault is what is wrong with a row: the column's key, and a slug with parameters to render.
type RowFault struct {
	Row    int
	Column string
	Slug   string
	Params map[string]any
}

// RosterChecked is a sheet after the checks that need no store.
type RosterChecked struct {
	Rows     []RosterRow // sound, no account twice
	Errors   []RowFault
	Warnings []RowFault
}

// RosterReady does what applying rows needs no store for – cells, phones, spelling – and keeps it in the rows. It may
// run beside other work, before the transaction of RosterApply; rows without it are made ready there.
func (s *Service) RosterReady(brand id.ID, rows []RosterRow) error {
	for i := range rows {
		r := &rows[i]
		if r.read == nil {
			v, faults := readRow(*r)
			if len(faults) > 0 {
				continue // RosterApply tells them
			}
			r.read = &v
		}
		if r.read.Member == "" {
			continue
		}
		var err error
		if r.ready, err = s.People.ReadMember(brand, MemberWant{Name: r.read.Member, Phone: r.read.Phone, Role: r.read.Role}); err != nil {
			return err
		}
	}
	return nil
}

// sound is a row whose cells were understood. HasAccount is false for a row that names only a unit or a member.
type sound struct {
	RosterRow
	path       string
	platform   Platform
	handle     string
	norm       string
	kind       Kind // "" = by the row
	ownership  Ownership
	verified   *bool
	hasAccount bool
}

// RosterSeen remembers the rows of a sheet by the keys of their accounts, from one part of the sheet to the next.
type RosterSeen map[string]int

// RosterCheck checks a sheet, or the next part of one, cell by cell and takes out doubles: of two rows for one account
// the first counts, the second is a warning. Seen starts empty with every sheet.
func (s *Service) RosterCheck(seen RosterSeen, rows []RosterRow) RosterChecked {
	var out RosterChecked
	all, wrong := readRows(rows)
	for i, r := range rows {
		if len(wrong[i]) > 0 {
			out.Errors = append(out.Errors, wrong[i]...)
			continue
		}
		r.read = &all[i]
		v := r.read
		if v.hasAccount {
			twice := false
			for _, key := range v.keys() {
				if first, ok := seen[key]; ok {
					out.Warnings = append(out.Warnings, RowFault{
						Row: r.Row, Column: "handle", Slug: "account.roster_double",
						Params: map[string]any{"handle": v.handle, "first": first},
					})
					twice = true
					break
				}
			}
			if twice {
				continue
			}
			for _, key := range v.keys() {
				seen[key] = r.Row
			}
		}
		out.Rows = append(out.Rows, r)
	}
	return out
}

// readRows is readRow for a whole sheet, on several processors.
func readRows(rows []RosterRow) (all []sound, wrong [][]RowFault) {
	all, wrong = make([]sound, len(rows)), make([][]RowFault, len(rows))
	part := max(RosterBatch, len(rows)/runtime.GOMAXPROCS(0)+1)
	var wait sync.WaitGroup
	for from := 0; from < len(rows); from += part {
		wait.Go(func() {
			for i := from; i < min(from+part, len(rows)); i++ {
				all[i], wrong[i] = readRow(rows[i])
			}
		})
	}
	wait.Wait()
	return all, wrong
}

func (v *sound) keys() []string {
	keys := []string{string(v.platform) + "|h|" + v.norm}
	if v.ExternalID != "" {
		keys = append(keys, string(v.platform)+"|x|"+v.ExternalID)
	}
	return keys
}

// readRow understands the cells of a row; all faults at once.
func readRow(r RosterRow) (sound, []RowFault) {
	v := sound{RosterRow: r}
	var faults []RowFault
	bad := func(column, slug string, params map[string]any) {
		faults = append(faults, RowFault{Row: r.Row, Column: column, Slug: slug, Params: params})
	}
	take := func(column string, err error) {
		e := &errs.Error{}
		if asError(err, &e) {
			bad(column, e.Slug, e.Params)
		}
	}
	v.UnitPath, v.Member = strings.TrimSpace(r.UnitPath), strings.Join(strings.Fields(r.Member), " ")
	v.Phone, v.Role, v.ExternalID = cell(r.Phone), cell(r.Role), cell(r.ExternalID)
	v.path = cleanPath(v.UnitPath)
	if v.path == "" {
		bad("unit_path", "account.roster_unit_missing", nil)
	}
	if v.Member == "" && v.Phone != "" {
		bad("member", "account.roster_member_missing", nil)
	}
	if len([]rune(v.ExternalID)) > maxHandle {
		bad("external_id", "account.handle_long", map[string]any{"max": maxHandle})
	}
	v.hasAccount = cell(r.Platform) != "" || cell(r.Handle) != "" || v.ExternalID != ""
	if !v.hasAccount {
		return v, faults
	}
	var err error
	if v.platform, err = ParsePlatform(r.Platform); err != nil {
		take("platform", err)
	}
	if v.handle, v.norm, err = ParseHandle(r.Handle); err != nil {
		take("handle", err)
	}
	if text := cell(r.AccountKind); text != "" {
		if v.kind, err = ParseKind(text); err != nil {
			take("account_kind", err)
		}
	}
	if text := cell(r.Ownership); text != "" {
		if v.ownership, err = ParseOwnership(text); err != nil {
			take("ownership", err)
		}
	}
	if text := cell(r.Verified); text != "" {
		if v.verified, err = parseYes(text); err != nil {
			take("verified", err)
		}
	}
	if v.Name = strings.TrimSpace(cell(r.Name)); len([]rune(v.Name)) > maxHandle {
		bad("name", "account.handle_long", map[string]any{"max": maxHandle})
	}
	return v, faults
}

// parseYes reads a tick of a sheet. Error: account.yes_unknown.
func parseYes(text string) (*bool, error) {
	yes := false
	switch plain(text) {
	case "是", "yes", "y", "true", "1", "√", "✓", "已认证", "蓝v", "有":
		yes = true
	case "否", "no", "n", "false", "0", "×", "未认证":
	default:
		return nil, errs.New(errs.Invalid, "account.yes_unknown", "value", text)
	}
	return &yes, nil
}

// cell trims and takes the dashes people put into empty cells for empty.
func cell(s string) string {
	s = strings.TrimSpace(s)
	if s == "-" || s == "—" || s == "/" || s == "无" {
		return ""
	}
	return s
}

// cleanPath trims every step of a path; both slashes and ＞ are understood. Empty steps are left out.
func cleanPath(path string) string {
	var steps []string
	for step := range strings.FieldsFuncSeq(path, func(r rune) bool { return strings.ContainsRune("/／\\＼>＞", r) }) {
		if step = strings.TrimSpace(step); step != "" {
			steps = append(steps, step)
		}
	}
	return strings.Join(steps, "/")
}

// defaultKind says what an account is when the sheet does not: of a person the employee's, else the unit's own.
func defaultKind(member bool, unitKind string) Kind {
	if member {
		return KindEmployee
	}
	switch unitKind {
	case "brand":
		return KindBrand
	case "business_line":
		return KindBusinessLine
	case "dealer":
		return KindDealer
	case "agent":
		return KindAgent
	case "store", "team":
		return KindStore
	}
	return KindRegion
}

// defaultOwnership holds for new accounts whose row does not say: a person's account is personal until stated
// otherwise, because less may be done with it.
func defaultOwnership(k Kind) Ownership {
	switch k {
	case KindEmployee, KindAdviser, KindKOC:
		return Personal
	}
	return Company
}
