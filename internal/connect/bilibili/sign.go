// Package bilibili speaks the contracts of 哔哩哔哩开放平台.
//
// Owns: how calls are signed (sign.go).
//
// Contract: openhome.bilibili.com as ten public client libraries agree on it.
package bilibili

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // the contract's own digest of a body
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Version is that of the signature.
type Version string

// The versions: of calls an app makes for itself, and of calls it makes for a user.
const (
	ForApp  Version = "1.0"
	ForUser Version = "2.0"
)

// Signer signs calls with an app's key.
type Signer struct {
	Key, Secret string
	Version     Version
}

// Sign sets the headers of a call. nonce must not be used twice, timestamp is in seconds. For the user's version the
// access-token header is the caller's.
func (s Signer) Sign(h http.Header, body []byte, nonce string, timestamp int64) {
	sum := md5.Sum(body)
	values := map[string]string{
		"x-bili-accesskeyid":       s.Key,
		"x-bili-content-md5":       hex.EncodeToString(sum[:]),
		"x-bili-signature-method":  "HMAC-SHA256",
		"x-bili-signature-nonce":   nonce,
		"x-bili-signature-version": string(s.Version),
		"x-bili-timestamp":         strconv.FormatInt(timestamp, 10),
	}
	lines := make([]string, 0, len(values))
	for name, value := range values {
		h.Set(name, value)
		lines = append(lines, name+":"+value)
	}
	slices.Sort(lines)
	mac := hmac.New(sha256.New, []byte(s.Secret))
	_, _ = mac.Write([]byte(strings.Join(lines, "\n")))
	h.Set("Authorization", hex.EncodeToString(mac.Sum(nil)))
}
