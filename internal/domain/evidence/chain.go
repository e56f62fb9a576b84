package evidence

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

const saltSize = 16

var kindForm = regexp.MustCompile(`^[a-z][a-z0-9]*\.[a-z][a-z0-9_]*$`)

// genesis is what the first step of a brand follows: chains of two brands never share a hash.
func genesis(brand string) string {
	sum := sha256.Sum256([]byte("kosmos/evidence/v1|" + brand))
	return hex.EncodeToString(sum[:])
}

// link gives the hash of a row that follows prev.
func link(prev string, row []byte) (string, error) {
	before, err := hex.DecodeString(prev)
	if err != nil || len(before) != sha256.Size {
		return "", errors.New("evidence: malformed hash")
	}
	sum := sha256.Sum256(append(before, row...))
	return hex.EncodeToString(sum[:]), nil
}

// stamp writes a time in the one form the chain knows: UTC with milliseconds.
func stamp(t clock.Ms) string {
	if t == 0 {
		return ""
	}
	return time.UnixMilli(int64(t)).UTC().Format("2006-01-02T15:04:05.000Z")
}

// sealText salts and hashes a text.
func sealText(text string) (hash string, kept Text, err error) {
	salt := make([]byte, saltSize)
	if _, err := rand.Read(salt); err != nil {
		return "", Text{}, fmt.Errorf("evidence: random: %w", err)
	}
	kept = Text{Salt: hex.EncodeToString(salt), Text: text}
	hash, err = kept.hash()
	return hash, kept, err
}

func (t Text) hash() (string, error) {
	salt, err := hex.DecodeString(t.Salt)
	if err != nil || len(salt) != saltSize {
		return "", errors.New("evidence: malformed salt")
	}
	sum := sha256.Sum256(append(salt, t.Text...))
	return hex.EncodeToString(sum[:]), nil
}

// made is a step ready to be chained: everything but its number, time and hash.
type made struct {
	row   Row
	texts map[string]Text
	step  Step
}

// prepare works out what does not depend on the chain, before the head is locked.
func prepare(s Step) (made, error) {
	m := made{step: s, texts: map[string]Text{}}
	if !kindForm.MatchString(s.Kind) || s.Object == "" || s.BrandID == 0 {
		return m, fmt.Errorf("evidence: a step needs brand, kind and object: %q %q", s.Kind, s.Object)
	}
	body, err := object(s.Body)
	if err != nil {
		return m, err
	}
	m.row = Row{
		Kind: s.Kind, Object: s.Object, ObjectID: s.ObjectID.String(), Unit: s.UnitID.String(), Body: body, Texts: map[string]string{},
		Actor: Actor{ID: s.Actor.UserID.String(), Kind: string(s.Actor.Kind)},
	}
	seal := func(name, text string) error {
		hash, kept, err := sealText(text)
		m.row.Texts[name], m.texts[name] = hash, kept
		return err
	}
	for name, text := range s.Texts {
		if err := seal(name, text); err != nil {
			return m, err
		}
	}
	if s.Actor.Kind != authz.System && s.Actor.Name != "" {
		err = seal(textActor, s.Actor.Name)
	}
	return m, err
}

// object brings a body into the canonical form of an object.
func object(v any) (json.RawMessage, error) {
	if v == nil {
		return json.RawMessage("{}"), nil
	}
	raw, err := Canonical(v)
	if err != nil {
		return nil, err
	}
	if len(raw) == 0 || raw[0] != '{' {
		return nil, errors.New("evidence: the body of a step is an object")
	}
	return raw, nil
}

// place gives the row its number and time and chains it behind prev.
func (m *made) place(seq int64, at clock.Ms, prev string) (row []byte, hash string, err error) {
	m.row.Seq, m.row.At = seq, stamp(at)
	if m.step.At != 0 && m.step.At != at {
		m.row.Happened = stamp(m.step.At)
	}
	if row, err = Canonical(m.row); err != nil {
		return nil, "", err
	}
	hash, err = link(prev, row)
	return row, hash, err
}

// anchorStatement is what an anchor's signature covers.
func anchorStatement(brand string, a Anchor) ([]byte, error) {
	return Canonical(map[string]any{"brand": brand, "day": a.Day.String(), "seq": a.Seq, "hash": a.Hash})
}

// same tells whether a stored row and the columns it was filed under agree.
func (e Entry) same() bool {
	var r Row
	if json.Unmarshal([]byte(e.Row), &r) != nil {
		return false
	}
	return r.Seq == e.Seq && r.At == stamp(e.At) && r.Kind == e.Kind && r.Object == e.Object && r.ObjectID == e.ObjectID.String() && r.Unit == e.UnitID.String()
}

// brandMark is how a brand is named in hashes and statements.
func brandMark(brand id.ID) string { return brand.String() }
