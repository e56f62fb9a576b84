-- +goose Up
-- What the brand's own ranker found of a waiting text, and which ranker it was (0 = the shipped one alone): its order can
-- be made anew when another comes into use.
ALTER TABLE desk_submission ADD COLUMN ranker INTEGER NOT NULL DEFAULT 0;
ALTER TABLE desk_submission ADD COLUMN ranked {{json}} NOT NULL DEFAULT '{}';
CREATE INDEX ix_desk_submission__state__ranker ON desk_submission (brand_id, state, ranker);

-- Every link that was pasted for a submission, in order; the last one counts.
CREATE TABLE desk_link (
    brand_id BIGINT NOT NULL,
    submission_id BIGINT NOT NULL,
    n INTEGER NOT NULL,
    link TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    by_name TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (brand_id, submission_id, n)
);
