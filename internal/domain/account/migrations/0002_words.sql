-- +goose Up
CREATE TABLE account_word (
    brand_id BIGINT NOT NULL,
    norm {{text}} NOT NULL,
    word {{text}} NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (brand_id, norm)
);
ALTER TABLE account_unofficial ADD COLUMN external_id {{text}} NOT NULL DEFAULT '';
ALTER TABLE account_unofficial ADD COLUMN import_id BIGINT;
ALTER TABLE account_unofficial ADD COLUMN origin {{text}} NOT NULL DEFAULT '';
CREATE INDEX ix_account_unofficial__platform__external_id ON account_unofficial (brand_id, platform, external_id);
CREATE INDEX ix_account_unofficial__import_id ON account_unofficial (brand_id, import_id);
