-- +goose Up
-- key names the post once: "post:<id>" of our own, platform and id of others'. strength is the modified z of the strongest
-- signal in hundredths, 0 for posts that were entered; views, interactions -1: not known. unit_id is whose it is: the
-- account's unit, or that of who entered it.
CREATE TABLE hit_hit (
    brand_id      BIGINT NOT NULL,
    id            BIGINT NOT NULL,
    key           {{text}} NOT NULL,
    kind          {{text}} NOT NULL,
    origin        {{text}} NOT NULL,
    post_id       BIGINT NOT NULL,
    account_id    BIGINT NOT NULL,
    unit_id       BIGINT NOT NULL,
    platform      {{text}} NOT NULL,
    media         {{text}} NOT NULL,
    title         {{text}} NOT NULL,
    title_norm    {{text}} NOT NULL,
    url           {{text}} NOT NULL,
    author        {{text}} NOT NULL,
    followers     BIGINT,
    published_ms  BIGINT NOT NULL,
    published_day INTEGER NOT NULL,
    day_only      BOOLEAN NOT NULL,
    strength      BIGINT NOT NULL,
    metric        {{text}} NOT NULL,
    mark          INTEGER NOT NULL,
    signals       {{json}} NOT NULL,
    views         BIGINT NOT NULL,
    interactions  BIGINT NOT NULL,
    figures       {{json}} NOT NULL,
    state         {{text}} NOT NULL,
    reason        {{text}} NOT NULL,
    note          {{text}} NOT NULL,
    star_ms       BIGINT NOT NULL,
    star_name     {{text}} NOT NULL,
    template_id   BIGINT NOT NULL,
    template_ms   BIGINT NOT NULL,
    template_name {{text}} NOT NULL,
    look_id       BIGINT NOT NULL,
    found_ms      BIGINT NOT NULL,
    updated_ms    BIGINT NOT NULL,
    told_ms       BIGINT NOT NULL,
    by_name       {{text}} NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_hit_hit__key ON hit_hit (brand_id, key);
CREATE INDEX ix_hit_hit__published_day ON hit_hit (brand_id, published_day, id);
CREATE INDEX ix_hit_hit__look_id ON hit_hit (brand_id, look_id, told_ms);
CREATE INDEX ix_hit_hit__account_id ON hit_hit (brand_id, account_id) WHERE account_id <> 0;
CREATE INDEX ix_hit_hit__template_id ON hit_hit (brand_id, template_id) WHERE template_id <> 0;

-- A post's figures at the marks, "views,interactions,saves" per mark with ";" between, a figure not known left empty. pick
-- is a number drawn from the post's id: the first rows of a league by it are a sample of the league.
CREATE TABLE hit_figure (
    brand_id      BIGINT NOT NULL,
    account_id    BIGINT NOT NULL,
    post_id       BIGINT NOT NULL,
    published_day INTEGER NOT NULL,
    league        {{text}} NOT NULL,
    pick          INTEGER NOT NULL,
    marks         {{text}} NOT NULL,
    look_id       BIGINT NOT NULL,
    PRIMARY KEY (brand_id, account_id, post_id)
){{clustered}};
CREATE INDEX ix_hit_figure__league__pick ON hit_figure (brand_id, league, pick);
CREATE INDEX ix_hit_figure__published_day ON hit_figure (brand_id, published_day);

-- What is usual in a league: count, median and spread per mark and figure.
CREATE TABLE hit_league (
    brand_id BIGINT NOT NULL,
    league   {{text}} NOT NULL,
    posts    BIGINT NOT NULL,
    usual    {{json}} NOT NULL,
    made_ms  BIGINT NOT NULL,
    PRIMARY KEY (brand_id, league)
);

-- import_id 0: everything. at_account is how far the stage has come.
CREATE TABLE hit_look (
    brand_id   BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    import_id  BIGINT NOT NULL,
    stage      {{text}} NOT NULL,
    at_account BIGINT NOT NULL,
    posts      BIGINT NOT NULL,
    found      BIGINT NOT NULL,
    begun_ms   BIGINT NOT NULL,
    ended_ms   BIGINT,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_hit_look__import_id ON hit_look (brand_id, import_id) WHERE import_id <> 0;

CREATE TABLE hit_teardown (
    brand_id   BIGINT NOT NULL,
    hit_id     BIGINT NOT NULL,
    rev        INTEGER NOT NULL,
    fields     {{json}} NOT NULL,
    by_name    {{text}} NOT NULL,
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (brand_id, hit_id)
);

CREATE TABLE hit_teardown_version (
    brand_id BIGINT NOT NULL,
    hit_id   BIGINT NOT NULL,
    rev      INTEGER NOT NULL,
    fields   {{json}} NOT NULL,
    by_name  {{text}} NOT NULL,
    made_ms  BIGINT NOT NULL,
    PRIMARY KEY (brand_id, hit_id, rev)
);

CREATE TABLE hit_setting (
    brand_id   BIGINT NOT NULL,
    body       {{json}} NOT NULL,
    updated_ms BIGINT NOT NULL,
    by_name    {{text}} NOT NULL,
    PRIMARY KEY (brand_id)
);
