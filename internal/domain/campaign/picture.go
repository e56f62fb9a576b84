package campaign

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/blob"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// pictureRow is a row of campaign_picture.
type pictureRow struct {
	ID         id.ID  `db:"id"`
	Assignment id.ID  `db:"assignment_id"`
	Key        string `db:"blob_key"`
	Media      string `db:"media"`
	Size       int64  `db:"size"`
	SHA256     string `db:"sha256"`
}

// maxPictures bounds the screenshots of one assignment.
const maxPictures = 40

// AddPicture keeps a screenshot, sealed, for a proof of an own task; the same picture again is the one that is there. Errors: campaign.task_gone, campaign.picture_kind,
// campaign.picture_large, campaign.pictures_many.
func (s *Service) AddPicture(ctx context.Context, actor authz.Actor, assignment id.ID, data []byte) (id.ID, error) {
	if _, err := s.own(ctx, s.DB, actor, assignment); err != nil {
		return 0, err
	}
	media := mediaOf(data)
	if media == "" {
		return 0, errs.Bad().Field("picture", "campaign.picture_kind")
	}
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	there, err := db.All[id.ID](ctx, s.DB, `SELECT id FROM campaign_picture WHERE brand_id = $1 AND assignment_id = $2 AND sha256 = $3 LIMIT 1`, actor.BrandID, assignment, hash)
	if err != nil || len(there) > 0 {
		return first(there), err
	}
	n, err := db.One[int64](ctx, s.DB, `SELECT COUNT(*) FROM campaign_picture WHERE brand_id = $1 AND assignment_id = $2`, actor.BrandID, assignment)
	if err != nil {
		return 0, err
	}
	if n >= maxPictures {
		return 0, errs.New(errs.Precondition, "campaign.pictures_many", "max", maxPictures)
	}
	info, err := s.Blobs.Put(ctx, bytes.NewReader(data), maxPicture)
	if errors.Is(err, blob.ErrTooLarge) {
		return 0, errs.Bad().Field("picture", "campaign.picture_large", "mb", maxPicture>>20)
	}
	if err != nil {
		return 0, err
	}
	p := pictureRow{ID: s.IDs.New(), Assignment: assignment, Key: string(info.Key), Media: media, Size: info.Size, SHA256: hash}
	_, err = s.DB.Exec(ctx, `INSERT INTO campaign_picture (brand_id, id, assignment_id, blob_key, media, size, sha256, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		actor.BrandID, p.ID, p.Assignment, p.Key, p.Media, p.Size, p.SHA256, s.now())
	return p.ID, err
}

func first(ids []id.ID) id.ID {
	if len(ids) == 0 {
		return 0
	}
	return ids[0]
}

// mediaOf tells the media type of a picture by its first bytes, "" for anything else.
func mediaOf(data []byte) string {
	switch {
	case len(data) > 8 && string(data[:8]) == "\x89PNG\r\n\x1a\n":
		return "image/png"
	case len(data) > 3 && string(data[:3]) == "\xff\xd8\xff":
		return "image/jpeg"
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return "image/webp"
	}
	return ""
}

// checkPictures tells whether one of the pictures was handed in for another task before. Errors: campaign.picture_gone.
func (s *Service) checkPictures(ctx context.Context, brand, assignment id.ID, pictures []id.ID) (reused bool, err error) {
	var a db.Args
	rows, err := db.All[pictureRow](ctx, s.DB, `SELECT id, assignment_id, blob_key, media, size, sha256 FROM campaign_picture WHERE brand_id = `+a.Add(brand)+
		` AND id IN `+db.In(&a, pictures)+` AND assignment_id = `+a.Add(assignment), a.Values...)
	if err != nil {
		return false, err
	}
	if len(rows) != len(pictures) {
		return false, errs.Bad().Field("pictures", "campaign.picture_gone")
	}
	hashes := make([]string, len(rows))
	for i, r := range rows {
		hashes[i] = r.SHA256
	}
	var b db.Args
	other, err := db.All[int64](ctx, s.DB, `SELECT 1 FROM campaign_picture WHERE brand_id = `+b.Add(brand)+` AND sha256 IN `+db.In(&b, hashes)+
		` AND assignment_id <> `+b.Add(assignment)+` LIMIT 1`, b.Values...)
	return len(other) > 0, err
}

// Picture opens a screenshot for its owner, or for whoever reviews its unit. Errors: campaign.task_gone, campaign.picture_gone.
func (s *Service) Picture(ctx context.Context, actor authz.Actor, assignment, picture id.ID) (media string, size int64, from io.ReadCloser, err error) {
	a, err := getAssignment(ctx, s.DB, actor.BrandID, assignment)
	if err != nil {
		return "", 0, nil, err
	}
	if actor.MemberID == 0 || a.MemberID != actor.MemberID {
		scope, err := s.Scopes.Scope(ctx, s.DB, actor, permReview, "")
		if err != nil {
			return "", 0, nil, errs.New(errs.NotFound, "campaign.task_gone")
		}
		owns, err := s.owns(ctx, s.DB, scope, a.UnitID)
		if err != nil {
			return "", 0, nil, err
		}
		if !owns {
			return "", 0, nil, errs.New(errs.NotFound, "campaign.task_gone")
		}
	}
	p, err := db.One[pictureRow](ctx, s.DB, `SELECT id, assignment_id, blob_key, media, size, sha256 FROM campaign_picture WHERE brand_id = $1 AND id = $2 AND assignment_id = $3`,
		actor.BrandID, picture, assignment)
	if db.NoRows(err) {
		return "", 0, nil, errs.New(errs.NotFound, "campaign.picture_gone")
	}
	if err != nil {
		return "", 0, nil, err
	}
	from, err = s.Blobs.Open(ctx, blob.Key(p.Key))
	return p.Media, p.Size, from, err
}
