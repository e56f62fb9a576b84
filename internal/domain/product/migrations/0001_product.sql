-- +goose Up
CREATE TABLE product_line (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name {{text}} NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_product_line__name ON product_line (brand_id, name);

-- found is what a search looks through: names, codes and aliases in their plain form, with pinyin.
CREATE TABLE product_product (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    line_id BIGINT NOT NULL,
    code {{text}} NOT NULL,
    name {{text}} NOT NULL,
    name_key {{text}} NOT NULL,
    found {{text}} NOT NULL,
    aliases {{json}} NOT NULL,
    points {{json}} NOT NULL,
    scenes {{json}} NOT NULL,
    copy_text {{text}} NOT NULL,
    state {{text}} NOT NULL,
    version BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by_name {{text}} NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_product_product__code ON product_product (brand_id, code);
CREATE UNIQUE INDEX uq_product_product__name ON product_product (brand_id, name);
CREATE INDEX ix_product_product__name_key ON product_product (brand_id, name_key, id);

CREATE TABLE product_sku (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    code {{text}} NOT NULL,
    name {{text}} NOT NULL,
    spec {{text}} NOT NULL,
    aliases {{json}} NOT NULL,
    state {{text}} NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_product_sku__code ON product_sku (brand_id, code);
CREATE INDEX ix_product_sku__product_id ON product_sku (brand_id, product_id, place, id);

CREATE TABLE product_launch (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    day INTEGER NOT NULL,
    end_day INTEGER NOT NULL,
    title {{text}} NOT NULL,
    note {{text}} NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by_name {{text}} NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE INDEX ix_product_launch__day ON product_launch (brand_id, day, id);

CREATE TABLE product_setting (
    brand_id BIGINT NOT NULL,
    body {{json}} NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (brand_id)
);

-- Prices, discounts and promotions. sku_id 0 is the whole product, unit_id 0 the whole brand, channel '' every channel;
-- fen is the price, or what comes off it; rate is what is left to pay of 1,000. begun and ended tell whether the change of
-- the day was already followed up. Rows are never taken away: they are the history.
CREATE TABLE product_policy (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    channel {{text}} NOT NULL,
    kind {{text}} NOT NULL,
    fen BIGINT,
    rate INTEGER,
    currency {{text}} NOT NULL,
    title {{text}} NOT NULL,
    note {{text}} NOT NULL,
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL,
    state {{text}} NOT NULL,
    begun BOOLEAN NOT NULL,
    ended BOOLEAN NOT NULL,
    import_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by_name {{text}} NOT NULL,
    withdrawn_at BIGINT,
    withdrawn_by_name {{text}} NOT NULL,
    withdrawn_note {{text}} NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_product_policy__start ON product_policy (brand_id, product_id, sku_id, unit_id, channel, kind, from_day)
    WHERE state = 'live' AND kind <> 'promotion';
CREATE INDEX ix_product_policy__product_id ON product_policy (brand_id, product_id, state, to_day);
CREATE INDEX ix_product_policy__begun ON product_policy (brand_id, begun, from_day);
CREATE INDEX ix_product_policy__ended ON product_policy (brand_id, ended, to_day);

CREATE TABLE product_stock (
    brand_id BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    qty BIGINT NOT NULL,
    as_of BIGINT NOT NULL,
    origin {{text}} NOT NULL,
    by_name {{text}} NOT NULL,
    import_id BIGINT NOT NULL,
    PRIMARY KEY (brand_id, sku_id, unit_id)
);
CREATE INDEX ix_product_stock__unit_id ON product_stock (brand_id, unit_id, sku_id);

-- A check looks for texts that still show prices of its changes; at_product, at_template and at_post are how far it came.
CREATE TABLE product_check (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    title {{text}} NOT NULL,
    state {{text}} NOT NULL,
    at_product BIGINT NOT NULL,
    at_template BIGINT NOT NULL,
    at_post BIGINT NOT NULL,
    looked BIGINT NOT NULL,
    total BIGINT NOT NULL,
    found BIGINT NOT NULL,
    day INTEGER NOT NULL,
    started_at BIGINT NOT NULL,
    started_by_name {{text}} NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (brand_id, id)
);

CREATE TABLE product_change (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    check_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    channel {{text}} NOT NULL,
    day INTEGER NOT NULL,
    old {{json}} NOT NULL,
    new_fen BIGINT,
    currency {{text}} NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE INDEX ix_product_change__check_id ON product_change (brand_id, check_id, id);
CREATE INDEX ix_product_change__day ON product_change (brand_id, day, id);

-- One row per product and text, however often its price changes.
CREATE TABLE product_stale (
    brand_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    object_id BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    check_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    content {{text}} NOT NULL,
    url {{text}} NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    old_fen BIGINT NOT NULL,
    new_fen BIGINT,
    currency {{text}} NOT NULL,
    state {{text}} NOT NULL,
    how {{text}} NOT NULL,
    note {{text}} NOT NULL,
    todo_key {{text}} NOT NULL,
    found_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by_name {{text}} NOT NULL,
    PRIMARY KEY (brand_id, product_id, object_id)
);
CREATE INDEX ix_product_stale__state ON product_stale (brand_id, state, object_id, product_id);
CREATE INDEX ix_product_stale__object_id ON product_stale (brand_id, object_id);
CREATE INDEX ix_product_stale__member_id ON product_stale (brand_id, member_id, state);
CREATE INDEX ix_product_stale__todo_key ON product_stale (brand_id, todo_key, state);

-- at_row is the last row that was applied (or taken back); faults is the told part of them.
CREATE TABLE product_import (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind {{text}} NOT NULL,
    file_name {{text}} NOT NULL,
    sha256 {{text}} NOT NULL,
    state {{text}} NOT NULL,
    row_count BIGINT NOT NULL,
    added BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    same BIGINT NOT NULL,
    fault_count BIGINT NOT NULL,
    faults {{json}} NOT NULL,
    done BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    undo_check BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    user_name {{text}} NOT NULL,
    created_at BIGINT NOT NULL,
    applied_at BIGINT,
    undone_at BIGINT,
    PRIMARY KEY (brand_id, id)
);

CREATE TABLE product_import_row (
    brand_id BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    n INTEGER NOT NULL,
    line INTEGER NOT NULL,
    act {{text}} NOT NULL,
    payload {{json}} NOT NULL,
    before {{json}} NOT NULL,
    state {{text}} NOT NULL,
    PRIMARY KEY (brand_id, import_id, n)
);
