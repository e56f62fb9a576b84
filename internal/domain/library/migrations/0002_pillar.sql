-- +goose Up
-- What a brand's content is about. rules: {words, hashtags, products}. A pillar is put out of use, never removed: posts keep it.
CREATE TABLE library_pillar (
    brand_id   BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    name       {{text}} NOT NULL,
    color      {{text}} NOT NULL,
    place      INTEGER NOT NULL,
    active     BOOLEAN NOT NULL,
    rules      {{json}} NOT NULL,
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_library_pillar__name ON library_pillar (brand_id, name);

-- version: of the rules, walked_version those by which every post was sorted (walked_post: how far). targets: how often target
-- mixes or what is counted changed; counted_mark: the state of everything by which every account was counted
-- (counted_account: how far).
CREATE TABLE library_pillar_state (
    brand_id        BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    targets         BIGINT NOT NULL,
    days            INTEGER NOT NULL,
    least           INTEGER NOT NULL,
    walked_version  BIGINT NOT NULL,
    walked_post     BIGINT NOT NULL,
    counted_mark    {{text}} NOT NULL,
    counted_account BIGINT NOT NULL,
    updated_ms      BIGINT NOT NULL,
    PRIMARY KEY (brand_id)
);

-- Target mixes. unit_id 0: the whole brand; account_kind '': every kind. shares: [{pillar_id, percent}], [] ends the target.
CREATE TABLE library_mix (
    brand_id     BIGINT NOT NULL,
    unit_id      BIGINT NOT NULL,
    account_kind {{text}} NOT NULL,
    from_day     INTEGER NOT NULL,
    shares       {{json}} NOT NULL,
    by_name      {{text}} NOT NULL,
    made_ms      BIGINT NOT NULL,
    PRIMARY KEY (brand_id, unit_id, account_kind, from_day)
);

-- The pillar of every post, 0 for none. how: rule, item (it was made of an item of the pillar), hand. day: of publishing.
CREATE TABLE library_pillar_post (
    brand_id   BIGINT NOT NULL,
    post_id    BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    unit_id    BIGINT NOT NULL,
    pillar_id  BIGINT NOT NULL,
    how        {{text}} NOT NULL,
    live       BOOLEAN NOT NULL,
    day        INTEGER NOT NULL,
    PRIMARY KEY (brand_id, post_id)
){{clustered}};
CREATE INDEX ix_library_pillar_post__account ON library_pillar_post (brand_id, account_id, day, pillar_id) WHERE live;
CREATE INDEX ix_library_pillar_post__pillar ON library_pillar_post (brand_id, pillar_id, day, post_id) WHERE live;
CREATE INDEX ix_library_pillar_post__unit ON library_pillar_post (brand_id, unit_id, day, post_id) WHERE live;
CREATE INDEX ix_library_pillar_post__day ON library_pillar_post (brand_id, day, post_id) WHERE live;

-- Where the accounts with posts in the window stand. targeted: a target holds; judged: and there are enough posts.
CREATE TABLE library_pillar_account (
    brand_id   BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    unit_id    BIGINT NOT NULL,
    member_id  BIGINT NOT NULL,
    platform   {{text}} NOT NULL,
    kind       {{text}} NOT NULL,
    posts      BIGINT NOT NULL,
    targeted   BOOLEAN NOT NULL,
    judged     BOOLEAN NOT NULL,
    short      BIGINT NOT NULL,
    worst_id   BIGINT NOT NULL,
    PRIMARY KEY (brand_id, account_id)
);
CREATE INDEX ix_library_pillar_account__short ON library_pillar_account (brand_id, short, account_id);
CREATE INDEX ix_library_pillar_account__unit ON library_pillar_account (brand_id, unit_id);
CREATE INDEX ix_library_pillar_account__member ON library_pillar_account (brand_id, member_id);

-- Posts of an account by pillar. target: percent, NULL when the mix does not speak of it; want: the posts the target asks for,
-- in hundredths.
CREATE TABLE library_pillar_count (
    brand_id   BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    pillar_id  BIGINT NOT NULL,
    unit_id    BIGINT NOT NULL,
    posts      BIGINT NOT NULL,
    target     INTEGER,
    want       BIGINT NOT NULL,
    short      BIGINT NOT NULL,
    PRIMARY KEY (brand_id, account_id, pillar_id)
){{clustered}};
CREATE INDEX ix_library_pillar_count__unit ON library_pillar_count (brand_id, unit_id, pillar_id);

ALTER TABLE library_item ADD COLUMN pillar_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX ix_library_item__pillar ON library_item (brand_id, pillar_id, updated_ms, id) WHERE pillar_id <> 0;
CREATE INDEX ix_library_use__post ON library_use (brand_id, post_id) WHERE post_id <> 0;
