-- +goose Up
-- The head as it stood every few minutes since the newest anchor; told to the log as well.
CREATE TABLE evidence_mark (
    brand_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hash {{text}} NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (brand_id, seq)
);
