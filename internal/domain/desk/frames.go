package desk

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/png"
	"slices"
	"time"

	"kosmos/internal/base/errs"
)

// Bounds of an animation. What is beyond them is refused when it is uploaded: it could not be looked through.
const (
	maxMotion  = 400_000_000 // frames × pixels of the canvas
	maxFrame   = 16_000_000  // pixels of the canvas
	readFrames = 12          // of the frames that differ
	readWhole  = 10 * time.Minute
	// readEnough is when a picture's reading stops, so that what was found is kept.
	readEnough = 6 * time.Minute
)

// missingFrames says that an animation has more frames that differ than were read.
const missingFrames = "frames"

// whole decodes an image to its end, so that a broken file is refused by who uploads it and not found out later. Errors:
// "desk.picture_broken", "desk.picture_motion".
func whole(raw []byte, kind string) error {
	if kind != "gif" {
		_, _, err := image.Decode(bytes.NewReader(raw))
		return broken(err)
	}
	frames, canvas, err := countFrames(raw)
	if err != nil {
		return broken(err)
	}
	if frames > 1 && (canvas > maxFrame || frames*canvas > maxMotion) {
		return errs.New(errs.Invalid, "desk.picture_motion")
	}
	_, err = gif.DecodeAll(bytes.NewReader(raw))
	return broken(err)
}

func broken(err error) error {
	if err == nil {
		return nil
	}
	return errs.Wrap(errs.Invalid, "desk.picture_broken", err)
}

var errGIF = errors.New("desk: malformed GIF")

// countFrames walks over the blocks of a GIF without unpacking them: a small file may hold gigabytes.
func countFrames(raw []byte) (frames, canvas int, err error) {
	if len(raw) < 13 {
		return 0, 0, errGIF
	}
	canvas = int(binary.LittleEndian.Uint16(raw[6:])) * int(binary.LittleEndian.Uint16(raw[8:]))
	p := gifBlocks{rest: raw[13:]}
	p.skip(colours(raw[10]))
	for !p.bad {
		switch p.byte() {
		case 0x21: // an extension
			p.skip(1)
			p.blocks()
		case 0x2C: // a frame
			if len(p.rest) < 9 {
				return 0, 0, errGIF
			}
			canvas = max(canvas, int(binary.LittleEndian.Uint16(p.rest[4:]))*int(binary.LittleEndian.Uint16(p.rest[6:])))
			flags := p.rest[8]
			p.skip(9 + colours(flags) + 1)
			p.blocks()
			frames++
		case 0x3B: // the end
			return frames, canvas, nil
		default:
			return 0, 0, errGIF
		}
	}
	return 0, 0, errGIF
}

// colours is the size of a colour table that flags announce.
func colours(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (1 + flags&7)
}

type gifBlocks struct {
	rest []byte
	bad  bool
}

func (p *gifBlocks) skip(n int) {
	if p.bad = p.bad || n > len(p.rest); !p.bad {
		p.rest = p.rest[n:]
	}
}

func (p *gifBlocks) byte() byte {
	if p.bad = p.bad || len(p.rest) == 0; p.bad {
		return 0
	}
	b := p.rest[0]
	p.rest = p.rest[1:]
	return b
}

// blocks skips data blocks up to the empty one.
func (p *gifBlocks) blocks() {
	for n := p.byte(); n > 0 && !p.bad; n = p.byte() {
		p.skip(int(n))
	}
}

// play draws the frames of an animation one over the other, as they are shown, on white.
func play(g *gif.GIF, fn func(i int, shown *image.RGBA) error) error {
	canvas := image.NewRGBA(image.Rect(0, 0, g.Config.Width, g.Config.Height))
	white := image.NewUniform(color.White)
	draw.Draw(canvas, canvas.Rect, white, image.Point{}, draw.Src)
	for i, frame := range g.Image {
		at := frame.Bounds().Intersect(canvas.Rect)
		var before *image.RGBA
		if g.Disposal[i] == gif.DisposalPrevious {
			before = image.NewRGBA(at)
			draw.Draw(before, at, canvas, at.Min, draw.Src)
		}
		draw.Draw(canvas, at, frame, at.Min, draw.Over)
		if err := fn(i, canvas); err != nil {
			return err
		}
		switch g.Disposal[i] {
		case gif.DisposalBackground:
			draw.Draw(canvas, at, white, image.Point{}, draw.Src)
		case gif.DisposalPrevious:
			draw.Draw(canvas, at, before, at.Min, draw.Src)
		}
	}
	return nil
}

// differing lists the frames that show something else than the one kept before.
func differing(g *gif.GIF) []int {
	var list []int
	var kept *image.RGBA
	_ = play(g, func(i int, shown *image.RGBA) error { // fn never fails
		if kept == nil || differ(kept.Pix, shown.Pix) {
			list = append(list, i)
			kept = &image.RGBA{Pix: slices.Clone(shown.Pix), Stride: shown.Stride, Rect: shown.Rect}
		}
		return nil
	})
	return list
}

// differ tells whether enough pixels are clearly another colour for a word to have come or gone.
func differ(a, b []uint8) bool {
	n, enough := 0, max(16, len(a)/4/2000)
	for i := 0; i+3 < len(a); i += 4 {
		if apart(a[i], b[i])+apart(a[i+1], b[i+1])+apart(a[i+2], b[i+2]) > 96 {
			if n++; n > enough {
				return true
			}
		}
	}
	return false
}

func apart(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

// spread takes n of a list, the first and the last among them.
func spread(list []int, n int) []int {
	if len(list) <= n {
		return list
	}
	out := make([]int, n)
	for i := range out {
		out[i] = list[i*(len(list)-1)/(n-1)]
	}
	return out
}

// readMotion reads the frames of an animation that differ; of more than readFrames some, and says so.
func (s *Service) readMotion(ctx context.Context, g *gif.GIF) (found, error) {
	all := differing(g)
	take := spread(all, readFrames)
	var out found
	until := s.Clock.Now().Add(readEnough)
	late := false
	err := play(g, func(i int, shown *image.RGBA) error {
		if late = late || s.Clock.Now().After(until); late || !slices.Contains(take, i) {
			return nil
		}
		got, err := s.readImage(ctx, shown)
		out.add(got)
		return err
	})
	if late || len(take) < len(all) {
		out.missing = append(out.missing, missingFrames)
	}
	return out, err
}

// readImage writes an image anew as a plain PNG and reads that: the programs never see what a stranger made.
func (s *Service) readImage(ctx context.Context, img image.Image) (found, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, shrink(img, readPixels)); err != nil {
		return found{}, err
	}
	return s.Reader.read(ctx, b.Bytes())
}

// add takes up what was read in another frame; what was read already is not said twice.
func (f *found) add(more found) {
	for _, code := range more.codes {
		if !slices.Contains(f.codes, code) {
			f.codes = append(f.codes, code)
		}
	}
	for _, name := range more.missing {
		if !slices.Contains(f.missing, name) {
			f.missing = append(f.missing, name)
		}
	}
	f.text = joinLines(f.text, more.text)
}
