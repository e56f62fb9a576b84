-- +goose Up
-- A league is read across the kept windows; with the window second no planner mistakes the key for a better way.
DROP INDEX ix_insight_account_window__league;
CREATE INDEX ix_insight_account_window__league__span ON insight_account_window (brand_id, league, span);
