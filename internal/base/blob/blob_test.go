package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kosmos/internal/base/blob"
	"kosmos/internal/base/seal"
)

func stores(t *testing.T) map[string]struct {
	store blob.Store
	root  string
} {
	t.Helper()
	box, err := seal.New(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]struct {
		store blob.Store
		root  string
	}{}
	for _, name := range []string{"dir", "sealed"} {
		root := filepath.Join(t.TempDir(), "blobs")
		d, err := blob.New(root)
		if err != nil {
			t.Fatal(err)
		}
		var s blob.Store = d
		if name == "sealed" {
			s = blob.Sealed(d, box)
		}
		out[name] = struct {
			store blob.Store
			root  string
		}{s, root}
	}
	return out
}

func TestPutOpenDelete(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, s := range stores(t) {
		for _, size := range []int{0, 1, 300_000} {
			content := bytes.Repeat([]byte("手机"), size)[:size]
			info, err := s.store.Put(ctx, bytes.NewReader(content), int64(size))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if info.Size != int64(size) || info.SHA256 != sha256.Sum256(content) {
				t.Errorf("%s %d: %+v", name, size, info)
			}
			f, err := s.store.Open(ctx, info.Key)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got, err := io.ReadAll(f)
			if err != nil || !bytes.Equal(got, content) || f.Close() != nil {
				t.Errorf("%s %d: %d bytes, %v", name, size, len(got), err)
			}
			for range 2 {
				if err := s.store.Delete(ctx, info.Key); err != nil {
					t.Errorf("%s: delete: %v", name, err)
				}
			}
			if _, err := s.store.Open(ctx, info.Key); !errors.Is(err, blob.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestFailedPutLeavesNothing(t *testing.T) {
	t.Parallel()
	broken := io.MultiReader(strings.NewReader("half"), errReader{})
	for name, s := range stores(t) {
		gone, cancel := context.WithCancel(context.Background())
		cancel()
		for why, put := range map[string]func() error{
			"too large": func() error {
				_, err := s.store.Put(context.Background(), strings.NewReader("12345"), 4)
				if !errors.Is(err, blob.ErrTooLarge) {
					t.Errorf("%s: %v", name, err)
				}
				return err
			},
			"broken": func() error { _, err := s.store.Put(context.Background(), broken, 100); return err },
			"gone":   func() error { _, err := s.store.Put(gone, strings.NewReader("x"), 100); return err },
		} {
			if put() == nil {
				t.Errorf("%s %s: no error", name, why)
			}
		}
		_ = filepath.WalkDir(s.root, func(p string, e os.DirEntry, _ error) error {
			if !e.IsDir() {
				t.Errorf("%s left %s behind", name, p)
			}
			return nil
		})
	}
}

func TestSealedOnDisk(t *testing.T) {
	t.Parallel()
	s := stores(t)["sealed"]
	info, err := s.store.Put(context.Background(), strings.NewReader("13800138000 王小明"), 100)
	if err != nil {
		t.Fatal(err)
	}
	p := filepath.Join(s.root, string(info.Key[:2]), string(info.Key[2:4]), string(info.Key))
	raw, err := os.ReadFile(p)
	if err != nil || bytes.Contains(raw, []byte("138001")) {
		t.Fatalf("plain text on disk (%v)", err)
	}
	raw[len(raw)-1] ^= 1
	if err := os.WriteFile(p, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := s.store.Open(context.Background(), info.Key)
	if err == nil {
		_, err = io.ReadAll(f)
		_ = f.Close()
	}
	if !errors.Is(err, seal.ErrSealed) {
		t.Errorf("damage was not seen: %v", err)
	}
}

func TestKeysFromOutside(t *testing.T) {
	t.Parallel()
	for name, s := range stores(t) {
		for _, k := range []blob.Key{"", "../../etc/passwd", "abcd", blob.Key(strings.Repeat("A", 32)), blob.Key(strings.Repeat("/", 32))} {
			if _, err := s.store.Open(context.Background(), k); !errors.Is(err, blob.ErrKey) {
				t.Errorf("%s open %q: %v", name, k, err)
			}
			if err := s.store.Delete(context.Background(), k); !errors.Is(err, blob.ErrKey) {
				t.Errorf("%s delete %q: %v", name, k, err)
			}
		}
	}
}

func TestWalk(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, s := range stores(t) {
		want := map[blob.Key]bool{}
		for range 5 {
			info, err := s.store.Put(ctx, strings.NewReader("x"), 1)
			if err != nil {
				t.Fatal(err)
			}
			want[info.Key] = true
		}
		if err := os.WriteFile(filepath.Join(s.root, "stranger.txt"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.store.Walk(ctx, func(f blob.Found) error { delete(want, f.Key); return nil }); err != nil || len(want) != 0 {
			t.Errorf("%s: %v, not seen %v", name, err, want)
		}
		stop := errors.New("stop")
		if err := s.store.Walk(ctx, func(blob.Found) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errors.New("connection lost") }
