package ocean

import "testing"

// Both vectors are computed from the rules that public client libraries agree on.
func TestSignatures(t *testing.T) {
	t.Parallel()
	const want = "ZTk4YjUyZDY4NmRkZmI3OTU3OGFjYThlNDY2ZjY1ZmI2NDM4Mjk3MmM3MWIzM2ZhMWE3MzZiZWJiNTM4YmViNg=="
	if got := SignPull("ABCDEFGHIGKLMNOP", "1564588800", "1567267200", 1567267200); got != want {
		t.Errorf("pull: %s", got)
	}
	const push = "fcdf35b7b1060430b26768ee8cd355900a512fe9f6df7c7692b6afb4da8fd766"
	body := []byte(`{"message_id":"1"}`)
	if !VerifyPush("testsecret", push, body) {
		t.Error("a push with its signature is refused")
	}
	for name, ok := range map[string]bool{
		"another secret": VerifyPush("other", push, body), "another body": VerifyPush("testsecret", push, append(body, ' ')),
		"no signature": VerifyPush("testsecret", "", body), "a cut one": VerifyPush("testsecret", push[:63], body),
	} {
		if ok {
			t.Errorf("%s is taken", name)
		}
	}
}
