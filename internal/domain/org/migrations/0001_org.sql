-- +goose Up
-- One row per brand: the root of its tree, and a version that every change of the tree bumps first. The bump is the
-- tree's lock: two changes at once run one after the other on both engines.
CREATE TABLE org_tree (
    brand_id BIGINT NOT NULL,
    root_id  BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    PRIMARY KEY (brand_id)
);

CREATE TABLE org_unit (
    brand_id    BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    parent_id   BIGINT,
    kind        {{text}} NOT NULL,
    name        {{text}} NOT NULL,
    name_key    {{text}} NOT NULL,
    pinyin      {{text}} NOT NULL,
    path        {{text}} NOT NULL,
    depth       INTEGER NOT NULL,
    city        {{text}} NOT NULL,
    store_type  {{text}} NOT NULL,
    code        {{text}} NOT NULL,
    tags        {{json}} NOT NULL,
    status      {{text}} NOT NULL,
    implicit    BOOLEAN NOT NULL,
    opened_day  INTEGER NOT NULL,
    closed_day  INTEGER NOT NULL,
    merged_into BIGINT,
    import_id   BIGINT,
    version     BIGINT NOT NULL,
    created_ms  BIGINT NOT NULL,
    updated_ms  BIGINT NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_org_unit__path ON org_unit (brand_id, path) WHERE status = 'open';
CREATE UNIQUE INDEX uq_org_unit__code ON org_unit (brand_id, code) WHERE code <> '' AND status = 'open';
CREATE INDEX ix_org_unit__parent ON org_unit (brand_id, parent_id, name_key, id);
CREATE INDEX ix_org_unit__tree ON org_unit (brand_id, status, depth, name_key, id);
CREATE INDEX ix_org_unit__import ON org_unit (brand_id, import_id) WHERE import_id IS NOT NULL;

-- Who lies below whom on which days (both ends inclusive). Every unit is its own ancestor at depth 0. The first
-- placement of a unit starts on 19000101, so that figures older than the unit's row find their place.
CREATE TABLE org_closure (
    brand_id       BIGINT NOT NULL,
    unit_id        BIGINT NOT NULL,
    ancestor_id    BIGINT NOT NULL,
    depth          INTEGER NOT NULL,
    valid_from_day INTEGER NOT NULL,
    valid_to_day   INTEGER NOT NULL,
    PRIMARY KEY (brand_id, unit_id, ancestor_id, valid_from_day)
);
CREATE INDEX ix_org_closure__down ON org_closure (brand_id, ancestor_id, valid_to_day, unit_id);

-- What lies in a unit itself and in its whole subtree (itself included), as of today.
CREATE TABLE org_count (
    brand_id     BIGINT NOT NULL,
    unit_id      BIGINT NOT NULL,
    members      BIGINT NOT NULL,
    all_members  BIGINT NOT NULL,
    accounts     BIGINT NOT NULL,
    all_accounts BIGINT NOT NULL,
    all_units    BIGINT NOT NULL,
    PRIMARY KEY (brand_id, unit_id)
);

-- Moves of subtrees: done, planned for a later day, cancelled, or failed with the slug of the reason.
CREATE TABLE org_move (
    brand_id   BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    unit_id    BIGINT NOT NULL,
    from_id    BIGINT NOT NULL,
    to_id      BIGINT NOT NULL,
    day        INTEGER NOT NULL,
    state      {{text}} NOT NULL,
    why        {{text}} NOT NULL,
    fault      {{text}} NOT NULL,
    by_id      BIGINT,
    by_name    {{text}} NOT NULL,
    created_ms BIGINT NOT NULL,
    done_ms    BIGINT,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_org_move__unit_id ON org_move (brand_id, unit_id) WHERE state = 'planned';
CREATE INDEX ix_org_move__due ON org_move (brand_id, state, day);

CREATE TABLE org_member (
    brand_id     BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    unit_id      BIGINT NOT NULL,
    name         {{text}} NOT NULL,
    name_key     {{text}} NOT NULL,
    pinyin       {{text}} NOT NULL,
    role         {{text}} NOT NULL,
    title        {{text}} NOT NULL,
    code         {{text}} NOT NULL,
    phone_sealed {{blob}},
    phone_index  {{blob}},
    phone_last4  {{blob}},
    personas     {{json}} NOT NULL,
    tags         {{json}} NOT NULL,
    status       {{text}} NOT NULL,
    joined_day   INTEGER NOT NULL,
    left_day     INTEGER NOT NULL,
    user_id      BIGINT,
    import_id    BIGINT,
    version      BIGINT NOT NULL,
    created_ms   BIGINT NOT NULL,
    updated_ms   BIGINT NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_org_member__phone_index ON org_member (brand_id, phone_index) WHERE status = 'active' AND phone_index IS NOT NULL;
CREATE UNIQUE INDEX uq_org_member__user_id ON org_member (brand_id, user_id) WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX uq_org_member__code ON org_member (brand_id, code) WHERE code <> '';
CREATE INDEX ix_org_member__phone ON org_member (brand_id, phone_index);
CREATE INDEX ix_org_member__last4 ON org_member (brand_id, phone_last4);
CREATE INDEX ix_org_member__name ON org_member (brand_id, status, name_key, id);
CREATE INDEX ix_org_member__joined ON org_member (brand_id, status, joined_day, id);
CREATE INDEX ix_org_member__unit ON org_member (brand_id, unit_id, status, name_key, id);
CREATE INDEX ix_org_member__import ON org_member (brand_id, import_id) WHERE import_id IS NOT NULL;

-- Labels of units and members, one row each, so that a label filters by index: subject is 'unit' | 'member'.
CREATE TABLE org_tag (
    brand_id   BIGINT NOT NULL,
    subject    {{text}} NOT NULL,
    tag        {{text}} NOT NULL,
    subject_id BIGINT NOT NULL,
    PRIMARY KEY (brand_id, subject, tag, subject_id)
);

-- The timeline of units and members: who did what, when, from what to what, why.
CREATE TABLE org_history (
    brand_id   BIGINT NOT NULL,
    subject_id BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    action     {{text}} NOT NULL,
    from_text  {{text}} NOT NULL,
    to_text    {{text}} NOT NULL,
    day        INTEGER NOT NULL,
    why        {{text}} NOT NULL,
    by_id      BIGINT,
    by_name    {{text}} NOT NULL,
    at_ms      BIGINT NOT NULL,
    PRIMARY KEY (brand_id, subject_id, id)
);

-- What members looked like before an import changed them; what an import created carries its import_id.
CREATE TABLE org_undo (
    brand_id  BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    old_row   {{json}} NOT NULL,
    PRIMARY KEY (brand_id, import_id, member_id)
);

-- Results of the fit-and-choice page; the newest one is the brand's.
CREATE TABLE org_fit (
    brand_id  BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    answers   {{json}} NOT NULL,
    result    {{json}} NOT NULL,
    goal      {{text}} NOT NULL,
    layout    {{text}} NOT NULL,
    structure {{text}} NOT NULL,
    pack_day  INTEGER NOT NULL,
    applied_ms BIGINT,
    by_id     BIGINT,
    by_name   {{text}} NOT NULL,
    at_ms     BIGINT NOT NULL,
    PRIMARY KEY (brand_id, id)
);
