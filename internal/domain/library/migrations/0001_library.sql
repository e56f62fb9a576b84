-- +goose Up
CREATE TABLE library_folder (
    brand_id  BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    unit_id   BIGINT NOT NULL,
    parent_id BIGINT NOT NULL,
    name      {{text}} NOT NULL,
    name_key  {{text}} NOT NULL,
    made_ms   BIGINT NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_library_folder__unit_id__parent_id__name ON library_folder (brand_id, unit_id, parent_id, name);

-- version is the newest, live the one that is handed out (0: none yet). verdict and risk_version are those of the live
-- version, of the newest while none is live. views, interactions: what the posts made of it brought; NULL: not known.
CREATE TABLE library_item (
    brand_id     BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    kind         {{text}} NOT NULL,
    unit_id      BIGINT NOT NULL,
    folder_id    BIGINT NOT NULL,
    title        {{text}} NOT NULL,
    title_key    {{text}} NOT NULL,
    summary      {{text}} NOT NULL,
    tags         {{json}} NOT NULL,
    product_id   BIGINT NOT NULL,
    state        {{text}} NOT NULL,
    version      INTEGER NOT NULL,
    live         INTEGER NOT NULL,
    rev          INTEGER NOT NULL,
    verdict      {{text}} NOT NULL,
    risk_version INTEGER NOT NULL,
    accepted     {{text}} NOT NULL,
    expires_day  INTEGER NOT NULL,
    plan_day     INTEGER NOT NULL,
    cover_id     BIGINT NOT NULL,
    reason       {{text}} NOT NULL,
    owner_id     BIGINT NOT NULL,
    owner_name   {{text}} NOT NULL,
    uses         BIGINT NOT NULL,
    views        BIGINT,
    interactions BIGINT,
    best_member  BIGINT NOT NULL,
    measured_ms  BIGINT,
    made_ms      BIGINT NOT NULL,
    updated_ms   BIGINT NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE INDEX ix_library_item__updated ON library_item (brand_id, updated_ms, id);
CREATE INDEX ix_library_item__title ON library_item (brand_id, title_key, id);
CREATE INDEX ix_library_item__uses ON library_item (brand_id, uses, id);
CREATE INDEX ix_library_item__kind ON library_item (brand_id, kind, updated_ms, id);
CREATE INDEX ix_library_item__unit ON library_item (brand_id, unit_id, updated_ms, id);
CREATE INDEX ix_library_item__folder ON library_item (brand_id, folder_id, updated_ms, id) WHERE folder_id <> 0;
CREATE INDEX ix_library_item__plan ON library_item (brand_id, plan_day, id) WHERE plan_day <> 0;
CREATE INDEX ix_library_item__product ON library_item (brand_id, product_id, id) WHERE product_id <> 0;
CREATE INDEX ix_library_item__expires ON library_item (brand_id, expires_day, id) WHERE expires_day < 99991231;

-- What an item said; never changed.
CREATE TABLE library_version (
    brand_id  BIGINT NOT NULL,
    item_id   BIGINT NOT NULL,
    version   INTEGER NOT NULL,
    title     {{text}} NOT NULL,
    content   {{json}} NOT NULL,
    note      {{text}} NOT NULL,
    made_by   BIGINT NOT NULL,
    made_name {{text}} NOT NULL,
    made_ms   BIGINT NOT NULL,
    PRIMARY KEY (brand_id, item_id, version)
);

-- What the rules said of a version when they were last asked.
CREATE TABLE library_check (
    brand_id     BIGINT NOT NULL,
    item_id      BIGINT NOT NULL,
    version      INTEGER NOT NULL,
    verdict      {{text}} NOT NULL,
    risk_version INTEGER NOT NULL,
    findings     {{json}} NOT NULL,
    checked_ms   BIGINT NOT NULL,
    PRIMARY KEY (brand_id, item_id, version)
);

-- Which items show which assets, by their newest version.
CREATE TABLE library_link (
    brand_id BIGINT NOT NULL,
    asset_id BIGINT NOT NULL,
    item_id  BIGINT NOT NULL,
    PRIMARY KEY (brand_id, asset_id, item_id)
);
CREATE INDEX ix_library_link__item ON library_link (brand_id, item_id);

-- item_id is NULL until a version of an item or a proposal holds the file.
CREATE TABLE library_file (
    brand_id  BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    item_id   BIGINT,
    user_id   BIGINT NOT NULL,
    name      {{text}} NOT NULL,
    media     {{text}} NOT NULL,
    size      BIGINT NOT NULL,
    sha256    {{text}} NOT NULL,
    blob_key  {{text}} NOT NULL,
    thumb_key {{text}} NOT NULL,
    width     INTEGER NOT NULL,
    height    INTEGER NOT NULL,
    made_ms   BIGINT NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE INDEX ix_library_file__item ON library_file (brand_id, item_id) WHERE item_id IS NOT NULL;
CREATE INDEX ix_library_file__loose ON library_file (brand_id, made_ms) WHERE item_id IS NULL;

-- An upload in parts. file_id is set once the parts are put together.
CREATE TABLE library_upload (
    brand_id  BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    user_id   BIGINT NOT NULL,
    name      {{text}} NOT NULL,
    size      BIGINT NOT NULL,
    sha256    {{text}} NOT NULL,
    part_size BIGINT NOT NULL,
    file_id   BIGINT,
    made_ms   BIGINT NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE INDEX ix_library_upload__made ON library_upload (brand_id, made_ms);
CREATE INDEX ix_library_upload__user ON library_upload (brand_id, user_id, sha256);

CREATE TABLE library_part (
    brand_id  BIGINT NOT NULL,
    upload_id BIGINT NOT NULL,
    no        INTEGER NOT NULL,
    size      BIGINT NOT NULL,
    sha256    {{text}} NOT NULL,
    blob_key  {{text}} NOT NULL,
    PRIMARY KEY (brand_id, upload_id, no)
);

-- The text index: pairs of Chinese characters and whole words of the newest version. grade 3 title, 2 tags, 1 text.
CREATE TABLE library_word (
    brand_id BIGINT NOT NULL,
    word     {{text}} NOT NULL,
    grade    INTEGER NOT NULL,
    item_id  BIGINT NOT NULL,
    PRIMARY KEY (brand_id, word, grade, item_id)
){{clustered}};

-- Which text of a template somebody got. hash is of the filled text: no two of a unit are equal while nth is 0.
CREATE TABLE library_hand (
    brand_id    BIGINT NOT NULL,
    template_id BIGINT NOT NULL,
    version     INTEGER NOT NULL,
    salt        BIGINT NOT NULL,
    member_id   BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    unit_id     BIGINT NOT NULL,
    pick        BIGINT NOT NULL,
    hash        BIGINT NOT NULL,
    nth         INTEGER NOT NULL,
    PRIMARY KEY (brand_id, template_id, version, salt, member_id, account_id)
){{clustered}};
CREATE UNIQUE INDEX uq_library_hand__text ON library_hand (brand_id, template_id, version, salt, unit_id, hash, nth);

CREATE TABLE library_use (
    brand_id   BIGINT NOT NULL,
    item_id    BIGINT NOT NULL,
    ref        BIGINT NOT NULL,
    version    INTEGER NOT NULL,
    member_id  BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    unit_id    BIGINT NOT NULL,
    post_id    BIGINT NOT NULL,
    made_ms    BIGINT NOT NULL,
    PRIMARY KEY (brand_id, item_id, ref)
){{clustered}};
CREATE INDEX ix_library_use__posts ON library_use (brand_id, item_id, post_id) WHERE post_id <> 0;

CREATE TABLE library_proposal (
    brand_id     BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    kind         {{text}} NOT NULL,
    title        {{text}} NOT NULL,
    content      {{json}} NOT NULL,
    why          {{text}} NOT NULL,
    unit_id      BIGINT NOT NULL,
    user_id      BIGINT NOT NULL,
    member_id    BIGINT NOT NULL,
    by_name      {{text}} NOT NULL,
    state        {{text}} NOT NULL,
    verdict      {{text}} NOT NULL,
    note         {{text}} NOT NULL,
    item_id      BIGINT NOT NULL,
    decided_name {{text}} NOT NULL,
    decided_ms   BIGINT,
    made_ms      BIGINT NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE INDEX ix_library_proposal__state ON library_proposal (brand_id, state, id);
CREATE INDEX ix_library_proposal__user ON library_proposal (brand_id, user_id, id);

CREATE TABLE library_setting (
    brand_id   BIGINT NOT NULL,
    body       {{json}} NOT NULL,
    key_sealed {{blob}},
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (brand_id)
);
