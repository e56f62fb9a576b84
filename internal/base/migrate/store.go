package migrate

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3/database"

	"kosmos/internal/base/clock"
)

type pgxTx = pgx.Tx

// store is goose's bookkeeping for one room inside the shared version table.
type store struct {
	room      string
	checksums map[int64]string
}

var _ database.Store = (*store)(nil)

// Tablename names the shared version table.
func (*store) Tablename() string { return tableName }

// CreateVersionTable does nothing: Up made the table. Goose records version 0 through Insert.
func (*store) CreateVersionTable(context.Context, database.DBTxConn) error { return nil }

// TableExists tells goose that the table is there.
func (s *store) TableExists(ctx context.Context, q database.DBTxConn) (bool, error) {
	_, err := s.GetLatestVersion(ctx, q)
	if errors.Is(err, database.ErrVersionNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Insert records a version with its file's checksum.
func (s *store) Insert(ctx context.Context, q database.DBTxConn, req database.InsertRequest) error {
	_, err := q.ExecContext(ctx, `INSERT INTO `+tableName+` (room, version, checksum, applied_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (room, version) DO NOTHING`, s.room, req.Version, s.checksums[req.Version], clock.System().Now().UnixMilli())
	return err
}

// Delete is refused: migrations go forward only.
func (*store) Delete(context.Context, database.DBTxConn, int64) error {
	return errors.New("migrate: forward only")
}

// GetMigration looks one version up.
func (s *store) GetMigration(ctx context.Context, q database.DBTxConn, version int64) (*database.GetMigrationResult, error) {
	var at int64
	err := q.QueryRowContext(ctx, `SELECT applied_at FROM `+tableName+` WHERE room = $1 AND version = $2`, s.room, version).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, database.ErrVersionNotFound
	}
	return &database.GetMigrationResult{Timestamp: time.UnixMilli(at), IsApplied: true}, err
}

// GetLatestVersion gives the room's newest version.
func (s *store) GetLatestVersion(ctx context.Context, q database.DBTxConn) (int64, error) {
	var v sql.NullInt64
	if err := q.QueryRowContext(ctx, `SELECT MAX(version) FROM `+tableName+` WHERE room = $1`, s.room).Scan(&v); err != nil {
		return 0, err
	}
	if !v.Valid {
		return 0, database.ErrVersionNotFound
	}
	return v.Int64, nil
}

// ListMigrations gives the room's versions, newest first.
func (s *store) ListMigrations(ctx context.Context, q database.DBTxConn) ([]*database.ListMigrationsResult, error) {
	rows, err := q.QueryContext(ctx, `SELECT version FROM `+tableName+` WHERE room = $1 ORDER BY version DESC`, s.room)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []*database.ListMigrationsResult
	for rows.Next() {
		r := &database.ListMigrationsResult{IsApplied: true}
		if err := rows.Scan(&r.Version); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// memFS serves the expanded files to goose.
type memFS []file

// Open opens the root directory or one file.
func (m memFS) Open(name string) (fs.File, error) {
	if name == "." {
		return &memDir{files: m}, nil
	}
	for _, f := range m {
		if f.name == name {
			return &memFile{info: memInfo{f}, rest: f.text}, nil
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

type memFile struct {
	info memInfo
	rest string
}

// Stat describes the file.
func (f *memFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Read reads on.
func (f *memFile) Read(p []byte) (int, error) {
	if f.rest == "" {
		return 0, io.EOF
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// Close does nothing.
func (*memFile) Close() error { return nil }

type memDir struct {
	files memFS
	read  bool
}

// Stat describes the root.
func (*memDir) Stat() (fs.FileInfo, error) { return memInfo{file{name: "."}}, nil }

// Read fails: it is a directory.
func (*memDir) Read([]byte) (int, error) { return 0, fs.ErrInvalid }

// Close does nothing.
func (*memDir) Close() error { return nil }

// ReadDir lists every file at once.
func (d *memDir) ReadDir(int) ([]fs.DirEntry, error) {
	if d.read {
		return nil, nil
	}
	d.read = true
	out := make([]fs.DirEntry, len(d.files))
	for i, f := range d.files {
		out[i] = fs.FileInfoToDirEntry(memInfo{f})
	}
	return out, nil
}

type memInfo struct{ file }

func (i memInfo) Name() string     { return i.name }
func (i memInfo) Size() int64      { return int64(len(i.text)) }
func (memInfo) ModTime() time.Time { return time.Time{} }
func (i memInfo) IsDir() bool      { return i.name == "." }
func (memInfo) Sys() any           { return nil }
func (i memInfo) Mode() fs.FileMode {
	if i.IsDir() {
		return fs.ModeDir | 0o755
	}
	return 0o444
}
