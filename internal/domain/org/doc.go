// Package org is the brand's organisation: one tree of typed units (brand → business line or region → city → dealer or
// agent → store → team, up to eight levels below the brand) and the members who work in it.
//
// # Owns
//
// The tree and its history (who lay below whom on which day), members with role, personas, labels and tenure, their
// phones (sealed), and the guided start page that turns a brand's answers into platforms, a layout and a structure.
//
// # Words
//
//   - unit 单位: a node of the tree; kind = brand, business_line, region, city, dealer, agent, store, team.
//   - path: the names from below the brand down, "华东/上海/静安店"; the brand itself is "".
//   - closure: the pairs (ancestor, unit) with the days they hold; Ancestors answers "as of a day".
//   - move: a subtree gets another parent from a day on. A later day waits as planned; an earlier day needs Reroll,
//     because figures of closed days are added up again.
//   - merge: everything in a unit goes to another one, the emptied unit is closed and keeps its history.
//   - member 成员: a person of the matrix; left 离职 ends the membership, the row stays.
//   - implicit unit: one made up as a missing parent by an import; its kind may still be corrected by an import.
//   - outside service provider 代运营: a unit labelled LabelAgency whose people hold grants on that subtree only.
//
// # Tables
//
// org_tree, org_unit, org_closure, org_count, org_move, org_member, org_tag, org_history, org_undo, org_fit.
//
// # Events out
//
// org.units_changed, org.unit_moved (insight adds figures up again from FromDay), org.unit_merged, org.unit_closed,
// org.member_left (account ends or hands over accounts), org.member_moved.
//
// # Events in
//
// None.
//
// # Jobs
//
// org.apply_moves: carries out planned moves whose day has come.
//
// # Permissions
//
// org.self (oneself), org.read (tree), org.write (change the tree), org.member_read, org.member_write, org.reveal (a phone in the clear,
// audited), org.export, org.fit.
//
// # Consumed by others
//
// Scope turns (actor, permission, unit parameter) into an authz.Scope: every list of every room goes through it.
// EnsureRoot runs in identity's transaction that creates a brand; EnsurePaths and UpsertMembers in a roster import's;
// AddAccounts in every transaction of account that opens, moves or ends accounts.
//
// # Not here
//
// Logins and grants → identity; social accounts, their custody and hand-over → account; reading roster files → reflow;
// figures over the tree → insight; the city list, city tiers and leagues → account.
package org
