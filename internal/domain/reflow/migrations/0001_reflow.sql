-- +goose Up
-- One imported file, from the upload to its undo. lease and lease_until_ms say which process works on it now: every
-- transaction of an import first takes the row with its own lease, so a process that was given up cannot go on.
CREATE TABLE reflow_import (
    brand_id       BIGINT   NOT NULL,
    id             BIGINT   NOT NULL,
    created_ms     BIGINT   NOT NULL,
    user_id        BIGINT   NOT NULL,
    user_name      {{text}} NOT NULL,
    user_kind      {{text}} NOT NULL,
    grants         {{json}} NOT NULL,
    source         {{text}} NOT NULL,
    file_name      {{text}} NOT NULL,
    file_size      BIGINT   NOT NULL,
    sha256         {{text}} NOT NULL,
    blob_key       {{text}} NOT NULL,
    state          {{text}} NOT NULL,
    kind           {{text}} NOT NULL,
    platform       {{text}} NOT NULL,
    account_id     BIGINT   NOT NULL,
    account_name   {{text}} NOT NULL,
    mapping        {{text}} NOT NULL,
    post_title     {{text}} NOT NULL,
    as_of_ms       BIGINT   NOT NULL,
    as_of_source   {{text}} NOT NULL,
    row_count      INTEGER  NOT NULL,
    total_items    INTEGER  NOT NULL,
    done_items     INTEGER  NOT NULL,
    inserted       INTEGER  NOT NULL,
    updated        INTEGER  NOT NULL,
    unchanged      INTEGER  NOT NULL,
    error_count    INTEGER  NOT NULL,
    warning_count  INTEGER  NOT NULL,
    slug           {{text}} NOT NULL,
    params         {{json}} NOT NULL,
    understood     {{json}} NOT NULL,
    lease          {{text}} NOT NULL,
    lease_until_ms BIGINT   NOT NULL,
    started_ms     BIGINT   NOT NULL,
    ended_ms       BIGINT   NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE INDEX ix_reflow_import__sha256 ON reflow_import (brand_id, sha256);
CREATE INDEX ix_reflow_import__state__id ON reflow_import (brand_id, state, id);

-- The batches an import was written in; post knows them as imports of their own, so that an undo is many short
-- transactions.
CREATE TABLE reflow_batch (
    brand_id  BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    PRIMARY KEY (brand_id, import_id, id)
);

-- What was wrong with rows: slug and parameters, rendered in the reader's language.
CREATE TABLE reflow_fault (
    brand_id    BIGINT   NOT NULL,
    import_id   BIGINT   NOT NULL,
    seq         INTEGER  NOT NULL,
    row_no      INTEGER  NOT NULL,
    sheet       {{text}} NOT NULL,
    column_name {{text}} NOT NULL,
    slug        {{text}} NOT NULL,
    params      {{json}} NOT NULL,
    warning     BOOLEAN  NOT NULL,
    PRIMARY KEY (brand_id, import_id, seq)
);

-- A day's leads by channel, as each import told them; the newest of each channel add up to the day's leads.
CREATE TABLE reflow_lead_part (
    brand_id   BIGINT   NOT NULL,
    account_id BIGINT   NOT NULL,
    day        INTEGER  NOT NULL,
    part       {{text}} NOT NULL,
    import_id  BIGINT   NOT NULL,
    value      BIGINT   NOT NULL,
    PRIMARY KEY (brand_id, account_id, day, part, import_id)
);
CREATE INDEX ix_reflow_lead_part__import_id ON reflow_lead_part (brand_id, import_id);

-- Readings of layouts that users saved.
CREATE TABLE reflow_mapping (
    brand_id   BIGINT   NOT NULL,
    id         BIGINT   NOT NULL,
    name       {{text}} NOT NULL,
    platform   {{text}} NOT NULL,
    grain      {{text}} NOT NULL,
    columns    {{json}} NOT NULL,
    version    INTEGER  NOT NULL,
    updated_ms BIGINT   NOT NULL,
    user_name  {{text}} NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_reflow_mapping__name ON reflow_mapping (brand_id, name);
