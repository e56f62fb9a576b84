// Package variant fills a template text for many people so that no two of a store get the same one.
//
// # Syntax
//
//	{{开头: 周末来 {门店} 看看 | {顾问} 带你试驾 | 想换车的看过来}}
//	{门店} 现在 {价格} 起 {{表情: 🚗 | ✨ | 🎉}}
//	{{结尾: 等你 | 留言问我}}
//
// {name} is a variable. {{name: A | B | C}} is a group of alternatives: openings, endings, whole sentences, sets of emoji;
// one of them is taken. {{name}} alone, behind its group or in the other part, repeats what was taken there. A backslash
// takes the meaning from the sign behind it (\{ \} \| \\). Blanks around an alternative do not count. Groups hold no
// groups.
//
// # Which text somebody gets
//
// The choices of a template are numbered from 0 to Count()-1. Order gives each store its own order of these numbers,
// the same one every time for the same seed; the n-th person of the store gets the n-th number. Neighbours in the order
// differ in several groups, not in one.
//
// Everything here is pure: no clock, no store.
package variant
