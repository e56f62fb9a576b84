package desk_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/desk"
)

// code draws a QR code on a white ground.
func code(t *testing.T) []byte {
	t.Helper()
	key, err := otp.NewKeyFromURL("otpauth://totp/kefu8899?secret=JBSWY3DPEHPK3PXP")
	if err != nil {
		t.Fatal(err)
	}
	img, err := key.Image(240, 240)
	if err != nil {
		t.Fatal(err)
	}
	ground := image.NewRGBA(image.Rect(0, 0, 320, 320))
	for y := range 320 {
		for x := range 320 {
			ground.Set(x, y, color.White)
		}
	}
	for y := range 240 {
		for x := range 240 {
			ground.Set(x+40, y+40, img.At(x, y))
		}
	}
	return encoded(t, ground)
}

func encoded(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (k kit) upload(raw []byte) id.ID {
	k.t.Helper()
	p, err := k.Upload(k.t.Context(), k.kos(), "图.png", bytes.NewReader(raw))
	if err != nil {
		k.t.Fatal(err)
	}
	return p.ID
}

// TestPicturesAreRead needs zbarimg and tesseract (scripts/need installs them).
func TestPicturesAreRead(t *testing.T) {
	t.Parallel()
	if missing := desk.FindReader().Missing(); len(missing) > 0 {
		t.Fatalf("install %v: make need", missing)
	}
	contact, err := os.ReadFile("testdata/contact.png")
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, k kit) {
		ctx := t.Context()
		k.settings(func(s *desk.Settings) { s.Levels[0].Percent = 0 })
		d := post("周末到店看看")
		d.Pictures = []id.ID{k.upload(code(t)), k.upload(contact)}
		s := k.submit(d)
		if s.State != desk.Reading {
			t.Fatalf("%+v", s)
		}
		k.jobs.Run(ctx)
		s, err := k.Get(ctx, k.kos(), s.ID)
		if err != nil || s.State != desk.Waiting || s.Level != desk.Medium {
			t.Fatalf("%+v %v", s, err)
		}
		for _, part := range []string{`"rule":"desk.qr"`, `otpauth://totp/kefu8899`, `"rule":"test/微信"`, `"field":"image"`} {
			if !strings.Contains(s.Findings, part) {
				t.Errorf("no %s in %s", part, s.Findings)
			}
		}
		want(t, k.kinds(), []string{"desk.queued"})
		sums := []string{}
		for _, raw := range [][]byte{code(t), contact} {
			sums = append(sums, fmt.Sprintf("%x", sha256.Sum256(raw)))
		}
		if got, ok := k.steps[0].Body["pictures"].([]string); !ok || !slices.Equal(got, sums) {
			t.Errorf("the chain does not say which pictures: %v", k.steps[0].Body["pictures"])
		}
		// read before it is handed in: decided at once
		e := post("下周到店看看")
		e.Pictures = []id.ID{k.upload(encoded(t, image.NewRGBA(image.Rect(0, 0, 60, 40))))}
		k.jobs.Run(ctx)
		if s := k.submit(e); s.State != desk.Approved {
			t.Fatalf("%+v", s)
		}
		// somebody else's picture, and one that belongs to another submission
		for _, p := range []id.ID{e.Pictures[0], 4242} {
			f := post("再来一条")
			f.Pictures = []id.ID{p}
			if _, err := k.Submit(ctx, k.kos(), f); !errs.Is(err, "desk.picture_unknown") {
				t.Error(err)
			}
		}
		if _, _, err := k.Open(ctx, actor(t, authz.KOS, 83, 52, 12), d.Pictures[0]); !errs.Is(err, "desk.not_found") {
			t.Error(err)
		}
		_, r, err := k.Open(ctx, k.officer(), d.Pictures[0])
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(raw, code(t)) {
			t.Error("another picture came back", err)
		}
		_ = r.Close()
	})
}

func TestPicturesWithoutTheProgramsAreSeenByAPerson(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t, sets()))
	k.Reader = desk.Reader{}
	want(t, k.Reader.Missing(), []string{"zbarimg", "tesseract"})
	d := post("周末到店看看")
	d.Pictures = []id.ID{k.upload(code(t))}
	s := k.submit(d)
	k.jobs.Run(t.Context())
	s, err := k.Get(t.Context(), k.kos(), s.ID)
	if err != nil || s.State != desk.Waiting || s.Level != desk.None {
		t.Fatalf("%+v %v", s, err)
	}
	story, err := k.Story(t.Context(), k.officer(), &s)
	if err != nil || len(story.Pictures) != 1 || story.Pictures[0].Missing != "zbarimg,tesseract" {
		t.Fatalf("%+v %v", story, err)
	}
}

func TestPicturesThatAreNone(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t, sets()))
	huge := encoded(t, image.NewGray(image.Rect(0, 0, 12_001, 2)))
	for name, c := range map[string]struct {
		raw  []byte
		slug string
	}{
		"a page": {[]byte("<html><script>alert(1)</script>"), "desk.picture_type"}, "nothing": {nil, "desk.picture_type"},
		"a drawing": {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "desk.picture_type"}, "too wide": {huge, "desk.picture_large"},
		"too long": {bytes.Repeat([]byte{1}, desk.MaxPicture+1), "desk.picture_large"},
	} {
		if _, err := k.Upload(t.Context(), k.kos(), "x.png", bytes.NewReader(c.raw)); !errs.Is(err, c.slug) {
			t.Errorf("%s: %v", name, err)
		}
	}
	left := k.upload(code(t)) // nobody hands it in: it goes away
	k.c.Advance(72 * time.Hour)
	if err := k.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := k.Open(t.Context(), k.kos(), left); !errs.Is(err, "desk.not_found") {
		t.Error(err)
	}
}

// TestStuckPicturesDoNotHoldASubmission: the program stopped before it read a picture.
func TestStuckPicturesDoNotHoldASubmission(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		d := post("周末到店看看")
		d.Pictures = []id.ID{k.upload(code(t))}
		s := k.submit(d)
		k.c.Advance(2 * time.Hour)
		if err := k.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		s, err := k.Get(t.Context(), k.kos(), s.ID)
		if err != nil || s.State != desk.Waiting {
			t.Fatalf("%+v %v", s, err)
		}
	})
}
