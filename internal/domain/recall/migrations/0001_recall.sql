-- +goose Up
-- at_post and at_profile are how far the search has walked; looked counts its texts.
CREATE TABLE recall_recall (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    title {{text}} NOT NULL,
    claim {{json}} NOT NULL,
    rule_id {{text}} NOT NULL,
    action {{text}} NOT NULL,
    reason {{text}} NOT NULL,
    article {{text}} NOT NULL,
    unit_id BIGINT NOT NULL,
    due_day INTEGER NOT NULL,
    state {{text}} NOT NULL,
    at_post BIGINT NOT NULL,
    at_profile BIGINT NOT NULL,
    looked BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    opened_by BIGINT,
    opened_by_name {{text}} NOT NULL,
    closed_at BIGINT,
    closed_by_name {{text}} NOT NULL,
    close_note {{text}} NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE INDEX ix_recall_recall__state ON recall_recall (brand_id, state, id);

CREATE TABLE recall_item (
    brand_id BIGINT NOT NULL,
    recall_id BIGINT NOT NULL,
    object_id BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    account_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    member_id BIGINT,
    content {{text}} NOT NULL,
    spans {{json}} NOT NULL,
    url {{text}} NOT NULL,
    found_at BIGINT NOT NULL,
    state {{text}} NOT NULL,
    proof {{text}} NOT NULL,
    proof_id BIGINT,
    note {{text}} NOT NULL,
    proved_at BIGINT,
    proved_by_name {{text}} NOT NULL,
    decided_at BIGINT,
    decided_by_name {{text}} NOT NULL,
    decision_note {{text}} NOT NULL,
    PRIMARY KEY (brand_id, recall_id, object_id)
);
CREATE INDEX ix_recall_item__state ON recall_item (brand_id, recall_id, state, object_id);
CREATE INDEX ix_recall_item__member_id ON recall_item (brand_id, member_id, state) WHERE member_id IS NOT NULL;

-- Pictures of screens; sealed files of the blob store. Kept as long as the recall: they are evidence.
CREATE TABLE recall_proof (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    recall_id BIGINT NOT NULL,
    object_id BIGINT NOT NULL,
    blob_key {{text}} NOT NULL,
    media {{text}} NOT NULL,
    size BIGINT NOT NULL,
    sha256 {{text}} NOT NULL,
    added_at BIGINT NOT NULL,
    added_by_name {{text}} NOT NULL,
    PRIMARY KEY (brand_id, id)
);
