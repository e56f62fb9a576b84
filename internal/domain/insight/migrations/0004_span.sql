-- +goose Up
-- How an account was counted, and where, from a day up to and including another; the newest has no end (99991231). bits
-- as in insight_account_state, without active_7. The rows that cover a closed day add up to its closing counts.
CREATE TABLE insight_account_span (
    brand_id     BIGINT   NOT NULL,
    account_id   BIGINT   NOT NULL,
    from_day     INTEGER  NOT NULL,
    to_day       INTEGER  NOT NULL,
    unit_id      BIGINT   NOT NULL,
    platform     {{text}} NOT NULL,
    account_kind {{text}} NOT NULL,
    bits         INTEGER  NOT NULL,
    PRIMARY KEY (brand_id, account_id, from_day)
){{clustered}};
CREATE INDEX ix_insight_account_span__to_day ON insight_account_span (brand_id, to_day);
CREATE INDEX ix_insight_account_span__unit_id__account_id ON insight_account_span (brand_id, unit_id, account_id);

-- The first closed day that the spans cover; 0 before they were ever written.
ALTER TABLE insight_brand ADD COLUMN span_day INTEGER NOT NULL DEFAULT 0;
