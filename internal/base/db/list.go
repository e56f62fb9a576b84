package db

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// IDList writes a set of any size as the right side of IN: "col IN "+IDList(q, &args, ids). It takes one parameter
// however many ids there are, which keeps the statement's text stable and SQLite's binding cheap.
func IDList[T ~int64](q Querier, a *Args, ids []T) string {
	if q.Dialect() == Postgres {
		return "(SELECT unnest(" + a.Add(int64s(ids)) + "::bigint[]))"
	}
	return "(SELECT value FROM json_each(" + a.Add(jsonInts(ids)) + "))"
}

// Among writes "col is one of ids" for the hottest reads. PostgreSQL always finds the rows of an array by index, where
// it may join the set of IDList with the whole table while its statistics are old.
func Among[T ~int64](q Querier, a *Args, col string, ids []T) string {
	if q.Dialect() == Postgres {
		return col + " = ANY(" + a.Add(int64s(ids)) + "::bigint[])"
	}
	return col + " IN " + IDList(q, a, ids)
}

// AmongTexts is Among for texts.
func AmongTexts(q Querier, a *Args, col string, texts []string) string {
	if q.Dialect() == Postgres {
		return col + " = ANY(" + a.Add(texts) + "::text[])"
	}
	return col + " IN " + TextList(q, a, texts)
}

// AmongBytes is Among for bytes.
func AmongBytes(q Querier, a *Args, col string, values [][]byte) string {
	if q.Dialect() == Postgres {
		return col + " = ANY(" + a.Add(values) + "::bytea[])"
	}
	return col + " IN " + In(a, values)
}

// TextList is IDList for texts.
func TextList(q Querier, a *Args, texts []string) string {
	if q.Dialect() == Postgres {
		return "(SELECT unnest(" + a.Add(texts) + "::text[]))"
	}
	var b strings.Builder
	b.WriteByte('[')
	for i, s := range texts {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quoteJSON(s))
	}
	b.WriteByte(']')
	return "(SELECT value FROM json_each(" + a.Add(b.String()) + "))"
}

// PairList writes pairs of ids as a table of the columns a and b, to join against: "FROM "+PairList(…)+" k CROSS JOIN …
// WHERE": the word CROSS keeps SQLite from walking the other table once per pair.
func PairList[T ~int64](q Querier, a *Args, pairs [][2]T) string {
	left, right := make([]int64, len(pairs)), make([]int64, len(pairs))
	for i, p := range pairs {
		left[i], right[i] = int64(p[0]), int64(p[1])
	}
	if q.Dialect() == Postgres {
		return "(SELECT * FROM unnest(" + a.Add(left) + "::bigint[], " + a.Add(right) + "::bigint[]) AS u(a, b))"
	}
	var b strings.Builder
	b.WriteByte('[')
	for i := range left {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "[%d,%d]", left[i], right[i])
	}
	b.WriteByte(']')
	return "(SELECT json_extract(value, '$[0]') AS a, json_extract(value, '$[1]') AS b FROM json_each(" + a.Add(b.String()) + "))"
}

// IndexedBy names the index that a table is to be read by, after its alias: "FROM t x"+IndexedBy(q, "ix_…"). SQLite
// guesses ten rows behind brand_id and then prefers a clustered key to a finer index; PostgreSQL has statistics.
func IndexedBy(q Querier, index string) string {
	if q.Dialect() == Postgres {
		return ""
	}
	return " INDEXED BY " + index
}

// LockKeys keeps other transactions that ask for the same (class, key) out until tx ends. On SQLite the single writer
// already does. Keys are taken in ascending order, so two callers never wait for each other in a ring.
func LockKeys(ctx context.Context, tx *Tx, class int32, keys []int32) error {
	if tx.dialect != Postgres || len(keys) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1::integer, k) FROM (SELECT DISTINCT unnest($2::integer[]) AS k ORDER BY 1) AS s`, class, keys)
	return err
}

func int64s[T ~int64](ids []T) []int64 {
	out := make([]int64, len(ids))
	for i, v := range ids {
		out[i] = int64(v)
	}
	return out
}

func jsonInts[T ~int64](ids []T) string {
	b := make([]byte, 0, len(ids)*20+2)
	b = append(b, '[')
	for i, v := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(v), 10)
	}
	return string(append(b, ']'))
}

func quoteJSON(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
