// Package identity knows who may come in: brands, logins, users with their roles, sessions, API tokens and invitations.
//
// Owns: what a caller must show (password, one-time code, token) and what the caller then is (authz.Actor).
//
// Words: brand = a tenant; login = a person's e-mail or phone with a password, the same in every brand; user = that
// person within one brand; grant = role × unit subtree of a user (unit 0: the whole brand); session = a browser that is
// signed in; token = kos_…, a program's key with one role over one unit; invitation = a link that makes one user.
//
// Tables: identity_brand, identity_first_brand, identity_login, identity_failed_login (global); identity_user,
// identity_grant, identity_session, identity_token, identity_invitation. Secrets are stored as hashes (argon2id for
// passwords, SHA-256 for random ones) or sealed (TOTP, phone).
//
// Events out: none. Events in: org.member_left (the member's user is disabled). Jobs: identity.sweep forgets what has
// expired. Permissions: see Permissions.
//
// Tokens and cookies name their brand in the clear ("kos_<brand>_<secret>"), so that every look-up has the brand first.
//
// Not here: what a role may do → the rooms' own permissions; units and members → org; the trail of edits → base/audit.
package identity
