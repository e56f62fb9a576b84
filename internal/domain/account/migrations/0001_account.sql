-- +goose Up
CREATE TABLE account_account (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    platform {{text}} NOT NULL,
    handle {{text}} NOT NULL,
    handle_norm {{text}} NOT NULL,
    external_id {{text}} NOT NULL DEFAULT '',
    name {{text}} NOT NULL,
    name_key {{text}} NOT NULL,
    search {{text}} NOT NULL,
    kind {{text}} NOT NULL,
    unit_id BIGINT NOT NULL,
    member_id BIGINT,
    member_name {{text}} NOT NULL DEFAULT '',
    ownership {{text}} NOT NULL,
    verified BOOLEAN NOT NULL DEFAULT FALSE,
    cert_kind {{text}} NOT NULL DEFAULT '',
    cert_state {{text}} NOT NULL DEFAULT '',
    cert_until INTEGER,
    poi {{text}} NOT NULL DEFAULT '',
    status {{text}} NOT NULL DEFAULT 'ok',
    status_cause {{text}} NOT NULL DEFAULT '',
    status_since INTEGER,
    paired_id BIGINT,
    level {{text}} NOT NULL DEFAULT '',
    city INTEGER NOT NULL DEFAULT 0,
    city_tier INTEGER NOT NULL DEFAULT 0,
    league {{text}} NOT NULL DEFAULT '',
    handover_due INTEGER,
    created_day INTEGER NOT NULL,
    import_id BIGINT,
    rev INTEGER NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    followers BIGINT NOT NULL DEFAULT -1,
    followers_as_of BIGINT,
    last_post_day INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_account_account__platform__handle_norm ON account_account (brand_id, platform, handle_norm);
CREATE UNIQUE INDEX uq_account_account__platform__external_id ON account_account (brand_id, platform, external_id) WHERE external_id <> '';
-- the declared sorts; the columns behind id let a walk test scope and filters without reading the row
CREATE INDEX ix_account_account__name_key__id ON account_account (brand_id, name_key, id, unit_id, status, platform, kind);
CREATE INDEX ix_account_account__followers__id ON account_account (brand_id, followers, id, unit_id, status, platform, kind);
CREATE INDEX ix_account_account__created_day__id ON account_account (brand_id, created_day, id, unit_id, status, platform, kind);
CREATE INDEX ix_account_account__last_post_day__id ON account_account (brand_id, last_post_day, id, unit_id, status, platform, kind);
CREATE INDEX ix_account_account__unit_id__name_key ON account_account (brand_id, unit_id, name_key, id);
CREATE INDEX ix_account_account__member_id ON account_account (brand_id, member_id) WHERE member_id IS NOT NULL;
CREATE INDEX ix_account_account__status__name_key ON account_account (brand_id, status, name_key, id) WHERE status <> 'ok';
CREATE INDEX ix_account_account__kind__name_key ON account_account (brand_id, kind, name_key, id) WHERE kind <> 'employee';
CREATE INDEX ix_account_account__cert_until ON account_account (brand_id, cert_until) WHERE cert_until IS NOT NULL;
CREATE INDEX ix_account_account__handover_due ON account_account (brand_id, handover_due, name_key, id) WHERE handover_due IS NOT NULL;
CREATE INDEX ix_account_account__paired_id ON account_account (brand_id, paired_id) WHERE paired_id IS NOT NULL;

CREATE TABLE account_unit (
    brand_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    valid_from_day INTEGER NOT NULL,
    valid_to_day INTEGER NOT NULL,
    unit_id BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    PRIMARY KEY (brand_id, account_id, valid_from_day)
);

CREATE TABLE account_count (
    brand_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    platform {{text}} NOT NULL,
    kind {{text}} NOT NULL,
    status {{text}} NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (brand_id, unit_id, platform, kind, status)
);

CREATE TABLE account_custody (
    brand_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    what {{text}} NOT NULL,
    from_member_id BIGINT,
    to_member_id BIGINT,
    from_member {{text}} NOT NULL DEFAULT '',
    to_member {{text}} NOT NULL DEFAULT '',
    from_unit_id BIGINT,
    to_unit_id BIGINT,
    from_value {{text}} NOT NULL DEFAULT '',
    to_value {{text}} NOT NULL DEFAULT '',
    reason {{text}} NOT NULL DEFAULT '',
    checklist {{json}} NOT NULL,
    actor_id BIGINT,
    actor {{text}} NOT NULL,
    PRIMARY KEY (brand_id, account_id, id)
);

CREATE TABLE account_consent (
    brand_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    member_id BIGINT,
    member {{text}} NOT NULL,
    purposes {{text}} NOT NULL,
    text_version {{text}} NOT NULL,
    text_hash {{text}} NOT NULL,
    agreed_at BIGINT NOT NULL,
    via {{text}} NOT NULL,
    proof {{text}} NOT NULL DEFAULT '',
    recorded_by {{text}} NOT NULL,
    withdrawn_at BIGINT,
    withdrawn_reason {{text}} NOT NULL DEFAULT '',
    PRIMARY KEY (brand_id, account_id, id)
);

CREATE TABLE account_unofficial (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    platform {{text}} NOT NULL,
    handle {{text}} NOT NULL,
    handle_norm {{text}} NOT NULL,
    name {{text}} NOT NULL,
    name_key {{text}} NOT NULL,
    url {{text}} NOT NULL DEFAULT '',
    bio {{text}} NOT NULL DEFAULT '',
    source {{text}} NOT NULL,
    state {{text}} NOT NULL,
    member_id BIGINT,
    member_name {{text}} NOT NULL DEFAULT '',
    unit_id BIGINT,
    account_id BIGINT,
    proof {{text}} NOT NULL DEFAULT '',
    note {{text}} NOT NULL DEFAULT '',
    followers BIGINT NOT NULL DEFAULT -1,
    seen_day INTEGER NOT NULL,
    certified_day INTEGER,
    closed_day INTEGER,
    rev INTEGER NOT NULL DEFAULT 1,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_account_unofficial__platform__handle_norm ON account_unofficial (brand_id, platform, handle_norm);
CREATE INDEX ix_account_unofficial__seen_day ON account_unofficial (brand_id, seen_day, id);
CREATE INDEX ix_account_unofficial__state__seen_day ON account_unofficial (brand_id, state, seen_day, id);

CREATE TABLE account_unofficial_step (
    brand_id BIGINT NOT NULL,
    unofficial_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    from_state {{text}} NOT NULL,
    to_state {{text}} NOT NULL,
    note {{text}} NOT NULL DEFAULT '',
    actor {{text}} NOT NULL,
    PRIMARY KEY (brand_id, unofficial_id, id)
);

CREATE TABLE account_league (
    brand_id BIGINT NOT NULL,
    valid_from_day INTEGER NOT NULL,
    definition {{json}} NOT NULL,
    note {{text}} NOT NULL DEFAULT '',
    actor {{text}} NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (brand_id, valid_from_day)
);

CREATE TABLE account_tag (
    brand_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    tag {{text}} NOT NULL,
    PRIMARY KEY (brand_id, account_id, tag)
);
CREATE INDEX ix_account_tag__tag ON account_tag (brand_id, tag, account_id);

CREATE TABLE account_view (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    user_id BIGINT,
    name {{text}} NOT NULL,
    query {{text}} NOT NULL,
    shared BOOLEAN NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_account_view__user_id__name_key__id ON account_view (brand_id, user_id, name);

CREATE TABLE account_batch (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    what {{text}} NOT NULL,
    user_id BIGINT,
    actor {{text}} NOT NULL,
    at_ms BIGINT NOT NULL,
    n BIGINT NOT NULL,
    undone_at BIGINT,
    PRIMARY KEY (brand_id, id)
);

-- the values accounts had before a bulk action or an import, for undo
CREATE TABLE account_former (
    brand_id BIGINT NOT NULL,
    batch_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    rev INTEGER NOT NULL,
    before {{json}} NOT NULL,
    PRIMARY KEY (brand_id, batch_id, account_id)
);
