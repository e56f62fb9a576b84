package evidence_test

import (
	"encoding/json"
	"testing"

	"kosmos/internal/domain/evidence"
)

func TestCanonical(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		// RFC 8785, 3.2.2 and 3.2.3.
		`{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals": [null, true, false]}`: `{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
		`{"\u20ac": "Euro Sign","\r": "Carriage Return","\ufb33": "Hebrew","1": "One","\ud83d\ude00": "Emoji","\u0080": "Control","\u00f6": "o"}`:                                      "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"o\",\"€\":\"Euro Sign\",\"😀\":\"Emoji\",\"\ufb33\":\"Hebrew\"}",
		`[-0, 0.0, 1e21, 1e-6, 1e-7, 123456789012, 9007199254740992, -1.5e-9]`:                                                                                                         `[0,0,1e+21,0.000001,1e-7,123456789012,9007199254740992,-1.5e-9]`,
		`"<&>` + "\u2028" + `"`:      `"<&>` + "\u2028" + `"`,
		`{"b":{"z":1,"a":2},"a":[]}`: `{"a":[],"b":{"a":2,"z":1}}`,
	} {
		got, err := evidence.Canonical(json.RawMessage(in))
		if err != nil || string(got) != want {
			t.Errorf("%s\n got %s %v\nwant %s", in, got, err, want)
		}
	}
	for _, bad := range []string{`9007199254740993`, `1e20`, `-1.5e17`, `9007199254740993.5`, `1e400`, `{`, `1 2`} {
		if got, err := evidence.Canonical(json.RawMessage(bad)); err == nil {
			t.Errorf("%s was taken as %s", bad, got)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	f.Add(`{"a":[1,2.5,"\u0000",null],"😀":{"b":true}}`)
	f.Add(`[1e-7,1e21,-0]`)
	f.Add(`[1e20,9007199254740992.0,-123456789012345678.9]`)
	f.Fuzz(func(t *testing.T, s string) {
		once, err := evidence.Canonical(json.RawMessage(s))
		if err != nil {
			return
		}
		again, err := evidence.Canonical(json.RawMessage(once))
		if err != nil || string(again) != string(once) {
			t.Fatalf("%q is not the canonical form of itself: %q %v", once, again, err)
		}
	})
}
