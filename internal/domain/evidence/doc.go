// Package evidence keeps the proof of what was decided: one hash chain per brand that an outsider can check offline.
//
// # Owns
//
// The chain, its daily anchors, the personal texts that stand apart from it, the export file and its verification.
//
// # Words
//
//   - step 步骤: one decisive act (a check, a review, a publication, a changed verdict, a recall, a proof), written in
//     the transaction of the act. Not each keystroke.
//   - chain 证据链: hash = SHA-256(hash of the step before ‖ canonical JSON of the row); canonical is RFC 8785. The first
//     step follows the genesis hash, which holds the brand's id.
//   - head: the newest step; its row is locked by whoever appends, so the order is exact however many write at once.
//   - sealed text: a personal text (what somebody wrote, a name) is not in the chain, only SHA-256(salt ‖ text) is; text
//     and salt are kept apart, encrypted, and can be erased without breaking the chain.
//   - anchor 锚点: the head as it stood when a day ended, signed with the store's key (Ed25519); written to the log as
//     well. Who keeps anchors elsewhere can prove that nobody rewrote the chain behind them.
//   - mark 链头记录: the head as it stood every five minutes of a day that has not ended, in the log as well. What was written
//     after the newest mark can be turned back by whoever holds the store without being found out; nothing older can, as
//     long as the log is kept apart.
//   - fault: what verification found: an edited, missing, doubled or moved step, a cut end, a false anchor or signature.
//
// # Tables
//
// evidence_head, evidence_step, evidence_text, evidence_anchor, evidence_mark.
//
// # Events
//
// None. Rooms call Append within their transaction, as its last act: the head is locked until they commit.
//
// # Jobs
//
// evidence.anchor anchors the days that ended, for every brand, and catches up; evidence.mark marks heads that moved.
//
// # Permissions
//
// evidence.read (steps of the own units), evidence.export (the whole chain), evidence.erase.
//
// # Not here
//
// Who did what in general → base/audit; reviews → desk; verdicts → risk.
package evidence
