// Package recall takes a bad claim back: it finds every live text of the matrix that holds the claim, however it is
// written, asks each owner to take it down or edit it by a day, keeps the proof and reports what became of it.
//
// # Owns
//
// Recalls (召回) and their items, the proofs with their screenshots.
//
// # Words
//
//   - claim 主张: the words that must not stand any more, with phrases in which they are harmless; matched through every
//     folding of package scan (width, traditional, look-alike, sound-alike, pinyin, filler).
//   - text: the title of a live post or the name of an account's profile.
//   - item: one text that held the claim when it was found.
//   - proof 凭证: how it is known that an item is done: a later import shows it (reimport), somebody opened the link (link),
//     or a picture of the screen (screenshot).
//   - search: the walk over all texts; it goes on from its last place after a crash.
//
// # Tables
//
// recall_recall, recall_item, recall_proof.
//
// # Events in
//
// post.changed, account.changed: texts that came in or were edited join the open recalls that they hold the claim of, and
// items whose text is gone or clean are done. reflow.import_finished: an item that was called done but was seen to stand
// afterwards waits again.
//
// # Jobs
//
// recall.search walks the texts that were there when the recall was opened.
//
// # Permissions
//
// recall.read (see recalls of the own units), recall.write (open, decide, close), recall.prove (prove what is the
// caller's own, or of the units the caller manages).
//
// # Not here
//
// Which words are forbidden → risk; the chain of evidence → evidence; people's lists → todo.
package recall
