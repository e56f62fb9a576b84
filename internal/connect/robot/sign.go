package robot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

// SignFeishu signs for 飞书: the key is timestamp, line end and secret, the message is empty. timestamp is in seconds, valid
// for an hour, and goes into the body as text.
func SignFeishu(timestamp, secret string) string {
	return base64.StdEncoding.EncodeToString(hmac.New(sha256.New, []byte(timestamp+"\n"+secret)).Sum(nil))
}

// SignDingTalk signs for 钉钉: the key is the secret, the message is timestamp, line end and secret. timestamp is in
// milliseconds, valid for an hour, and goes into the query together with the signature, which is escaped there.
func SignDingTalk(timestamp, secret string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(timestamp + "\n" + secret))
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}
