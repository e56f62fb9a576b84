-- +goose Up
-- A unit that moved, of which the days from from_day up to and including upto_day are still folded as the tree was
-- before: at most one per brand.
CREATE TABLE insight_move (
    brand_id BIGINT  NOT NULL,
    unit_id  BIGINT  NOT NULL,
    from_day INTEGER NOT NULL,
    upto_day INTEGER NOT NULL,
    PRIMARY KEY (brand_id)
){{clustered}};
