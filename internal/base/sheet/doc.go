// Package sheet reads and writes the tables people pass around: CSV and TSV in
// the encodings met in China, and XLSX.
//
// Reading is streaming and bounded. Open looks at the bytes, never at the file
// name, and decides what the file is; Rows then yields one row at a time as
// text. Everything a hostile or broken file could do (zip bombs, a million
// rows, a half-finished upload, a renamed PDF) ends in an errs error with one
// of the slugs below and never in a panic or unbounded memory.
//
// What a cell becomes: text as it stands; a number in its shortest decimal
// form; a number styled as a date as "2006-01-02 15:04:05" (or the date
// alone); a number styled as a percentage as "28.64%"; a formula as its cached
// value; vertically merged cells repeat their value on every row they cover in
// sheets of human size.
//
// Slugs: sheet.empty, sheet.not_a_sheet, sheet.unsupported_format {format},
// sheet.incomplete, sheet.truncated {row}, sheet.damaged {part}, sheet.too_large {limit_mb},
// sheet.bomb, sheet.too_many_rows {limit}, sheet.too_many_columns {limit},
// sheet.cell_too_long {row, limit}, sheet.too_many_sheets {limit}.
//
// Writing escapes what a spreadsheet program would run as a formula and keeps
// strings (phones, ids) as text.
//
// XLSX is read by a scanner of our own because the general library takes
// several times longer than a whole import may; the general library is the
// oracle in the tests and writes the files.
package sheet
