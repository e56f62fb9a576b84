package post_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"kosmos/internal/domain/post"
)

// TestBodyWritesTheJSONOfItsFields fills every field with all sorts of values and compares with encoding/json.
func TestBodyWritesTheJSONOfItsFields(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var b post.Body
		fill(r, reflect.ValueOf(&b).Elem())
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(b); err != nil {
			t.Fatal(err)
		}
		if got := string(b.AppendJSON(nil)) + "\n"; got != want.String() {
			t.Fatalf("got  %swant %s", got, want.String())
		}
	}
}

func fill(r *rand.Rand, v reflect.Value) {
	texts := []string{"", "新车到店", `say "hi"\`, "line\nbreak\ttab", "a\u2028b", "<b>&amp;</b>", "bad\xffutf8", "😀 \x01", "plain"}
	switch v.Kind() { //nolint:exhaustive // a body holds no other kinds
	case reflect.Struct:
		for i := range v.NumField() {
			fill(r, v.Field(i))
		}
	case reflect.String:
		v.SetString(texts[r.IntN(len(texts))])
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 1)
	case reflect.Int64, reflect.Int32:
		v.SetInt(r.Int64N(3) * r.Int64N(2e12))
	case reflect.Pointer:
		if r.IntN(2) == 1 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(r, v.Elem())
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), r.IntN(4), 4))
		for i := range v.Len() {
			fill(r, v.Index(i))
		}
	default:
		panic("a kind that this test does not fill: " + v.Kind().String())
	}
}
