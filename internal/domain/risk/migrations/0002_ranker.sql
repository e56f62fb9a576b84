-- +goose Up
-- A brand's own ranker, learned from its reviewers' verdicts; never changed. model = the file of internal/scan/rank,
-- measured = what it reached on rows held out.
CREATE TABLE risk_ranker (
    brand_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    trained_at BIGINT NOT NULL,
    trained_by BIGINT,
    trainer {{text}} NOT NULL,
    weights {{text}} NOT NULL,
    measured {{json}} NOT NULL,
    model {{blob}} NOT NULL,
    PRIMARY KEY (brand_id, number)
);

-- Which ranker was in use since when; number 0 = the shipped one alone. The highest rev counts.
CREATE TABLE risk_ranker_use (
    brand_id BIGINT NOT NULL,
    rev INTEGER NOT NULL,
    number INTEGER NOT NULL,
    used_at BIGINT NOT NULL,
    used_by BIGINT,
    user_name {{text}} NOT NULL,
    PRIMARY KEY (brand_id, rev)
);

-- A training under way or over. done of total steps; number = the ranker that came of it.
CREATE TABLE risk_training (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    state {{text}} NOT NULL,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    fault {{text}} NOT NULL,
    number INTEGER NOT NULL,
    started_at BIGINT NOT NULL,
    started_id BIGINT,
    started_by {{text}} NOT NULL,
    moved_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (brand_id, id)
);
CREATE INDEX ix_risk_training__state__moved_at ON risk_training (brand_id, state, moved_at);
