package bench

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"github.com/jackc/pgx/v5"

	"kosmos/internal/base/db"
)

// recipe makes the contents of a scratch store. A change of its contents needs a new name.
type recipe struct {
	name string
	make func(ctx context.Context, r *run, s *System) error
}

// store opens a scratch store of a recipe, made now unless it is kept from an earlier run. Call done at the end.
func (r *run) store(ctx context.Context, c recipe) (s *System, done func() error, err error) {
	if r.engine == string(db.Postgres) {
		return r.temporary(ctx, c)
	}
	dir := filepath.Join(r.Data, "bench", c.name)
	made := filepath.Join(dir, "made")
	if _, err := os.Stat(made); err == nil {
		if s, err = r.Open(ctx, dir, r.Target); err == nil {
			return s, s.Close, nil
		}
		r.Say("%s is made again: %v", dir, err) // another version's store
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, nil, err
	}
	if s, err = r.Open(ctx, dir, r.Target); err != nil {
		return nil, nil, err
	}
	if err := c.make(ctx, r, s); err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	return s, s.Close, os.WriteFile(made, nil, 0o600)
}

// temporary makes a database of its own beside the given one; done drops it.
func (r *run) temporary(ctx context.Context, c recipe) (s *System, done func() error, err error) {
	target, err := url.Parse(r.Target)
	if err != nil {
		return nil, nil, fmt.Errorf("the address of the database: %w", err)
	}
	name := "kosmos_bench_" + strconv.Itoa(os.Getpid()) + "_" + c.table()
	if err := r.beside(ctx, `CREATE DATABASE "`+name+`"`); err != nil {
		return nil, nil, err
	}
	dir, err := os.MkdirTemp("", "kosmos-bench-")
	if err != nil {
		return nil, nil, err
	}
	drop := func() error {
		return errors.Join(os.RemoveAll(dir), r.beside(context.WithoutCancel(ctx), `DROP DATABASE "`+name+`" WITH (FORCE)`))
	}
	target.Path = "/" + name
	if s, err = r.Open(ctx, dir, target.String()); err != nil {
		return nil, nil, errors.Join(err, drop())
	}
	done = func() error { return errors.Join(s.Close(), drop()) }
	if err := c.make(ctx, r, s); err != nil {
		return nil, nil, errors.Join(err, done())
	}
	_, err = s.DB.Exec(ctx, "ANALYZE")
	return s, done, err
}

// table is the recipe's name as a part of a database's.
func (c recipe) table() string {
	out := []byte(c.name)
	for i, b := range out {
		if b == '-' {
			out[i] = '_'
		}
	}
	return string(out)
}

// beside runs one statement in the given database.
func (r *run) beside(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, r.Target)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

// joinClose closes a store and keeps the first error.
func joinClose(err error, done func() error) error { return errors.Join(err, done()) }
