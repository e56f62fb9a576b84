-- +goose Up
CREATE TABLE notify_notice (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    dedup {{text}} NOT NULL,
    params {{json}} NOT NULL,
    link TEXT NOT NULL,
    due_ms BIGINT NOT NULL,
    read_ms BIGINT,
    folded BIGINT NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_notify_notice__user_id__kind__dedup ON notify_notice (brand_id, user_id, kind, dedup);
CREATE INDEX ix_notify_notice__user_id__due_ms__id ON notify_notice (brand_id, user_id, due_ms, id);
CREATE INDEX ix_notify_notice__due_ms ON notify_notice (brand_id, due_ms);
CREATE TABLE notify_preference (
    brand_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    muted BIGINT NOT NULL,
    PRIMARY KEY (brand_id, user_id, kind)
);
