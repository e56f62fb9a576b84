package desk

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Reader reads QR codes and text in pictures with the programs of the machine; an absent one is left out and said so.
type Reader struct {
	Codes string // path of zbarimg, or ""
	Text  string // path of tesseract, or ""
}

// FindReader looks for the programs. Debian has them as zbar-tools, tesseract-ocr and tesseract-ocr-chi-sim.
func FindReader() Reader {
	find := func(name string) string {
		path, err := exec.LookPath(name)
		if err != nil || !filepath.IsAbs(path) {
			return ""
		}
		return path
	}
	return Reader{Codes: find("zbarimg"), Text: find("tesseract")}
}

// Missing names the programs that are absent.
func (r Reader) Missing() []string {
	out := []string{}
	if r.Codes == "" {
		out = append(out, "zbarimg")
	}
	if r.Text == "" {
		out = append(out, "tesseract")
	}
	return out
}

// found is what was read in a picture.
type found struct {
	codes   []string
	text    string
	missing []string // programs that are absent or could not read it
}

const (
	readTimeout = 40 * time.Second
	readBytes   = 64 << 10 // of a program's answer
	noCodes     = 4        // zbarimg's exit code when there is none
)

// read reads a PNG that we wrote ourselves.
func (r Reader) read(ctx context.Context, png []byte) (found, error) {
	dir, err := os.MkdirTemp("", "kosmos-desk-")
	if err != nil {
		return found{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "picture.png")
	if err := os.WriteFile(file, png, 0o600); err != nil {
		return found{}, err
	}
	out := found{missing: r.Missing()}
	if r.Codes != "" {
		got, err := run(ctx, dir, r.Codes, "--quiet", "--raw", "--nodbus", file)
		var ended *exec.ExitError
		switch {
		case errors.As(err, &ended) && ended.ExitCode() == noCodes:
		case err != nil:
			out.missing = append(out.missing, "zbarimg")
		}
		for line := range strings.Lines(got) {
			if line = strings.TrimSpace(line); line != "" {
				out.codes = append(out.codes, line)
			}
		}
	}
	if r.Text != "" {
		got, err := run(ctx, dir, r.Text, file, "stdout", "-l", "chi_sim+eng", "--psm", "11")
		if err != nil {
			out.missing = append(out.missing, "tesseract")
		}
		out.text = joined(got)
	}
	return out, ctx.Err()
}

// run starts a program without a shell, in a folder of its own, with a time-out and a bound on what it may say.
func run(ctx context.Context, dir, path string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...) //nolint:gosec // a program found at start-up, arguments of our own
	cmd.Dir = dir
	cmd.Env = []string{"HOME=" + dir, "TMPDIR=" + dir, "LC_ALL=C.UTF-8", "OMP_THREAD_LIMIT=1"}
	cmd.WaitDelay = time.Second
	out := &bounded{}
	cmd.Stdout = out
	err := cmd.Run()
	return strings.ToValidUTF8(strings.ReplaceAll(out.buf.String(), "\x00", ""), ""), err
}

// bounded keeps the beginning of what is written.
type bounded struct{ buf bytes.Buffer }

// Write drops what is too much, so that the program does not wait.
func (b *bounded) Write(p []byte) (int, error) {
	if room := readBytes - b.buf.Len(); room > 0 {
		b.buf.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// joined takes the blanks out that text recognition puts between Chinese characters, and empty lines.
func joined(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		for i, w := range words {
			if i > 0 && (ascii(words[i-1]) || ascii(w)) {
				b.WriteByte(' ')
			}
			b.WriteString(w)
		}
		if len(words) > 0 {
			b.WriteByte('\n')
		}
	}
	return strings.TrimSpace(b.String())
}

// joinLines puts the lines of b behind those of a; a line that a has already is left out.
func joinLines(a, b string) string {
	have := strings.Split(a, "\n")
	for line := range strings.SplitSeq(b, "\n") {
		if line != "" && !slices.Contains(have, line) {
			have = append(have, line)
		}
	}
	return strings.TrimSpace(strings.Join(have, "\n"))
}

func ascii(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r > '~' }) < 0 }
