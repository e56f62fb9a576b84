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
//   - search: the walk over all texts; it goes on from its last place after a crash, and again whenever figures came in.
//
// # Tables
//
// recall_recall, recall_item, recall_proof.
//
// # Events in
//
// reflow.import_finished: looks at open items again and for new texts.
//
// # Jobs
//
// recall.search walks one recall's texts; recall.watch looks again at every open recall each six hours, which finds old
// texts that were edited.
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
