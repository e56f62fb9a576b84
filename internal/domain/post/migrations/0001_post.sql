-- +goose Up
-- Latest counters are kept on the post for lists; -1 stands for "not known", so that sort columns are never NULL.
CREATE TABLE post_post (
    brand_id         BIGINT   NOT NULL,
    account_id       BIGINT   NOT NULL,
    id               BIGINT   NOT NULL,
    unit_id          BIGINT   NOT NULL,
    platform         {{text}} NOT NULL,
    external_id      {{text}} NOT NULL,
    url              {{text}} NOT NULL,
    title            {{text}} NOT NULL,
    title_norm       {{text}} NOT NULL,
    kind             {{text}} NOT NULL,
    published_at     BIGINT   NOT NULL,
    published_day    INTEGER  NOT NULL,
    day_only         BOOLEAN  NOT NULL,
    status           {{text}} NOT NULL,
    as_of            BIGINT   NOT NULL,
    origin           {{text}} NOT NULL,
    fell             INTEGER  NOT NULL,
    impressions      BIGINT   NOT NULL,
    views            BIGINT   NOT NULL,
    likes            BIGINT   NOT NULL,
    comments         BIGINT   NOT NULL,
    saves            BIGINT   NOT NULL,
    shares           BIGINT   NOT NULL,
    followers_gained BIGINT,
    interactions     BIGINT   NOT NULL,
    PRIMARY KEY (brand_id, account_id, id)
);
CREATE INDEX ix_post_post__brand_id__id ON post_post (brand_id, id);
CREATE UNIQUE INDEX uq_post_post__account_id__external_id ON post_post (brand_id, account_id, external_id) WHERE external_id <> '';
CREATE INDEX ix_post_post__account_id__published_day ON post_post (brand_id, account_id, published_day);
CREATE INDEX ix_post_post__unit_id__published_at ON post_post (brand_id, unit_id, published_at, id) WHERE status <> 'gone';
CREATE INDEX ix_post_post__published_at ON post_post (brand_id, published_at, id) WHERE status <> 'gone';
CREATE INDEX ix_post_post__views ON post_post (brand_id, views, id) WHERE status <> 'gone';
CREATE INDEX ix_post_post__likes ON post_post (brand_id, likes, id) WHERE status <> 'gone';
CREATE INDEX ix_post_post__interactions ON post_post (brand_id, interactions, id) WHERE status <> 'gone';

-- What was said about a post, when it was true, when we learned it. NULL counter = the source did not tell.
CREATE TABLE post_snapshot (
    brand_id         BIGINT   NOT NULL,
    account_id       BIGINT   NOT NULL,
    post_id          BIGINT   NOT NULL,
    as_of            BIGINT   NOT NULL,
    learned_at       BIGINT   NOT NULL,
    origin           {{text}} NOT NULL,
    import_id        BIGINT,
    dead             BOOLEAN  NOT NULL,
    impressions      BIGINT,
    views            BIGINT,
    likes            BIGINT,
    comments         BIGINT,
    saves            BIGINT,
    shares           BIGINT,
    followers_gained BIGINT,
    extra            {{json}},
    PRIMARY KEY (brand_id, account_id, post_id, as_of, learned_at)
){{clustered}};

-- What was said about an account as a whole. daily: the counters belong to the day of as_of; else they are cumulative.
CREATE TABLE post_account_snapshot (
    brand_id         BIGINT   NOT NULL,
    account_id       BIGINT   NOT NULL,
    as_of            BIGINT   NOT NULL,
    daily            BOOLEAN  NOT NULL,
    learned_at       BIGINT   NOT NULL,
    origin           {{text}} NOT NULL,
    import_id        BIGINT,
    dead             BOOLEAN  NOT NULL,
    impressions      BIGINT,
    views            BIGINT,
    likes            BIGINT,
    comments         BIGINT,
    saves            BIGINT,
    shares           BIGINT,
    followers_gained BIGINT,
    followers        BIGINT,
    posts            BIGINT,
    lives            BIGINT,
    interactions     BIGINT,
    leads            BIGINT,
    extra            {{json}},
    PRIMARY KEY (brand_id, account_id, as_of, daily, learned_at)
){{clustered}};

-- Which accounts a batch of an import touched, so that undo finds its snapshots without an index on every row.
CREATE TABLE post_import (
    brand_id   BIGINT   NOT NULL,
    import_id  BIGINT   NOT NULL,
    id         BIGINT   NOT NULL,
    accounts   {{json}} NOT NULL,
    PRIMARY KEY (brand_id, import_id, id)
);
