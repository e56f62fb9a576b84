package risk

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan"
)

// checker is a compiled version of a brand's rules; it never changes.
type checker struct {
	version  int
	use      Use // the ranker of the brand's own
	industry string
	pack     *pack.Checker
}

// older tells whether c lacks a published version or a change of the ranker that o has.
func (c *checker) older(o *checker) bool { return c.version < o.version || c.use.Rev < o.use.Rev }

// check gives the verdict on texts; the worst field counts.
func (c *checker) check(texts []Text, x scan.Context) Verdict {
	v, opinion := Verdict{Version: c.version}, c.pack.Opinion(written(texts))
	if x.Industry == "" {
		x.Industry = c.industry
	}
	for _, t := range texts {
		x.Field = t.Field
		r := c.pack.CheckPart(t.Text, x, opinion)
		v.Grade = max(v.Grade, GradeOf(r.Verdict))
		v.Score = max(v.Score, r.Score)
		for _, f := range r.Findings {
			v.Findings = append(v.Findings, Finding{t.Field, f})
		}
	}
	return v
}

// checkers are the compiled rules of the brands this process was asked about.
type checkers struct {
	mu sync.Mutex
	by map[id.ID]*live
}

// live is a brand's present checker. looked is when this process last asked the store for a newer version.
type live struct {
	now    atomic.Pointer[checker]
	looked atomic.Int64
	mu     sync.Mutex // one compiles at a time
}

// lookEvery is how soon another process notices a published version.
const lookEvery = 2 * time.Second

func (c *checkers) of(brand id.ID) *live {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.by[brand]
	if l == nil {
		l = &live{}
		c.by[brand] = l
	}
	return l
}

// swap puts newer rules or another ranker in; what lacks something that is in already is dropped, and the next call
// looks at the store again.
func (l *live) swap(c *checker) {
	for {
		old := l.now.Load()
		if old != nil && c.older(old) {
			l.looked.Store(0)
			return
		}
		if l.now.CompareAndSwap(old, c) {
			return
		}
	}
}

// freshness says how new the rules must be.
type freshness bool

const (
	soon  freshness = false // the version in memory will do; a newer one is fetched beside
	exact freshness = true  // the newest published one
)

// checker gives the brand's checker. While somebody types nobody waits for a newer version: it is compiled beside the
// one in use.
func (s *Service) checker(ctx context.Context, brand id.ID, f freshness) (*checker, error) {
	l := s.live.of(brand)
	c := l.now.Load()
	if c == nil || f == exact {
		return s.refresh(ctx, brand, l)
	}
	now, looked := s.Clock.Now().UnixNano(), l.looked.Load()
	if now-looked >= int64(lookEvery) && l.looked.CompareAndSwap(looked, now) {
		beside, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		go func() {
			defer cancel()
			_, _ = s.refresh(beside, brand, l) // the next call looks again
		}()
	}
	return c, nil
}

// refresh makes sure that the newest version is in memory.
func (s *Service) refresh(ctx context.Context, brand id.ID, l *live) (*checker, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	head, err := headVersion(ctx, s.DB, brand)
	if err != nil {
		return nil, err
	}
	use, err := usedRanker(ctx, s.DB, brand)
	if err != nil {
		return nil, err
	}
	l.looked.Store(s.Clock.Now().UnixNano())
	if c := l.now.Load(); c != nil && !c.older(&checker{version: head, use: use}) {
		return c, nil
	}
	c, err := s.compileVersion(ctx, s.DB, brand, head)
	if err != nil {
		return nil, err
	}
	l.swap(c)
	return c, nil
}

// compileVersion makes the checker of a published version; 0 is what ships.
func (s *Service) compileVersion(ctx context.Context, q db.Querier, brand id.ID, number int) (*checker, error) {
	e, err := s.edition(ctx, q, brand, number)
	if err != nil {
		return nil, err
	}
	return s.compile(ctx, q, brand, e, number)
}

// Check gives the verdict on texts by the brand's newest rules. x needs platform, industry and kind where they are
// known; the day is today's when 0. It reads memory only, but for the first call of a brand.
func (s *Service) Check(ctx context.Context, brand id.ID, texts []Text, x scan.Context) (Verdict, error) {
	c, err := s.checker(ctx, brand, soon)
	if err != nil {
		return Verdict{}, err
	}
	if x.Day == 0 {
		x.Day = int32(clock.DayOf(s.Clock.Now(), clock.Shanghai()))
	}
	return c.check(texts, x), nil
}
