-- +goose Up
-- The newest step of each brand's chain; locked by whoever appends. at_ms never runs backwards.
CREATE TABLE evidence_head (
    brand_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hash {{text}} NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (brand_id)
);

-- The chain: row_json is the canonical JSON that was hashed behind prev; the other columns find it.
CREATE TABLE evidence_step (
    brand_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    object {{text}} NOT NULL,
    object_id BIGINT,
    unit_id BIGINT,
    row_json {{text}} NOT NULL,
    prev {{text}} NOT NULL,
    hash {{text}} NOT NULL,
    PRIMARY KEY (brand_id, seq)
);
CREATE INDEX ix_evidence_step__object_id__object__seq ON evidence_step (brand_id, object_id, object, seq);
CREATE INDEX ix_evidence_step__kind__seq ON evidence_step (brand_id, kind, seq);
CREATE INDEX ix_evidence_step__unit_id__seq ON evidence_step (brand_id, unit_id, seq);
CREATE INDEX ix_evidence_step__at_ms__seq ON evidence_step (brand_id, at_ms, seq);

-- Texts that stand apart from the chain, encrypted with their salt; erased without breaking it.
CREATE TABLE evidence_text (
    brand_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    name {{text}} NOT NULL,
    sealed {{blob}} NOT NULL,
    PRIMARY KEY (brand_id, seq, name)
);

-- The head as it stood when a day ended.
CREATE TABLE evidence_anchor (
    brand_id BIGINT NOT NULL,
    day INTEGER NOT NULL,
    seq BIGINT NOT NULL,
    hash {{text}} NOT NULL,
    made_ms BIGINT NOT NULL,
    key {{text}} NOT NULL,
    signature {{text}} NOT NULL,
    PRIMARY KEY (brand_id, day)
);
