// Package audit keeps who did what: one row per use-case call with its scope and counts, before and after for an object
// edited by hand, one row per reveal and export. Sealed and personal values enter as hashes only (Hash).
//
// Words: action = "<room>.<verb>" of the use case; object = what was touched, by kind and id; counts = how many of what.
//
// Table: base_audit (in base/migrate's set), append only. Permission: audit.read (auditors, compliance, administrators;
// always the whole brand).
//
// Not here: the evidence chain of the compliance rooms; the log (obs), which forgets.
package audit
