-- +goose Up
CREATE TABLE base_audit (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    actor_kind {{text}} NOT NULL,
    actor_id BIGINT,
    actor_name TEXT NOT NULL,
    action {{text}} NOT NULL,
    unit_id BIGINT,
    object_kind {{text}} NOT NULL,
    object_id BIGINT,
    object_name TEXT NOT NULL,
    counts {{json}} NOT NULL,
    before_json {{json}},
    after_json {{json}},
    PRIMARY KEY (brand_id, id)
);
CREATE INDEX ix_base_audit__object_id__id ON base_audit (brand_id, object_id, id);
CREATE INDEX ix_base_audit__actor_id__id ON base_audit (brand_id, actor_id, id);
CREATE INDEX ix_base_audit__action__id ON base_audit (brand_id, action, id);
