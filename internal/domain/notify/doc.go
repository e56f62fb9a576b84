// Package notify is the one path for telling people what happened to what they care about: inside the program, by mail, by
// SMS and through the robots of their group chats.
//
// # Owns
//
// Notices (one row per person with a due time and whether it was read), what a person and the brand chose per kind and
// channel, quiet hours, digests, the robots of units, the settings of the channels, the delivery log, and the one event
// stream of a browser.
//
// # Words
//
//   - notice 通知: one line for one person, of a kind; its text is rendered in the reader's language when it is read.
//   - kind: "<room>.<word>", declared by Declare at start-up; texts <room>.notice_<word>, …_body and …_name.
//   - key: what makes a notice the same one; sending it twice changes nothing.
//   - cap: notices of a kind that one person gets within 24 hours; what comes after is folded into the newest
//     ("and 3 more"). Reminders (Kind.Reminder) of all kinds together also have the brand's daily limit.
//   - channel 渠道: in_app, mail, sms, robot. Mode: instant, daily, weekly, off.
//   - loud kind: cannot be switched off in the program and does not wait for the end of quiet hours.
//   - delivery 投递: one notice on one channel other than in_app, to one target (a person, or a robot for all the people of
//     its unit): queued → sending → sent | failed | skipped | unknown.
//   - unknown: the request was out and no answer came, or the program ended in the middle. It may have arrived, so it is
//     never sent again by itself.
//   - signal: a word to a browser's stream that something is new ("notice", "todo", "job"); it carries no content.
//
// # How a notice gets out
//
// Send and SendBulk write notices within the sender's transaction and nothing else. The job notify.deliver plans deliveries
// for notices that have none yet (plan.go: who wants it where and when) and sends those that are due (deliver.go): it takes
// a batch under a lease, marks each message "sending" in a transaction of its own just before the call, and books the
// outcome after it. A lease that ran out before the mark is taken again; one that ran out after it becomes unknown. That
// makes at most one call per delivery however many processes work and whenever one of them dies.
//
// # Tables
//
// notify_notice, notify_choice, notify_person, notify_setting, notify_robot, notify_delivery.
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
// notify.deliver plans and sends, every 10 seconds. notify.sweep deletes read notices after 90 days, unread ones after a
// year, and deliveries after 90 days.
//
// # Permissions
//
// notify.read (everybody, own notices and preferences only), notify.log and notify.robots (within the units of the
// caller), notify.settings (the channels of the brand).
//
// # Not here
//
// How mail servers, robots and hooks are spoken to → internal/connect; what to do about a notice → todo.
package notify
