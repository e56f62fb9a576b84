package hit_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/base/migrate"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/hit"
	"kosmos/internal/domain/post"
)

// matrix is the registry of a large brand: 5,000 accounts in 20 leagues.
type matrix struct {
	*world
	size int
}

func (m matrix) fact(a id.ID) account.Fact {
	return account.Fact{ID: a, UnitID: 11 + a%50, Platform: "douyin", League: "douyin|t" + strconv.Itoa(int(a%20)) + "|f0|n1"}
}

func (m matrix) Facts(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]account.Fact, error) {
	out := make(map[id.ID]account.Fact, len(ids))
	for _, a := range ids {
		out[a] = m.fact(a)
	}
	return out, nil
}

func (m matrix) WalkFacts(_ context.Context, _ db.Querier, _, after id.ID, limit int) (out []account.Fact, _ error) {
	for a := after + 1; a <= id.ID(m.size) && len(out) < limit; a++ {
		out = append(out, m.fact(a))
	}
	return out, nil
}

func (m matrix) Batches(_ context.Context, _ db.Querier, _, imp id.ID) ([]id.ID, error) {
	return []id.ID{imp * 10}, nil
}

func (m matrix) PostRefs(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]post.AccountRef, error) {
	out := make(map[id.ID]post.AccountRef, len(ids))
	for _, a := range ids {
		out[a] = post.AccountRef{ID: a, UnitID: 11 + a%50, Platform: "douyin"}
	}
	return out, nil
}

// told brings the views of every post at an age as one import of batches, and gives how long that took.
func (m matrix) told(b *testing.B, p *post.Service, d *db.DB, imp id.ID, posts, age int) time.Duration {
	b.Helper()
	began := time.Now()
	for a := 1; a <= m.size; a += 250 {
		batch := post.Batch{BrandID: brand, ImportID: imp * 10, Origin: post.Export, LearnedAt: ms(today) + clock.Ms(imp), Zone: clock.Shanghai()}
		for k := a; k < a+250 && k <= m.size; k++ {
			for i := range posts {
				views := int64(300+(k*31+i*17)%700) * int64(age)
				if (k*posts+i)%5000 == 7 {
					views *= 40
				}
				at := ms(today.Add(-20 - i))
				batch.Items = append(batch.Items, post.Item{
					AccountID: id.ID(k), ExternalID: fmt.Sprintf("%d-%d", k, i), Title: "今天试驾的客户很开心", Kind: "video", PublishedAt: at, AsOf: at + clock.Ms(age)*86_400_000,
					Counters: post.Counters{}.With(post.Views, views).With(post.Likes, views/20).With(post.Saves, views/100),
				})
			}
		}
		if err := d.Tx(b.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, _, err := p.Apply(ctx, tx, batch)
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began)
}

// BenchmarkLook measures what the look adds to an import of the figures of 100,000 posts (5,000 accounts × 20 posts) that were
// told once before. KOSMOS_BENCH_ENGINE=postgres measures on PostgreSQL, KOSMOS_BENCH_ACCOUNTS=n with fewer
// accounts.
func BenchmarkLook(b *testing.B) {
	sets := []migrate.Set{post.Migrations(), hit.Migrations()}
	open := dbtest.SQLite
	if os.Getenv("KOSMOS_BENCH_ENGINE") == "postgres" {
		open = dbtest.Postgres
	}
	const posts = 20
	size := 5000
	if n, err := strconv.Atoi(os.Getenv("KOSMOS_BENCH_ACCOUNTS")); err == nil {
		size = n
	}
	for range b.N {
		b.StopTimer()
		d := open(b, sets)
		m := matrix{newWorld(), size}
		c := clock.NewFake(today.In(clock.Shanghai()).Add(9 * time.Hour))
		ids := id.NewSource(1, time.Now)
		p := post.New(d, ids, c, m, nil)
		_, client := jobstest.New(b)
		s := hit.New(hit.Deps{DB: d, Clock: c, IDs: ids, Jobs: client, Audit: audit.New(d, ids, c), Posts: p, Imports: m, Accounts: m, Templates: m, Scopes: m, Outbox: m, Brands: m})
		actors, _ := m.SystemActors(b.Context())
		m.told(b, p, d, 1, posts, 1)
		if err := s.LookAtAll(b.Context(), actors[0]); err != nil {
			b.Fatal(err)
		}
		imported := m.told(b, p, d, 2, posts, 3)
		b.StartTimer()
		began := time.Now()
		if err := s.LookAtImport(b.Context(), actors[0], 2); err != nil {
			b.Fatal(err)
		}
		took := time.Since(began)
		b.StopTimer()
		found, err := db.One[int64](b.Context(), d, `SELECT COUNT(*) FROM hit_hit`)
		if err != nil || found == 0 {
			b.Fatalf("%d hits: %v", found, err)
		}
		b.ReportMetric(took.Seconds(), "s/look")
		b.ReportMetric(imported.Seconds(), "s/import")
		b.ReportMetric(float64(size*posts)/took.Seconds(), "posts/s")
		b.ReportMetric(float64(found), "hits")
		b.StartTimer()
	}
}
