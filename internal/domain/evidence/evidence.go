package evidence

import (
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// Step is one decisive act, as the room that acts tells it.
type Step struct {
	BrandID  id.ID
	UnitID   id.ID  // whose units may read it; 0: only who sees the whole brand
	Kind     string // "<room>.<what_happened>"; its text is "<room>.evidence_<what_happened>", with Body's members as parameters
	Object   string // "submission", "post", "profile", "recall", …
	ObjectID id.ID
	Actor    authz.Actor
	At       clock.Ms // when it happened; 0: when it is written
	Body     any      // facts that are no personal text: ids as strings, verdicts, versions, counts; an object in JSON
	// Texts are personal or free texts by name ("text", "reason"): only their salted hashes enter the chain.
	Texts map[string]string
}

// Names of texts that the room itself writes.
const textActor = "actor"

// Actor is who acted, without the name.
type Actor struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
}

// Row is a step as it is hashed; its canonical JSON follows the hash of the step before.
type Row struct {
	Seq      int64             `json:"seq"`
	At       string            `json:"at"`       // when it was written; never runs backwards
	Happened string            `json:"happened"` // when it happened, if that was told and differs; else ""
	Kind     string            `json:"kind"`
	Object   string            `json:"object"`
	ObjectID string            `json:"object_id"`
	Unit     string            `json:"unit"`
	Actor    Actor             `json:"actor"`
	Texts    map[string]string `json:"texts"` // name → hex of SHA-256(salt ‖ text)
	Body     any               `json:"body"`
}

// Text is a text that stands apart from the chain, with the salt that its hash was made with.
type Text struct {
	Salt string `json:"salt"` // hex
	Text string `json:"text"`
}

// Entry is a step as it is read from the store.
type Entry struct {
	Seq      int64    `db:"seq"`
	At       clock.Ms `db:"at_ms"`
	Kind     string   `db:"kind"`
	Object   string   `db:"object"`
	ObjectID id.ID    `db:"object_id"`
	UnitID   id.ID    `db:"unit_id"`
	Row      string   `db:"row_json"`
	Prev     string   `db:"prev"`
	Hash     string   `db:"hash"`
	Texts    map[string]Text
}

// Head is the newest step of a chain; Seq is also how many there are.
type Head struct {
	Seq  int64    `db:"seq" json:"seq"`
	Hash string   `db:"hash" json:"hash"`
	At   clock.Ms `db:"at_ms" json:"-"`
}

// Anchor is the head as it stood when a day ended.
type Anchor struct {
	Day       clock.Day `db:"day" json:"day"`
	Seq       int64     `db:"seq" json:"seq"`
	Hash      string    `db:"hash" json:"hash"`
	Made      clock.Ms  `db:"made_ms" json:"made"`
	Key       string    `db:"key" json:"key"`             // hex of the public key
	Signature string    `db:"signature" json:"signature"` // hex, over the canonical JSON of brand, day, seq and hash
}

// Filter cuts a list of steps; zero fields do not.
type Filter struct {
	Object   string
	ObjectID id.ID
	Kind     string // exact, or a room's with a dot at the end: "desk."
	Unit     string // id or path
	From, To clock.Day
	Below    int64 // go on below this step
	Limit    int
}
