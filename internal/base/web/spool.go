package web

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
)

// spool reads an upload whole into a file without a name and puts that in the body's place. Only then is it known whether
// a repeated Idempotency-Key came with the same content. The sum covers what the parts say, not the line that separates
// them: a browser draws that anew for every try.
func spool(w http.ResponseWriter, req *http.Request, limit int64) (sum []byte, done func(), err error) {
	f, err := os.CreateTemp("", "kosmos-upload-")
	if err != nil {
		return nil, nil, err
	}
	_ = os.Remove(f.Name()) // where a system does not allow that for an open file, the second try below does it
	done = func() {
		_ = f.Close()
		_ = os.Remove(f.Name())
	}
	h := sha256.New()
	from := limited(w, req, limit)
	err = sumParts(h, req.Header.Get("Content-Type"), io.TeeReader(from, f))
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		done()
		return nil, nil, uploadError(err)
	}
	req.Body = f
	return h.Sum(nil), done, nil
}

// sumParts adds every part of a form to h, or the whole of a body that is no form. It reads from to its end.
func sumParts(h hash.Hash, contentType string, from io.Reader) error {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		_, err := io.Copy(h, from)
		return err
	}
	mr := multipart.NewReader(from, params["boundary"])
	for {
		p, err := mr.NextPart()
		if err == io.EOF { //nolint:errorlint // a form cut short ends in a wrapped one
			_, err = io.Copy(io.Discard, from)
			return err
		}
		if err != nil {
			return err
		}
		one := sha256.New()
		n, err := io.Copy(one, p)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(h, "%q %q %d %x\n", p.FormName(), p.FileName(), n, one.Sum(nil))
	}
}
