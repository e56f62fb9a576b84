package desk

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"image"
	"image/gif"
	_ "image/jpeg" // decodes what people upload
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/blob"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// States of a picture.
const (
	PictureNew    = "new"    // still to be read
	PictureRead   = "read"   // read; codes and text say what was found
	PictureUnread = "unread" // could not be read, or not wholly: missing says which programs
)

// Bounds of a picture.
const (
	MaxPicture = 12 << 20
	maxSide    = 12_000
	maxPixels  = 60_000_000
	readPixels = 8_000_000 // larger ones are made smaller before they are read
)

// Picture is an uploaded image and what was read in it.
type Picture struct {
	ID         id.ID    `db:"id"`
	UserID     id.ID    `db:"user_id"`
	Submission id.ID    `db:"submission_id"`
	Name       string   `db:"name"`
	Key        string   `db:"blob_key"`
	Size       int64    `db:"size"`
	SHA        string   `db:"sha256"`
	Type       string   `db:"type"`
	Width      int      `db:"width"`
	Height     int      `db:"height"`
	State      string   `db:"state"`
	Codes      string   `db:"codes"` // JSON []string
	Text       string   `db:"text"`
	Missing    string   `db:"missing"` // programs, with commas
	Made       clock.Ms `db:"made_ms"`
}

// texts are what the rules should see of a picture: its text whole, and each line of a code.
func (p Picture) texts() []string {
	out := decode[[]string](p.Codes)
	if p.Text != "" {
		out = append(out, p.Text)
	}
	return out
}

// ruleCode is the desk's own finding: there is a QR code, whatever it says.
const ruleCode = "desk.qr"

// findings are what the desk itself objects to in a picture.
func (p Picture) findings() []Finding {
	out := []Finding{}
	for _, code := range decode[[]string](p.Codes) {
		shown := code
		if r := []rune(code); len(r) > 120 {
			shown = string(r[:120]) + "…"
		}
		out = append(out, Finding{Field: fieldImage, Rule: ruleCode, Category: "diversion", Severity: "medium", End: utf8.RuneCountInString(code), Text: shown, Top: []Hint{}})
	}
	return out
}

const pictureColumns = `id, user_id, submission_id, name, blob_key, size, sha256, type, width, height, state, codes, text, missing, made_ms`

func selectPictures(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]Picture, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var a db.Args
	return db.All[Picture](ctx, q, `SELECT `+pictureColumns+` FROM desk_picture WHERE brand_id = `+a.Add(brand)+` AND id IN `+db.In(&a, ids)+` ORDER BY id`, a.Values...)
}

// bindPictures gives pictures of the actor to a submission and tells their states; those of somebody else, or of another
// submission, are left out.
func bindPictures(ctx context.Context, tx *db.Tx, actor authz.Actor, sub *Submission, ids []id.ID) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var a db.Args
	return db.All[string](ctx, tx, `UPDATE desk_picture SET submission_id = `+a.Add(sub.ID)+` WHERE brand_id = `+a.Add(actor.BrandID)+
		` AND (user_id = `+a.Add(int64(actor.UserID))+` OR submission_id = `+a.Add(sub.ID)+`) AND (submission_id IS NULL OR submission_id = `+a.Add(sub.ID)+
		`) AND id IN `+db.In(&a, ids)+` RETURNING state`, a.Values...)
}

// Upload keeps an image of the actor's and has it read. The type is told by the content. Errors: "desk.picture_type",
// "desk.picture_large", "desk.picture_broken", "desk.picture_motion".
func (s *Service) Upload(ctx context.Context, actor authz.Actor, name string, r io.Reader) (Picture, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxPicture+1))
	if err != nil {
		return Picture{}, err
	}
	if len(raw) > MaxPicture {
		return Picture{}, errs.New(errs.Invalid, "desk.picture_large", "mb", MaxPicture>>20)
	}
	c, kind, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return Picture{}, errs.New(errs.Invalid, "desk.picture_type")
	}
	if c.Width > maxSide || c.Height > maxSide || c.Width*c.Height > maxPixels {
		return Picture{}, errs.New(errs.Invalid, "desk.picture_large", "mb", MaxPicture>>20)
	}
	if err := s.decodes(ctx, raw, kind); err != nil {
		return Picture{}, err
	}
	info, err := s.Blobs.Put(ctx, bytes.NewReader(raw), MaxPicture)
	if err != nil {
		return Picture{}, err
	}
	if r := []rune(name); len(r) > 120 {
		name = string(r[len(r)-120:])
	}
	p := Picture{
		ID: s.IDs.New(), UserID: actor.UserID, Name: name, Key: string(info.Key), Size: info.Size, SHA: hex.EncodeToString(info.SHA256[:]),
		Type: "image/" + kind, Width: c.Width, Height: c.Height, State: PictureNew, Codes: "[]", Made: s.now(),
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Insert(ctx, tx, "desk_picture", []string{
			"brand_id", "id", "user_id", "submission_id", "name", "blob_key", "size", "sha256", "type", "width", "height", "state", "codes", "text", "missing", "made_ms", "read_ms",
		}, [][]any{{actor.BrandID, p.ID, int64(p.UserID), nil, p.Name, p.Key, p.Size, p.SHA, p.Type, p.Width, p.Height, p.State, p.Codes, "", "", int64(p.Made), 0}}, "")
		if err != nil {
			return err
		}
		return s.Jobs.Insert(ctx, tx, readArgs{actor.BrandID, p.ID})
	})
	if err != nil {
		return p, errors.Join(err, s.Blobs.Delete(context.WithoutCancel(ctx), info.Key))
	}
	return p, nil
}

// Open gives a picture to who uploaded it and to who may see its submission. Errors: "desk.not_found".
func (s *Service) Open(ctx context.Context, actor authz.Actor, picture id.ID) (Picture, io.ReadCloser, error) {
	list, err := selectPictures(ctx, s.DB, actor.BrandID, []id.ID{picture})
	if err != nil {
		return Picture{}, nil, err
	}
	if len(list) == 0 {
		return Picture{}, nil, errs.New(errs.NotFound, "desk.not_found")
	}
	p := list[0]
	if p.UserID != actor.UserID || actor.UserID == 0 {
		if _, err := s.Get(ctx, actor, p.Submission); err != nil {
			return Picture{}, nil, err
		}
	}
	r, err := s.Blobs.Open(ctx, blob.Key(p.Key))
	return p, r, err
}

type readArgs struct {
	Brand   id.ID `json:"brand"`
	Picture id.ID `json:"picture"`
}

// Kind implements jobs.Args.
func (readArgs) Kind() string { return "desk.read" }

type recheckArgs struct {
	Brand      id.ID `json:"brand"`
	Submission id.ID `json:"submission"`
}

// Kind implements jobs.Args.
func (recheckArgs) Kind() string { return "desk.recheck" }

// readPicture reads a picture outside any transaction, then notes what was found and takes up the submission that waits
// for it.
func (s *Service) readPicture(ctx context.Context, args readArgs) error {
	list, err := selectPictures(ctx, s.DB, args.Brand, []id.ID{args.Picture})
	if err != nil || len(list) == 0 || list[0].State != PictureNew {
		return err
	}
	got, err := s.look(ctx, list[0])
	if err != nil {
		return err
	}
	state := PictureRead
	if len(got.missing) > 0 {
		state = PictureUnread
	}
	if got.codes == nil {
		got.codes = []string{}
	}
	var waits id.ID
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		waits, err = db.One[id.ID](ctx, tx, `UPDATE desk_picture SET state = $1, codes = $2, text = $3, missing = $4, read_ms = $5
			WHERE brand_id = $6 AND id = $7 RETURNING submission_id`,
			state, encode(got.codes), got.text, strings.Join(got.missing, ","), int64(s.now()), args.Brand, args.Picture)
		return err
	})
	if err != nil || waits == 0 {
		return err
	}
	return s.recheck(ctx, recheckArgs{args.Brand, waits})
}

// decodes makes sure that an image can be decoded to its end. One at a time: a large one takes much memory.
func (s *Service) decodes(ctx context.Context, raw []byte, kind string) error {
	select {
	case s.decoding <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.decoding }()
	return whole(raw, kind)
}

// look decodes the image and reads what is on it; of an animation all that differs.
func (s *Service) look(ctx context.Context, p Picture) (found, error) {
	if s.Reader.Codes == "" && s.Reader.Text == "" {
		return found{missing: s.Reader.Missing()}, nil
	}
	r, err := s.Blobs.Open(ctx, blob.Key(p.Key))
	if err != nil {
		return found{}, err
	}
	defer func() { _ = r.Close() }()
	unreadable := found{missing: []string{"image"}}
	if p.Type == "image/gif" {
		g, err := gif.DecodeAll(r)
		if err != nil {
			return unreadable, nil // uploaded before broken files were refused: a person looks at it
		}
		return s.readMotion(ctx, g)
	}
	img, _, err := image.Decode(r)
	if err != nil {
		return unreadable, nil
	}
	return s.readImage(ctx, img)
}

// shrink makes an image smaller by leaving out lines and columns, until it has at most limit pixels.
func shrink(img image.Image, limit int) image.Image {
	size := img.Bounds()
	step := 1
	for (size.Dx()/step)*(size.Dy()/step) > limit {
		step++
	}
	if step == 1 {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, size.Dx()/step, size.Dy()/step))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.Set(x, y, img.At(size.Min.X+x*step, size.Min.Y+y*step))
		}
	}
	return out
}

// recheck takes up a submission that waited for its pictures.
func (s *Service) recheck(ctx context.Context, args recheckArgs) error {
	all := reach{units: &authz.Scope{BrandID: args.Brand, All: true}}
	sub, err := selectOne(ctx, s.DB, args.Brand, args.Submission, all)
	if db.NoRows(err) || err == nil && sub.State != Reading {
		return nil
	}
	if err != nil {
		return err
	}
	actor := authz.SystemActor(args.Brand, clock.Shanghai())
	v := version{handed: handed{texts: decode[[]Text](sub.Texts), media: decode[[]Media](sub.Media), pictures: decode[[]id.ID](sub.Pictures)}}
	if v.set, err = s.settings(ctx, s.DB, args.Brand); err != nil {
		return err
	}
	next := sub
	if err := s.check(ctx, actor, &next, &v); err != nil || v.pending {
		return err // another picture is still to be read; its job comes here too
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := lock(ctx, tx, args.Brand, args.Submission, all)
		if err != nil {
			return err
		}
		if now.State != Reading || now.Version != sub.Version {
			return nil // somebody else took it up, or took it back
		}
		at := next.Submitted
		next.judged(v.verdict)
		s.route(&next, v, s.Clock.Now().In(zoneOf(actor)))
		next.Submitted = at
		if err := save(ctx, tx, args.Brand, &next); err != nil {
			return err
		}
		if next.State != Waiting {
			if err := s.tell(ctx, tx, args.Brand, &next); err != nil {
				return err
			}
		}
		return s.settle(ctx, tx, actor, &next)
	})
}

// distinctRules lists the rules of findings, each once.
func distinctRules(list []Finding) []string {
	out := []string{}
	for _, f := range list {
		out = append(out, f.Rule)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
