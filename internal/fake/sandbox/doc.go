// Package sandbox invents a believable brand: regions, dealers, stores in real cities, people, accounts on several
// platforms, posts with titles a car dealer's staff would write, and the snapshots an operator would have collected.
//
// It is pure: the same Config gives the same brand, account by account, so that a loader can stream it and a test can
// recompute any total. Counts are log-normal, with a spread per account and per post fitted by eye to real public
// posts (median about 500 views, the best of a hundred above 30,000; likes 3-4 % of views).
package sandbox
