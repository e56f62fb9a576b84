// Package geo knows the cities of China: codes, names, tiers and the map that coverage is drawn on.
//
// Owns: which city a unit's path stands for, the tier of a city (dated data), the replaceable map file.
// Words: city code (six digits of the prefecture; a municipality counts as one city), tier 1 一线, 2 新一线, 3 二线,
// 4 三线, 5 四线, 6 五线, 0 unknown.
// Data: data/*.csv divisions (see NOTICE), data/city_tiers.json, data/map.json (simplified prefectures; to be replaced
// by a reviewed map where a public map needs one, see Map).
//
// Not here: stores and their addresses → org.
package geo
