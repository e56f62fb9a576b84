// Package reflow brings figures in by file: what was uploaded is kept sealed, understood by its header, shown before
// anything is written, applied in short transactions that add up to all or nothing, and can be taken back.
//
// Owns: imports, their batches and row faults, saved mappings, the freshness of each source.
// Words: import (one file on its way in), understood (which layout, which column means what; see layout), as of (when
// the figures were true), preview (what applying would do), apply, undo, fault (what is wrong with a row; a warning
// does not keep the row out), mapping (a user's own reading of a layout), item (what is written: a post, an account's
// day, a row of the roster).
// Tables: reflow_import, reflow_batch, reflow_fault, reflow_lead_part, reflow_mapping.
// Events out: event.ImportFinished. Events in: none.
// Jobs: reflow.work (applies or takes back one import), reflow.recover (takes over what a dead process left),
// reflow.expire (forgets files after 90 days).
// Permissions: reflow.read, reflow.import, reflow.mapping.
//
// How an import survives a kill: its row says how many items are in; a batch and that number are written in one
// transaction. Whoever goes on (the next run of the same file, the recover job) reads the same file again, in the same
// order, and starts behind that number. An import that fails is taken back batch by batch.
//
// Not here: posts and snapshots → post; day figures → insight; the roster's rules and the accounts → account;
// recognising layouts → reflow/layout; reading CSV and XLSX → base/sheet.
package reflow
