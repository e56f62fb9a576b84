package db

import (
	"context"
	"database/sql"
	"sync"
)

// Limits of prepared. A statement is kept from its second use on, so that those put together for one question do not
// push out the ones that every request asks.
const (
	keptStatements = 200
	keptLength     = 4000 // bytes of a text; longer ones hold long lists and hardly come again
	onceSeen       = 2000
)

// prepared keeps the statements that SQLite's readers run again and again: parsing one takes as long as reading thirty
// rows by key. A change of the schema or of the statistics makes SQLite prepare them anew by itself.
type prepared struct {
	pool *sql.DB
	mu   sync.Mutex
	kept map[string]*keptStatement
	seen map[string]struct{}
	turn uint64
}

type keptStatement struct {
	*sql.Stmt
	used  uint64 // turn of the last use
	users int    // calls that are about to run it
}

func newPrepared(pool *sql.DB) *prepared {
	return &prepared{pool: pool, kept: map[string]*keptStatement{}, seen: map[string]struct{}{}}
}

func (p *prepared) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	k, worth := p.find(text)
	if k == nil && worth {
		st, err := p.pool.PrepareContext(ctx, text)
		if err != nil {
			return nil, err
		}
		k = p.keep(text, st)
	}
	if k == nil {
		return p.pool.QueryContext(ctx, text, args...)
	}
	defer p.done(k)
	return k.QueryContext(ctx, args...)
}

// find gives the kept statement of a text; worth tells of one that is not kept but should be.
func (p *prepared) find(text string) (k *keptStatement, worth bool) {
	if len(text) > keptLength {
		return nil, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn++
	if k = p.kept[text]; k != nil {
		k.used = p.turn
		k.users++
		return k, true
	}
	if _, again := p.seen[text]; again {
		return nil, true
	}
	if len(p.seen) >= onceSeen {
		clear(p.seen)
	}
	p.seen[text] = struct{}{}
	return nil, false
}

// keep adds a statement for its first user and lets the one go that was used longest ago. Rows that are still being read
// keep a statement open by themselves.
func (p *prepared) keep(text string, st *sql.Stmt) *keptStatement {
	p.mu.Lock()
	defer p.mu.Unlock()
	if k := p.kept[text]; k != nil { // somebody was faster
		_ = st.Close()
		k.users++
		return k
	}
	if len(p.kept) >= keptStatements {
		p.drop()
	}
	k := &keptStatement{Stmt: st, used: p.turn, users: 1}
	p.kept[text] = k
	return k
}

func (p *prepared) drop() {
	oldest := ""
	for text, k := range p.kept {
		if k.users == 0 && (oldest == "" || k.used < p.kept[oldest].used) {
			oldest = text
		}
	}
	if k := p.kept[oldest]; k != nil {
		delete(p.kept, oldest)
		_ = k.Close()
	}
}

func (p *prepared) done(k *keptStatement) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k.users--
}
