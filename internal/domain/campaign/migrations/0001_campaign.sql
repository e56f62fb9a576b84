-- +goose Up
-- plan is what people write; campaign_version holds what was dispatched. walked is the last member of the running walk;
-- tree_day is the day whose tree the counts are kept along.
CREATE TABLE campaign_campaign (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    title {{text}} NOT NULL,
    topic {{text}} NOT NULL,
    sent_title {{text}} NOT NULL,
    state {{text}} NOT NULL,
    mode {{text}} NOT NULL,
    plan {{json}} NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    weekly_minutes INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    version INTEGER NOT NULL,
    sent_rev INTEGER NOT NULL,
    verdict {{text}} NOT NULL,
    findings {{json}} NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BIGINT,
    created_by_name {{text}} NOT NULL,
    approved_by_name {{text}} NOT NULL,
    note {{text}} NOT NULL,
    lessons {{text}} NOT NULL,
    copied_from BIGINT,
    template {{text}} NOT NULL,
    recur_day INTEGER NOT NULL,
    walked BIGINT NOT NULL,
    expected BIGINT NOT NULL,
    people BIGINT NOT NULL,
    made BIGINT NOT NULL,
    began_at BIGINT,
    ended_at BIGINT,
    tree_day INTEGER NOT NULL,
    closed_at BIGINT,
    PRIMARY KEY (brand_id, id)
);
CREATE INDEX ix_campaign_campaign__state ON campaign_campaign (brand_id, state, id);

CREATE TABLE campaign_version (
    brand_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    plan {{json}} NOT NULL,
    at_ms BIGINT NOT NULL,
    by_name {{text}} NOT NULL,
    PRIMARY KEY (brand_id, campaign_id, version)
);

CREATE TABLE campaign_note (
    brand_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    text {{text}} NOT NULL,
    at_ms BIGINT NOT NULL,
    by_name {{text}} NOT NULL,
    PRIMARY KEY (brand_id, campaign_id, unit_id)
);

-- Tasks as they were dispatched last. since is the version a task changed in, so that it counts as unread again.
CREATE TABLE campaign_task (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    seq INTEGER NOT NULL,
    type {{text}} NOT NULL,
    title {{text}} NOT NULL,
    plan {{json}} NOT NULL,
    minutes INTEGER NOT NULL,
    mandatory BOOLEAN NOT NULL,
    due_at BIGINT NOT NULL,
    since INTEGER NOT NULL,
    dropped BOOLEAN NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE INDEX ix_campaign_task__campaign_id ON campaign_task (brand_id, campaign_id, seq);

-- One task for one person on one account (0 where a person does it as such). The key begins with the person: that is how
-- the phone reads it, and the one rule against doubles.
CREATE TABLE campaign_assignment (
    brand_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    platform {{text}} NOT NULL,
    company BOOLEAN NOT NULL,
    state {{text}} NOT NULL,
    due_at BIGINT NOT NULL,
    publish_at BIGINT,
    given_at BIGINT NOT NULL,
    read_at BIGINT,
    read_version INTEGER NOT NULL,
    changed_at BIGINT NOT NULL,
    rev INTEGER NOT NULL,
    reason {{text}} NOT NULL,
    PRIMARY KEY (brand_id, member_id, task_id, account_id)
){{clustered}};
CREATE UNIQUE INDEX uq_campaign_assignment__id ON campaign_assignment (brand_id, id);
CREATE INDEX ix_campaign_assignment__unit_id ON campaign_assignment (brand_id, campaign_id, unit_id, id);
CREATE INDEX ix_campaign_assignment__waiting ON campaign_assignment (brand_id, state, changed_at, id) WHERE state IN ('submitted', 'look', 'appealed');

-- How many assignments of a task stand where, per unit and every unit above it; state 'read' counts those that were read.
CREATE TABLE campaign_count (
    brand_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    state {{text}} NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (brand_id, campaign_id, unit_id, task_id, state)
){{clustered}};

CREATE TABLE campaign_submission (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    assignment_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    no INTEGER NOT NULL,
    send_key {{text}} NOT NULL,
    at_ms BIGINT NOT NULL,
    link {{text}} NOT NULL,
    link_key {{text}} NOT NULL,
    platform {{text}} NOT NULL,
    external_id {{text}} NOT NULL,
    post_id BIGINT,
    post_title {{text}} NOT NULL,
    published_at BIGINT,
    text {{text}} NOT NULL,
    print {{text}} NOT NULL,
    note {{text}} NOT NULL,
    answer INTEGER,
    form {{json}} NOT NULL,
    pictures {{json}} NOT NULL,
    state {{text}} NOT NULL,
    checks {{json}} NOT NULL,
    reason {{text}} NOT NULL,
    decision {{text}} NOT NULL,
    decided_by_name {{text}} NOT NULL,
    decided_at BIGINT,
    appeal {{text}} NOT NULL,
    claimed_by BIGINT,
    claimed_by_name {{text}} NOT NULL,
    claim_until BIGINT,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_campaign_submission__assignment_id__no ON campaign_submission (brand_id, assignment_id, no);
CREATE UNIQUE INDEX uq_campaign_submission__assignment_id__send_key ON campaign_submission (brand_id, assignment_id, send_key);
CREATE INDEX ix_campaign_submission__post_id ON campaign_submission (brand_id, post_id) WHERE post_id IS NOT NULL;
CREATE INDEX ix_campaign_submission__account_id ON campaign_submission (brand_id, account_id, id) WHERE post_id IS NULL;
CREATE INDEX ix_campaign_submission__campaign_id ON campaign_submission (brand_id, campaign_id, state, id);

-- Screenshots; sealed files of the blob store.
CREATE TABLE campaign_picture (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    assignment_id BIGINT NOT NULL,
    blob_key {{text}} NOT NULL,
    media {{text}} NOT NULL,
    size BIGINT NOT NULL,
    sha256 {{text}} NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE INDEX ix_campaign_picture__assignment_id ON campaign_picture (brand_id, assignment_id);
CREATE INDEX ix_campaign_picture__sha256 ON campaign_picture (brand_id, sha256);

-- Which assignment a link was handed in for: whoever writes the row owns the link.
CREATE TABLE campaign_link (
    brand_id BIGINT NOT NULL,
    link_key {{text}} NOT NULL,
    assignment_id BIGINT NOT NULL,
    PRIMARY KEY (brand_id, link_key)
);

-- When a member was last reminded of a campaign, and what each reminder did.
CREATE TABLE campaign_reminded (
    brand_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (brand_id, campaign_id, member_id)
);
CREATE TABLE campaign_reminder (
    brand_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    by_name {{text}} NOT NULL,
    lacks {{text}} NOT NULL,
    unit {{text}} NOT NULL,
    people BIGINT NOT NULL,
    PRIMARY KEY (brand_id, campaign_id, id)
);

CREATE TABLE campaign_partner (
    brand_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    name {{text}} NOT NULL,
    platform {{text}} NOT NULL,
    cost_fen BIGINT,
    links {{json}} NOT NULL,
    brought_to {{json}} NOT NULL,
    views BIGINT,
    interactions BIGINT,
    followers BIGINT,
    leads BIGINT,
    note {{text}} NOT NULL,
    PRIMARY KEY (brand_id, campaign_id, id)
);

CREATE TABLE campaign_activity (
    brand_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    title {{text}} NOT NULL,
    platform {{text}} NOT NULL,
    link {{text}} NOT NULL,
    starts_at BIGINT,
    ends_at BIGINT,
    outsiders BIGINT,
    posts BIGINT,
    views BIGINT,
    interactions BIGINT,
    as_of_day INTEGER,
    rules {{text}} NOT NULL,
    PRIMARY KEY (brand_id, campaign_id, id)
);

CREATE TABLE campaign_mention (
    brand_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    from_id BIGINT,
    outside {{text}} NOT NULL,
    to_id BIGINT NOT NULL,
    by_what {{text}} NOT NULL,
    link {{text}} NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (brand_id, campaign_id, id)
);
