// Package layout understands what a table says: which platform's export it is,
// where its header row stands, what each column means, and what each cell is
// worth. It is pure: no store, no clock, no file names.
//
// Words: kind = a layout met in the wild (xhs_notes, douyin_works, …) · field =
// what a column means, in one vocabulary for all platforms · plan = the reading
// of one sheet: kind, header row, column → field · record = one row turned into
// a post, an account's day, or a member of the roster · missing = a cell that
// says nothing ("-", empty); it is never zero.
//
// Rules: a kind is recognised by the row with the most known headers among the
// first rows, never by file name or row number; the account is what a column or
// the caller says, never guessed; all dates are wall-clock time of the brand's
// zone; impressions (曝光) and views (播放, 观看) are never mixed.
//
// Source of the layouts: public importers' tests and the platforms' own pages;
// see docs/connectors. Not here: storing, resolving accounts, figures.
package layout
