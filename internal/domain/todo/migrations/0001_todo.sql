-- +goose Up
CREATE TABLE todo_item (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    dedup {{text}} NOT NULL,
    object_id BIGINT,
    unit_id BIGINT NOT NULL,
    member_id BIGINT,
    user_id BIGINT,
    audience {{text}} NOT NULL,
    slug {{text}} NOT NULL,
    params {{json}} NOT NULL,
    link TEXT NOT NULL,
    due_day INTEGER NOT NULL,
    expire_day INTEGER NOT NULL,
    state {{text}} NOT NULL,
    outcome {{text}} NOT NULL,
    note TEXT NOT NULL,
    escalated INTEGER NOT NULL,
    created_ms BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    closed_ms BIGINT NOT NULL,
    closed_by TEXT NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_todo_item__kind__dedup ON todo_item (brand_id, kind, dedup);
CREATE INDEX ix_todo_item__state__due_day__id ON todo_item (brand_id, state, due_day, id);
CREATE INDEX ix_todo_item__member_id__state__due_day__id ON todo_item (brand_id, member_id, state, due_day, id);
CREATE INDEX ix_todo_item__user_id__state__due_day__id ON todo_item (brand_id, user_id, state, due_day, id);
CREATE INDEX ix_todo_item__unit_id__state__due_day__id ON todo_item (brand_id, unit_id, state, due_day, id);
CREATE INDEX ix_todo_item__closed_ms__id ON todo_item (brand_id, closed_ms, id);
CREATE INDEX ix_todo_item__kind__object_id ON todo_item (brand_id, kind, object_id);
