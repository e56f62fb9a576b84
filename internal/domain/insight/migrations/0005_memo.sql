-- +goose Up
-- Versions of the groups in which a brand's accounts are locked, for what is remembered of them in memory (base/memo).
CREATE TABLE insight_memo (
    brand_id BIGINT  NOT NULL,
    shard    INTEGER NOT NULL,
    version  BIGINT  NOT NULL,
    PRIMARY KEY (brand_id, shard)
){{clustered}};
