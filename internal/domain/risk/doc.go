// Package risk says which texts may stand: the brand's rules, the check while typing, the standing verdict of
// everything published, and what a rule is worth before and after it goes live.
//
// Owns: the brand's rule packs (规则包) as a draft and as numbered versions, standing verdicts (在架判定), re-scans (复扫),
// the rules lab (规则实验室), what-ifs (推演), reviewers' opinions on findings (命中判定), the brand's own ranker (品牌排序),
// look-up of the same text elsewhere.
// Words: rule = one thing not to say, shipped or the brand's own; entry = the brand's word on one rule; version = what
// was published, never changed; verdict = pass, warn, review or block; finding = a place where a rule fired; run = a
// walk over everything known (re-scan or what-if); opinion = a reviewer's "right" or "false alarm" on a finding.
//
// ranker = what orders texts; a brand trains its own from reviewers' verdicts, in numbered versions, beside the shipped one.
//
// A compiled checker of the newest version is kept in memory per brand and swapped without a pause; other processes
// notice a new version within two seconds.
//
// Tables: risk_draft, risk_entry, risk_version, risk_shipped, risk_verdict, risk_run, risk_change, risk_opinion,
// risk_ranker, risk_ranker_use, risk_training.
// Events in: post.changed, account.changed. Events out: none; a changed verdict is told to the evidence chain in the
// same transaction (interface Evidence).
// Jobs: risk.walk (a slice of a run), risk.train (learns a ranker), risk.tend (every minute: runs and trainings that nobody
// works on, rules whose day came).
// Permissions: risk.check (everybody), risk.read, risk.write, risk.judge.
// Not here: the matcher → scan; shipped rules and the checker → risk/pack; the review queue → desk; the chain → evidence.
package risk
