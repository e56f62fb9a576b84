-- +goose Up
-- What a brand is about to publish: which shipped packs are in force and its industry. rev counts the edits.
CREATE TABLE risk_draft (
    brand_id BIGINT NOT NULL,
    config {{json}} NOT NULL,
    rev INTEGER NOT NULL,
    next_code INTEGER NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by {{text}} NOT NULL,
    PRIMARY KEY (brand_id)
);

-- The brand's word on one rule: a rule of its own, a shipped one put otherwise (body), or one switched off.
CREATE TABLE risk_entry (
    brand_id BIGINT NOT NULL,
    code {{text}} NOT NULL,
    body {{json}},
    is_off BOOLEAN NOT NULL,
    note {{text}} NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by {{text}} NOT NULL,
    PRIMARY KEY (brand_id, code)
);

-- A published version; never changed. body = the draft as it was, gzipped JSON; shipped names the shipped rules it was
-- made over.
CREATE TABLE risk_version (
    brand_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    published_at BIGINT NOT NULL,
    published_by BIGINT,
    publisher {{text}} NOT NULL,
    why {{text}} NOT NULL,
    rules INTEGER NOT NULL,
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    shipped {{text}} NOT NULL,
    body {{blob}} NOT NULL,
    PRIMARY KEY (brand_id, number)
);

-- The shipped rules as they stood when a version was published, by their fingerprint.
CREATE TABLE risk_shipped (
    brand_id BIGINT NOT NULL,
    fingerprint {{text}} NOT NULL,
    body {{blob}} NOT NULL,
    PRIMARY KEY (brand_id, fingerprint)
);

-- The standing verdict of each live post and profile. grade: 0 pass, 1 warn, 2 review, 3 block; score in thousandths.
-- version and day = by which rules it was looked at last; text_at = when the text last became another.
CREATE TABLE risk_verdict (
    brand_id BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    object_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    platform {{text}} NOT NULL,
    hash BIGINT NOT NULL,
    version INTEGER NOT NULL,
    grade INTEGER NOT NULL,
    score INTEGER NOT NULL,
    findings {{json}} NOT NULL,
    rules {{text}} NOT NULL,
    checked_at BIGINT NOT NULL,
    text_at BIGINT NOT NULL,
    PRIMARY KEY (brand_id, kind, object_id)
){{clustered}};
CREATE INDEX ix_risk_verdict__grade__object_id ON risk_verdict (brand_id, grade, object_id, kind, unit_id) WHERE grade > 0;
CREATE INDEX ix_risk_verdict__account_id ON risk_verdict (brand_id, account_id);
CREATE INDEX ix_risk_verdict__text_at ON risk_verdict (brand_id, text_at, object_id);

-- A walk over everything known: a re-scan after new rules, or a what-if that only tells. phase and place are where it
-- stands; params say what a what-if asks.
CREATE TABLE risk_run (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    state {{text}} NOT NULL,
    cause {{text}} NOT NULL,
    version INTEGER NOT NULL,
    params {{json}} NOT NULL,
    phase {{text}} NOT NULL,
    place BIGINT NOT NULL,
    slice INTEGER NOT NULL,
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    worse BIGINT NOT NULL,
    better BIGINT NOT NULL,
    asked BIGINT NOT NULL,
    work_ms BIGINT NOT NULL,
    fault {{text}} NOT NULL,
    started_at BIGINT NOT NULL,
    started_by {{text}} NOT NULL,
    moved_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (brand_id, id)
);
CREATE INDEX ix_risk_run__state__moved_at ON risk_run (brand_id, state, moved_at);

-- What a run found to be judged otherwise than before.
CREATE TABLE risk_change (
    brand_id BIGINT NOT NULL,
    run_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    object_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    platform {{text}} NOT NULL,
    before_grade INTEGER NOT NULL,
    after_grade INTEGER NOT NULL,
    findings {{json}} NOT NULL,
    PRIMARY KEY (brand_id, run_id, id)
);
CREATE INDEX ix_risk_change__run_id__unit_id ON risk_change (brand_id, run_id, unit_id, after_grade);

-- What a reviewer said about one finding: right, or a false alarm. The newest word counts.
CREATE TABLE risk_opinion (
    brand_id BIGINT NOT NULL,
    rule {{text}} NOT NULL,
    kind {{text}} NOT NULL,
    object_id BIGINT NOT NULL,
    start_at INTEGER NOT NULL,
    is_right BOOLEAN NOT NULL,
    excerpt {{text}} NOT NULL,
    said_by BIGINT,
    said_name {{text}} NOT NULL,
    said_at BIGINT NOT NULL,
    PRIMARY KEY (brand_id, rule, kind, object_id, start_at)
);
