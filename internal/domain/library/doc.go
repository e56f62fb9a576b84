// Package library is the content middle platform (内容中台): what headquarters, regions and stores have ready for people to
// publish and to say, checked by the rules, in versions, with what came of each.
//
// # Owns
//
// Items (素材) with their versions and files, folders, the text index, proposals of KOS, which personal text somebody got,
// and the uses of items.
//
// # Words
//
//   - item: an asset 素材 (pictures, video, documents), a template 模板, a script 脚本 (short video with shots), a run-down
//     直播流程, a talk track 话术, a topic idea 选题 or a case 案例.
//   - version: what an item said; never changed. live: the version that is handed out.
//   - state: draft → checked → approved → out (of use).
//   - usable: has a live version that is not expired, not out and not refused by the rules; only then is it handed out.
//   - template: a text with variables {门店} and alternatives {{开头: A | B}}; see package variant.
//   - personal text: a template filled for one member; no two of a unit get the same one.
//   - salt: what keeps the personal texts of two campaigns apart: the campaign's id.
//   - proposal 投稿: what a KOS offers; headquarters or the store accept it as an item or return it with a note.
//   - pillar 内容支柱: one of the few things the brand's content is about; every post and item belongs to one or to none. target
//     mix 目标配比: how the posts of an account are to be shared among them; gap 缺口: how many posts it is short.
//   - use: an item handed to a member (a task, a copy), with the post made of it once that is known.
//
// # Tables
//
// library_folder, library_item, library_version, library_check, library_link, library_file, library_upload, library_part,
// library_word, library_hand, library_use, library_proposal, library_setting, library_pillar, library_pillar_state,
// library_pillar_post, library_pillar_account, library_pillar_count, library_mix.
//
// # Events out
//
// library.items_changed: items became usable, changed their live version, or are no longer usable.
//
// # Jobs
//
// library.recheck asks the rules again when they changed and notes what expired; library.measure sums up what uses brought;
// library.sweep removes uploads that were not finished and files that nothing holds; library.pillars, library.pillars_day and
// library.pillar_uses sort posts into pillars and count accounts.
//
// # Events in
//
// post.changed and account.changed: posts are sorted into pillars, accounts are counted anew.
//
// # Permissions
//
// library.use (search, copy, save, propose), library.read (drafts, versions, uses, results), library.write (create, edit,
// decide proposals, sort posts), library.approve (approve, take out of use), library.pillars (pillars of the
// whole brand, target mixes of the own units), library.settings (the rewriting endpoint).
//
// # Not here
//
// Products and prices → product; who gets what to do → campaign; what may stand → risk; taking back what is out → recall.
package library
