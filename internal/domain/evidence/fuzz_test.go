package evidence_test

import (
	"strings"
	"testing"

	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/domain/evidence"
)

// FuzzVerify: whatever is in a file, verification ends, and only the file that was exported is whole.
func FuzzVerify(f *testing.F) {
	f.Add("")
	f.Add(`{"type":"manifest","format":1}` + "\n" + `{"type":"end"}` + "\n")
	f.Add(`{"type":"step","row":{"seq":9007199254740993}}`)
	f.Fuzz(func(t *testing.T, text string) {
		v, err := evidence.Verify(strings.NewReader(text), evidence.Pins{})
		if err != nil || v.OK {
			t.Fatalf("%q is whole: %+v %v", text, v, err)
		}
	})
}

// TestEveryByteCounts changes an exported file in every fifth place.
func TestEveryByteCounts(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t, sets()))
	k.days(t, 2)
	text := strings.Join(k.export(t, evidence.Export{}), "")
	for i := 0; i < len(text); i += 5 {
		bad := []byte(text)
		bad[i] ^= 1
		if v, err := evidence.Verify(strings.NewReader(string(bad)), evidence.Pins{}); err != nil || v.OK {
			t.Fatalf("byte %d of %d was changed and the file is whole: %v", i, len(text), err)
		}
	}
}
