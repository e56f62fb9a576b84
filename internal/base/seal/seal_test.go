package seal

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func key(b byte) []byte { return bytes.Repeat([]byte{b}, keySize) }

func newBox(t *testing.T, keys ...[]byte) *Box {
	t.Helper()
	b, err := New(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSealOpen(t *testing.T) {
	t.Parallel()
	b := newBox(t, key(1))
	sealed, err := b.Seal("7|org_member|phone|9", []byte("+8613800138000"))
	if err != nil {
		t.Fatal(err)
	}
	again, _ := b.Seal("7|org_member|phone|9", []byte("+8613800138000"))
	if bytes.Equal(sealed, again) {
		t.Error("two seals of one value are equal")
	}
	if len(sealed) != len("+8613800138000")+Overhead {
		t.Errorf("length %d", len(sealed))
	}
	plain, err := b.Open("7|org_member|phone|9", sealed)
	if err != nil || string(plain) != "+8613800138000" {
		t.Fatalf("open: %q %v", plain, err)
	}
	damaged := bytes.Clone(sealed)
	damaged[len(damaged)-1] ^= 1
	for name, c := range map[string]struct {
		box  *Box
		aad  string
		data []byte
	}{
		"other row":   {b, "7|org_member|phone|10", sealed},
		"damaged":     {b, "7|org_member|phone|9", damaged},
		"short":       {b, "7|org_member|phone|9", sealed[:Overhead-1]},
		"empty":       {b, "7|org_member|phone|9", nil},
		"unknown key": {newBox(t, key(2)), "7|org_member|phone|9", sealed},
	} {
		if _, err := c.box.Open(c.aad, c.data); !errors.Is(err, ErrSealed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRotation(t *testing.T) {
	t.Parallel()
	old, both := newBox(t, key(1)), newBox(t, key(2), key(1))
	sealed, _ := old.Seal("a", []byte("x"))
	if p, err := both.Open("a", sealed); err != nil || string(p) != "x" {
		t.Fatal("the new ring cannot open an old value")
	}
	if !both.NeedsReseal(sealed) || old.NeedsReseal(sealed) {
		t.Error("NeedsReseal is wrong")
	}
	if !bytes.Equal(old.Index(1, "phone", "v"), both.Index(1, "phone", "v")) {
		t.Error("a new key must not change the blind index")
	}
	if _, err := both.Verify("cursor", old.Sign("cursor", []byte("p"))); err != nil {
		t.Error("a token signed before the rotation must stay valid")
	}
	if _, err := New(key(1), key(1)); err == nil {
		t.Error("the same key twice was accepted")
	}
}

func TestIndex(t *testing.T) {
	t.Parallel()
	b := newBox(t, key(1))
	base := b.Index(1, "phone", "+8613800138000")
	if !bytes.Equal(base, b.Index(1, "phone", "+8613800138000")) || len(base) != 32 {
		t.Error("index is not stable")
	}
	for name, other := range map[string][]byte{
		"brand":   b.Index(2, "phone", "+8613800138000"),
		"purpose": b.Index(1, "phone_last4", "+8613800138000"),
		"value":   b.Index(1, "phone", "+8613800138001"),
	} {
		if bytes.Equal(base, other) {
			t.Errorf("another %s gives the same index", name)
		}
	}
}

func TestSignVerify(t *testing.T) {
	t.Parallel()
	b := newBox(t, key(1))
	tok := b.Sign("cursor", []byte(`{"id":"1"}`))
	p, err := b.Verify("cursor", tok)
	if err != nil || string(p) != `{"id":"1"}` {
		t.Fatal(err)
	}
	body, sig, _ := strings.Cut(tok, ".")
	forged := base64.RawURLEncoding.EncodeToString([]byte(`{"id":"2"}`))
	for name, bad := range map[string]string{
		"purpose": b.Sign("invite", []byte(`{"id":"1"}`)), "payload": forged + "." + sig, "no signature": body,
		"empty": "", "garbage": "!!.!!", "short": body + ".AAAA", "other key": newBox(t, key(3)).Sign("cursor", []byte("1")),
	} {
		if _, err := b.Verify("cursor", bad); !errors.Is(err, ErrToken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOpenKeys(t *testing.T) {
	t.Parallel()
	for name, env := range map[string]string{
		"base64": base64.StdEncoding.EncodeToString(key(5)), "url": base64.RawURLEncoding.EncodeToString(key(5)),
		"hex": hex.EncodeToString(key(5)), "ring": hex.EncodeToString(key(5)) + ", " + hex.EncodeToString(key(6)),
	} {
		b, err := Open(filepath.Join(t.TempDir(), "unused"), env)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if b.KeyIDs()[0] != newBox(t, key(5)).KeyIDs()[0] {
			t.Errorf("%s: another key", name)
		}
	}
	for _, env := range []string{"short", strings.Repeat("0", 63), base64.StdEncoding.EncodeToString(make([]byte, 32))} {
		if _, err := Open(t.TempDir(), env); !errors.Is(err, ErrKey) {
			t.Errorf("%q: %v", env, err)
		}
	}
}

func TestKeyFile(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	const starters = 8
	ids := make([]KeyID, starters)
	var wg sync.WaitGroup
	for i := range starters {
		wg.Go(func() {
			b, err := Open(dir, "")
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = b.KeyIDs()[0]
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatal("processes that started together got different keys")
		}
	}
	left, _ := filepath.Glob(filepath.Join(dir, ".secret-*"))
	if len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	st, err := os.Stat(filepath.Join(dir, KeyFile))
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v %v", st.Mode(), err)
	}
	if err := os.Chmod(filepath.Join(dir, KeyFile), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, ""); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key that everybody can read was accepted: %v", err)
	}
}

func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	b := newBox(t, key('K'))
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "box", b)
	j, _ := json.Marshal(map[string]any{"box": b})
	out := fmt.Sprintf("%v %+v %#v %s %x", b, b, b, b, b) + log.String() + string(j)
	if strings.Contains(out, "KKKK") || strings.Contains(out, "4b4b4b") || strings.Contains(out, "75 75") {
		t.Error("key material was printed: " + out)
	}
}

func TestStream(t *testing.T) {
	t.Parallel()
	b := newBox(t, key(1))
	for _, size := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 3*chunkSize + 17} {
		plain := bytes.Repeat([]byte("ab"), size)[:size]
		sealed := sealStream(t, b, plain)
		r, err := b.NewReader(bytes.NewReader(sealed), "file")
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("size %d: %d bytes, %v", size, len(got), err)
		}
	}
}

func TestStreamDamage(t *testing.T) {
	t.Parallel()
	b := newBox(t, key(1))
	sealed := sealStream(t, b, bytes.Repeat([]byte("x"), 3*chunkSize))
	chunk := chunkSize + tagSize
	flipped := bytes.Clone(sealed)
	flipped[headerSize+10] ^= 1
	swapped := bytes.Clone(sealed)
	copy(swapped[headerSize:], sealed[headerSize+chunk:headerSize+2*chunk])
	copy(swapped[headerSize+chunk:], sealed[headerSize:headerSize+chunk])
	for name, data := range map[string][]byte{
		"flipped": flipped, "swapped": swapped, "cut at a chunk": sealed[:headerSize+2*chunk],
		"cut inside": sealed[:len(sealed)-3], "header only": sealed[:headerSize], "half header": sealed[:5],
		"longer": append(bytes.Clone(sealed), 1),
	} {
		r, err := b.NewReader(bytes.NewReader(data), "file")
		if err == nil {
			_, err = io.ReadAll(r)
		}
		if !errors.Is(err, ErrSealed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func sealStream(t *testing.T, b *Box, plain []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := b.NewWriter(&out, "file")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
