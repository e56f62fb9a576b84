-- +goose Up
CREATE TABLE base_idempotency (
    brand_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    key {{text}} NOT NULL,
    hash {{blob}} NOT NULL,
    status INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    body {{blob}},
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (brand_id, user_id, key)
);
CREATE INDEX ix_base_idempotency__at ON base_idempotency (at_ms);
