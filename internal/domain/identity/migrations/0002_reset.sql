-- +goose Up
-- A link for this user to choose a new password; NULL for an invitation.
ALTER TABLE identity_invitation ADD COLUMN user_id BIGINT;
