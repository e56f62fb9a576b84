// Package insight turns figures into answers: what happened on which day, in which unit, on which platform, against
// which period and which peers, and who leads.
//
// Owns: day facts of accounts, their sums by unit, live and closing counts of accounts, kept windows and leaders.
// Words: a fact is what one account did on one day; a cell is the sum of facts of a unit (with everything below it as
// the tree stood that day) by day, platform, account kind and origin class; unit 0 is the whole brand. A period is a
// run of whole days. Active = posted within 30 days (7 for active_7); asleep = silent for 30 days (60 for store
// accounts); abnormal = the account cannot work (token lost, banned, …). These three never overlap.
//
// Tables: insight_account_day and insight_account_month (facts), insight_unit_day, insight_unit_month, insight_unit_delta
// (cells), insight_account_state, insight_unit_count, insight_unit_close (live and closing counts),
// insight_account_span (how accounts were counted on closed days), insight_path (the tree as it was folded), insight_move (what is left of a move), insight_account_past, insight_account_window, insight_top, insight_league_day,
// insight_unit_peer (kept by the day close), insight_brand, insight_memo (base/memo).
// Jobs: insight.sweep (closes the brands that are due), insight.fold (PostgreSQL).
// Events in: org.unit_moved, org.unit_merged (re-roll).
// Permissions: insight.read, insight.export, insight.me (own accounts).
// Not here: posts and their snapshots → post; health and zombies → health; leagues → account; the tree → org.
//
// # Who writes
//
// Add, AccountsChanged and TreeChanged keep every sum exact inside the caller's transaction; of a large move TreeChanged
// moves the newest days and FinishMoves the others, and insight_path says how far that is. On SQLite cells are folded
// inline, on PostgreSQL those of the accounts' own units; the others are appended to insight_unit_delta, merged within a
// second by one folder per brand, and readers add what is pending. States and newest days of accounts are remembered
// between transactions (base/memo). The day close writes what can be computed again (closing counts, windows, leaders) and
// the spans, which remember bans and hand-backs; AccountsChanged and TreeChanged keep both right for days that are closed.
package insight
