package migrate

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// NodeLease is how long a process holds its node number without renewing it.
const NodeLease = 10 * time.Minute

// LeaseNode takes a free node number for the id source, unique among all live processes of the store, and returns a
// renew function to be called every few minutes while the process lives, and a release for its end.
func LeaseNode(ctx context.Context, d *db.DB, c clock.Clock) (node int, renew, release func(context.Context) error, err error) {
	raw := make([]byte, 8)
	_, _ = rand.Read(raw)
	holder := hex.EncodeToString(raw)
	err = d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := c.Now().UnixMilli()
		taken, err := db.All[int](ctx, tx, `SELECT node FROM base_node WHERE until_ms > $1 ORDER BY node`, now)
		if err != nil {
			return err
		}
		busy := map[int]bool{}
		for _, n := range taken {
			busy[n] = true
		}
		for n := range id.MaxNode + 1 {
			if busy[n] {
				continue
			}
			got, err := tx.Exec(ctx, `INSERT INTO base_node (node, holder, until_ms) VALUES ($1, $2, $3)
				ON CONFLICT (node) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms WHERE base_node.until_ms <= $4`,
				n, holder, now+NodeLease.Milliseconds(), now)
			if err != nil {
				return err
			}
			if got == 1 {
				node = n
				return nil
			}
		}
		return errors.New("migrate: every node number is leased")
	})
	renew = func(ctx context.Context) error {
		_, err := d.Exec(ctx, `UPDATE base_node SET until_ms = $1 WHERE node = $2 AND holder = $3`,
			c.Now().Add(NodeLease).UnixMilli(), node, holder)
		return err
	}
	release = func(ctx context.Context) error {
		// The number rests for a moment: another process may not reuse it within the millisecond of our last id.
		_, err := d.Exec(ctx, `UPDATE base_node SET until_ms = $1 WHERE node = $2 AND holder = $3`,
			c.Now().Add(time.Second).UnixMilli(), node, holder)
		return err
	}
	return node, renew, release, err
}
