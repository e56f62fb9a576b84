-- +goose Up
-- People who asked in direct messages, and those of them who got an answer.
ALTER TABLE insight_account_day ADD COLUMN inquiries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE insight_account_day ADD COLUMN replies BIGINT NOT NULL DEFAULT 0;
ALTER TABLE insight_account_month ADD COLUMN inquiries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE insight_account_month ADD COLUMN replies BIGINT NOT NULL DEFAULT 0;
ALTER TABLE insight_unit_day ADD COLUMN inquiries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE insight_unit_day ADD COLUMN replies BIGINT NOT NULL DEFAULT 0;
ALTER TABLE insight_unit_month ADD COLUMN inquiries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE insight_unit_month ADD COLUMN replies BIGINT NOT NULL DEFAULT 0;
ALTER TABLE insight_unit_delta ADD COLUMN inquiries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE insight_unit_delta ADD COLUMN replies BIGINT NOT NULL DEFAULT 0;
ALTER TABLE insight_account_window ADD COLUMN inquiries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE insight_account_window ADD COLUMN replies BIGINT NOT NULL DEFAULT 0;
ALTER TABLE insight_league_day ADD COLUMN inquiries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE insight_league_day ADD COLUMN replies BIGINT NOT NULL DEFAULT 0;
ALTER TABLE insight_unit_peer ADD COLUMN inquiries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE insight_unit_peer ADD COLUMN replies BIGINT NOT NULL DEFAULT 0;
