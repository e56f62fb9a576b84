package library

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/blob"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Upload is a file that comes in parts, so that a lost network or a restart costs one part.
type Upload struct {
	ID       id.ID    `db:"id"`
	UserID   id.ID    `db:"user_id"`
	Name     string   `db:"name"`
	Size     int64    `db:"size"`
	SHA      string   `db:"sha256"` // of the whole, "" when the sender does not know it
	PartSize int64    `db:"part_size"`
	FileID   id.ID    `db:"file_id"`
	MadeAt   clock.Ms `db:"made_ms"`
	Parts    []int    `db:"-"` // that are here, in order
}

// Count is how many parts the file has.
func (u *Upload) Count() int { return int((u.Size + u.PartSize - 1) / u.PartSize) }

const (
	// PartSize is what a part holds, but for the last one.
	PartSize   = 4 << 20
	uploadDays = 7
)

type partRow struct {
	No   int    `db:"no"`
	Size int64  `db:"size"`
	SHA  string `db:"sha256"`
	Key  string `db:"blob_key"`
}

// BeginUpload begins a file of the actor's, or goes on with the one of the same checksum that he began before. sha is the
// SHA-256 of the whole in hex, or "". Errors: the fields name, size, sha256.
func (s *Service) BeginUpload(ctx context.Context, actor authz.Actor, name string, size int64, sha string) (Upload, error) {
	name = strings.TrimSpace(name)
	bad := errs.Bad()
	if n := utf8.RuneCountInString(name); n < 1 || n > 200 || strings.ContainsAny(name, "/\\\x00") {
		bad.Field("name", "library.file_name")
	}
	if size < 1 || size > MaxFile {
		bad.Field("size", "library.file_large", "mb", MaxFile>>20)
	}
	if sha != "" && (len(sha) != 64 || strings.Trim(sha, "0123456789abcdef") != "") {
		bad.Field("sha256", "library.checksum")
	}
	if err := bad.OrNil(); err != nil {
		return Upload{}, err
	}
	u := Upload{ID: s.IDs.New(), UserID: actor.UserID, Name: name, Size: size, SHA: sha, PartSize: PartSize, MadeAt: s.now()}
	if sha != "" {
		old, err := db.One[Upload](ctx, s.DB, `SELECT `+uploadColumns+` FROM library_upload WHERE brand_id = $1 AND user_id = $2 AND sha256 = $3 AND size = $4 AND file_id IS NULL
			ORDER BY id DESC LIMIT 1`, actor.BrandID, int64(actor.UserID), sha, size)
		if err == nil {
			return s.withParts(ctx, actor.BrandID, old)
		}
		if !db.NoRows(err) {
			return u, err
		}
	}
	_, err := s.DB.Exec(ctx, `INSERT INTO library_upload (brand_id, id, user_id, name, size, sha256, part_size, file_id, made_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8)`,
		actor.BrandID, u.ID, int64(u.UserID), u.Name, u.Size, u.SHA, u.PartSize, u.MadeAt)
	return u, err
}

const uploadColumns = `id, user_id, name, size, sha256, part_size, file_id, made_ms`

func (s *Service) withParts(ctx context.Context, brand id.ID, u Upload) (Upload, error) {
	rows, err := partsOf(ctx, s.DB, brand, u.ID)
	u.Parts = make([]int, len(rows))
	for i, r := range rows {
		u.Parts[i] = r.No
	}
	return u, err
}

func partsOf(ctx context.Context, q db.Querier, brand, upload id.ID) ([]partRow, error) {
	return db.All[partRow](ctx, q, `SELECT no, size, sha256, blob_key FROM library_part WHERE brand_id = $1 AND upload_id = $2 ORDER BY no`, brand, upload)
}

// GetUpload tells which parts of an upload of the actor's are here. Errors: library.upload_gone.
func (s *Service) GetUpload(ctx context.Context, actor authz.Actor, upload id.ID) (Upload, error) {
	u, err := db.One[Upload](ctx, s.DB, `SELECT `+uploadColumns+` FROM library_upload WHERE brand_id = $1 AND id = $2 AND user_id = $3`, actor.BrandID, upload, int64(actor.UserID))
	if db.NoRows(err) {
		return u, errs.New(errs.NotFound, "library.upload_gone")
	}
	if err != nil {
		return u, err
	}
	return s.withParts(ctx, actor.BrandID, u)
}

// PutPart keeps one part, numbered from 0. sha is its SHA-256 in hex, or "" when the sender did not count it. The same part
// again changes nothing. Errors: library.upload_gone, library.part (no such part or of another size), library.part_checksum.
func (s *Service) PutPart(ctx context.Context, actor authz.Actor, upload id.ID, no int, sha string, from io.Reader) (Upload, error) {
	u, err := s.GetUpload(ctx, actor, upload)
	if err != nil {
		return u, err
	}
	want := u.PartSize
	if no == u.Count()-1 {
		want = u.Size - int64(no)*u.PartSize
	}
	if no < 0 || no >= u.Count() {
		return u, errs.New(errs.Invalid, "library.part", "no", no, "count", u.Count())
	}
	if u.FileID != 0 {
		return u, nil
	}
	info, err := s.Blobs.Put(ctx, from, want)
	if errors.Is(err, blob.ErrTooLarge) {
		return u, errs.New(errs.Invalid, "library.part", "no", no, "count", u.Count())
	}
	if err != nil {
		return u, err
	}
	drop := func(err error) (Upload, error) {
		return u, errors.Join(err, s.Blobs.Delete(context.WithoutCancel(ctx), info.Key))
	}
	switch {
	case info.Size != want:
		return drop(errs.New(errs.Invalid, "library.part", "no", no, "count", u.Count()))
	case sha != "" && !strings.EqualFold(sha, hexOf(info.SHA256)):
		return drop(errs.New(errs.Invalid, "library.part_checksum", "no", no))
	}
	n, err := s.DB.Exec(ctx, `INSERT INTO library_part (brand_id, upload_id, no, size, sha256, blob_key) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		actor.BrandID, upload, no, info.Size, hexOf(info.SHA256), string(info.Key))
	if err != nil || n == 0 {
		if _, dropped := drop(err); dropped != nil {
			return u, dropped
		}
	}
	return s.GetUpload(ctx, actor, upload)
}

// FinishUpload puts the parts together, holds them against the checksum of the whole, looks at what they are and gives the
// file. Once done it gives the same file again. Errors: library.upload_gone, library.parts_missing, library.checksum_wrong
// (the upload begins anew), library.file_type, library.picture_broken.
func (s *Service) FinishUpload(ctx context.Context, actor authz.Actor, upload id.ID) (File, error) {
	u, err := s.GetUpload(ctx, actor, upload)
	if err != nil {
		return File{}, err
	}
	if u.FileID != 0 {
		return s.finished(ctx, actor.BrandID, u.FileID)
	}
	if len(u.Parts) != u.Count() {
		return File{}, errs.New(errs.Precondition, "library.parts_missing", "have", len(u.Parts), "count", u.Count())
	}
	parts, err := partsOf(ctx, s.DB, actor.BrandID, upload)
	if err != nil {
		return File{}, err
	}
	info, err := s.join(ctx, parts, u.Size)
	if err != nil {
		return File{}, err
	}
	r := fileRow{ID: s.IDs.New(), UserID: actor.UserID, Name: u.Name, Size: info.Size, SHA: hexOf(info.SHA256), BlobKey: string(info.Key), MadeAt: s.now()}
	err = s.look(ctx, &r)
	if err == nil && u.SHA != "" && u.SHA != r.SHA {
		err = errors.Join(errs.New(errs.Invalid, "library.checksum_wrong"), s.dropUpload(ctx, actor.BrandID, upload, parts))
	}
	first := false
	if err == nil {
		first, err = s.settleUpload(ctx, actor.BrandID, upload, &r)
	}
	if err != nil || !first {
		s.dropBlobs(ctx, r.BlobKey, r.Thumb)
	}
	if err != nil {
		return File{}, err
	}
	if !first { // somebody else, a second tap, was faster
		return s.FinishUpload(ctx, actor, upload)
	}
	s.dropParts(ctx, actor.BrandID, upload, parts)
	return r.file(), nil
}

func (s *Service) finished(ctx context.Context, brand, file id.ID) (File, error) {
	rows, err := filesByID(ctx, s.DB, brand, []id.ID{file})
	if err != nil {
		return File{}, err
	}
	r, ok := rows[file]
	if !ok {
		return File{}, errs.New(errs.NotFound, "library.upload_gone")
	}
	return r.file(), nil
}

// join stores the parts as one file.
func (s *Service) join(ctx context.Context, parts []partRow, size int64) (blob.Info, error) {
	r, w := io.Pipe()
	go func() {
		for _, p := range parts {
			from, err := s.Blobs.Open(ctx, blob.Key(p.Key))
			if err == nil {
				_, err = io.Copy(w, from)
				err = errors.Join(err, from.Close())
			}
			if err != nil {
				_ = w.CloseWithError(err)
				return
			}
		}
		_ = w.Close()
	}()
	info, err := s.Blobs.Put(ctx, r, size)
	_ = r.CloseWithError(io.ErrClosedPipe) // frees the goroutine after a failed Put
	return info, err
}

// settleUpload writes the file's row and marks the upload as done; false when another call did so before.
func (s *Service) settleUpload(ctx context.Context, brand, upload id.ID, r *fileRow) (bool, error) {
	first := false
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE library_upload SET file_id = $1 WHERE brand_id = $2 AND id = $3 AND file_id IS NULL`, r.ID, brand, upload)
		if first = n == 1; err != nil || !first {
			return err
		}
		return insertFile(ctx, tx, brand, r)
	})
	return first, err
}

// dropParts forgets the parts of an upload; what a crash leaves of them the sweep removes.
func (s *Service) dropParts(ctx context.Context, brand, upload id.ID, parts []partRow) {
	ctx = context.WithoutCancel(ctx)
	if _, err := s.DB.Exec(ctx, `DELETE FROM library_part WHERE brand_id = $1 AND upload_id = $2`, brand, upload); err != nil {
		return
	}
	for _, p := range parts {
		s.dropBlobs(ctx, p.Key)
	}
}

func (s *Service) dropUpload(ctx context.Context, brand, upload id.ID, parts []partRow) error {
	s.dropParts(ctx, brand, upload, parts)
	return nil
}

// dropBlobs deletes stored files that no row names; one that stays costs room and nothing else.
func (s *Service) dropBlobs(ctx context.Context, keys ...string) {
	for _, k := range keys {
		if k != "" {
			_ = s.Blobs.Delete(context.WithoutCancel(ctx), blob.Key(k))
		}
	}
}

// sweepUploads removes uploads nobody finished, and files that no item or proposal took, after a week.
func (s *Service) sweepUploads(ctx context.Context, brand id.ID) error {
	before := clock.MsOf(s.Clock.Now().Add(-uploadDays * 24 * time.Hour))
	old, err := db.All[id.ID](ctx, s.DB, `SELECT id FROM library_upload WHERE brand_id = $1 AND made_ms < $2 ORDER BY made_ms LIMIT 500`, brand, before)
	if err != nil {
		return err
	}
	for _, u := range old {
		parts, err := partsOf(ctx, s.DB, brand, u)
		if err != nil {
			return err
		}
		s.dropParts(ctx, brand, u, parts)
		if _, err := s.DB.Exec(ctx, `DELETE FROM library_upload WHERE brand_id = $1 AND id = $2`, brand, u); err != nil {
			return err
		}
	}
	loose, err := db.All[fileRow](ctx, s.DB, `SELECT `+fileColumns+` FROM library_file WHERE brand_id = $1 AND item_id IS NULL AND made_ms < $2 ORDER BY made_ms LIMIT 500`, brand, before)
	if err != nil {
		return err
	}
	for _, f := range loose {
		n, err := s.DB.Exec(ctx, `DELETE FROM library_file WHERE brand_id = $1 AND id = $2 AND item_id IS NULL`, brand, f.ID)
		if err != nil {
			return err
		}
		if n == 1 {
			s.dropBlobs(ctx, f.BlobKey, f.Thumb)
		}
	}
	return nil
}
