package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
)

// Errors of this package. They never carry key material or plain text.
var (
	// ErrSealed means that a value was damaged, belongs to another place (AAD) or
	// was sealed with a key that is not on the ring.
	ErrSealed = errors.New("seal: value cannot be opened")
	// ErrToken means that a token was altered, is meant for another purpose or was
	// signed with an unknown key.
	ErrToken = errors.New("seal: token is not ours")
	// ErrKey means that a master key is missing or malformed.
	ErrKey = errors.New("seal: a key must be 32 bytes in base64 or hex")
)

const (
	keySize   = 32
	idSize    = 4
	nonceSize = 12
	tagSize   = 16
	version   = 1
	// Overhead is the number of bytes that Seal adds to a value.
	Overhead = 1 + idSize + nonceSize + tagSize
)

// KeyID names a master key without telling anything about it.
type KeyID [idSize]byte

// String returns the id in hex, for logs and doctor.
func (k KeyID) String() string { return hex.EncodeToString(k[:]) }

type ringKey struct {
	id     KeyID
	master [keySize]byte
	aead   cipher.AEAD
	sign   []byte
}

// Box seals and opens values with a ring of master keys. It is safe for
// concurrent use and prints as "seal.Box" wherever it is formatted or logged.
type Box struct {
	ring    []ringKey
	indexes sync.Map // keys of blind indexes by their derivation's info
}

// New makes a box from 32-byte master keys, the current one first, the root key
// (blind indexes) last.
func New(keys ...[]byte) (*Box, error) {
	if len(keys) == 0 {
		return nil, ErrKey
	}
	b := &Box{}
	for _, k := range keys {
		if len(k) != keySize {
			return nil, ErrKey
		}
		rk, err := newRingKey(k)
		if err != nil {
			return nil, err
		}
		if b.find(rk.id) != nil {
			return nil, fmt.Errorf("seal: key %s is on the ring twice", rk.id)
		}
		b.ring = append(b.ring, rk)
	}
	return b, nil
}

func newRingKey(master []byte) (ringKey, error) {
	rk := ringKey{}
	copy(rk.master[:], master)
	id, err := derive(master, "kosmos/keyid/v1", idSize)
	if err != nil {
		return rk, err
	}
	copy(rk.id[:], id)
	data, err := derive(master, "kosmos/seal/v1", keySize)
	if err != nil {
		return rk, err
	}
	if rk.aead, err = newAEAD(data); err != nil {
		return rk, err
	}
	rk.sign, err = derive(master, "kosmos/sign/v1", keySize)
	return rk, err
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func derive(master []byte, info string, n int) ([]byte, error) {
	return hkdf.Key(sha256.New, master, nil, info, n)
}

func (b *Box) find(id KeyID) *ringKey {
	for i := range b.ring {
		if b.ring[i].id == id {
			return &b.ring[i]
		}
	}
	return nil
}

// Seal encrypts plain for the place named by aad. Two calls never give the same
// bytes. The result is Overhead bytes longer than plain.
func (b *Box) Seal(aad string, plain []byte) ([]byte, error) {
	k := &b.ring[0]
	out := make([]byte, 1+idSize+nonceSize, Overhead+len(plain))
	out[0] = version
	copy(out[1:], k.id[:])
	nonce := out[1+idSize:]
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("seal: random: %w", err)
	}
	return k.aead.Seal(out, nonce, plain, []byte(aad)), nil
}

// Open decrypts what Seal made for the same aad, or returns ErrSealed.
func (b *Box) Open(aad string, sealed []byte) ([]byte, error) {
	if len(sealed) < Overhead || sealed[0] != version {
		return nil, ErrSealed
	}
	k := b.find(KeyID(sealed[1 : 1+idSize]))
	if k == nil {
		return nil, ErrSealed
	}
	body := sealed[1+idSize:]
	plain, err := k.aead.Open(nil, body[:nonceSize], body[nonceSize:], []byte(aad))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// NeedsReseal reports whether a sealed value was made with an older key than the
// current one and should be written again.
func (b *Box) NeedsReseal(sealed []byte) bool {
	return len(sealed) >= Overhead && KeyID(sealed[1:1+idSize]) != b.ring[0].id
}

// Index returns the blind index of a value: the same value gives the same 32
// bytes within one brand and purpose ("phone", "phone_last4") and unrelated bytes
// in every other. Normalise the value first (E.164 for phones).
func (b *Box) Index(brand int64, purpose, value string) []byte {
	m := hmac.New(sha256.New, b.indexKey("kosmos/index/v1|"+strconv.FormatInt(brand, 10)+"|"+purpose))
	m.Write([]byte(value))
	return m.Sum(nil)
}

func (b *Box) indexKey(info string) []byte {
	if key, ok := b.indexes.Load(info); ok {
		return key.([]byte)
	}
	root := &b.ring[len(b.ring)-1]
	key, err := derive(root.master[:], info, keySize)
	if err != nil {
		panic("seal: derive index key: " + err.Error()) // a 32-byte output cannot fail
	}
	b.indexes.Store(info, key)
	return key
}

// Sign returns a URL-safe token that carries payload in the clear and cannot be
// altered; purpose ("cursor", "invite") keeps tokens of one kind from being used
// as another.
func (b *Box) Sign(purpose string, payload []byte) string {
	k := &b.ring[0]
	mac := append(k.id[:], k.mac(purpose, payload)...)
	enc := base64.RawURLEncoding
	return enc.EncodeToString(payload) + "." + enc.EncodeToString(mac)
}

// Verify returns the payload of a token made by Sign for the same purpose, or
// ErrToken.
func (b *Box) Verify(purpose, token string) ([]byte, error) {
	body, sig, ok := strings.Cut(token, ".")
	if !ok {
		return nil, ErrToken
	}
	enc := base64.RawURLEncoding.Strict()
	payload, err := enc.DecodeString(body)
	if err != nil {
		return nil, ErrToken
	}
	mac, err := enc.DecodeString(sig)
	if err != nil || len(mac) != idSize+sha256.Size {
		return nil, ErrToken
	}
	k := b.find(KeyID(mac[:idSize]))
	if k == nil || !hmac.Equal(mac[idSize:], k.mac(purpose, payload)) {
		return nil, ErrToken
	}
	return payload, nil
}

func (k *ringKey) mac(purpose string, payload []byte) []byte {
	m := hmac.New(sha256.New, k.sign)
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(purpose)))
	m.Write(n[:])
	m.Write([]byte(purpose))
	m.Write(payload)
	return m.Sum(nil)
}

// KeyIDs returns the ids of the ring, current first. The last one must stay the
// same for the life of a store: the blind indexes hang on it.
func (b *Box) KeyIDs() []KeyID {
	ids := make([]KeyID, len(b.ring))
	for i := range b.ring {
		ids[i] = b.ring[i].id
	}
	return ids
}

// Format prints the type's name only, whatever verb is asked for.
func (b *Box) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte("seal.Box")) }

// LogValue keeps key material out of structured logs.
func (b *Box) LogValue() slog.Value { return slog.StringValue("seal.Box") }

// MarshalJSON keeps key material out of JSON.
func (b *Box) MarshalJSON() ([]byte, error) { return []byte(`"seal.Box"`), nil }
