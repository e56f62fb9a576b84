// Package campaign brings what headquarters wants published to everybody who shall publish it, and the proof back.
//
// # Owns
//
// Campaigns (活动) with their tasks, the assignments (one task for one person, on one account), what people hand in and
// what became of it, reminders, partners, public activities and the mentions between accounts.
//
// # Words
//
//   - campaign 活动: goal, topic, hashtags, briefs, window, audience and tasks; spread (in the window) or burst 爆发
//     (packed into it). Draft → check → approval → dispatching → running → closed → reviewed.
//   - task 任务: what one person is asked to do; an assignment is one task for one person on one account.
//   - audience 对象: a live filter; who matches later joins, who left loses the task.
//   - brief: what headquarters wrote; it reaches the phone unchanged. Regions add notes and cannot edit it.
//   - proof 凭证: what was handed in; see package proof for the rules and package link for the shapes of links.
//   - counts: how many assignments of a task stand where, kept per unit and every unit above it.
//   - alike 太像: texts, planned or handed in, whose score is above the threshold of their platform, kind and industry; those that
//     hang together are a cluster, its people twins, and their times to publish are laid apart.
//   - voice 声量: posts of an hour, on the war board of a burst.
//
// # Tables
//
// campaign_campaign, campaign_version, campaign_note, campaign_task, campaign_assignment, campaign_count,
// campaign_submission, campaign_picture, campaign_link, campaign_reminded, campaign_reminder, campaign_partner,
// campaign_activity, campaign_mention, campaign_setting, campaign_alike, campaign_twin.
//
// # Events out
//
// campaign.dispatched (assignment ids, ≤ 1,000 a batch), campaign.settled (the same).
//
// # Events in
//
// org.member_left, org.member_moved, org.unit_moved, account.changed, post.changed.
//
// # Jobs
//
// campaign.dispatch (a walk in chunks that goes on from its last place), campaign.guard (compares the planned texts),
// campaign.settle, campaign.clock (closes, recurs, escalates), campaign.join.
//
// # Permissions
//
// campaign.read (boards and results of the own units), campaign.write (make and edit), campaign.approve (approve and
// dispatch what others wrote), campaign.settings (who approves, the guard, what platforms bear), campaign.note (a region's
// own note), campaign.review (decide proofs), campaign.remind, campaign.do (own tasks).
//
// # Not here
//
// Texts and files → library; figures → post, insight; rules of words → risk; the money of rewards → ledger.
package campaign
