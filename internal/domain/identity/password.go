package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/crypto/argon2"
)

// Cost of argon2id: 19 MiB and two passes (OWASP), about 30 ms on the machines this runs on.
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonSalt   = 16
	argonKey    = 32
)

// hasher hashes passwords, as many at a time as there are processors, so that a storm of logins cannot eat the memory.
type hasher struct {
	slots  chan struct{}
	memory uint32
	dummy  func() string // compared when there is no such login, so that the answer takes as long
}

func newHasher(memory uint32) *hasher {
	h := &hasher{slots: make(chan struct{}, max(1, runtime.GOMAXPROCS(0))), memory: memory}
	h.dummy = sync.OnceValue(func() string { return h.encode("no such login", make([]byte, argonSalt)) })
	return h
}

func (h *hasher) encode(password string, salt []byte) string {
	key := argon2.IDKey([]byte(password), salt, argonTime, h.memory, 1, argonKey)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, h.memory, argonTime, enc.EncodeToString(salt), enc.EncodeToString(key))
}

// hash makes the stored form of a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.take(ctx); err != nil {
		return "", err
	}
	defer h.give()
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt)
	return h.encode(password, salt), nil
}

// verify compares a password with a stored form; an empty one never matches and takes as long.
func (h *hasher) verify(ctx context.Context, stored, password string) (bool, error) {
	if err := h.take(ctx); err != nil {
		return false, err
	}
	defer h.give()
	known := stored != ""
	if !known {
		stored = h.dummy()
	}
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("identity: unknown form of a stored password")
	}
	var memory, time uint32
	var lanes uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &lanes); err != nil {
		return false, fmt.Errorf("identity: stored password: %w", err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("identity: stored password: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("identity: stored password: %w", err)
	}
	got := argon2.IDKey([]byte(password), salt, time, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

func (h *hasher) take(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *hasher) give() { <-h.slots }

// newSecret makes 32 random bytes in URL-safe text.
func newSecret() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// hashSecret is the stored form of a random secret; it needs no salt and no cost because nobody can guess 256 bits.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
