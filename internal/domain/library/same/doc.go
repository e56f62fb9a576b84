// Package same is the guard against sameness: it scores a set of planned texts against each other, finds clusters of texts
// that are too much alike, and knows how much alikeness each platform, kind and industry tolerates.
//
// The score of two texts is that of package similar: the share of pairs of neighbouring characters that both have, 0 to 1.
// Facts (price, stock, shop display) may be alike in wording; word-for-word mass copies may not, whatever they say.
//
// Pure: no clock, no store.
package same
