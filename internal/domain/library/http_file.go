package library

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

const uploadsPath = base + "/uploads"

func (h handlers) fileRoutes(r *web.Router) {
	web.Handle(r, web.Route{
		Method: http.MethodPost, Path: uploadsPath, Summary: "Begin an upload in parts, or go on with the one of the same checksum", Permission: permUse, Status: http.StatusCreated,
	}, h.begin)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: uploadsPath + "/{id}", Summary: "Which parts of an upload are here", Permission: permUse}, h.upload)
	web.HandleUpload(r, web.Route{
		Method: http.MethodPut, Path: uploadsPath + "/{id}/parts/{no}", Summary: "Send one part; the same part again changes nothing", Permission: permUse,
		Accepts: "application/octet-stream", MaxBody: PartSize + 1024, Timeout: -1,
	}, h.part)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: uploadsPath + "/{id}/finish", Summary: "Put the parts together", Permission: permUse, Timeout: -1}, h.finish)
	web.HandleRaw(r, web.Route{
		Method: http.MethodGet, Path: filesPath + "/{id}", Summary: "A file; understands Range, so that a video can be watched", Permission: permUse, Produces: "application/octet-stream", Timeout: -1,
	}, h.file(false))
	web.HandleRaw(r, web.Route{
		Method: http.MethodGet, Path: filesPath + "/{id}/thumb", Summary: "A small picture of a picture", Permission: permUse, Produces: "image/jpeg",
	}, h.file(true))
}

type fileBody struct {
	ID     id.ID  `json:"id"`
	Name   string `json:"name"`
	Media  string `json:"media"`
	Size   int64  `json:"size"`
	URL    string `json:"url"`
	Thumb  string `json:"thumb" doc:"empty when there is none"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

func filesBody(list []File) []fileBody {
	out := make([]fileBody, len(list))
	for i, f := range list {
		out[i] = fileBody(f)
	}
	return out
}

type uploadBody struct {
	ID       id.ID    `json:"id"`
	Name     string   `json:"name"`
	Size     int64    `json:"size"`
	PartSize int64    `json:"part_size" doc:"bytes of every part but the last"`
	Count    int      `json:"count" doc:"parts, numbered from 0"`
	Parts    []int    `json:"parts" doc:"those that are here"`
	FileID   id.ID    `json:"file_id" nullable:"true" doc:"once finished"`
	MadeAt   clock.Ms `json:"made_at"`
}

func uploadOf(u Upload) *uploadBody {
	if u.Parts == nil {
		u.Parts = []int{}
	}
	return &uploadBody{u.ID, u.Name, u.Size, u.PartSize, u.Count(), u.Parts, u.FileID, u.MadeAt}
}

type beginIn struct {
	Body struct {
		Name   string `json:"name" maxLength:"300"`
		Size   int64  `json:"size"`
		SHA256 string `json:"sha256" required:"false" maxLength:"64" doc:"of the whole, hex"`
	}
}

func (h handlers) begin(ctx context.Context, actor authz.Actor, in *beginIn) (*uploadBody, error) {
	u, err := h.s.BeginUpload(ctx, actor, in.Body.Name, in.Body.Size, in.Body.SHA256)
	if err != nil {
		return nil, err
	}
	return uploadOf(u), nil
}

func (h handlers) upload(ctx context.Context, actor authz.Actor, in *oneIn) (*uploadBody, error) {
	u, err := h.s.GetUpload(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return uploadOf(u), nil
}

type partIn struct {
	ID     id.ID  `path:"id"`
	No     int    `path:"no" minimum:"0" maximum:"100000"`
	SHA256 string `query:"sha256" maxLength:"64" doc:"of the part, hex"`
}

func (h handlers) part(ctx context.Context, actor authz.Actor, in *partIn, req *http.Request) (*uploadBody, error) {
	u, err := h.s.PutPart(ctx, actor, in.ID, in.No, in.SHA256, req.Body)
	if err != nil {
		return nil, err
	}
	return uploadOf(u), nil
}

func (h handlers) finish(ctx context.Context, actor authz.Actor, in *oneIn) (*fileBody, error) {
	f, err := h.s.FinishUpload(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	b := fileBody(f)
	return &b, nil
}

type fileIn struct {
	ID       id.ID `path:"id"`
	Download bool  `query:"download" doc:"as a file to keep"`
}

// file streams a file or its thumbnail. A stored file never changes, so browsers may keep it.
func (h handlers) file(thumb bool) func(context.Context, authz.Actor, *fileIn, http.ResponseWriter, *http.Request) error {
	return func(ctx context.Context, actor authz.Actor, in *fileIn, w http.ResponseWriter, req *http.Request) error {
		row, open, err := h.s.OpenFile(ctx, actor, in.ID, thumb)
		if err != nil {
			return err
		}
		hd := w.Header()
		hd.Set("Cache-Control", "private, max-age=86400, immutable")
		hd.Set("X-Content-Type-Options", "nosniff")
		hd.Set("Content-Security-Policy", "sandbox; default-src 'none'")
		if thumb {
			hd.Set("Content-Type", "image/jpeg")
			return stream(w, open, span{to: -1})
		}
		hd.Set("Content-Type", row.Media)
		hd.Set("Content-Disposition", disposition(row.Name, in.Download || !inline(row.Media)))
		hd.Set("Accept-Ranges", "bytes")
		part, ok := rangeOf(req.Header.Get("Range"), row.Size)
		if !ok {
			hd.Set("Content-Range", fmt.Sprintf("bytes */%d", row.Size))
			w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
			return nil
		}
		hd.Set("Content-Length", strconv.FormatInt(part.to-part.from+1, 10))
		if part.cut {
			hd.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", part.from, part.to, row.Size))
			w.WriteHeader(http.StatusPartialContent)
		}
		return stream(w, open, part)
	}
}

// inline tells what a browser may show beside our pages: nothing that could hold a script.
func inline(media string) bool {
	return strings.HasPrefix(media, "image/") || strings.HasPrefix(media, "video/") || strings.HasPrefix(media, "audio/") || media == "application/pdf"
}

func disposition(name string, attach bool) string {
	kind := "inline"
	if attach {
		kind = "attachment"
	}
	return kind + "; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}

// span is a part of a file, both ends inclusive; to -1 is the end.
type span struct {
	from, to int64
	cut      bool
}

// rangeOf reads a Range header with one range; anything else than bytes or more than one range is answered with the whole,
// as RFC 9110 allows. ok is false for a range outside the file.
func rangeOf(header string, size int64) (span, bool) {
	whole := span{0, size - 1, false}
	text, found := strings.CutPrefix(header, "bytes=")
	if !found || strings.Contains(text, ",") {
		return whole, true
	}
	a, b, found := strings.Cut(strings.TrimSpace(text), "-")
	if !found {
		return whole, true
	}
	if a == "" { // the last b bytes
		n, err := strconv.ParseInt(b, 10, 64)
		if err != nil {
			return whole, true
		}
		if n <= 0 {
			return whole, false
		}
		return span{max(0, size-n), size - 1, true}, true
	}
	from, err := strconv.ParseInt(a, 10, 64)
	if err != nil || from < 0 {
		return whole, true
	}
	to := size - 1
	if b != "" {
		if n, err := strconv.ParseInt(b, 10, 64); err == nil {
			to = min(n, to)
		}
	}
	if from >= size || to < from {
		return whole, false
	}
	return span{from, to, true}, true
}

// stream writes a span of a stored file. Sealed files are read from their beginning: what lies before is read and dropped.
func stream(w io.Writer, open func() (io.ReadCloser, error), s span) (err error) {
	from, err := open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	if s.to < 0 {
		_, err = io.Copy(w, from)
		return err
	}
	if _, err = io.CopyN(io.Discard, from, s.from); err == nil {
		_, err = io.CopyN(w, from, s.to-s.from+1)
	}
	return err
}
