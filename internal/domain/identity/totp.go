package identity

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"kosmos/internal/base/id"
)

const (
	totpPeriod    = 30
	recoveryCodes = 10
)

// newTOTP makes a secret and the address that authenticator programs read from a QR code.
func newTOTP(account string) (secret, uri string) {
	raw := make([]byte, 20)
	_, _ = rand.Read(raw)
	secret = base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
	q := url.Values{"secret": {secret}, "issuer": {"Kosmos"}, "period": {"30"}, "digits": {"6"}, "algorithm": {"SHA1"}}
	return secret, "otpauth://totp/" + url.PathEscape("Kosmos:"+account) + "?" + q.Encode()
}

// stepOf finds the time step whose code was given: now, the one before or the one after. A step is used once, so the
// caller keeps the last one and refuses it and all before.
func stepOf(secret, code string, now time.Time) (int64, bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	for _, shift := range []int64{0, -1, 1} {
		step := now.Unix()/totpPeriod + shift
		want, err := totp.GenerateCodeCustom(secret, time.Unix(step*totpPeriod, 0), totp.ValidateOpts{
			Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
		})
		if err == nil && want == code {
			return step, true
		}
	}
	return 0, false
}

// newRecovery makes one-time codes for a lost phone, and their stored form.
func newRecovery() (codes []string, stored string) {
	const alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
	hashes := make([]string, 0, recoveryCodes)
	for range recoveryCodes {
		raw := make([]byte, 12)
		_, _ = rand.Read(raw)
		var b strings.Builder
		for i, c := range raw {
			if i > 0 && i%4 == 0 {
				b.WriteByte('-')
			}
			b.WriteByte(alphabet[int(c)%len(alphabet)])
		}
		codes = append(codes, b.String())
		hashes = append(hashes, hashSecret(b.String()))
	}
	raw, _ := json.Marshal(hashes) //nolint:errchkjson // strings
	return codes, string(raw)
}

// spendRecovery takes a code out of the stored ones.
func spendRecovery(stored, code string) (rest string, ok bool) {
	var hashes []string
	if json.Unmarshal([]byte(stored), &hashes) != nil {
		return stored, false
	}
	i := slices.Index(hashes, hashSecret(strings.ToLower(strings.TrimSpace(code))))
	if i < 0 {
		return stored, false
	}
	raw, _ := json.Marshal(slices.Delete(hashes, i, i+1)) //nolint:errchkjson // strings
	return string(raw), true
}

func recoveryLeft(stored string) int {
	var hashes []string
	_ = json.Unmarshal([]byte(stored), &hashes)
	return len(hashes)
}

// aadTOTP and aadPhone are the places of sealed values; logins are global, so the brand is 0.
func aadTOTP(login id.ID) string  { return "0|identity_login|totp|" + login.String() }
func aadPhone(login id.ID) string { return "0|identity_login|phone|" + login.String() }
