-- +goose Up
-- What a person chose for a kind and a channel; user_id 0 is what the brand chose for everybody.
CREATE TABLE notify_choice (
    brand_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    channel {{text}} NOT NULL,
    mode {{text}} NOT NULL,
    PRIMARY KEY (brand_id, user_id, kind, channel)
);
INSERT INTO notify_choice (brand_id, user_id, kind, channel, mode)
    SELECT brand_id, user_id, kind, 'in_app', 'off' FROM notify_preference WHERE muted = 1;
DROP TABLE notify_preference;

-- Minutes after midnight in the brand's zone; quiet_from -1: as the brand has it.
CREATE TABLE notify_person (
    brand_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    quiet_from BIGINT NOT NULL,
    quiet_to BIGINT NOT NULL,
    mail_off BIGINT NOT NULL,
    PRIMARY KEY (brand_id, user_id)
);

CREATE TABLE notify_setting (
    brand_id BIGINT NOT NULL,
    address TEXT NOT NULL,
    quiet_from BIGINT NOT NULL,
    quiet_to BIGINT NOT NULL,
    digest_at BIGINT NOT NULL,
    digest_day BIGINT NOT NULL,
    reminders BIGINT NOT NULL,
    mail_on BIGINT NOT NULL,
    mail_sealed {{blob}},
    sms_on BIGINT NOT NULL,
    sms_sealed {{blob}},
    PRIMARY KEY (brand_id)
);

CREATE TABLE notify_robot (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    vendor {{text}} NOT NULL,
    unit_id BIGINT NOT NULL,
    whole BIGINT NOT NULL,
    lang {{text}} NOT NULL,
    quiet BIGINT NOT NULL,
    kinds {{json}} NOT NULL,
    sealed {{blob}} NOT NULL,
    hint TEXT NOT NULL,
    is_on BIGINT NOT NULL,
    busy_ms BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (brand_id, id)
);

-- Notices whose deliveries are not planned yet have 0. The index holds those alone.
ALTER TABLE notify_notice ADD COLUMN planned BIGINT NOT NULL DEFAULT 1;
CREATE INDEX ix_notify_notice__planned ON notify_notice (brand_id, id) WHERE planned = 0;

CREATE TABLE notify_delivery (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    channel {{text}} NOT NULL,
    target_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    notice_id BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    dedup {{text}} NOT NULL,
    mode {{text}} NOT NULL,
    people BIGINT NOT NULL,
    state {{text}} NOT NULL,
    reason {{text}} NOT NULL,
    detail TEXT NOT NULL,
    tries BIGINT NOT NULL,
    due_ms BIGINT NOT NULL,
    lease_ms BIGINT NOT NULL,
    claim BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    done_ms BIGINT,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_notify_delivery__channel__target_id__kind__dedup ON notify_delivery (brand_id, channel, target_id, kind, dedup);
CREATE INDEX ix_notify_delivery__state__due_ms__id ON notify_delivery (brand_id, state, due_ms, id);
CREATE INDEX ix_notify_delivery__state__id ON notify_delivery (brand_id, state, id);
CREATE INDEX ix_notify_delivery__claim ON notify_delivery (brand_id, claim) WHERE claim <> 0;
CREATE INDEX ix_notify_delivery__created_ms ON notify_delivery (brand_id, created_ms);
