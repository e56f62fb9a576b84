package notify_test

import (
	"context"
	"testing"

	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/notify"
)

// BenchmarkBulk tells 100,000 people, by pages of 5,000, beside a bare INSERT … SELECT of the same rows:
//
//	go test ./internal/domain/notify -run xx -bench Bulk -benchtime 1x
func BenchmarkBulk(b *testing.B) {
	for name, open := range map[string]func() *db.DB{
		"sqlite": func() *db.DB { return dbtest.SQLite(b, sets()) }, "postgres": func() *db.DB { return dbtest.Postgres(b, sets()) },
	} {
		users := make([]id.ID, 100_000)
		for i := range users {
			users[i] = id.ID(i + 1)
		}
		b.Run(name+"/ours", func(b *testing.B) {
			s := quietBench(b, open())
			b.ResetTimer()
			for n := range b.N {
				for from := 0; from < len(users); from += 5000 {
					err := s.DB.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
						_, err := s.SendBulk(ctx, tx, brand, notify.Bulk{
							Kind: "shop.nudge", Key: "round" + id.ID(n+1).String(), Params: map[string]any{"name": "双11 笔记"}, Link: "/campaign/tasks/1", Users: users[from : from+5000],
						})
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
		b.Run(name+"/bare", func(b *testing.B) {
			d := open()
			if _, err := d.Exec(context.Background(), `CREATE TABLE people (id BIGINT NOT NULL PRIMARY KEY)`); err != nil {
				b.Fatal(err)
			}
			rows := make([][]any, len(users))
			for i, u := range users {
				rows[i] = []any{int64(u)}
			}
			if _, err := db.Insert(context.Background(), d, "people", []string{"id"}, rows, ""); err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			for n := range b.N {
				_, err := d.Exec(context.Background(), `INSERT INTO notify_notice (brand_id, user_id, kind, dedup, id, params, link, due_ms, folded, planned)
					SELECT 7, id, 'shop.nudge', CAST($1 AS TEXT), id + CAST($2 AS BIGINT), '{"name":"双11 笔记"}', '/campaign/tasks/1', 1, 0, 1 FROM people`,
					"round"+id.ID(n+1).String(), int64(n)*1_000_000)
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
