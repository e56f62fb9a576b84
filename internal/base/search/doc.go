// Package search makes Chinese names sortable and findable: a pinyin sort key, a
// match by characters, pinyin or initials, and bigrams for text indexes.
//
// Rooms store Key(name) beside the name and sort by it; lists of people, units and
// pages that are small enough to be filtered in memory use Matches.
//
// Pinyin of a character that has several readings is the common one, corrected
// for surnames (曾 zeng, 单 shan) and place names (重庆 chongqing, 长沙 changsha).
//
// Not here: full-text search over posts (the room that owns them).
package search
