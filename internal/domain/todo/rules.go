package todo

import (
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/errs"
)

const maxTitle = 120

// next gives the state after a verb, or "" when the verb makes no sense: closing twice the same way changes nothing.
func next(from, verb State) State {
	switch {
	case verb == Open && (from == Done || from == Dismissed || from == Open):
		return Open
	case (verb == Done || verb == Dismissed || verb == Expired) && (from == Open || from == verb):
		return verb
	}
	return ""
}

// checkManual judges what a manager typed. Errors: fields title "base.required", "base.too_long".
func checkManual(title, link string) error {
	bad := errs.Bad()
	switch n := utf8.RuneCountInString(strings.TrimSpace(title)); {
	case n == 0:
		bad.Field("title", "base.required")
	case n > maxTitle:
		bad.Field("title", "base.too_long", "limit", maxTitle)
	}
	if link != "" && (!strings.HasPrefix(link, "/") || strings.HasPrefix(link, "//")) {
		bad.Field("link", "todo.link_outside")
	}
	return bad.OrNil()
}
