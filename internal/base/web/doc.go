// Package web is the HTTP edge: one router for every room's routes, with the permission checked before a body is read,
// inputs bound and validated into typed structs, errors rendered as RFC 9457 problems in the caller's language, and an
// OpenAPI 3.1 document drawn from the same declarations. Schemas and validation are huma's; the binder is ours, so that
// ids and days are typed, all faults are told at once and nothing is parsed for a caller who may not call.
//
// Words: route = method + pattern + permission + handler; problem = the JSON body of an error; cursor = a signed,
// opaque place in a sorted list; download / events = streamed answers.
//
// Inputs are structs whose fields carry one of the tags path:"id", query:"from", header:"If-Match", cookie:"name",
// from:"address" (the caller's address), from:"secure" ("true" over TLS) and huma's validation tags (minimum, maximum,
// minLength, maxLength, enum, pattern, required, doc; default on parameters). A field named Body is the JSON body; optional body
// members say `json:"x,omitempty"` or `required:"false"`, nullable ones `nullable:"true"`. id.ID, clock.Day and
// clock.Ms are strings on the wire.
//
// Tables: base_idempotency (in base/migrate's set). Not here: who the caller is → identity; the pages → web/embed.go.
package web
