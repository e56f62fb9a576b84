// Package event is the notice board of the house: what happened, as past-tense structs of ids and facts, one file per
// publishing room, each with its golden JSON in testdata (the wire form that jobs of an older program may still hold).
//
// An event is published once per use-case call or batch (≤ 1,000 ids or a batch key), within the transaction of the
// fact: jobs.Client.Publish. Subscribers are declared with jobs.Subscribe in the hearing room's subscribe.go.
// Every event begins with BrandID `json:"brand_id"`.
//
// A field may be added, never renamed or taken away; a changed meaning is a new event.
package event
