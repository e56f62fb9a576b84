package evidence

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/seal"
)

// What verification finds wrong. The text of each is "evidence.fault_<what>".
const (
	FaultForm      = "form"      // a line is no line of an export file, or not in its canonical form
	FaultEdited    = "edited"    // a step does not give its own hash
	FaultText      = "text"      // a kept text does not give the hash in the chain
	FaultGap       = "gap"       // steps are missing
	FaultOrder     = "order"     // a step stands before an earlier one
	FaultTwice     = "twice"     // a step is there twice
	FaultLink      = "link"      // a step does not follow the one before: that one, or an earlier one, was rewritten
	FaultTime      = "time"      // a step was written before the one before it
	FaultStart     = "start"     // the first step does not follow what the manifest says
	FaultCut       = "cut"       // the end is missing
	FaultCount     = "count"     // more or fewer steps or anchors than the end says
	FaultAnchor    = "anchor"    // an anchor and the chain disagree: the chain behind it was rewritten
	FaultAnchorGap = "anchorgap" // a day without its anchor
	FaultSignature = "signature" // a signature is not the key's
	FaultKey       = "key"       // signed with another key than the one given
	FaultDigest    = "digest"    // the lines are not those that were signed
	FaultPinned    = "pinned"    // an anchor kept outside and the chain disagree
	FaultHead      = "head"      // a head kept outside and the chain disagree: it was rewritten or turned back
	FaultEmpty     = "empty"     // there is nothing in the file
	FaultResaved   = "resaved"   // a program saved the file anew: byte order mark, or CR LF
)

// Marks that begin a file that was saved anew as text: UTF-8 with a mark, UTF-16 of either order.
const (
	markUTF8   = "\xef\xbb\xbf"
	markLittle = "\xff\xfe"
	markBig    = "\xfe\xff"
)

// resaved tells whether the first line shows that a program saved the file anew, with a byte order mark or other line
// ends: every line would be faulty, and nothing be learned from it.
func resaved(first []byte) bool {
	for _, mark := range []string{markUTF8, markLittle, markBig} {
		if bytes.HasPrefix(first, []byte(mark)) {
			return true
		}
	}
	return bytes.HasSuffix(first, []byte("\r\n"))
}

const maxFaults = 200

// Fault is one thing that is wrong.
type Fault struct {
	What string `json:"what"`
	Line int    `json:"line"` // of the file; 0 when it is about the whole
	Seq  int64  `json:"seq"`  // step, or the first of several
	To   int64  `json:"to"`   // the last of several missing steps; 0 for one
	Day  string `json:"day"`  // of an anchor
}

// Verdict is what a verification found.
type Verdict struct {
	OK      bool     `json:"ok"`
	Brand   string   `json:"brand"`
	Made    string   `json:"made"`
	Steps   int64    `json:"steps"`
	First   int64    `json:"first"`
	Last    int64    `json:"last"`
	Head    string   `json:"head"` // hash of the last step
	Whole   bool     `json:"whole"`
	Anchors int64    `json:"anchors"`
	Texts   int64    `json:"texts"`  // texts that answered to their hashes
	Erased  int64    `json:"erased"` // texts that are not in the file
	Key     string   `json:"key"`    // who signed
	Faults  []Fault  `json:"faults"`
	More    int      `json:"more"` // faults beyond those listed
	Keys    []string `json:"-"`
}

// Pins are what the reader knows from elsewhere; both are optional.
type Pins struct {
	Key     string               // hex of the public key that must have signed
	Anchors map[clock.Day]string // hashes of anchors kept outside
	Heads   map[int64]string     // hashes of steps kept outside, by number
}

// Verify reads an export file's lines and tells what is wrong with them. It needs no store. The error is about reading
// only: a file that is no export at all has faults.
func Verify(r io.Reader, pins Pins) (Verdict, error) {
	v := &verifier{pins: pins, sum: sha256.New(), out: Verdict{Faults: []Fault{}}}
	in := bufio.NewReaderSize(r, 1<<16)
	for {
		raw, err := readLine(in)
		if len(raw) > 0 {
			v.line++
			if v.line == 1 && resaved(raw) {
				v.fault(Fault{What: FaultResaved, Line: 1})
				return v.out, nil
			}
			v.take(raw)
		}
		if errors.Is(err, errLong) {
			v.fault(Fault{What: FaultForm, Line: v.line + 1})
			break
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return v.out, fmt.Errorf("evidence: %w", err)
		}
	}
	if v.line == 0 && len(v.out.Faults) == 0 {
		v.fault(Fault{What: FaultEmpty})
		return v.out, nil
	}
	v.finish()
	return v.out, nil
}

var errLong = errors.New("evidence: line too long")

// readLine reads a line with its end.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > MaxLine {
			return nil, errLong
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

type verifier struct {
	pins     Pins
	sum      hash.Hash
	line     int
	manifest Manifest
	steps    []met
	anchors  []anchorLine
	places   []int // lines of the anchors
	ended    bool
	out      Verdict
}

// met is a step as it was met in the file.
type met struct {
	seq        int64
	line       int
	prev, hash string
	at         string
}

func (v *verifier) fault(f Fault) {
	if len(v.out.Faults) == maxFaults {
		v.out.More++
		return
	}
	v.out.Faults = append(v.out.Faults, f)
}

// strict reads a line that may hold nothing but the members of dst.
func strict(raw []byte, dst any) bool {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	return dec.Decode(dst) == nil
}

func (v *verifier) take(raw []byte) {
	body, newline := bytes.CutSuffix(raw, []byte("\n"))
	canonical, err := canonicalJSON(body)
	var head struct {
		Type string `json:"type"`
	}
	if err == nil {
		err = json.Unmarshal(body, &head)
	}
	if err != nil || v.ended || (v.line == 1) != (head.Type == lineManifest) {
		v.fault(Fault{What: FaultForm, Line: v.line})
		v.sum.Write(raw)
		return
	}
	if !newline || !bytes.Equal(canonical, body) {
		v.fault(Fault{What: FaultForm, Line: v.line})
	}
	switch head.Type {
	case lineManifest:
		if !strict(body, &v.manifest) || v.manifest.Format != fileFormat {
			v.fault(Fault{What: FaultForm, Line: v.line})
		}
	case lineStep:
		v.step(body)
	case lineAnchor:
		var a anchorLine
		if !strict(body, &a) {
			v.fault(Fault{What: FaultForm, Line: v.line})
			break
		}
		v.anchors, v.places = append(v.anchors, a), append(v.places, v.line)
	case lineEnd:
		v.end(body)
	default:
		v.fault(Fault{What: FaultForm, Line: v.line})
	}
	v.sum.Write(raw)
}

func (v *verifier) step(body []byte) {
	var l stepLine
	var raw json.RawMessage
	l.Row = &raw
	var row Row
	if !strict(body, &l) || !strict(raw, &row) {
		v.fault(Fault{What: FaultForm, Line: v.line})
		return
	}
	v.steps = append(v.steps, met{row.Seq, v.line, l.Prev, l.Hash, row.At})
	canonical, err := canonicalJSON(raw)
	hash := ""
	if err == nil {
		hash, err = link(l.Prev, canonical)
	}
	if err != nil || hash != l.Hash {
		v.fault(Fault{What: FaultEdited, Line: v.line, Seq: row.Seq})
	}
	for name, t := range l.Kept {
		if got, err := t.hash(); err != nil || got != row.Texts[name] {
			v.fault(Fault{What: FaultText, Line: v.line, Seq: row.Seq})
			continue
		}
		v.out.Texts++
	}
	for name := range row.Texts {
		if _, kept := l.Kept[name]; !kept {
			v.out.Erased++
		}
	}
}

func (v *verifier) end(body []byte) {
	v.ended = true
	var e end
	if !strict(body, &e) {
		v.fault(Fault{What: FaultForm, Line: v.line})
		return
	}
	if e.Steps != int64(len(v.steps)) || e.Anchors != int64(len(v.anchors)) {
		v.fault(Fault{What: FaultCount, Line: v.line})
	}
	if e.Digest != hex.EncodeToString(v.sum.Sum(nil)) {
		v.fault(Fault{What: FaultDigest, Line: v.line})
	}
	signature := e.Signature
	e.Signature = ""
	statement, err := Canonical(e)
	if err != nil || !signed(e.Key, signature, filePurpose, statement) {
		v.fault(Fault{What: FaultSignature, Line: v.line})
	}
	v.key(e.Key, v.line)
	v.out.Key = e.Key
}

// key holds a signer against the pinned key.
func (v *verifier) key(key string, line int) {
	if v.pins.Key != "" && key != v.pins.Key {
		v.fault(Fault{What: FaultKey, Line: line})
	}
}

func signed(key, signature, purpose string, statement []byte) bool {
	k, err := hex.DecodeString(key)
	if err != nil {
		return false
	}
	sig, err := hex.DecodeString(signature)
	return err == nil && seal.Attested(k, sig, purpose, statement)
}

// finish judges what only the whole tells: order, gaps, links, anchors, the end.
func (v *verifier) finish() {
	m := v.manifest
	v.out.Brand, v.out.Made, v.out.Steps, v.out.Anchors = m.Brand.Slug, m.Made, int64(len(v.steps)), int64(len(v.anchors))
	if m.From == "" && m.First > 1 {
		v.manifest.First = 1
	}
	if m.To == "" && m.Last < m.Head.Seq { // the head counts steps that are not there
		v.manifest.Last = m.Head.Seq
	}
	v.order()
	v.chain()
	v.checkAnchors()
	v.checkHeads()
	if !v.ended {
		v.fault(Fault{What: FaultCut})
	}
	v.out.Whole = v.manifest.First <= 1 && v.manifest.Last == m.Head.Seq
	v.out.OK = len(v.out.Faults) == 0
	slices.SortStableFunc(v.out.Faults, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
}

// order names steps that stand before an earlier one, and sorts them for what follows.
func (v *verifier) order() {
	highest := int64(0)
	for _, s := range v.steps {
		if s.seq < highest {
			v.fault(Fault{What: FaultOrder, Line: s.line, Seq: s.seq})
		}
		highest = max(highest, s.seq)
	}
	slices.SortStableFunc(v.steps, func(a, b met) int { return cmp.Compare(a.seq, b.seq) })
	v.steps = slices.CompactFunc(v.steps, func(a, b met) bool {
		if a.seq == b.seq {
			v.fault(Fault{What: FaultTwice, Line: b.line, Seq: b.seq})
		}
		return a.seq == b.seq
	})
}

// chain names gaps and broken links of the sorted steps.
func (v *verifier) chain() {
	m := v.manifest
	if m.First <= 1 && m.Prev != genesis(m.Brand.ID) {
		v.fault(Fault{What: FaultStart, Line: 1, Seq: m.First})
	}
	before := met{seq: m.First - 1, hash: m.Prev}
	if m.First == 0 {
		before.seq = 0
	}
	for i, s := range v.steps {
		switch {
		case s.seq != before.seq+1:
			v.fault(Fault{What: FaultGap, Line: s.line, Seq: before.seq + 1, To: s.seq - 1})
		case s.prev != before.hash && i == 0:
			v.fault(Fault{What: FaultStart, Line: s.line, Seq: s.seq})
		case s.prev != before.hash:
			v.fault(Fault{What: FaultLink, Line: s.line, Seq: s.seq})
		case s.at < before.at:
			v.fault(Fault{What: FaultTime, Line: s.line, Seq: s.seq})
		}
		before = s
	}
	if before.seq < m.Last {
		v.fault(Fault{What: FaultGap, Seq: before.seq + 1, To: m.Last})
	}
	if before.seq > m.Last || before.seq == m.Head.Seq && before.hash != m.Head.Hash {
		v.fault(Fault{What: FaultLink, Line: before.line, Seq: before.seq})
	}
	if len(v.steps) > 0 {
		v.out.First, v.out.Last, v.out.Head = v.steps[0].seq, before.seq, before.hash
	}
}

// at finds a step.
func (v *verifier) at(seq int64) (met, bool) {
	i, ok := slices.BinarySearchFunc(v.steps, seq, func(s met, want int64) int { return cmp.Compare(s.seq, want) })
	if !ok {
		return met{}, false
	}
	return v.steps[i], true
}

// within tells whether a day is one of those the file is about.
func (v *verifier) within(day clock.Day) bool {
	m := v.manifest
	return (m.From == "" || day.String() >= m.From) && (m.To == "" || day.String() <= m.To)
}

func (v *verifier) checkAnchors() {
	var before clock.Day
	counted := v.manifest.Last
	left := map[clock.Day]string{}
	for day, hash := range v.pins.Anchors {
		left[day] = hash
	}
	for i, a := range v.anchors {
		line := v.places[i]
		f := Fault{Line: line, Seq: a.Seq, Day: a.Day.String()}
		f.What = FaultAnchor
		s, here := v.at(a.Seq)
		if here && s.hash != a.Hash || a.Seq == v.manifest.First-1 && a.Hash != v.manifest.Prev || a.Seq > v.manifest.Head.Seq || a.Day <= before {
			v.fault(f)
		}
		if a.Seq > counted && a.Seq <= v.manifest.Head.Seq && v.within(a.Day) {
			v.fault(Fault{What: FaultGap, Line: line, Seq: counted + 1, To: a.Seq})
			counted = a.Seq
		}
		if before != 0 && a.Day > before.Add(1) {
			v.fault(Fault{What: FaultAnchorGap, Line: line, Day: before.Add(1).String()})
		}
		statement, err := anchorStatement(v.manifest.Brand.ID, Anchor{Day: a.Day, Seq: a.Seq, Hash: a.Hash})
		if err != nil || !signed(a.Key, a.Signature, anchorPurpose, statement) {
			f.What = FaultSignature
			v.fault(f)
		}
		if want, pinned := left[a.Day]; pinned {
			delete(left, a.Day)
			if want != a.Hash {
				f.What = FaultPinned
				v.fault(f)
			}
		}
		before = a.Day
	}
	for day := range left { // an anchor somebody kept is not in the file
		v.fault(Fault{What: FaultPinned, Day: day.String()})
	}
}

// checkHeads holds the chain against heads that were kept elsewhere. One that is not in the file proves nothing, and is
// told.
func (v *verifier) checkHeads() {
	for _, seq := range slices.Sorted(maps.Keys(v.pins.Heads)) {
		want := v.pins.Heads[seq]
		s, here := v.at(seq)
		if here && s.hash == want || seq == v.manifest.First-1 && v.manifest.Prev == want {
			continue
		}
		v.fault(Fault{What: FaultHead, Line: s.line, Seq: seq})
	}
}
