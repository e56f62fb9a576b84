// Package jobs runs work apart from the request that asked for it, on River over the house's own store: a job is a row
// inserted in the transaction that makes it necessary, so it exists exactly when that transaction committed.
//
// Words: args = a struct of ids with Kind() "<room>.<verb>"; event = a past-tense struct of package event, one job per
// subscriber, kind "event.<event kind>.<room>"; dead letter = a job that used up its tries or was declared poison: it
// stays 90 days, is listed on the settings page and can be driven again; long = a job that may take minutes and runs
// in a queue of its own so that events never wait behind it.
//
// A room declares its work in Module.Jobs(*Registry); its service publishes with Client.Publish inside its Tx, once
// per use-case call or batch, never once per row. Handlers are idempotent: a job may run twice.
//
// Permissions: jobs.manage (dead letters of the caller's brand and of the program itself).
//
// Not here: the raw-event drain (its own loop), per-person deliveries (rows with a due time, swept by one job).
package jobs
