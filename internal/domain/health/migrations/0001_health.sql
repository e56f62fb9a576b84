-- +goose Up
-- Thresholds of the brand; no row means the defaults.
CREATE TABLE health_setting (
    brand_id BIGINT NOT NULL,
    settings {{json}} NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by BIGINT,
    PRIMARY KEY (brand_id)
);

-- The newest judgement of each account. cause '' = works. Sort columns are NOT NULL.
CREATE TABLE health_score (
    brand_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    platform {{text}} NOT NULL,
    kind {{text}} NOT NULL,
    league {{text}} NOT NULL,
    day INTEGER NOT NULL,
    score INTEGER NOT NULL,
    band {{text}} NOT NULL,
    peer_mean INTEGER NOT NULL,
    parts {{json}} NOT NULL,
    cause {{text}} NOT NULL,
    cause_since INTEGER,
    PRIMARY KEY (brand_id, account_id)
);
CREATE INDEX ix_health_score__score ON health_score (brand_id, score, account_id);
CREATE INDEX ix_health_score__cause__score ON health_score (brand_id, cause, score, account_id);
CREATE INDEX ix_health_score__unit_id__score ON health_score (brand_id, unit_id, score, account_id);

-- One episode of not working, from the day it was found until the account works again or is given up.
CREATE TABLE health_zombie (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    platform {{text}} NOT NULL,
    cause {{text}} NOT NULL,
    since_day INTEGER NOT NULL,
    found_day INTEGER NOT NULL,
    step INTEGER NOT NULL,
    state {{text}} NOT NULL,
    outcome {{text}} NOT NULL,
    closed_day INTEGER,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_health_zombie__account_id ON health_zombie (brand_id, account_id) WHERE state = 'open';
CREATE INDEX ix_health_zombie__account_id__id ON health_zombie (brand_id, account_id, id);

-- A rung of the wake-up ladder that was taken.
CREATE TABLE health_step (
    brand_id BIGINT NOT NULL,
    zombie_id BIGINT NOT NULL,
    step INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    taken_day INTEGER NOT NULL,
    due_day INTEGER NOT NULL,
    audience {{text}} NOT NULL,
    PRIMARY KEY (brand_id, zombie_id, step)
);

CREATE TABLE health_round (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name {{text}} NOT NULL,
    unit_id BIGINT NOT NULL,
    state {{text}} NOT NULL,
    opened_day INTEGER NOT NULL,
    due_day INTEGER NOT NULL,
    closed_day INTEGER,
    opened_by BIGINT,
    opened_by_name {{text}} NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_health_round__unit_id__name ON health_round (brand_id, unit_id, name);

CREATE TABLE health_round_item (
    brand_id BIGINT NOT NULL,
    round_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    cause {{text}} NOT NULL,
    state {{text}} NOT NULL,
    decision {{text}} NOT NULL,
    reason {{text}} NOT NULL,
    decided_by {{text}} NOT NULL,
    decided_at BIGINT,
    proof {{text}} NOT NULL,
    proved_by {{text}} NOT NULL,
    proved_at BIGINT,
    PRIMARY KEY (brand_id, round_id, account_id)
);

CREATE TABLE health_anomaly (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    day INTEGER NOT NULL,
    before_value BIGINT NOT NULL,
    after_value BIGINT NOT NULL,
    state {{text}} NOT NULL,
    note {{text}} NOT NULL,
    seen_by {{text}} NOT NULL,
    seen_at BIGINT,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_health_anomaly__account_id__kind__day ON health_anomaly (brand_id, account_id, kind, day);
CREATE INDEX ix_health_anomaly__day ON health_anomaly (brand_id, day, id);

-- The last day that was judged, per brand.
CREATE TABLE health_run (
    brand_id BIGINT NOT NULL,
    day INTEGER NOT NULL,
    finished_at BIGINT NOT NULL,
    accounts BIGINT NOT NULL,
    PRIMARY KEY (brand_id)
);
