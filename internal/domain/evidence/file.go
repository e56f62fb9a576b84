package evidence

import "kosmos/internal/base/clock"

// The export file is JSON Lines, each line canonical: a manifest, the steps in order, the anchors, an end. A name that
// ends in .zip wraps the same lines with a note on how to verify them.

const (
	fileFormat = 1
	// MaxLine bounds a line of an export file.
	MaxLine = 16 << 20
)

// Line types.
const (
	lineManifest = "manifest"
	lineStep     = "step"
	lineAnchor   = "anchor"
	lineEnd      = "end"
)

// Manifest is the first line: whose chain this is and which part of it.
type Manifest struct {
	Type    string    `json:"type"`
	Format  int       `json:"format"`
	Brand   FileBrand `json:"brand"`
	Made    string    `json:"made"`
	From    string    `json:"from"`  // day asked for, or ""
	To      string    `json:"to"`    // day asked for, or ""
	First   int64     `json:"first"` // first step in the file; beyond Last when there is none
	Last    int64     `json:"last"`
	Prev    string    `json:"prev"` // hash of the step before the first
	Head    Head      `json:"head"` // the chain's newest step when the file was made
	Program string    `json:"program"`
}

// FileBrand names the brand of a file.
type FileBrand struct {
	ID   string `json:"id"`
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// stepLine is a step with its place in the chain. Kept are the texts that were not erased.
type stepLine struct {
	Type string          `json:"type"`
	Prev string          `json:"prev"`
	Hash string          `json:"hash"`
	Row  any             `json:"row"`
	Kept map[string]Text `json:"texts"`
}

type anchorLine struct {
	Type      string    `json:"type"`
	Day       clock.Day `json:"day"`
	Seq       int64     `json:"seq"`
	Hash      string    `json:"hash"`
	Key       string    `json:"key"`
	Signature string    `json:"signature"`
}

// end is the last line: what the lines before it must add up to, signed with the store's key.
type end struct {
	Type      string `json:"type"`
	Steps     int64  `json:"steps"`
	Anchors   int64  `json:"anchors"`
	Digest    string `json:"digest"` // SHA-256 of every byte before this line
	Key       string `json:"key"`
	Signature string `json:"signature"` // over the canonical JSON of this line with an empty signature
}
