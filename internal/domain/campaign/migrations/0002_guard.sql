-- +goose Up
-- edited_by is who wrote the text last: neither they nor the author approve it. case_id is the id under which the lessons
-- are, or will be, kept in the case library.
ALTER TABLE campaign_campaign ADD COLUMN edited_by BIGINT;
ALTER TABLE campaign_campaign ADD COLUMN edited_by_name {{text}} NOT NULL DEFAULT '';
ALTER TABLE campaign_campaign ADD COLUMN case_id BIGINT;
ALTER TABLE campaign_campaign ADD COLUMN case_kept BOOLEAN NOT NULL DEFAULT FALSE;

-- What a brand set otherwise than the program does: approval, the guard against sameness, what platforms bear.
CREATE TABLE campaign_setting (
    brand_id BIGINT NOT NULL,
    body {{json}} NOT NULL,
    rev INTEGER NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by_name {{text}} NOT NULL,
    PRIMARY KEY (brand_id)
);

-- What the guard found of the planned texts of a revision of the plan.
CREATE TABLE campaign_alike (
    brand_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    rev INTEGER NOT NULL,
    state {{text}} NOT NULL,
    at_ms BIGINT NOT NULL,
    texts BIGINT NOT NULL,
    over BIGINT NOT NULL,
    report {{json}} NOT NULL,
    PRIMARY KEY (brand_id, campaign_id)
);

-- Who would say nearly the same: the nth of size people of a cluster. Times to publish are laid apart by it.
CREATE TABLE campaign_twin (
    brand_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    cluster INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (brand_id, campaign_id, member_id, task_id, account_id)
){{clustered}};
