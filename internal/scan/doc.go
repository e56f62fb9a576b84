// Package scan finds rules in Chinese and mixed text, however the text is disguised.
//
// Matching runs on a normalised view of the text; what is found is reported in bytes and code points of the
// original. A text of any size is read in one pass, all rules at once, and every overlapping hit is given.
//
//	m, err := scan.Compile([]scan.Rule{
//		{ID: "ad.first", Kind: scan.Literal, Terms: []string{"第一"}, Except: []string{"第一次"}},
//		{ID: "im.wechat", Kind: scan.Literal, Terms: []string{"微信"}, Fold: scan.Soundalike | scan.Initials},
//		{ID: "im.mobile", Kind: scan.Pattern, Pattern: "mobile"},
//	})
//	hits = m.Scan(text, scan.Context{Platform: "douyin", Day: 20261122}, hits[:0])
//
// # The normalised view
//
// Always on, for rules and texts alike:
//   - width, case, accents, compatibility forms (ＡＢＣ, ⓐ, 𝐕, ㊙, ﬁ, ⼀) and the Latin look-alikes of Greek and Cyrillic;
//   - traditional and Japanese forms become simplified ones;
//   - digits of every kind (①, ², ３, 壹, 一, 〇) are one digit each, and a number in a term is also looked for in
//     its other spelling (前10名, 前十名);
//   - filler (punctuation, symbols, emoji, blanks) between two characters is skipped, up to Rule.Gap; what nobody sees
//     (zero-width characters, variation selectors, combining marks) is skipped without limit;
//   - a character inside a hit may be repeated (国家家家级), up to 16 times; digits may not, Latin letters only from
//     three on (god is not in good).
//
// Per rule, as they raise false hits (Rule.Fold): Lookalike (徽信, 力口微), Soundalike (薇信), Pinyin (weixin, wei信)
// and Initials (wx, w信).
//
// In a term, blanks and most punctuation are filler and dropped; + % # @ & signs of money, emoji, and punctuation
// between two digits must be there (+V, 100%, 9.9元). Between the letters of a Latin word blanks are allowed only
// when they stand between all of them (v x, b e s t).
//
// # What a hit spans
//
// A hit begins with the first character of the rule and ends with its last one. Surplus repetitions at either end are
// left out, so a plain occurrence of a term is always found with exactly its own span.
// Pattern hits begin at the word that makes a number an address (V信：abc_2024).
//
// # How it works
//
// See docs/adr/0020-text-matcher.md: one pass decodes and folds into a window of 16-bit classes, one tests neighbouring
// pairs against a bitmap of the rules' rarest pairs, and only what passes is looked up and compared.
package scan
