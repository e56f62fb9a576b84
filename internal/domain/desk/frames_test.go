package desk_test

import (
	"bytes"
	"image"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/desk"
)

// animation makes a GIF of frames, each of the size of the first.
func animation(t *testing.T, frames ...image.Image) []byte {
	t.Helper()
	g := gif.GIF{}
	for _, f := range frames {
		p := image.NewPaletted(frames[0].Bounds(), palette.Plan9)
		draw.Draw(p, p.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(p, p.Rect, f, image.Point{}, draw.Over)
		g.Image, g.Delay = append(g.Image, p), append(g.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestEveryFrameOfAnAnimationIsRead: a contact id that flashes up in the third frame is found like one that stands.
func TestEveryFrameOfAnAnimationIsRead(t *testing.T) {
	t.Parallel()
	if missing := desk.FindReader().Missing(); len(missing) > 0 {
		t.Fatalf("install %v: make need", missing)
	}
	hidden, err := png.Decode(bytes.NewReader(code(t)))
	if err != nil {
		t.Fatal(err)
	}
	plain := image.NewRGBA(hidden.Bounds())
	each(t, func(t *testing.T, k kit) {
		k.settings(func(s *desk.Settings) { s.Levels[0].Percent = 0 })
		d := post("周末到店看看")
		d.Pictures = []id.ID{k.upload(animation(t, plain, plain, hidden, plain))}
		s := k.submit(d)
		k.jobs.Run(t.Context())
		s, err := k.Get(t.Context(), k.kos(), s.ID)
		if err != nil || s.State != desk.Waiting || !strings.Contains(s.Findings, "otpauth://totp/kefu8899") {
			t.Fatalf("%+v %v", s, err)
		}
		// more frames that differ than are read: a person looks
		var many []image.Image
		for i := range 40 {
			f := image.NewRGBA(image.Rect(0, 0, 80, 80))
			draw.Draw(f, image.Rect(i*2, 0, i*2+10, 80), image.Black, image.Point{}, draw.Src)
			many = append(many, f)
		}
		e := post("下周到店看看")
		e.Pictures = []id.ID{k.upload(animation(t, many...))}
		s = k.submit(e)
		k.jobs.Run(t.Context())
		s, err = k.Get(t.Context(), k.kos(), s.ID)
		if err != nil || s.State != desk.Waiting {
			t.Fatalf("%+v %v", s, err)
		}
		story, err := k.Story(t.Context(), k.officer(), &s)
		if err != nil || story.Pictures[0].State != desk.PictureUnread || story.Pictures[0].Missing != "frames" {
			t.Fatalf("%+v %v", story.Pictures, err)
		}
	})
}

// TestBrokenPicturesAreRefusedAtUpload: the header alone makes no picture.
func TestBrokenPicturesAreRefusedAtUpload(t *testing.T) {
	t.Parallel()
	var photo bytes.Buffer
	noisy := image.NewRGBA(image.Rect(0, 0, 200, 200))
	for i := range noisy.Pix {
		noisy.Pix[i] = byte(i * i >> 3)
	}
	if err := jpeg.Encode(&photo, noisy, nil); err != nil {
		t.Fatal(err)
	}
	drawing, moving := encoded(t, noisy), animation(t, noisy, image.NewRGBA(noisy.Rect))
	damaged := bytes.Clone(drawing)
	damaged[len(damaged)/2] ^= 0x5A
	bomb := bytes.Clone(moving[:13])
	bomb[6], bomb[7], bomb[8], bomb[9], bomb[10] = 0x00, 0x0F, 0x00, 0x0F, 0 // 3840 × 3840, no colour table
	for range 200 {
		bomb = append(bomb, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0)
	}
	bomb = append(bomb, 0x3B)
	each(t, func(t *testing.T, k kit) {
		for name, tt := range map[string]struct {
			raw  []byte
			slug string
		}{
			"photo": {photo.Bytes(), ""}, "drawing": {drawing, ""}, "animation": {moving, ""},
			"half a photo":           {photo.Bytes()[:photo.Len()/2], "desk.picture_broken"},
			"half a drawing":         {drawing[:len(drawing)/2], "desk.picture_broken"},
			"a damaged drawing":      {damaged, "desk.picture_broken"},
			"half an animation":      {moving[:len(moving)/2], "desk.picture_broken"},
			"no end of an animation": {moving[:len(moving)-1], "desk.picture_broken"},
			"too much of a motion":   {bomb, "desk.picture_motion"},
			"a text":                 {[]byte("GIF89 is no picture"), "desk.picture_type"},
		} {
			_, err := k.Upload(t.Context(), k.kos(), "图", bytes.NewReader(tt.raw))
			if got := errs.SlugOf(err); got != tt.slug {
				t.Errorf("%s: %q, want %q (%v)", name, got, tt.slug, err)
			}
		}
	})
}
