// Package desk is the review desk (审核台): texts are handed in before they are published, checked by the rules, decided
// by people where the rules or a sample ask for it, and followed until the link of what was published is pasted back.
//
// # Owns
//
// Submissions with their versions, reviews, pictures and what was read in them, the brand's desk settings, the figures
// of the service level.
//
// # Words
//
//   - submission 送审: one text (post, profile, reply, comment or live run-down) for one account or platform; kind says
//     which. A version is the text as it was handed in once.
//   - level: how serious the worst finding is: none, low, medium, high (from the verdicts pass, warn, review, block).
//     Settings say per level what happens: straight through but for a sample, to the queue, refused; and how many people
//     must agree.
//   - straight: approved without a reviewer, because it was clean, had been approved word for word before, or took over a
//     reviewer's own words.
//   - review 审核: one reviewer's decision on a version: approve, suggest changes, reject.
//   - claim: a reviewer has it open; nobody else can decide until the claim runs out. Hand-over names who should.
//   - due: when it should be decided, counted in business hours. Waiting is counted the same way.
//   - picture: an uploaded image; QR codes and text in it are read by zbarimg and tesseract in a job.
//
// # Tables
//
// desk_submission, desk_version, desk_review, desk_review_rule, desk_picture, desk_setting.
//
// # Events
//
// None. Every decisive step is appended to the evidence chain in the same transaction (interface Evidence).
//
// # Jobs
//
// desk.read reads a picture; desk.sweep ends approvals whose time is over, tells reviewers of overdue submissions and
// takes up pictures that were left behind.
//
// # Permissions
//
// desk.submit (own texts), desk.submit_for (for accounts of the own units), desk.read (submissions of the own units),
// desk.review, desk.settings.
//
// # Not here
//
// Rules and verdicts → risk; the chain → evidence; what was published → post; one bad claim everywhere → recall.
package desk
