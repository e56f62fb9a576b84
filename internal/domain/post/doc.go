// Package post owns the posts of the matrix's accounts and every figure ever learned about posts and accounts.
//
// Owns: posts, and what every source ever said about a post or an account.
// Words: a snapshot is what somebody said the counters of one post (or one account) were at a moment (as_of), when we
// learned it (learned_at) and from where (origin). Day figures are never typed in: they are a pure function of the live
// snapshots (rules.go). Undo marks snapshots dead; nothing is deleted.
//
// Tables: post_post, post_snapshot, post_account_snapshot, post_import, post_memo (base/memo).
// Permissions: post.read, post.export. Events out: event.PostsChanged (texts and states); figures go out as []Delta in the caller's transaction, for insight.Add.
// Not here: day facts, rollups, leaderboards → insight; reading files → reflow; accounts, leagues → account.
//
// # What counts for a day
//
// A post's first known value of a counter (its opening) is booked on the day it was published, each later difference on
// the day of its as_of. A counter that falls gives a negative difference: it is recorded and shown, never clipped.
// An account's cumulative counters give differences only, because the first value says nothing about a day; a
// difference over a gap belongs to its last day and speaks for every day of the gap. Day-valued account figures are
// booked as they are and win over differences.
//
// For one account, day and metric the account's own figure (BasisAccount) wins over the sum of its posts (BasisPosts),
// so nothing is counted twice. Both are handed on; insight keeps both and counts the winner.
package post
