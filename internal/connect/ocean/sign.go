// Package ocean speaks the contracts of 巨量引擎 (Ocean Engine) and 飞鱼 CRM: advertising accounts and the leads they bring.
//
// Owns: how calls to them and pushes from them are signed (sign.go).
//
// Contract: open.oceanengine.com; the older 飞鱼 pull as five public client libraries agree on it.
package ocean

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
)

// pullPath is the path of the older 飞鱼 pull; it is part of what is signed.
const pullPath = "/crm/v2/openapi/pull-clues/"

// SignPull gives the Signature header of the older 飞鱼 pull. start and end stand exactly as they are sent, timestamp is in
// seconds and goes into the Timestamp header. The pages asked for are not signed; what is encoded as base64 is the text of
// the digest in hex, not the digest.
func SignPull(key, start, end string, timestamp int64) string {
	text := pullPath + "?start_time=" + start + "&end_time=" + end + " " + strconv.FormatInt(timestamp, 10)
	return base64.StdEncoding.EncodeToString([]byte(digest(key, text)))
}

// VerifyPush checks the X-Open-Signature of a push: HMAC-SHA256 over the body as it came.
func VerifyPush(secret, signature string, body []byte) bool {
	return subtle.ConstantTimeCompare([]byte(digest(secret, string(body))), []byte(strings.ToLower(signature))) == 1
}

func digest(key, text string) string {
	h := hmac.New(sha256.New, []byte(key))
	_, _ = h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}
