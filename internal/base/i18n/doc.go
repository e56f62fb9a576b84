// Package i18n holds the texts of all rooms and renders them in the reader's
// language. zh is complete first, en is complete too: Check fails otherwise.
//
// Words: slug = "room.what_is_meant", the key of a text and of an error; source =
// one room's folder i18n/ with zh.json and en.json, flat objects slug → template.
//
// A template holds parameters in braces: "{name} 的手机号不对"; {n|account|accounts}
// picks the first word when n is 1; {{ and }} stand for braces.
//
// Texts are rendered at the edge (HTTP, command line, reports), never inside a
// room: rooms hand on slug and parameters.
//
// Not here: the pages' own texts (web/src/**/i18n).
package i18n
