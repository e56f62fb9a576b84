-- +goose Up
-- What one account did on one day. source = 10 × basis (0 posts, 1 account) + origin class. mask holds metric bits: on a
-- posts row those that the account's own figures override, on an account row those it knows. unit_id is the unit as of
-- the day.
CREATE TABLE insight_account_day (
    brand_id         BIGINT   NOT NULL,
    account_id       BIGINT   NOT NULL,
    day              INTEGER  NOT NULL,
    source           INTEGER  NOT NULL,
    mask             INTEGER  NOT NULL,
    unit_id          BIGINT   NOT NULL,
    posts            BIGINT   NOT NULL,
    lives            BIGINT   NOT NULL,
    views            BIGINT   NOT NULL,
    likes            BIGINT   NOT NULL,
    comments         BIGINT   NOT NULL,
    saves            BIGINT   NOT NULL,
    shares           BIGINT   NOT NULL,
    interactions     BIGINT   NOT NULL,
    followers_gained BIGINT   NOT NULL,
    leads            BIGINT   NOT NULL,
    PRIMARY KEY (brand_id, account_id, day, source)
){{clustered}};

-- The counted facts of closed months (yyyymm), so that long ranges need not read days.
CREATE TABLE insight_account_month (
    brand_id         BIGINT   NOT NULL,
    account_id       BIGINT   NOT NULL,
    month            INTEGER  NOT NULL,
    posts            BIGINT   NOT NULL,
    lives            BIGINT   NOT NULL,
    views            BIGINT   NOT NULL,
    likes            BIGINT   NOT NULL,
    comments         BIGINT   NOT NULL,
    saves            BIGINT   NOT NULL,
    shares           BIGINT   NOT NULL,
    interactions     BIGINT   NOT NULL,
    followers_gained BIGINT   NOT NULL,
    leads            BIGINT   NOT NULL,
    PRIMARY KEY (brand_id, account_id, month)
){{clustered}};

CREATE TABLE insight_unit_day (
    brand_id         BIGINT   NOT NULL,
    unit_id          BIGINT   NOT NULL,
    day              INTEGER  NOT NULL,
    platform         {{text}} NOT NULL,
    account_kind     {{text}} NOT NULL,
    origin           INTEGER  NOT NULL,
    posts            BIGINT   NOT NULL,
    lives            BIGINT   NOT NULL,
    views            BIGINT   NOT NULL,
    likes            BIGINT   NOT NULL,
    comments         BIGINT   NOT NULL,
    saves            BIGINT   NOT NULL,
    shares           BIGINT   NOT NULL,
    interactions     BIGINT   NOT NULL,
    followers_gained BIGINT   NOT NULL,
    leads            BIGINT   NOT NULL,
    as_of            BIGINT   NOT NULL,
    PRIMARY KEY (brand_id, unit_id, day, platform, account_kind, origin)
){{clustered}};

CREATE TABLE insight_unit_month (
    brand_id         BIGINT   NOT NULL,
    unit_id          BIGINT   NOT NULL,
    month            INTEGER  NOT NULL,
    platform         {{text}} NOT NULL,
    account_kind     {{text}} NOT NULL,
    origin           INTEGER  NOT NULL,
    posts            BIGINT   NOT NULL,
    lives            BIGINT   NOT NULL,
    views            BIGINT   NOT NULL,
    likes            BIGINT   NOT NULL,
    comments         BIGINT   NOT NULL,
    saves            BIGINT   NOT NULL,
    shares           BIGINT   NOT NULL,
    interactions     BIGINT   NOT NULL,
    followers_gained BIGINT   NOT NULL,
    leads            BIGINT   NOT NULL,
    as_of            BIGINT   NOT NULL,
    PRIMARY KEY (brand_id, unit_id, month, platform, account_kind, origin)
){{clustered}};

-- Cells that wait for the folder (PostgreSQL only).
CREATE TABLE insight_unit_delta (
    brand_id         BIGINT   NOT NULL,
    id               BIGINT   NOT NULL,
    unit_id          BIGINT   NOT NULL,
    day              INTEGER  NOT NULL,
    platform         {{text}} NOT NULL,
    account_kind     {{text}} NOT NULL,
    origin           INTEGER  NOT NULL,
    posts            BIGINT   NOT NULL,
    lives            BIGINT   NOT NULL,
    views            BIGINT   NOT NULL,
    likes            BIGINT   NOT NULL,
    comments         BIGINT   NOT NULL,
    saves            BIGINT   NOT NULL,
    shares           BIGINT   NOT NULL,
    interactions     BIGINT   NOT NULL,
    followers_gained BIGINT   NOT NULL,
    leads            BIGINT   NOT NULL,
    as_of            BIGINT   NOT NULL,
    PRIMARY KEY (brand_id, unit_id, day, platform, account_kind, origin, id)
);

-- An account as it is counted now. bits: 1 counted, 2 active_7, 4 active_30, 8 asleep_30, 16 abnormal.
CREATE TABLE insight_account_state (
    brand_id      BIGINT   NOT NULL,
    account_id    BIGINT   NOT NULL,
    unit_id       BIGINT   NOT NULL,
    since_day     INTEGER  NOT NULL,
    platform      {{text}} NOT NULL,
    account_kind  {{text}} NOT NULL,
    counted       BOOLEAN  NOT NULL,
    abnormal      BOOLEAN  NOT NULL,
    created_day   INTEGER  NOT NULL,
    last_post_day INTEGER  NOT NULL,
    league        {{text}} NOT NULL,
    bits          INTEGER  NOT NULL,
    PRIMARY KEY (brand_id, account_id)
){{clustered}};
CREATE INDEX ix_insight_account_state__unit_id ON insight_account_state (brand_id, unit_id, account_id);

-- Accounts that have facts in a unit they are not in now.
CREATE TABLE insight_account_past (
    brand_id    BIGINT NOT NULL,
    unit_id     BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    PRIMARY KEY (brand_id, unit_id, account_id)
){{clustered}};

CREATE TABLE insight_unit_count (
    brand_id      BIGINT   NOT NULL,
    unit_id       BIGINT   NOT NULL,
    platform      {{text}} NOT NULL,
    account_kind  {{text}} NOT NULL,
    accounts      BIGINT   NOT NULL,
    active_7      BIGINT   NOT NULL,
    active_30     BIGINT   NOT NULL,
    asleep_30     BIGINT   NOT NULL,
    abnormal      BIGINT   NOT NULL,
    PRIMARY KEY (brand_id, unit_id, platform, account_kind)
);

CREATE TABLE insight_unit_close (
    brand_id      BIGINT   NOT NULL,
    unit_id       BIGINT   NOT NULL,
    day           INTEGER  NOT NULL,
    platform      {{text}} NOT NULL,
    account_kind  {{text}} NOT NULL,
    accounts      BIGINT   NOT NULL,
    active_7      BIGINT   NOT NULL,
    active_30     BIGINT   NOT NULL,
    asleep_30     BIGINT   NOT NULL,
    abnormal      BIGINT   NOT NULL,
    PRIMARY KEY (brand_id, unit_id, day, platform, account_kind)
){{clustered}};

-- The tree as it was folded: unit lay below ancestor (or is it) from from_day to to_day.
CREATE TABLE insight_path (
    brand_id    BIGINT  NOT NULL,
    unit_id     BIGINT  NOT NULL,
    ancestor_id BIGINT  NOT NULL,
    from_day    INTEGER NOT NULL,
    to_day      INTEGER NOT NULL,
    PRIMARY KEY (brand_id, unit_id, ancestor_id, from_day)
);
CREATE INDEX ix_insight_path__ancestor_id ON insight_path (brand_id, ancestor_id, unit_id);

-- How far a brand is closed; counted_day is the day the live counts were last judged for. late_day is the earliest closed day that figures changed after it was closed (0 none).
-- Writers keep months up to rolled_month in step; readers use months up to read_month (rolled and complete).
CREATE TABLE insight_brand (
    brand_id     BIGINT  NOT NULL,
    closed_day   INTEGER NOT NULL,
    rolled_month INTEGER NOT NULL,
    read_month   INTEGER NOT NULL,
    late_day     INTEGER NOT NULL,
    counted_day  INTEGER NOT NULL,
    closed_at    BIGINT  NOT NULL,
    PRIMARY KEY (brand_id)
);

-- The kept windows (1, 7, 30, 90 days and month to date) as of the last close.
CREATE TABLE insight_account_window (
    brand_id         BIGINT   NOT NULL,
    span             {{text}} NOT NULL,
    account_id       BIGINT   NOT NULL,
    league           {{text}} NOT NULL,
    platform         {{text}} NOT NULL,
    posts            BIGINT   NOT NULL,
    lives            BIGINT   NOT NULL,
    views            BIGINT   NOT NULL,
    likes            BIGINT   NOT NULL,
    comments         BIGINT   NOT NULL,
    saves            BIGINT   NOT NULL,
    shares           BIGINT   NOT NULL,
    interactions     BIGINT   NOT NULL,
    followers_gained BIGINT   NOT NULL,
    leads            BIGINT   NOT NULL,
    PRIMARY KEY (brand_id, span, account_id)
){{clustered}};
CREATE INDEX ix_insight_account_window__league ON insight_account_window (brand_id, span, league);

-- The first and last 200 of a kept window in a unit (0 = brand), for all platforms ('') or one.
CREATE TABLE insight_top (
    brand_id   BIGINT   NOT NULL,
    unit_id    BIGINT   NOT NULL,
    span       {{text}} NOT NULL,
    platform   {{text}} NOT NULL,
    metric     {{text}} NOT NULL,
    place      INTEGER  NOT NULL,
    account_id BIGINT   NOT NULL,
    score      BIGINT   NOT NULL,
    PRIMARY KEY (brand_id, unit_id, span, platform, metric, place)
){{clustered}};

-- What the accounts of a league did on a closed day, and how many they were.
CREATE TABLE insight_league_day (
    brand_id         BIGINT   NOT NULL,
    league           {{text}} NOT NULL,
    day              INTEGER  NOT NULL,
    accounts         BIGINT   NOT NULL,
    posts            BIGINT   NOT NULL,
    lives            BIGINT   NOT NULL,
    views            BIGINT   NOT NULL,
    likes            BIGINT   NOT NULL,
    comments         BIGINT   NOT NULL,
    saves            BIGINT   NOT NULL,
    shares           BIGINT   NOT NULL,
    interactions     BIGINT   NOT NULL,
    followers_gained BIGINT   NOT NULL,
    leads            BIGINT   NOT NULL,
    PRIMARY KEY (brand_id, league, day)
){{clustered}};

-- What a unit would have done on a closed day had each of its accounts done as its league's mean, in thousandths.
CREATE TABLE insight_unit_peer (
    brand_id         BIGINT   NOT NULL,
    unit_id          BIGINT   NOT NULL,
    day              INTEGER  NOT NULL,
    posts            BIGINT   NOT NULL,
    lives            BIGINT   NOT NULL,
    views            BIGINT   NOT NULL,
    likes            BIGINT   NOT NULL,
    comments         BIGINT   NOT NULL,
    saves            BIGINT   NOT NULL,
    shares           BIGINT   NOT NULL,
    interactions     BIGINT   NOT NULL,
    followers_gained BIGINT   NOT NULL,
    leads            BIGINT   NOT NULL,
    PRIMARY KEY (brand_id, unit_id, day)
){{clustered}};
