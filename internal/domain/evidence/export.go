package evidence

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"io"
	"slices"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Export says what to export.
type Export struct {
	From, To clock.Day // days by when steps were written; 0: open
	Zip      bool
	Program  string // version of the program, for the manifest
}

// Exported counts what was written.
type Exported struct {
	Steps   int64  `json:"steps"`
	Anchors int64  `json:"anchors"`
	Head    Head   `json:"head"`
	Key     string `json:"key"`
}

const exportPage = 1000

// note goes into a zip beside the lines.
const note = `证据链导出文件 / Export of an evidence chain

核验（不需要数据库，也不需要联网）：
To verify it, offline and without a store:

    kosmos evidence verify FILE

evidence.jsonl: 第一行是清单，随后每行一个步骤（按发生顺序），再是每日锚点，最后一行是带签名的结尾。
The first line is the manifest, then one step per line in order, the daily anchors, and a signed end.
每个步骤的 hash = SHA-256(上一步骤的 hash 的 32 字节 + row 的规范 JSON，RFC 8785)。
hash of a step = SHA-256(32 bytes of the hash of the step before + canonical JSON of row, RFC 8785).
texts 里的文字以 SHA-256(salt + 文字) 对应 row.texts；被删除的个人信息不在文件里，链条依然完整。
A text in texts answers to row.texts by SHA-256(salt + text); erased texts are absent and the chain still holds.
`

// ready checks that the actor may take the whole chain away, and notes that it was done.
func (s *Service) ready(ctx context.Context, actor authz.Actor, e Export) error {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permExport, "")
	if err != nil {
		return err
	}
	if !scope.All {
		return errs.New(errs.Forbidden, "evidence.whole_brand")
	}
	if e.From != 0 && e.To != 0 && e.To < e.From {
		return errs.Bad().Field("to", "evidence.days_reversed")
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: permExport, After: map[string]string{"from": e.From.String(), "to": e.To.String()}})
	})
}

// Write writes the chain of the actor's brand, or the part of some days, to w. It reads what was there when it began;
// nobody has to wait for it.
func (s *Service) Write(ctx context.Context, actor authz.Actor, e Export, w io.Writer) (Exported, error) {
	if err := s.ready(ctx, actor, e); err != nil {
		return Exported{}, err
	}
	return s.write(ctx, actor, e, w)
}

func (s *Service) write(ctx context.Context, actor authz.Actor, e Export, w io.Writer) (Exported, error) {
	if !e.Zip {
		return s.lines(ctx, actor, e, w)
	}
	z := zip.NewWriter(w)
	n, err := z.Create("README.txt")
	if err != nil {
		return Exported{}, err
	}
	if _, err := io.WriteString(n, note); err != nil {
		return Exported{}, err
	}
	f, err := z.Create("evidence.jsonl")
	if err != nil {
		return Exported{}, err
	}
	done, err := s.lines(ctx, actor, e, f)
	if err != nil {
		return Exported{}, err
	}
	return done, z.Close()
}

// lineWriter writes canonical lines and keeps the digest of all of them.
type lineWriter struct {
	w   *bufio.Writer
	sum hash.Hash
}

func (l lineWriter) put(v any) error {
	raw, err := Canonical(v)
	if err != nil {
		return err
	}
	raw = append(raw, '\n')
	l.sum.Write(raw)
	_, err = l.w.Write(raw)
	return err
}

func (s *Service) lines(ctx context.Context, actor authz.Actor, e Export, w io.Writer) (Exported, error) {
	out := lineWriter{bufio.NewWriterSize(w, 1<<16), sha256.New()}
	anchors, err := s.anchors(ctx, actor.BrandID, e.From, e.To)
	if err != nil {
		return Exported{}, err
	}
	m, err := s.manifest(ctx, actor, e, anchors)
	if err != nil {
		return Exported{}, err
	}
	if err := out.put(m); err != nil {
		return Exported{}, err
	}
	done := Exported{Head: m.Head}
	if done.Steps, err = s.putSteps(ctx, actor, m, out); err != nil {
		return done, err
	}
	if done.Anchors, err = putAnchors(anchors, out); err != nil {
		return done, err
	}
	last := end{Type: lineEnd, Steps: done.Steps, Anchors: done.Anchors, Digest: hex.EncodeToString(out.sum.Sum(nil))}
	key, _ := s.Box.Attest(filePurpose, nil)
	last.Key = hex.EncodeToString(key)
	statement, err := Canonical(last)
	if err != nil {
		return done, err
	}
	_, signature := s.Box.Attest(filePurpose, statement)
	last.Signature, done.Key = hex.EncodeToString(signature), last.Key
	if err := out.put(last); err != nil {
		return done, err
	}
	return done, out.w.Flush()
}

func (s *Service) manifest(ctx context.Context, actor authz.Actor, e Export, anchors []Anchor) (Manifest, error) {
	b, err := s.brand(ctx, actor.BrandID)
	if err != nil {
		return Manifest{}, err
	}
	m := Manifest{
		Type: lineManifest, Format: fileFormat, Brand: FileBrand{brandMark(b.ID), b.Slug, b.Name}, Made: stamp(clock.MsOf(s.Clock.Now())),
		From: e.From.String(), To: e.To.String(), Program: e.Program, Prev: genesis(brandMark(b.ID)),
	}
	if m.Head, err = selectHead(ctx, s.DB, actor.BrandID); err != nil {
		return m, err
	}
	if m.First, m.Last, err = s.part(ctx, actor, e, m.Head.Seq); err != nil {
		return m, err
	}
	for _, a := range anchors {
		m.Last = max(m.Last, min(a.Seq, m.Head.Seq)) // what an anchor in the file counts belongs into it
	}
	if m.First == 1 {
		return m, nil
	}
	before, err := selectRun(ctx, s.DB, actor.BrandID, m.First-2, m.First-1, 1)
	if err == nil && len(before) == 1 {
		m.Prev = before[0].Hash
	}
	return m, err
}

// part gives the first and last step of the days asked for. It goes by the steps around them, not by those that are
// still there: a step that was deleted is missing in the file, not left out. With no step, first is one beyond last.
func (s *Service) part(ctx context.Context, actor authz.Actor, e Export, head int64) (first, last int64, err error) {
	first, last = 1, head
	days := span(actor, e.From, e.To)
	if e.From != 0 {
		before, since, err := edge(ctx, s.DB, actor.BrandID, days[0])
		if err != nil {
			return 0, 0, err
		}
		if first = before + 1; since != 0 {
			first = min(first, since)
		}
	}
	if e.To != 0 {
		before, since, err := edge(ctx, s.DB, actor.BrandID, days[1])
		if err != nil {
			return 0, 0, err
		}
		if since != 0 {
			last = min(head, max(before, since-1))
		}
	}
	return min(first, last+1), last, nil
}

func (s *Service) putSteps(ctx context.Context, actor authz.Actor, m Manifest, out lineWriter) (n int64, err error) {
	for at := m.First - 1; ; {
		page, err := selectRun(ctx, s.DB, actor.BrandID, at, m.Last, exportPage)
		if err != nil || len(page) == 0 {
			return n, err
		}
		if err := s.withTexts(ctx, s.DB, actor.BrandID, page); err != nil {
			return n, err
		}
		for _, x := range page {
			if x.Texts == nil {
				x.Texts = map[string]Text{}
			}
			var row any = json.RawMessage(x.Row)
			if !json.Valid([]byte(x.Row)) {
				row = x.Row // damaged in the store: written as it is, verification names it
			}
			if err := out.put(stepLine{lineStep, x.Prev, x.Hash, row, x.Texts}); err != nil {
				return n, err
			}
			n++
		}
		at = page[len(page)-1].Seq
	}
}

// anchors reads the anchors of the days asked for, oldest first. They are read before the head is: none is beyond it,
// unless the head was turned back.
func (s *Service) anchors(ctx context.Context, brand id.ID, from, to clock.Day) ([]Anchor, error) {
	if to == 0 {
		to = clock.Forever
	}
	const centuries = 1 << 17
	list, err := selectAnchors(ctx, s.DB, brand, from, to, centuries)
	slices.Reverse(list)
	return list, err
}

func putAnchors(list []Anchor, out lineWriter) (n int64, err error) {
	for _, a := range list {
		if err := out.put(anchorLine{lineAnchor, a.Day, a.Seq, a.Hash, a.Key, a.Signature}); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
