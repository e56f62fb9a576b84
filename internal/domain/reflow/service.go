package reflow

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/blob"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/base/sheet"
	"kosmos/internal/base/web"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/post"
	"kosmos/internal/domain/reflow/layout"
)

// Deps are what the room needs of the program.
type Deps struct {
	DB         *db.DB
	IDs        *id.Source
	Clock      clock.Clock
	Blobs      blob.Store // sealed
	Jobs       *jobs.Client
	Audit      *audit.Log
	Texts      web.Texts
	Posts      Posts
	Figures    Figures
	Accounts   Accounts
	Roster     Roster
	Unofficial Register
	Brands     Brands
	// Bind gives an actor rebuilt from an import's row the program's permissions.
	Bind func(authz.Actor) authz.Actor
}

// Service is the room's use cases.
type Service struct{ Deps }

// New makes the Service.
func New(d Deps) *Service { return &Service{Deps: d} }

func (s *Service) now() clock.Ms { return clock.MsOf(s.Clock.Now()) }

func zoneOf(a authz.Actor) *time.Location {
	if a.Zone != nil {
		return a.Zone
	}
	return clock.Shanghai()
}

// Said is what the user tells about a file. Zero values mean "not told".
type Said struct {
	Account   string   // id, or PLATFORM:HANDLE
	Platform  string   // of the accounts a column names, when the file does not say
	AsOf      clock.Ms // when the figures were true
	Mapping   string   // name of the saved mapping to use
	PostTitle string   // of the note a single-note export is about
}

// Upload is a file on its way in.
type Upload struct {
	Said
	Name     string
	Body     io.Reader
	Modified clock.Ms // when the file was last changed on the user's machine; 0 when not known
	Source   string
	data     []byte // the body, where it had to be read before everything about it was said
}

// Receive keeps a file sealed, understands it and works out what applying it would do. Nothing of it is in the figures
// yet. A file that is no table, or that no layout fits, is refused and not kept. Errors: sheet.*, reflow.not_recognised,
// reflow.wrong_platform, reflow.account_unknown, reflow.as_of_future, reflow.roster_forbidden.
func (s *Service) Receive(ctx context.Context, actor authz.Actor, up Upload) (Import, error) {
	data := up.data
	if data == nil {
		var err error
		if data, err = readLimited(up.Body); err != nil {
			return Import{}, err
		}
	}
	imp := s.newImport(actor, up, data)
	p, err := s.look(ctx, actor, &imp, up.Said, data)
	if err != nil {
		return Import{}, err
	}
	if err := s.previewCounts(ctx, actor, &imp, p); err != nil {
		return Import{}, err
	}
	info, err := s.Blobs.Put(ctx, bytes.NewReader(data), sheet.DefaultLimits().FileBytes)
	if err != nil {
		return Import{}, err
	}
	imp.BlobKey = string(info.Key)
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertImport(ctx, tx, &imp); err != nil {
			return err
		}
		if err := addFaults(ctx, tx, imp.BrandID, imp.ID, 0, p.faults); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "reflow.receive", &imp)
	})
	return imp, err
}

// Review looks at a received file again after the user said more about it.
func (s *Service) Review(ctx context.Context, actor authz.Actor, imp id.ID, said Said) (Import, error) {
	i, err := s.Get(ctx, actor, imp)
	if err != nil {
		return i, err
	}
	if i.State != Waiting && i.State != Ready {
		return i, errs.New(errs.Conflict, "reflow.already_applied")
	}
	data, err := s.load(ctx, &i)
	if err != nil {
		return i, err
	}
	i.Inserted, i.Updated, i.Unchanged = 0, 0, 0
	p, err := s.look(ctx, actor, &i, said, data)
	if err != nil {
		return i, err
	}
	if err := s.previewCounts(ctx, actor, &i, p); err != nil {
		return i, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := savePreview(ctx, tx, &i); err != nil {
			return err
		}
		if err := clearFaults(ctx, tx, i.BrandID, i.ID); err != nil {
			return err
		}
		return addFaults(ctx, tx, i.BrandID, i.ID, 0, p.faults)
	})
	return i, err
}

// Get reads one import; people without the whole brand see their own.
func (s *Service) Get(ctx context.Context, actor authz.Actor, imp id.ID) (Import, error) {
	i, err := getImport(ctx, s.DB, actor.BrandID, imp)
	if err != nil {
		return i, err
	}
	if only := s.onlyOwn(actor); only != 0 && i.UserID != only {
		return Import{}, errs.New(errs.NotFound, "reflow.no_import")
	}
	return i, nil
}

// onlyOwn gives the user whose imports an actor is limited to; 0 for the whole brand.
func (s *Service) onlyOwn(actor authz.Actor) id.ID {
	if _, all := actor.Roots(PermRead); all {
		return 0
	}
	if actor.UserID == 0 {
		return -1
	}
	return actor.UserID
}

// List reads imports, newest first, before the one with the given id (0 = from the top).
func (s *Service) List(ctx context.Context, actor authz.Actor, before id.ID, limit int) ([]Import, error) {
	return listImports(ctx, s.DB, actor.BrandID, s.onlyOwn(actor), before, limit)
}

// Sources tells per kind of file how fresh the brand's figures are.
func (s *Service) Sources(ctx context.Context, actor authz.Actor) ([]Source, error) {
	return sources(ctx, s.DB, actor.BrandID)
}

// Discard forgets a file that was looked at and not applied.
func (s *Service) Discard(ctx context.Context, actor authz.Actor, imp id.ID) error {
	i, err := s.Get(ctx, actor, imp)
	if err != nil {
		return err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		gone, err := deleteImport(ctx, tx, i.BrandID, i.ID)
		if err == nil && !gone {
			return errs.New(errs.Conflict, "reflow.already_applied")
		}
		return err
	})
	if err != nil || i.BlobKey == "" {
		return err
	}
	return s.Blobs.Delete(ctx, blob.Key(i.BlobKey))
}

func readLimited(r io.Reader) ([]byte, error) {
	limit := sheet.DefaultLimits().FileBytes
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, errs.New(errs.Invalid, "sheet.too_large", "limit_mb", limit>>20)
	}
	return data, nil
}

func (s *Service) newImport(actor authz.Actor, up Upload, data []byte) Import {
	sum := sha256.Sum256(data)
	grants, err := json.Marshal(actor.Grants)
	if err != nil {
		grants = []byte("[]") // grants are two numbers and a word
	}
	return Import{
		BrandID: actor.BrandID, ID: s.IDs.New(), Created: s.now(), UserID: actor.UserID, UserName: actor.Name, UserKind: string(actor.Kind), Grants: string(grants),
		Source: up.Source, FileName: shortName(up.Name), FileSize: int64(len(data)), SHA256: hex.EncodeToString(sum[:]),
		AsOf: proposedAsOf(up, s.now()), AsOfSource: asOfSource(up, s.now()), State: Waiting,
	}
}

// maxName is the longest file name kept, in characters.
const maxName = 200

func shortName(name string) string {
	if r := []rune(strings.ToValidUTF8(name, "")); len(r) > maxName {
		return string(r[:maxName])
	}
	return strings.ToValidUTF8(name, "")
}

// proposedAsOf takes the time the file was last changed for the time of its export, because browsers and programs keep
// the download's time there.
func proposedAsOf(up Upload, now clock.Ms) clock.Ms {
	switch {
	case up.AsOf != 0:
		return up.AsOf
	case up.Modified != 0 && up.Modified <= now:
		return up.Modified
	}
	return now
}

func asOfSource(up Upload, now clock.Ms) string {
	switch {
	case up.AsOf != 0:
		return AsOfGiven
	case up.Modified != 0 && up.Modified <= now:
		return AsOfFile
	}
	return AsOfUpload
}

// look understands the file under what was said and fills the import's fields; a missing answer makes it wait.
func (s *Service) look(ctx context.Context, actor authz.Actor, i *Import, said Said, data []byte) (*prepared, error) {
	if said.AsOf != 0 {
		i.AsOf, i.AsOfSource = said.AsOf, AsOfGiven
	}
	if i.AsOf > s.now()+clock.Ms(24*time.Hour/time.Millisecond) {
		return nil, errs.New(errs.Invalid, "reflow.as_of_future")
	}
	set, err := s.settings(ctx, actor, i, said)
	if err != nil {
		return nil, err
	}
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)), sheet.DefaultLimits())
	if err != nil {
		return nil, err
	}
	p, err := s.prepare(ctx, actor, book, set)
	if err != nil {
		return nil, err
	}
	if p.kind == layout.KindRoster && !actor.Can("account.import") {
		return nil, errs.New(errs.Forbidden, "reflow.roster_forbidden")
	}
	return p, i.fill(p, set)
}

// fill copies what was prepared into the import's row.
func (i *Import) fill(p *prepared, set settings) error {
	i.Kind, i.Platform, i.Rows, i.Total, i.Errors, i.Warnings = p.kind, p.platform, p.rows, p.total(), p.errors, p.warnings
	i.AccountID, i.AccountName, i.Mapping, i.PostTitle = set.Account.ID, "", set.Mapping, set.Post
	if set.Account.ID != 0 {
		i.AccountName, i.Platform = string(set.Account.Platform)+":"+set.Account.Handle, string(set.Account.Platform)
	} else if i.Platform == "" {
		i.Platform = string(set.Platform)
	}
	raw, err := json.Marshal(p.understood)
	if err != nil {
		return err
	}
	i.Understood, i.State, i.Slug, i.Params = string(raw), Ready, "", ""
	if p.need != nil {
		i.State, i.Slug, i.Params = Waiting, p.need.Slug, paramsJSON(p.need.Params)
	}
	return nil
}

// settings resolves what was said. Errors: reflow.account_unknown, reflow.account_malformed, reflow.no_mapping.
func (s *Service) settings(ctx context.Context, actor authz.Actor, i *Import, said Said) (settings, error) {
	set := settings{AsOf: i.AsOf, Zone: zoneOf(actor), Mapping: said.Mapping, Post: said.PostTitle, Stream: i.stream}
	var err error
	if set.Account, err = s.givenAccount(ctx, actor, said.Account); err != nil {
		return set, err
	}
	if said.Platform != "" {
		if set.Platform, err = account.ParsePlatform(said.Platform); err != nil {
			return set, err
		}
	}
	if set.Saved, err = s.layouts(ctx, s.DB, actor.BrandID); err != nil {
		return set, err
	}
	if set.Mapping != "" && !has(set.Saved, set.Mapping) {
		return set, errs.New(errs.NotFound, "reflow.no_mapping", "mapping", set.Mapping)
	}
	return set, nil
}

func has(saved []layout.Mapping, name string) bool {
	for _, m := range saved {
		if m.Name == name {
			return true
		}
	}
	return false
}

// previewCounts works out what applying would do, without writing.
func (s *Service) previewCounts(ctx context.Context, actor authz.Actor, i *Import, p *prepared) error {
	if p.waits() {
		return nil
	}
	var c Counts
	if len(p.roster) > 0 {
		out, err := s.Roster.RosterPlan(ctx, actor, p.roster, nil)
		if err != nil {
			return err
		}
		p.rosterFaults(out.Errors, false)
		c.add(Counts{out.Inserted, out.Updated, out.Unchanged})
	}
	for at := 0; at < len(p.items)+len(p.accounts); {
		b, n := p.batch(i, len(p.roster)+at, maxBatch)
		b.Zone = zoneOf(actor)
		if err := p.sumLeads(ctx, s.DB, i, b.Accounts); err != nil {
			return err
		}
		res, err := s.Posts.Preview(ctx, s.DB, b)
		if err != nil {
			return err
		}
		c.add(Counts{res.Inserted, res.Updated, res.Unchanged})
		at += n
	}
	i.Inserted, i.Updated, i.Unchanged, i.Errors, i.Warnings = c.Inserted, c.Updated, c.Unchanged, p.errors, p.warnings
	return nil
}

// batch cuts the next ≤ limit items behind done; posts and account days never mix in one batch.
func (p *prepared) batch(i *Import, done, limit int) (post.Batch, int) {
	b := post.Batch{BrandID: i.BrandID, Origin: post.Export, LearnedAt: i.Created}
	at := done - len(p.roster)
	if at < len(p.items) {
		b.Items = p.items[at:min(at+limit, len(p.items))]
		return b, len(b.Items)
	}
	at -= len(p.items)
	b.Accounts = p.accounts[at:min(at+limit, len(p.accounts))]
	return b, len(b.Accounts)
}

// load reads the kept file back. Errors: reflow.file_gone.
func (s *Service) load(ctx context.Context, i *Import) ([]byte, error) {
	if i.BlobKey == "" {
		return nil, errs.New(errs.Precondition, "reflow.file_gone")
	}
	rc, err := s.Blobs.Open(ctx, blob.Key(i.BlobKey))
	if err != nil {
		return nil, errs.Wrap(errs.Precondition, "reflow.file_gone", err)
	}
	defer rc.Close()
	data, err := readLimited(rc)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != i.SHA256 {
		return nil, errs.New(errs.Precondition, "reflow.file_gone")
	}
	return data, nil
}

func (s *Service) audit(ctx context.Context, tx *db.Tx, actor authz.Actor, action string, i *Import) error {
	return s.Audit.Write(ctx, tx, actor, audit.Entry{
		Action: action, Kind: "import", Object: i.ID, Name: i.FileName,
		Counts: map[string]int64{"rows": int64(i.Rows), "inserted": int64(i.Inserted), "updated": int64(i.Updated), "errors": int64(i.Errors)},
	})
}
