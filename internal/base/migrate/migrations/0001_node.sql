-- +goose Up
CREATE TABLE base_node (
    node INTEGER NOT NULL PRIMARY KEY,
    holder {{text}} NOT NULL,
    until_ms BIGINT NOT NULL
);
