-- +goose Up
-- A pasted link names a post by the platform's id, of whatever account: that is how another person's post is noticed.
CREATE INDEX ix_post_post__external_id ON post_post (brand_id, external_id) WHERE external_id <> '';
