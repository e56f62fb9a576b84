// Package account is the registry of every social account of the matrix: whose it is, where it stands, what state it
// is in and how it changes hands.
//
// Owns: accounts, their dated place in the tree, custody (who answers for them), consent records, staff
// certification, public ↔ private pairing, the register of unofficial accounts, leagues, saved list views, and the
// figures about the matrix itself: layouts and coverage.
// Words: account (a social account on one platform; never a ledger account), handle (the name people search for),
// external id (the platform's own id), kind (what the account is to the brand), ownership (company or personal),
// league (platform × city tier × follower band × tenure), custody (the chain of owners).
// Tables: account_account, account_unit, account_count, account_custody, account_consent, account_unofficial,
// account_unofficial_step, account_league, account_tag, account_view, account_batch, account_former.
// Events out: event.AccountsChanged. In the same transaction: Observer.
// Events in: org's members left, units moved (subscribe.go).
// Jobs: account.certify_reminders and account.refresh_leagues, both daily.
// Permissions: account.read, account.edit, account.handover, account.import, account.export, account.league.
//
// Not here: the tree, members and roles → org; posts and figures of accounts → post, insight; health and sleepers →
// health; parsing files → reflow.
package account
