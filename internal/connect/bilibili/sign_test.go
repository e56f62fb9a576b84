package bilibili

import (
	"net/http"
	"testing"
)

// The vector is computed from the rule that public client libraries agree on.
func TestSign(t *testing.T) {
	t.Parallel()
	h := http.Header{}
	Signer{"ak", "sk", ForApp}.Sign(h, []byte("{}"), "n1", 1700000000)
	for name, want := range map[string]string{
		"Authorization":      "0bf953c028bccbb2082aa9c99c22eecdbfa8d69940d88348673c006c844399d5",
		"x-bili-content-md5": "99914b932bd37a50b983c5e7c90ae93b",
		"x-bili-timestamp":   "1700000000",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	other := http.Header{}
	Signer{"ak", "sk", ForUser}.Sign(other, []byte("{}"), "n1", 1700000000)
	if other.Get("Authorization") == h.Get("Authorization") {
		t.Error("the version is not signed")
	}
}
