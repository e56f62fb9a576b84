package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/errs"
)

// Download is a file as an answer.
type Download struct {
	Name        string // shown to the person who saves it; may be Chinese
	ContentType string
	Size        int64 // 0 when not known
	Write       func(io.Writer) error
}

// XLSX is the content type of a spreadsheet.
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// HandleDownload declares a route that answers with a file, written as it is made.
func HandleDownload[I any](r *Router, rt Route, fn func(context.Context, authz.Actor, *I) (*Download, error)) {
	if rt.Produces == "" {
		rt.Produces = "application/octet-stream"
	}
	HandleRaw(r, rt, func(ctx context.Context, actor authz.Actor, in *I, w http.ResponseWriter, _ *http.Request) error {
		d, err := fn(ctx, actor, in)
		if err != nil {
			return err
		}
		h := w.Header()
		h.Set("Content-Type", d.ContentType)
		h.Set("Content-Disposition", disposition(d.Name))
		if d.Size > 0 {
			h.Set("Content-Length", fmt.Sprint(d.Size))
		}
		return d.Write(w)
	})
}

// disposition names the file twice: plainly for old programs, in UTF-8 for the others (RFC 6266).
func disposition(name string) string {
	ascii := strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' || strings.ContainsRune(`"\/`, c) {
			return '_'
		}
		return c
	}, name)
	return `attachment; filename="` + ascii + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}

// Part is one field or file of a multipart body, readable until the next part is asked for.
type Part struct {
	Field    string
	FileName string // empty for a plain field
	Body     io.Reader
}

// EachPart hands the parts of a multipart body to fn as they arrive, without keeping them.
// Errors: base.content_type, base.body_too_large, base.body_incomplete.
func EachPart(req *http.Request, fn func(Part) error) error {
	mr, err := req.MultipartReader()
	if err != nil {
		return errMediaType
	}
	for {
		p, err := mr.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return uploadError(err)
		}
		if err := fn(partOf(p)); err != nil {
			return uploadError(err)
		}
	}
}

func partOf(p *multipart.Part) Part {
	return Part{Field: p.FormName(), FileName: p.FileName(), Body: p}
}

// uploadError tells a broken upload from the errors of whoever read it.
func uploadError(err error) error {
	var e *errs.Error
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return errTooLarge
	case errors.As(err, &e):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), strings.HasPrefix(err.Error(), "multipart:"):
		return errBodyGone
	default:
		return err
	}
}

// Events is a server-sent event stream.
type Events struct {
	w  http.ResponseWriter
	rc *http.ResponseController
}

// NewEvents begins an event stream.
func NewEvents(w http.ResponseWriter) (*Events, error) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	e := &Events{w: w, rc: http.NewResponseController(w)}
	w.WriteHeader(http.StatusOK)
	return e, e.Ping()
}

// Send writes one event with data as JSON.
func (e *Events) Send(event string, data any) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(e.w, "event: %s\ndata: %s\n\n", event, raw); err != nil {
		return err
	}
	return e.rc.Flush()
}

// Ping keeps the connection open through proxies.
func (e *Events) Ping() error {
	if _, err := io.WriteString(e.w, ": \n\n"); err != nil {
		return err
	}
	return e.rc.Flush()
}
