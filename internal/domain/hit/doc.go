// Package hit finds the posts that did much better than usual (爆款), keeps those of others worth learning from, takes them
// apart by PCTI and turns them into templates, and follows what the templates brought.
//
// # Owns
//
// Hits, the figures of posts at equal ages that they are found by, what is usual in a league, looks, teardowns with their
// versions, settings.
//
// # Words
//
//   - hit 爆款: a post that beats the usual of its own account and of its league, on views, interactions or saves. Not to be
//     mixed up with a rule hit 命中.
//   - mark: an age at which posts are compared: 1, 3, 7, 14, 30, 90 days. A post is held against others at the same mark only.
//   - usual: median and spread of ln(1+count) over the other posts of the account, or over a sample of the league's.
//   - signal: one figure at one mark that beats both; the strongest gives the hit its strength.
//   - look: one pass over the posts that an import brought figures of (or over all posts): measure → judge → tell.
//   - outside 外部, competitor 竞品: posts of others, entered by link or file; they are never judged, only kept.
//   - star 精选: shown to everybody of the brand, without whose store it came from.
//   - teardown 拆解 (PCTI): preliminary, content, technical, interaction.
//
// # Tables
//
// hit_hit, hit_figure, hit_league, hit_look, hit_teardown, hit_teardown_version, hit_setting.
//
// # Events in
//
// reflow.import_finished: posts the import spoke of are measured and judged, headquarters is told; an import taken back has
// everything looked at again. account.changed: hits follow their account to its unit.
//
// # Jobs
//
// hit.look (everything, on demand), hit.due (hourly: brands that were never looked at; forgets figures out of the window).
//
// # Permissions
//
// hit.near (what a KOS may learn from), hit.read, hit.write (enter, take apart, dismiss, make templates), hit.star,
// hit.settings.
//
// # Not here
//
// Posts and their figures → post; leagues → account; templates and their uses → library; telling people → notify.
package hit
