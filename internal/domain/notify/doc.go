// Package notify tells people what happened to what they care about, inside the program.
//
// # Owns
//
// Notices (one row per person with a due time and whether it was read), what a person has muted, and the one event
// stream of a browser.
//
// # Words
//
//   - notice 通知: one line for one person, of a kind; its text is rendered in the reader's language when it is read.
//   - kind: "<room>.<word>", declared by Declare at start-up; texts <room>.notice_<word>, …_body and …_name.
//   - key: what makes a notice the same one; sending it twice changes nothing.
//   - cap: notices of a kind that one person gets within 24 hours; what comes after is folded into the newest
//     ("and 3 more").
//   - signal: a word to a browser's stream that something is new ("notice", "todo", "job"); it carries no content.
//
// # Tables
//
// notify_notice, notify_preference.
//
// # Events in
//
// reflow.import_finished (who brought the file learns how it ended). Other rooms call Send within their transaction
// through an interface of their own.
//
// # Events out
//
// None.
//
// # Jobs
//
// notify.sweep deletes read notices after 90 days and unread ones after a year.
//
// # Permissions
//
// notify.read (everybody, own notices only).
//
// # Not here
//
// Mail, SMS and robots (a later issue adds channels); what to do about it → todo.
package notify
