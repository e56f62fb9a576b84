// Package xiaohongshu speaks the contracts of 小红书聚光 and of its private message tools.
//
// Owns: the encryption of third-party private messages (im.go), which one public repository describes and nobody else
// confirms: whoever switches it on is told so.
package xiaohongshu

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
)

// Errors of third-party private messages.
var (
	ErrKey  = errors.New("xiaohongshu: the key is not 32 hexadecimal digits")
	ErrText = errors.New("xiaohongshu: the text cannot be decrypted")
)

// split stands between the initial vector and the text.
const split = "~split~"

// IM encrypts private messages: AES-128-CBC with PKCS#7. It is safe for concurrent use.
type IM struct{ block cipher.Block }

// NewIM makes an IM of the key that the platform shows, 32 hexadecimal digits. Errors: ErrKey.
func NewIM(key string) (*IM, error) {
	raw, err := hex.DecodeString(key)
	if err != nil || len(raw) != 16 {
		return nil, ErrKey
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, ErrKey
	}
	return &IM{block}, nil
}

// Seal encrypts a text.
func (m *IM) Seal(text []byte) string {
	var iv [aes.BlockSize]byte
	_, _ = rand.Read(iv[:]) // never fails
	return m.seal(iv, text)
}

func (m *IM) seal(iv [aes.BlockSize]byte, text []byte) string {
	pad := aes.BlockSize - len(text)%aes.BlockSize
	data := append(bytes.Clone(text), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(m.block, iv[:]).CryptBlocks(data, data)
	return base64.StdEncoding.EncodeToString(iv[:]) + split + base64.StdEncoding.EncodeToString(data)
}

// Open decrypts a text. Nothing signs it: that it can be read proves nothing about who sent it. Errors: ErrText.
func (m *IM) Open(sealed string) ([]byte, error) {
	head, tail, ok := strings.Cut(sealed, split)
	iv, err1 := base64.StdEncoding.DecodeString(head)
	data, err2 := base64.StdEncoding.DecodeString(tail)
	if !ok || err1 != nil || err2 != nil || len(iv) != aes.BlockSize || len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, ErrText
	}
	cipher.NewCBCDecrypter(m.block, iv).CryptBlocks(data, data)
	pad := int(data[len(data)-1])
	if pad < 1 || pad > aes.BlockSize || !bytes.Equal(data[len(data)-pad:], bytes.Repeat([]byte{byte(pad)}, pad)) {
		return nil, ErrText
	}
	return data[:len(data)-pad], nil
}
