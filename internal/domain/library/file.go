package library

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"image"
	_ "image/gif" // decodes what people upload
	"image/jpeg"
	_ "image/png" // decodes what people upload
	"io"
	"net/http"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/blob"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Bounds of files.
const (
	MaxFile   = 2 << 30 // bytes
	maxPixels = 80_000_000
	maxSide   = 20_000
	thumbSide = 480
	thumbSize = 1 << 20
)

// fileRow is a row of library_file. ItemID 0 is a file that nothing holds yet.
type fileRow struct {
	ID      id.ID    `db:"id"`
	ItemID  id.ID    `db:"item_id"`
	UserID  id.ID    `db:"user_id"`
	Name    string   `db:"name"`
	Media   string   `db:"media"`
	Size    int64    `db:"size"`
	SHA     string   `db:"sha256"`
	BlobKey string   `db:"blob_key"`
	Thumb   string   `db:"thumb_key"`
	Width   int      `db:"width"`
	Height  int      `db:"height"`
	MadeAt  clock.Ms `db:"made_ms"`
}

const fileColumns = `id, item_id, user_id, name, media, size, sha256, blob_key, thumb_key, width, height, made_ms`

const filesPath = "/api/v1/library/files"

func (r *fileRow) file() File {
	f := File{ID: r.ID, Name: r.Name, Media: r.Media, Size: r.Size, URL: filesPath + "/" + r.ID.String(), Width: r.Width, Height: r.Height}
	if r.Thumb != "" {
		f.Thumb = filesPath + "/" + r.ID.String() + "/thumb"
	}
	return f
}

func insertFile(ctx context.Context, q db.Querier, brand id.ID, r *fileRow) error {
	_, err := q.Exec(ctx, `INSERT INTO library_file (brand_id, id, item_id, user_id, name, media, size, sha256, blob_key, thumb_key, width, height, made_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		brand, r.ID, r.ItemID, int64(r.UserID), r.Name, r.Media, r.Size, r.SHA, r.BlobKey, r.Thumb, r.Width, r.Height, r.MadeAt)
	return err
}

func filesByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]fileRow, error) {
	out := make(map[id.ID]fileRow, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	a := &db.Args{}
	rows, err := db.All[fileRow](ctx, q, `SELECT `+fileColumns+` FROM library_file WHERE brand_id = `+a.Add(brand)+` AND id IN `+db.IDList(q, a, ids), a.Values...)
	for _, r := range rows {
		out[r.ID] = r
	}
	return out, err
}

// bindFiles gives files to an item: those the actor uploaded and nothing holds, and those the item holds already. Errors:
// library.file_gone.
func bindFiles(ctx context.Context, tx *db.Tx, actor authz.Actor, item id.ID, ids []id.ID) error {
	list := slices.Clone(ids)
	slices.Sort(list)
	list = slices.Compact(list)
	if len(list) == 0 {
		return nil
	}
	a := &db.Args{}
	n, err := tx.Exec(ctx, `UPDATE library_file SET item_id = `+a.Add(item)+` WHERE brand_id = `+a.Add(actor.BrandID)+` AND id IN `+db.In(a, list)+
		` AND (item_id = `+a.Add(item)+` OR item_id IS NULL AND user_id = `+a.Add(int64(actor.UserID))+`)`, a.Values...)
	if err == nil && n != int64(len(list)) {
		err = errs.Bad().Field("content.files", "library.file_gone")
	}
	return err
}

// cover gives the file that stands for a content in lists: its first with a thumbnail, else that of its first asset.
func (s *Service) cover(ctx context.Context, q db.Querier, brand id.ID, c *Content) (id.ID, error) {
	rows, err := filesByID(ctx, q, brand, c.Files)
	if err != nil {
		return 0, err
	}
	for _, x := range c.Files {
		if r, ok := rows[x]; ok && r.Thumb != "" {
			return x, nil
		}
	}
	if len(c.Assets) == 0 {
		return 0, nil
	}
	assets, err := itemsByID(ctx, q, brand, c.Assets)
	if err != nil {
		return 0, err
	}
	for _, x := range c.Assets {
		a, ok := assets[x]
		if !ok || a.Kind != Asset {
			return 0, errs.Bad().Field("content.assets", "library.asset_gone")
		}
		if a.CoverID != 0 {
			return a.CoverID, nil
		}
	}
	return 0, nil
}

// mediaOf tells the type of a file by its first bytes. What is neither picture, video, sound nor document is refused: a page
// or a program must not be handed out under our name.
func mediaOf(head []byte, name string) string {
	media, _, _ := strings.Cut(http.DetectContentType(head), ";")
	lower := strings.ToLower(name)
	switch {
	case strings.HasPrefix(media, "image/") && media != "image/svg+xml", strings.HasPrefix(media, "video/"), strings.HasPrefix(media, "audio/"), media == "application/pdf":
		return media
	case len(head) > 12 && string(head[4:8]) == "ftyp" && (string(head[8:12]) == "qt  " || strings.HasSuffix(lower, ".mov")):
		return "video/quicktime"
	case len(head) > 12 && string(head[4:8]) == "ftyp" && strings.HasPrefix(string(head[8:12]), "hei"):
		return "image/heic"
	case media == "application/zip":
		for ext, office := range map[string]string{
			".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
			".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
			".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
		} {
			if strings.HasSuffix(lower, ext) {
				return office
			}
		}
		return "application/zip"
	case media == "text/plain" && (strings.HasSuffix(lower, ".txt") || strings.HasSuffix(lower, ".srt") || strings.HasSuffix(lower, ".md")):
		return "text/plain"
	}
	return ""
}

// look reads what a stored file is, and makes a small picture of a picture. Outside any transaction.
func (s *Service) look(ctx context.Context, r *fileRow) error {
	head, err := s.head(ctx, r.BlobKey)
	if err != nil {
		return err
	}
	if r.Media = mediaOf(head, r.Name); r.Media == "" {
		return errs.Bad().Field("file", "library.file_type")
	}
	if !slices.Contains([]string{"image/png", "image/jpeg", "image/gif"}, r.Media) || r.Size > 64<<20 {
		return nil
	}
	from, err := s.Blobs.Open(ctx, blob.Key(r.BlobKey))
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	raw, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || size.Width > maxSide || size.Height > maxSide || size.Width*size.Height > maxPixels {
		return errs.Bad().Field("file", "library.picture_broken")
	}
	r.Width, r.Height = size.Width, size.Height
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return errs.Bad().Field("file", "library.picture_broken")
	}
	var small bytes.Buffer
	if err := jpeg.Encode(&small, shrink(img, thumbSide), &jpeg.Options{Quality: 80}); err != nil {
		return err
	}
	info, err := s.Blobs.Put(ctx, &small, thumbSize)
	if err != nil {
		return err
	}
	r.Thumb = string(info.Key)
	return nil
}

func (s *Service) head(ctx context.Context, key string) ([]byte, error) {
	from, err := s.Blobs.Open(ctx, blob.Key(key))
	if err != nil {
		return nil, err
	}
	defer func() { _ = from.Close() }()
	head := make([]byte, 512)
	n, err := io.ReadFull(from, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return head[:n], nil
}

// OpenFile gives a file, or its small picture, to who may see an item that holds it or uploaded it. Errors: library.gone.
func (s *Service) OpenFile(ctx context.Context, actor authz.Actor, file id.ID, thumb bool) (File, func() (io.ReadCloser, error), error) {
	rows, err := filesByID(ctx, s.DB, actor.BrandID, []id.ID{file})
	if err != nil {
		return File{}, nil, err
	}
	r, ok := rows[file]
	if !ok || thumb && r.Thumb == "" {
		return File{}, nil, errGone()
	}
	own := actor.UserID != 0 && r.UserID == actor.UserID
	if !own {
		if err := s.mayOpen(ctx, actor, &r); err != nil {
			return File{}, nil, err
		}
	}
	key := r.BlobKey
	if thumb {
		key = r.Thumb
	}
	return r.file(), func() (io.ReadCloser, error) { return s.Blobs.Open(ctx, blob.Key(key)) }, nil
}

// mayOpen: an item's file to who sees the item, a proposal's to who decides it.
func (s *Service) mayOpen(ctx context.Context, actor authz.Actor, r *fileRow) error {
	if r.ItemID == 0 {
		return errGone()
	}
	_, _, err := s.visible(ctx, s.DB, actor, r.ItemID)
	if errs.CodeOf(err) != errs.NotFound {
		return err
	}
	if _, ok := s.proposalFor(ctx, actor, r.ItemID); ok {
		return nil
	}
	return errGone()
}

// shrink makes an image that fits a square of a side, by the mean of each block: enough for a list.
func shrink(img image.Image, side int) image.Image {
	size := img.Bounds()
	w, h := size.Dx(), size.Dy()
	if w <= side && h <= side {
		return img
	}
	scale := max(float64(w), float64(h)) / float64(side)
	out := image.NewRGBA(image.Rect(0, 0, max(1, int(float64(w)/scale)), max(1, int(float64(h)/scale))))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			box(out, img, x, y, scale)
		}
	}
	return out
}

// box writes one pixel: the mean of at most 3 × 3 samples of its block.
func box(out *image.RGBA, img image.Image, x, y int, scale float64) {
	size := img.Bounds()
	var r, g, b, n uint32
	for dy := range 3 {
		for dx := range 3 {
			px := min(size.Max.X-1, size.Min.X+int((float64(x)+(float64(dx)+0.5)/3)*scale))
			py := min(size.Max.Y-1, size.Min.Y+int((float64(y)+(float64(dy)+0.5)/3)*scale))
			cr, cg, cb, ca := img.At(px, py).RGBA()
			white := 0xffff - ca // what is clear is shown on white
			r, g, b, n = r+cr+white, g+cg+white, b+cb+white, n+1
		}
	}
	i := out.PixOffset(x, y)
	out.Pix[i], out.Pix[i+1], out.Pix[i+2], out.Pix[i+3] = uint8(r/n>>8), uint8(g/n>>8), uint8(b/n>>8), 0xff
}

func hexOf(sum [32]byte) string { return hex.EncodeToString(sum[:]) }
