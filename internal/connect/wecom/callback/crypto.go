// Package callback reads what 企业微信 (WeCom) sends to a callback address, and writes what it is answered.
//
// Owns: the signature and encryption of callbacks (crypto.go), their XML and JSON envelopes (envelope.go), and the events in
// them with the key by which a repeated one is told from a new one (event.go).
//
// Not here: who receives them, and what they lead to.
//
// Contract: developer.work.weixin.qq.com/document/path/90968 (encryption), /90930 (callbacks), /92277 and /96361 (customers).
package callback

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // the contract's own signature
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
)

// Errors of reading a callback. None of them carries what was sent.
var (
	ErrKey       = errors.New("callback: the EncodingAESKey is not 43 characters of base64")
	ErrSignature = errors.New("callback: the signature does not match")
	ErrCipher    = errors.New("callback: the text cannot be decrypted")
	ErrReceiver  = errors.New("callback: meant for somebody else")
	ErrEnvelope  = errors.New("callback: neither the XML nor the JSON of a callback")
)

const (
	keyLength    = 43 // characters; with the "=" left out they are 32 bytes
	padBlock     = 32 // PKCS#7 with blocks of 32, twice those of AES
	randomLength = 16
	headLength   = randomLength + 4
)

// Crypto signs and encrypts for one callback address. It is safe for concurrent use.
type Crypto struct {
	token, receiver string
	block           cipher.Block
	iv              []byte
}

// New makes a Crypto of what the console shows: the token, the EncodingAESKey and the receiver, which is the corp id for an
// app of one's own, the suite id for a third party's and empty for a robot. Errors: ErrKey.
func New(token, encodingAESKey, receiver string) (*Crypto, error) {
	if len(encodingAESKey) != keyLength {
		return nil, ErrKey
	}
	key, err := base64.StdEncoding.DecodeString(encodingAESKey + "=")
	if err != nil || len(key) != 32 {
		return nil, ErrKey
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, ErrKey
	}
	return &Crypto{token: token, receiver: receiver, block: block, iv: key[:aes.BlockSize]}, nil
}

// Sign gives the msg_signature of an encrypted text: SHA-1 over token, timestamp, nonce and text in ascending order.
func (c *Crypto) Sign(timestamp, nonce, encrypted string) string {
	parts := []string{c.token, timestamp, nonce, encrypted}
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

// Open checks the signature of an encrypted text (of a body, or the echostr of a GET) and gives what is in it.
// Errors: ErrSignature, ErrCipher, ErrReceiver.
func (c *Crypto) Open(signature, timestamp, nonce, encrypted string) ([]byte, error) {
	want := c.Sign(timestamp, nonce, encrypted)
	if subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(signature))) != 1 {
		return nil, ErrSignature
	}
	data, err := base64.StdEncoding.DecodeString(encrypted)
	if err != nil || len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, ErrCipher
	}
	cipher.NewCBCDecrypter(c.block, c.iv).CryptBlocks(data, data)
	plain, ok := unpad(data)
	if !ok || len(plain) < headLength {
		return nil, ErrCipher
	}
	n := int64(binary.BigEndian.Uint32(plain[randomLength:headLength]))
	rest := plain[headLength:]
	if n > int64(len(rest)) {
		return nil, ErrCipher
	}
	if subtle.ConstantTimeCompare(rest[n:], []byte(c.receiver)) != 1 {
		return nil, ErrReceiver
	}
	return rest[:n:n], nil
}

// Seal encrypts a message behind 16 random bytes, as base64.
func (c *Crypto) Seal(message []byte) string {
	var random [randomLength]byte
	_, _ = rand.Read(random[:]) // never fails
	return c.seal(random, message)
}

func (c *Crypto) seal(random [randomLength]byte, message []byte) string {
	data := make([]byte, 0, headLength+len(message)+len(c.receiver)+padBlock)
	data = append(data, random[:]...)
	data = binary.BigEndian.AppendUint32(data, uint32(len(message)))
	data = append(data, message...)
	data = append(data, c.receiver...)
	pad := padBlock - len(data)%padBlock
	data = append(data, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(c.block, c.iv).CryptBlocks(data, data)
	return base64.StdEncoding.EncodeToString(data)
}

// unpad takes PKCS#7's filling away; ok is false when it is none.
func unpad(data []byte) (plain []byte, ok bool) {
	pad := int(data[len(data)-1])
	if pad < 1 || pad > padBlock || pad > len(data) {
		return nil, false
	}
	for _, b := range data[len(data)-pad:] {
		if int(b) != pad {
			return nil, false
		}
	}
	return data[:len(data)-pad], true
}
