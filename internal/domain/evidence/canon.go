package evidence

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// errNumber refuses what JSON readers disagree about.
var errNumber = errors.New("evidence: a number beyond ±2^53 or not finite; write it as a string")

// Canonical gives the one form of a value's JSON: RFC 8785 (members sorted by UTF-16 units, ECMAScript's numbers, as
// few escapes as there can be, no spaces). Whole numbers beyond ±2^53 are refused: readers would round them.
func Canonical(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return canonicalJSON(raw)
}

// canonicalJSON brings JSON text into its canonical form.
func canonicalJSON(raw []byte) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("evidence: something follows the JSON value")
	}
	var b bytes.Buffer
	if err := write(&b, tree); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func write(b *bytes.Buffer, v any) error {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case string:
		writeString(b, v)
	case json.Number:
		return writeNumber(b, v.String())
	case []any:
		b.WriteByte('[')
		for i, x := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := write(b, x); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	case map[string]any:
		return writeObject(b, v)
	default:
		return fmt.Errorf("evidence: %T is no JSON", v)
	}
	return nil
}

func writeObject(b *bytes.Buffer, v map[string]any) error {
	type member struct {
		name  string
		units []uint16
	}
	members := make([]member, 0, len(v))
	for name := range v {
		members = append(members, member{name, utf16.Encode([]rune(name))})
	}
	slices.SortFunc(members, func(x, y member) int {
		for i := range min(len(x.units), len(y.units)) {
			if d := cmp.Compare(x.units[i], y.units[i]); d != 0 {
				return d
			}
		}
		return cmp.Compare(len(x.units), len(y.units))
	})
	b.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			b.WriteByte(',')
		}
		writeString(b, m.name)
		b.WriteByte(':')
		if err := write(b, v[m.name]); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

func writeString(b *bytes.Buffer, s string) {
	const short = "\b\t\n\f\r\"\\"
	b.WriteByte('"')
	for _, r := range s {
		switch i := strings.IndexRune(short, r); {
		case i >= 0:
			b.WriteByte('\\')
			b.WriteByte(`btnfr"\`[i])
		case r < 0x20:
			_, _ = fmt.Fprintf(b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}

func writeNumber(b *bytes.Buffer, text string) error {
	const safe = 1 << 53
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return errNumber
	}
	if !strings.ContainsAny(text, ".eE") {
		if n, err := strconv.ParseInt(text, 10, 64); err != nil || n > safe || n < -safe {
			return errNumber
		}
	}
	switch a := math.Abs(f); {
	case f == 0:
		b.WriteByte('0') // also for -0
	case a > safe && a < 1e21: // 1e20 would be written as a whole number that is refused when it is read again
		return errNumber
	case a >= 1e-6 && a < 1e21:
		b.WriteString(strconv.FormatFloat(f, 'f', -1, 64))
	default:
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
		b.WriteString(mantissa + "e" + exponent[:1] + strings.TrimLeft(exponent[1:], "0"))
	}
	return nil
}
