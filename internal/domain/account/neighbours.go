package account

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// What this room asks of its neighbours. org provides Units and People; the others are plugged in app/wire.go and may
// be absent.

// Unit is a place in the tree as this room needs it.
type Unit struct {
	ID, ParentID id.ID
	Kind         string
	Name, Path   string
	City         int // adcode the unit carries itself, 0 when none
	StoreType    string
	Open         bool
	Made         bool // by the very call of EnsurePaths that answers with it
}

// Member is a person of the matrix as this room needs it.
type Member struct {
	ID, UnitID id.ID
	Name       string
	Active     bool
}

// Units answers questions about the tree.
type Units interface {
	// Scope gives the units below unit (id or path; "" for all) in which the actor holds the permission.
	Scope(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error)
	// Find gives the one unit named by id or path where the actor holds the permission.
	Find(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (Unit, error)
	// UnitsByID finds units, at most 1,000 a call.
	UnitsByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Unit, error)
	// Tree gives every open unit of the scope.
	Tree(ctx context.Context, q db.Querier, scope authz.Scope) ([]Unit, error)
	// EnsurePaths finds or makes the units of roster paths; the faults are by path.
	EnsurePaths(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID, paths []PathWant) (PathsFound, error)
	// AddAccounts tells by how many accounts the units grew or shrank.
	AddAccounts(ctx context.Context, tx *db.Tx, brand id.ID, delta map[id.ID]int64) error
}

// PathWant asks for a unit by its path; Kind is raw text of the sheet and may be empty.
type PathWant struct {
	Path, Kind string
}

// PathsFound answers EnsurePaths.
type PathsFound struct {
	Units  map[string]Unit  // by PathWant.Path
	Faults map[string]Fault // by PathWant.Path
}

// People answers questions about members.
type People interface {
	// MembersByID finds members, at most 1,000 a call.
	MembersByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Member, error)
	// ReadMember does what needs no store for a row's Member, Phone and Role: side by side, before the transaction.
	ReadMember(brand id.ID, row MemberWant) (MemberReady, error)
	// UpsertMembers writes the persons of roster rows; the answers are in the order of the rows.
	UpsertMembers(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID, rows []MemberWant) ([]MemberFound, error)
}

// MemberWant is a person of a roster row; Phone and Role are raw text.
type MemberWant struct {
	Row               int
	UnitID            id.ID
	NewUnit           bool // the unit was made for these very rows
	Name, Phone, Role string
	Ready             MemberReady // may be nil
}

// MemberReady is what ReadMember made; only People looks inside.
type MemberReady any

// MemberFound answers one MemberWant: the member, or the fault of a column.
type MemberFound struct {
	ID    id.ID
	Name  string
	Fault *Fault
}

// ImportUndoer removes the units and members that an import made and nobody uses any more.
type ImportUndoer interface {
	UndoImport(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID) error
}

// Fault is what is wrong with a cell: the column's key and a slug with parameters.
type Fault struct {
	Column string
	Slug   string
	Params map[string]any
}

// Observer is told of changes of accounts within their transaction, at most 1,000 a call, sorted by id.
type Observer interface {
	AccountsChanged(ctx context.Context, tx *db.Tx, brand id.ID, changes []Change) error
}

// Usage tells which of the accounts have posts or figures, so that an undo does not remove them.
type Usage interface {
	AccountsUsed(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]bool, error)
}

// Task is something a person has to do about an account.
type Task struct {
	Key       string // unique per brand: the same key is never asked twice
	AccountID id.ID
	UnitID    id.ID
	MemberID  id.ID
	Slug      string // text of the title
	Params    map[string]any
	Link      string
	Due       clock.Day
}

// Tasks puts what has to be done into people's to-do lists.
type Tasks interface {
	OpenTasks(ctx context.Context, tx *db.Tx, brand id.ID, tasks []Task) error
	// CloseTasks ends the tasks whose keys begin with one of the prefixes.
	CloseTasks(ctx context.Context, tx *db.Tx, brand id.ID, prefixes []string) error
}
