// Package todo keeps what people have to do today, whoever asks for it.
//
// # Owns
//
// To-dos: made by rooms in bulk or by a manager by hand, done, dismissed or expired, with the outcome.
//
// # Words
//
//   - to-do 待办: one thing to do about one object, with a due day; kind = "<room>.<word>" of the room that asks.
//   - key: within a kind the same key is the same to-do; asking twice changes nothing.
//   - owner: a member or a user; without one a to-do belongs to an audience at its unit: manager (store managers),
//     region (region managers) or hq (headquarters' operations).
//   - mine: what a person owns and what their role's audience at their units has to do.
//   - settle: the asking room closes a to-do because its reason is gone.
//   - overdue: open after its due day; told to the managers above once.
//
// # Tables
//
// todo_item.
//
// # Events out
//
// todo.closed (done, dismissed or expired; never for settled ones: the asking room knows), todo.reopened.
//
// # Jobs
//
// todo.sweep expires to-dos and tells managers of overdue ones.
//
// # Permissions
//
// todo.read (everybody: what is theirs), todo.manage (see and close the to-dos of a subtree, make new ones).
//
// # Not here
//
// Reading about what happened → notify; tasks of campaigns with rewards (a later issue).
package todo
