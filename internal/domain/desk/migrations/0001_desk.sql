-- +goose Up
-- A text on its way, with what its present version says. Sort columns are NOT NULL; claimed_ms 0: nobody has it open.
CREATE TABLE desk_submission (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    member_id BIGINT,
    user_id BIGINT NOT NULL,
    author TEXT NOT NULL,
    account_id BIGINT,
    platform {{text}} NOT NULL,
    kind {{text}} NOT NULL,
    state {{text}} NOT NULL,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    texts {{json}} NOT NULL,
    media {{json}} NOT NULL,
    pictures {{json}} NOT NULL,
    verdict {{text}} NOT NULL,
    level INTEGER NOT NULL,
    score INTEGER NOT NULL,
    pack {{text}} NOT NULL,
    findings {{json}} NOT NULL,
    print {{text}} NOT NULL,
    need INTEGER NOT NULL,
    approvals INTEGER NOT NULL,
    first_reviewer BIGINT,
    straight {{text}} NOT NULL,
    sampled BOOLEAN NOT NULL,
    rank BIGINT NOT NULL,
    submitted_ms BIGINT NOT NULL,
    due_ms BIGINT NOT NULL,
    told INTEGER NOT NULL,
    claimed_by BIGINT,
    claimed_name TEXT NOT NULL,
    claimed_ms BIGINT NOT NULL,
    assigned_to BIGINT,
    assigned_name TEXT NOT NULL,
    decided_ms BIGINT NOT NULL,
    decided_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    suggestion {{json}} NOT NULL,
    expires_ms BIGINT NOT NULL,
    published_ms BIGINT NOT NULL,
    link TEXT NOT NULL,
    client_key {{text}} NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_desk_submission__user_id__client_key ON desk_submission (brand_id, user_id, client_key);
CREATE INDEX ix_desk_submission__state__rank__id ON desk_submission (brand_id, state, rank, id);
CREATE INDEX ix_desk_submission__state__due_ms__id ON desk_submission (brand_id, state, due_ms, id);
CREATE INDEX ix_desk_submission__state__submitted_ms__id ON desk_submission (brand_id, state, submitted_ms, id);
CREATE INDEX ix_desk_submission__submitted_ms__id ON desk_submission (brand_id, submitted_ms, id);
CREATE INDEX ix_desk_submission__user_id__submitted_ms__id ON desk_submission (brand_id, user_id, submitted_ms, id);
CREATE INDEX ix_desk_submission__state__expires_ms ON desk_submission (brand_id, state, expires_ms);

-- A submission's text as it was handed in once.
CREATE TABLE desk_version (
    brand_id BIGINT NOT NULL,
    submission_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    texts {{json}} NOT NULL,
    media {{json}} NOT NULL,
    pictures {{json}} NOT NULL,
    verdict {{text}} NOT NULL,
    level INTEGER NOT NULL,
    pack {{text}} NOT NULL,
    findings {{json}} NOT NULL,
    outcome {{text}} NOT NULL,
    unit_id BIGINT NOT NULL,
    by_name TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (brand_id, submission_id, version)
);
CREATE INDEX ix_desk_version__at_ms ON desk_version (brand_id, at_ms);

-- One reviewer's decision on a version; a person decides once on each.
CREATE TABLE desk_review (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    submission_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    user_id BIGINT NOT NULL,
    reviewer TEXT NOT NULL,
    decision {{text}} NOT NULL,
    reason TEXT NOT NULL,
    suggestion {{json}} NOT NULL,
    excerpt TEXT NOT NULL,
    kind {{text}} NOT NULL,
    platform {{text}} NOT NULL,
    level INTEGER NOT NULL,
    unit_id BIGINT NOT NULL,
    print {{text}} NOT NULL,
    whole BOOLEAN NOT NULL,
    minutes INTEGER NOT NULL,
    late BOOLEAN NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_desk_review__submission_id__version__user_id ON desk_review (brand_id, submission_id, version, user_id);
CREATE INDEX ix_desk_review__at_ms ON desk_review (brand_id, at_ms);
CREATE INDEX ix_desk_review__print__at_ms ON desk_review (brand_id, print, at_ms);

-- The rules that had fired in what was decided: finds similar decisions.
CREATE TABLE desk_review_rule (
    brand_id BIGINT NOT NULL,
    rule {{text}} NOT NULL,
    review_id BIGINT NOT NULL,
    PRIMARY KEY (brand_id, rule, review_id)
);

-- An uploaded image and what was read in it.
CREATE TABLE desk_picture (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    submission_id BIGINT,
    name TEXT NOT NULL,
    blob_key {{text}} NOT NULL,
    size BIGINT NOT NULL,
    sha256 {{text}} NOT NULL,
    type {{text}} NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    state {{text}} NOT NULL,
    codes {{json}} NOT NULL,
    text TEXT NOT NULL,
    missing {{text}} NOT NULL,
    made_ms BIGINT NOT NULL,
    read_ms BIGINT NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE INDEX ix_desk_picture__submission_id ON desk_picture (brand_id, submission_id);
CREATE INDEX ix_desk_picture__state__made_ms ON desk_picture (brand_id, state, made_ms);

-- The brand's rules of the desk; no row means the defaults.
CREATE TABLE desk_setting (
    brand_id BIGINT NOT NULL,
    settings {{json}} NOT NULL,
    updated_ms BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (brand_id)
);
