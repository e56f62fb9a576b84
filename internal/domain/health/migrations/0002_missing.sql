-- +goose Up
-- The figures that no source of the account told, joined by commas: causes that need them stay silent.
ALTER TABLE health_score ADD COLUMN missing {{text}} NOT NULL DEFAULT '';
