-- +goose Up
-- People who asked in direct messages, and those of them who got an answer.
ALTER TABLE post_account_snapshot ADD COLUMN inquiries BIGINT;
ALTER TABLE post_account_snapshot ADD COLUMN replies BIGINT;

-- The first day a source called the post deleted; 0 when none did.
ALTER TABLE post_post ADD COLUMN deleted_day INTEGER NOT NULL DEFAULT 0;
